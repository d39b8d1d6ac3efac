import { dottedName, type Expression } from "../../languages/expression.ts";
import type { Call } from "../../languages/python/expressions.ts";
import type {
  PythonAssignment,
  PythonFunction,
  PythonImport,
  PythonLoop,
} from "../../languages/python/module.ts";
import type { ResolvedName } from "../../languages/python/name-resolution.ts";
import { rangeOf, type SourceRef, type Span } from "../../source.ts";
import type { FactsByUri } from "../stack.ts";
import { isTestFile, PythonProject, type Written, type WrittenFunction } from "./project.ts";
import { type Around, namesOf, unrolled } from "./unroll.ts";
import { type BodyFacts, spanKey, type WebFacts } from "./web-facts.ts";

/** A module, or a function that registers things: where names of apps and routers are bound. */
export interface WebScope {
  /** `uri#` for a module, `uri#create_app` for a function. */
  readonly key: string;
  readonly uri: string;
  /** Qualified name of the function; "" for the module. */
  readonly path: string;
  readonly item: PythonFunction | null;
  readonly assignments: readonly PythonAssignment[];
  readonly calls: readonly Expression[];
  readonly loops: readonly PythonLoop[];
  /** Decorated functions, or all of a module. */
  readonly functions: readonly PythonFunction[];
  readonly outer: WebScope | null;
}

/** The facts of a web framework with what is needed to ask across files. */
export class WebProgram extends PythonProject<WebFacts> {
  readonly scopes = new Map<string, WebScope>();

  constructor(facts: FactsByUri<WebFacts>) {
    super(facts);
    for (const [uri, file] of facts) {
      if (isTestFile(uri)) continue;
      const module: WebScope = {
        key: `${uri}#`,
        uri,
        path: "",
        item: null,
        assignments: file.assignments,
        calls: this.#unrolled(uri, file, file.calls),
        loops: file.loops,
        functions: file.functions,
        outer: null,
      };
      this.scopes.set(module.key, module);
      for (const item of file.functions) this.#addFunction(uri, item, "", module);
    }
  }

  /** The scope of a function of the workspace; null when it registers nothing. */
  scopeOf(uri: string, path: string): WebScope | null {
    return this.scopes.get(`${uri}#${path}`) ?? null;
  }

  /** What a name means in a scope: what the function around it imports comes before the names of the module. */
  resolveIn(scope: WebScope, dotted: string): ResolvedName | null {
    const imports: PythonImport[] = [];
    for (let at: WebScope | null = scope; at?.item; at = at.outer) imports.push(...at.item.imports);
    return this.names.resolveWithin(scope.uri, imports, dotted);
  }

  /** The function of the workspace that a name in a scope stands for. */
  functionIn(scope: WebScope, dotted: string): WrittenFunction | null {
    return this.functionFor(this.resolveIn(scope, dotted), dotted);
  }

  body(uri: string, qualname: string): BodyFacts | null {
    return this.facts.get(uri)?.bodies[qualname] ?? null;
  }

  /** A place of a file; its hash was taken when the file was read. */
  placeOf(uri: string, span: Span, fallback?: SourceRef): SourceRef {
    const hash = this.facts.get(uri)?.hashes[spanKey(span)];
    if (hash === undefined && fallback) return fallback;
    return { uri, range: rangeOf(span), hash: hash ?? "" };
  }

  /** A text as seen from a scope: its local names come before those of the module. */
  textIn(scope: WebScope, expression: Expression): string | null {
    return this.text({ uri: scope.uri, scope: "", expression: this.local(scope, expression) });
  }

  /** What a local name stands for; the expression itself when it is not bound in a function. */
  local(scope: WebScope, expression: Expression): Expression {
    const name = expression.k === "name" ? expression.value : null;
    for (let at: WebScope | null = scope; at?.item && name !== null; at = at.outer) {
      const found = at.assignments.findLast((item) => item.target === name && item.operator === "=");
      if (found?.value) return found.value;
      const parameter = at.item.parameters.find((item) => item.name === name);
      if (parameter?.default) return parameter.default;
    }
    return expression;
  }

  /** Whether a name is that of a loop: what it stands for was not found out where it is still there. */
  isLooped(scope: WebScope, expression: Expression): boolean {
    const name = dottedName(expression)?.split(".")[0];
    return name !== undefined && scope.loops.some(({ target }) => namesOf(target).includes(name));
  }

