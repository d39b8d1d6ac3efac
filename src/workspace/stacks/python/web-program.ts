import { dottedName, type Expression } from "../../languages/expression.ts";
import { argumentAt, type Call, calledName } from "../../languages/python/expressions.ts";
import type {
  PythonAssignment,
  PythonClass,
  PythonFunction,
  PythonImport,
  PythonLoop,
} from "../../languages/python/module.ts";
import type { ResolvedName } from "../../languages/python/name-resolution.ts";
import { isInside, rangeOf, type SourceRef, type Span } from "../../source.ts";
import type { FactsByUri } from "../stack.ts";
import { callScopes, siteKey } from "./call-scopes.ts";
import { isTestFile, PythonProject, type Written, type WrittenFunction } from "./project.ts";
import { substitute } from "./substitute.ts";
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
  /** What parameters and names of loops stand for, where it is known with what the function is called. */
  readonly given: ReadonlyMap<string, Placed>;
  /** The call that this scope stands for; null for one that stands for all. */
  readonly site: SourceRef | null;
}

/** An expression with the scope whose names it uses. */
export interface Placed {
  readonly scope: WebScope;
  readonly expression: Expression;
}

const NOTHING_GIVEN: ReadonlyMap<string, Placed> = new Map();
const DEPTH = 8;

/** The facts of a web framework with what is needed to ask across files. */
export class WebProgram extends PythonProject<WebFacts> {
  /** Where things are registered. A function that registers what it is handed stands here once for each call. */
  readonly scopes = new Map<string, WebScope>();
  readonly #templates = new Map<string, WebScope>();
  readonly #byCall: ReadonlyMap<string, WebScope>;

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
        calls: this.#unrolled(uri, file, [...file.calls, ...calledIn(file.assignments)]),
        loops: file.loops,
        functions: file.functions,
        outer: null,
        given: NOTHING_GIVEN,
        site: null,
      };
      this.scopes.set(module.key, module);
      for (const item of file.functions) this.#addFunction(uri, item, "", module);
      for (const item of file.classes) this.#addMethods(item, "", module);
    }
    const { scopes, replaced, byCall } = callScopes(this);
    for (const scope of replaced) {
      this.scopes.delete(scope.key);
      this.#templates.set(scope.key, scope);
    }
    for (const scope of scopes) this.scopes.set(scope.key, scope);
    this.#byCall = byCall;
  }

  /** The scope of a function of the workspace; null when it registers nothing. */
  scopeOf(uri: string, path: string): WebScope | null {
    const key = `${uri}#${path}`;
    return this.scopes.get(key) ?? this.#templates.get(key) ?? null;
  }

  /** The scope of a function with the arguments of this call of it; null where they make no difference. */
  scopeOfCall(scope: WebScope, call: Expression): WebScope | null {
    return this.#byCall.get(siteKey(scope, call)) ?? null;
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

  /** The place of something that is registered in a scope: the call that led there, or its own. */
  sourceIn(scope: WebScope, expression: Expression): SourceRef {
    return scope.site ?? this.placeOf(scope.uri, expression.span);
  }

  /** A text as seen from a scope: its local names come before those of the module. */
  textIn(scope: WebScope, expression: Expression): string | null {
    return this.text(this.writtenIn(scope, expression));
  }

  /** An expression of a scope as one of its module, as far as what the scope is given and binds can be put in. */
  writtenIn(scope: WebScope, expression: Expression): Written {
    const at = this.local(scope, expression);
    const texts = new Map<string, Expression>();
    for (let outer: WebScope | null = at.scope; outer; outer = outer.outer) {
      for (const [name, value] of outer.given) {
        if (texts.has(name)) continue;
        const text = this.textIn(value.scope, value.expression);
        if (text !== null) texts.set(name, { k: "string", value: text, span: value.expression.span });
      }
    }
    return { uri: at.scope.uri, scope: "", expression: substitute(at.expression, texts) };
  }

  /** Items of a list as seen from a scope, starred ones in their places; null when they are not known. */
  itemsIn(scope: WebScope, list: Expression): readonly Placed[] | null {
    const at = this.local(scope, list);
    const found = this.constant({ uri: at.scope.uri, scope: "", expression: at.expression });
    const around = found.expression === at.expression ? at.scope : this.scopeOf(found.uri, "");
    const items = this.items(found);
    if (!items || !around) return null;
    const placed = items.map(({ uri, expression }) => {
      const own = uri === around.uri ? around : this.scopeOf(uri, "");
      return own && { scope: own, expression };
    });
    return placed.every((item) => item !== null) ? placed : null;
  }

  /** What a name that a scope was given stands for, also at the head of a longer expression; else the expression. */
  placed(scope: WebScope, expression: Expression, depth = 0): Placed {
    const own = { scope, expression };
    if (depth > DEPTH) return own;
    if (expression.k === "member") {
      const of = this.placed(scope, expression.of, depth + 1);
      return of.expression === expression.of
        ? own
        : { scope: of.scope, expression: { ...expression, of: of.expression } };
    }
    if (expression.k === "call" && expression.callee.k === "member") {
      const callee = this.placed(scope, expression.callee, depth + 1);
      return callee.expression === expression.callee
        ? own
        : { scope: callee.scope, expression: { ...expression, callee: callee.expression } };
    }
    if (expression.k !== "name") return own;
    for (let at: WebScope | null = scope; at; at = at.outer) {
      const given = at.given.get(expression.value);
      if (given) return this.placed(given.scope, given.expression, depth + 1);
      if (at.item && at.assignments.some(({ target }) => target === expression.value)) return own;
    }
    return own;
  }

  /** What a local name stands for; the expression itself when it is not bound in a function. */
  local(scope: WebScope, expression: Expression): Placed {
    const own = this.placed(scope, expression);
    const name = own.expression.k === "name" ? own.expression.value : null;
    for (let at: WebScope | null = own.scope; at?.item && name !== null; at = at.outer) {
      const found = assignedBefore(at.assignments, name, own.expression);
      if (found?.value) return this.placed(at, found.value);
      const parameter = at.item.parameters.find((item) => item.name === name);
      if (parameter?.default) return { scope: at, expression: parameter.default };
    }
    return own;
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

  #addMethods(item: PythonClass, outer: string, module: WebScope): void {
    const path = outer === "" ? item.name : `${outer}.${item.name}`;
    for (const method of item.methods) this.#addFunction(module.uri, method, path, module);
    for (const nested of item.classes) this.#addMethods(nested, path, module);
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
      given: NOTHING_GIVEN,
      site: null,
    };
    this.scopes.set(scope.key, scope);
    for (const nested of item.functions) this.#addFunction(uri, nested, path, scope);
  }
}

/** What a name is bound to where it is used: `view = wrap(view)` reads what stood there before. */
function assignedBefore(
  assignments: readonly PythonAssignment[],
  name: string,
  use: Expression,
): PythonAssignment | undefined {
  const own = assignments.filter(({ target, operator }) => target === name && operator === "=");
  const isBefore = ({ span }: PythonAssignment) =>
    span[2] < use.span[0] || (span[2] === use.span[0] && span[3] <= use.span[1]);
  return own.findLast(isBefore) ?? own.findLast(({ span }) => !isInside(use.span, span));
}

/** Calls whose result is given a name register as well: `api = add_routes(blueprint, routes)`. */
function calledIn(assignments: readonly PythonAssignment[]): readonly Expression[] {
  return assignments.flatMap(({ value }) => (value?.k === "call" ? [value] : []));
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
    const placed = this.#program.placed(scope, expression);
    if (placed.expression !== expression) return this.find(placed.scope, placed.expression, depth + 1);
    if (expression.k === "call") {
      return this.#hubs.get(returnedKey(scope, expression)) ?? this.#made(scope, expression, depth);
    }
    const dotted = dottedName(expression);
    if (dotted === null) return this.#imported(scope, expression, depth);
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
    const inner =
      maker && (this.#program.scopeOfCall(scope, call) ?? this.#program.scopeOf(maker.uri, maker.item.name));
    for (const returned of maker?.item.returned ?? []) {
      const found = inner && this.find(inner, returned, depth + 1);
      if (found) return found;
    }
    return null;
  }

  /** `importlib.import_module("shop.books").blueprint`. */
  #imported(scope: WebScope, expression: Expression, depth: number): Hub<K> | null {
    if (expression.k !== "member" || calledName(expression.of) !== "import_module") return null;
    const path = expression.of.k === "call" ? argumentAt(expression.of, 0, "name") : null;
    const text = path && this.#program.textIn(scope, path);
    if (!text) return null;
    const found = this.#program.names.resolvePath(`${text}.${expression.name}`, scope.uri);
    const module = found.kind === "definition" ? this.#program.scopeOf(found.uri, "") : null;
    if (!module || found.kind !== "definition" || found.rest.length > 0) return null;
    return this.find(module, { k: "name", value: found.name, span: expression.span }, depth + 1);
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
    if (kind === null) {
      const handed = this.#handedThrough(scope, call);
      if (handed) this.#add(scope, name, handed);
      return;
    }
    const key = `${scope.key}:${name}`;
    this.#hubs.set(key, { key, kind, scope, call, source: this.#program.placeOf(scope.uri, call.span) });
  }

  /** `timed(Blueprint("api", __name__))`, where the function returns what it is given. */
  #handedThrough(scope: WebScope, call: Call): Call | null {
    const name = dottedName(call.callee);
    const inner = call.args.findIndex(({ value }) => value.k === "call");
    const argument = call.args[inner];
    const maker = name === null || !argument ? null : this.#program.functionIn(scope, name);
    const parameter = argument?.name ?? maker?.item.parameters[inner]?.name;
    const isReturned = maker?.item.returned.some((value) => dottedName(value) === parameter);
    return isReturned && argument?.value.k === "call" ? argument.value : null;
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