  /** Calls in loops over lists of the same file, once for each item. */
  #unrolled(uri: string, around: Around, calls: readonly Expression[]): readonly Expression[] {
    if (around.loops.length === 0) return calls;
    const itemsOf = (list: Expression): readonly Expression[] | null => {
      const own = around.assignments.findLast(({ target }) => target === dottedName(list))?.value ?? list;
      const found = this.constant({ uri, scope: "", expression: own });
      if (found.expression.k === "dict" && found.uri === uri)
        return found.expression.entries.map((items) => ({ k: "list", items, span: own.span }));
      const items = this.items({ uri, scope: "", expression: own });
      return items?.every((item) => item.uri === uri) ? items.map(({ expression }) => expression) : null;
    };
    return calls.flatMap((call) => unrolled(call, around, itemsOf) ?? [call]);
  }

  #addFunction(uri: string, item: PythonFunction, outer: string, around: WebScope): void {
    if (item.calls.length === 0 && item.functions.length === 0 && item.assignments.length === 0) return;
    const path = outer === "" ? item.name : `${outer}.${item.name}`;
    const scope: WebScope = {
      key: `${uri}#${path}`,
      uri,
      path,
      item,
      assignments: item.assignments,
      calls: this.#unrolled(uri, item, item.calls),
      loops: item.loops,
      functions: item.functions,
      outer: around,
    };
    this.scopes.set(scope.key, scope);
    for (const nested of item.functions) this.#addFunction(uri, nested, path, scope);
  }
}

/** Something that routes are registered on. */
export interface Hub<K extends string> {
  readonly key: string;
  readonly kind: K;
  readonly scope: WebScope;
  readonly call: Call;
  readonly source: SourceRef;
}

/** Finds the apps and routers of a workspace, and which of them an expression stands for. */
export class Hubs<K extends string> {
  readonly #program: WebProgram;
  readonly #kindOf: (written: Written & { readonly expression: Call }) => K | null;
  readonly #hubs = new Map<string, Hub<K>>();
  /** Parameters that a hub is handed to: `register(app)`. */
  readonly #handed = new Map<string, Hub<K>>();

  constructor(program: WebProgram, kindOf: (written: Written & { readonly expression: Call }) => K | null) {
    this.#program = program;
    this.#kindOf = kindOf;
    for (const scope of program.scopes.values()) this.#collect(scope);
    // A hub may be handed on by the function that it was handed to.
    for (let round = 0; round < 3; round++) {
      const before = this.#handed.size;
      for (const scope of program.scopes.values()) this.#hand(scope);
      if (this.#handed.size === before) break;
    }
  }

  all(): Iterable<Hub<K>> {
    return this.#hubs.values();
  }

  find(scope: WebScope, expression: Expression, depth = 0): Hub<K> | null {
    if (depth > 6) return null;
    if (expression.k === "call") {
      return this.#hubs.get(returnedKey(scope, expression)) ?? this.#made(scope, expression, depth);
    }
    const dotted = dottedName(expression);
    if (dotted === null) return null;
    for (let at: WebScope | null = scope; at; at = at.outer) {
      const own = this.#hubs.get(`${at.key}:${dotted}`) ?? this.#handed.get(`${at.key}:${dotted}`);
      if (own) return own;
      const value = at.item ? at.assignments.findLast((item) => item.target === dotted)?.value : null;
      if (value && value !== expression) return this.find(at, value, depth + 1);
    }
    const resolved = this.#program.resolveIn(scope, dotted);
    if (resolved?.kind !== "definition" || resolved.rest.length > 0) return null;
    const known = this.#hubs.get(`${resolved.uri}#:${resolved.name}`);
    if (known) return known;
    const module = this.#program.scopeOf(resolved.uri, "");
    const value = this.#program.assignment(resolved.uri, resolved.name)?.value;
    return module && value && !(resolved.uri === scope.uri && dottedName(value) === dotted)
      ? this.find(module, value, depth + 1)
      : null;
  }

  /** `get_router()`: what a function of the workspace makes and returns. */
  #made(scope: WebScope, call: Call, depth: number): Hub<K> | null {
    const name = dottedName(call.callee);
    const maker = name === null ? null : this.#program.functionIn(scope, name);
    const inner = maker && this.#program.scopeOf(maker.uri, maker.item.name);
    for (const returned of maker?.item.returned ?? []) {
      const found = inner && this.find(inner, returned, depth + 1);
      if (found) return found;
    }
    return null;
  }

  #collect(scope: WebScope): void {
    for (const { target, value } of scope.assignments) {
      if (value?.k !== "call") continue;
      this.#add(scope, target, value);
    }
    // A function may return what it makes without giving it a name.
    for (const value of scope.item?.returned ?? [])
      if (value.k === "call") this.#add(scope, `return ${value.span.join(":")}`, value);
  }

  #add(scope: WebScope, name: string, call: Call): void {
    const kind = this.#kindOf({ uri: scope.uri, scope: "", expression: call });
    if (kind === null) return;
    const key = `${scope.key}:${name}`;
    this.#hubs.set(key, { key, kind, scope, call, source: this.#program.placeOf(scope.uri, call.span) });
  }

  #hand(scope: WebScope): void {
    for (const call of scope.calls) {
      const name = call.k === "call" ? dottedName(call.callee) : null;
      const callee = name === null ? null : this.#program.functionIn(scope, name);
      if (!callee || call.k !== "call") continue;
      call.args.forEach((argument, position) => {
        const parameter = argument.name ?? callee.item.parameters[position]?.name;
        const hub = parameter === undefined ? null : this.find(scope, argument.value);
        if (hub) this.#handed.set(`${callee.uri}#${callee.item.name}:${parameter}`, hub);
      });
    }
  }
}

function returnedKey(scope: WebScope, call: Call): string {
  return `${scope.key}:return ${call.span.join(":")}`;
}
