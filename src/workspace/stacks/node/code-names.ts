import { dottedName, type Expression } from "../../languages/expression.ts";
import { type ModuleNames, NameResolver, type Origin } from "../../languages/typescript/name-resolution.ts";
import type { ProjectConfig } from "../../languages/typescript/project-config.ts";
import { rangeOf, type SourceRef, type Span } from "../../source.ts";
import type { FactsByUri } from "../stack.ts";
import { patternNames } from "./entries.ts";
import type { AssignmentFact, ClassFact, CodeFact, FunctionFact, NodeFacts } from "./facts.ts";

/** An expression and where it stands: the scope decides what its names mean. */
export interface PlacedExpression {
  readonly uri: string;
  readonly scope: number;
  readonly value: Expression;
}

export interface FileIndex {
  readonly fact: CodeFact;
  readonly functions: ReadonlyMap<string, number>;
  readonly functionsBySpan: ReadonlyMap<string, number>;
  /** By name and scope, in source order. */
  readonly assignments: ReadonlyMap<string, ReadonlyMap<number, readonly AssignmentFact[]>>;
  readonly classes: ReadonlyMap<string, ClassFact>;
}

/** A call of a function with given arguments, as a scope inside of that function. */
interface Binding {
  readonly scope: number;
  readonly names: ReadonlyMap<string, PlacedExpression>;
  readonly self: Origin | null;
}

/** Scopes from here on are bindings, not functions of a file. */
const BINDINGS = 1_000_000;
const DEPTH = 12;
const INSTANCE = /(?:^|\.)(?:fastify|app|server|instance|request|req|this)$/;

/** What names and members stand for in the code of the workspace, seen from where they are written. */
export class CodeNames {
  readonly resolver: NameResolver;
  protected readonly files = new Map<string, FileIndex>();
  readonly #bindings: Binding[] = [];
  /** `name` of `app.decorate("name", value)`: what Fastify's instances have under that name. */
  readonly #decorations = new Map<string, PlacedExpression>();

  constructor(facts: FactsByUri<NodeFacts>) {
    const names = new Map<string, ModuleNames>();
    const configs = new Map<string, ProjectConfig>();
    for (const [uri, fact] of facts) {
      if (fact.kind === "config") configs.set(uri, fact.config);
      if (fact.kind !== "code") continue;
      names.set(uri, fact.names);
      this.files.set(uri, indexOf(fact));
      for (const { verb, args, scope } of fact.entries) {
        const [name, value] = args;
        if (verb === "decorate" && name?.k === "string" && value) {
          this.#decorations.set(name.value, { uri, scope, value });
        }
      }
    }
    this.resolver = new NameResolver(names, configs);
  }

  functionAt(uri: string, scope: number): FunctionFact | null {
    return this.files.get(uri)?.fact.functions[scope] ?? null;
  }

  /**
   * A scope inside of a function in which its parameters are what a call hands over.
   * @param self what `this` is; null where it is what the function's place says
   */
  bind(scope: number, names: ReadonlyMap<string, PlacedExpression>, self: Origin | null): number {
    return BINDINGS + this.#bindings.push({ scope, names, self }) - 1;
  }

  protected binding(scope: number): Binding | null {
    return scope < BINDINGS ? null : (this.#bindings[scope - BINDINGS] ?? null);
  }

  /** The scope around a scope. */
  protected above(uri: string, scope: number): number {
    return this.binding(scope)?.scope ?? this.functionAt(uri, scope)?.scope ?? -1;
  }

  /**
   * What a name was set to, seen from a scope: in the functions around it, then in the module.
   * @param before where the name is used, for a name that each of several loops sets
   */
  assigned(uri: string, scope: number, name: string, before: Span | null = null): PlacedExpression | null {
    const written = this.files.get(uri)?.assignments.get(name);
    if (!written && scope < BINDINGS) return null;
    let inside: { readonly at: number; readonly binding: Binding } | null = null;
    for (let at = scope; ; at = this.above(uri, at)) {
      const binding = this.binding(at);
      const bound = binding?.names.get(name);
      if (bound) return bound;
      inside = binding ? { at, binding } : inside;
      const found = nearest(written?.get(at), before);
      // A name that the called function sets is read with what the call hands over.
      if (found) {
        const own = inside?.binding.scope === found.scope ? inside.at : found.scope;
        return { uri, scope: own, value: found.value };
      }
      if (at < 0) return null;
    }
  }

  /** What calls hand over where a parameter, or a member of one, is written; the value itself where it is neither. */
  handedOver(placed: PlacedExpression, depth = 0): PlacedExpression {
    const [root = ""] = (dottedName(placed.value) ?? "").split(".");
    if (root === "" || depth > DEPTH || !this.#handed(placed.uri, placed.scope, root)) return placed;
    const set = this.setting(placed);
    return set ? this.handedOver(set, depth + 1) : placed;
  }

  /** What a call hands over under a name; null where the name is no parameter of it. */
  #handed(uri: string, scope: number, name: string): PlacedExpression | null {
    for (let at = scope; at >= 0; at = this.above(uri, at)) {
      const bound = this.binding(at)?.names.get(name);
      if (bound) return bound;
    }
    return null;
  }

  /** Where the value of a name is written; null for a name that is set to no call. */
  settingSource(uri: string, scope: number, value: Expression): SourceRef | null {
    const origin = this.origin(uri, scope, value);
    const place = origin?.kind === "workspace" ? { uri: origin.uri, name: origin.name } : null;
    const target = place ?? (value.k === "name" ? { uri, name: value.value } : null);
    const written = target && this.files.get(target.uri)?.assignments.get(target.name);
    if (!target || !written) return null;
    for (let at = place ? -1 : scope; ; at = this.above(target.uri, at)) {
      const found = nearest(written.get(at), null);
      if (found) {
        return found.hash === "" ? null : { uri: target.uri, range: rangeOf(found.span), hash: found.hash };
      }
      if (at < 0) return null;
    }
  }

  /** The function around a scope that has a parameter of this name; null when none has. */
  parameterScope(uri: string, scope: number, name: string): number | null {
    for (let at = scope; at >= 0; at = this.above(uri, at)) {
      if (this.binding(at)?.names.has(name)) return null;
      if (this.functionAt(uri, at)?.parameters.some(([parameter]) => introduces(parameter, name))) return at;
    }
    return null;
  }

  /** What `this` is in a scope: the class around it, or what a call was made on. */
  selfOf(uri: string, scope: number): Origin | null {
    for (let at = scope; at >= 0; at = this.above(uri, at)) {
      const self = this.binding(at)?.self;
      if (self) return self;
    }
    const name = this.classAround(uri, scope);
    return name === null ? null : { kind: "workspace", uri, name };
  }

  /** The class that the code of a scope belongs to. */
  classAround(uri: string, scope: number): string | null {
    const classes = this.files.get(uri)?.classes;
    for (let at = scope; at >= 0; at = this.above(uri, at)) {
      const name = this.functionAt(uri, at)?.within?.split(".", 1)[0];
      if (name !== undefined && classes?.has(name)) return name;
    }
    return null;
  }

  classFact(uri: string, name: string): ClassFact | null {
    return this.files.get(uri)?.classes.get(name) ?? null;
  }

  /** What something resolved stands for: the value it was set to. Null for a function, a class, a package. */
  valueOf(origin: Origin): PlacedExpression | null {
    if (origin.kind !== "workspace") return null;
    const direct = this.assigned(origin.uri, -1, origin.name);
    if (direct) return direct;
    const dot = origin.name.lastIndexOf(".");
    if (dot < 0) return null;
    const member = this.classFact(origin.uri, origin.name.slice(0, dot))?.values.find(
      ([name]) => name === origin.name.slice(dot + 1),
    );
    if (member) return { uri: origin.uri, scope: -1, value: member[1] };
    const owner = this.assigned(origin.uri, -1, origin.name.slice(0, dot));
    return owner && this.property(owner, origin.name.slice(dot + 1));
  }

  /** The value of a property of an object that is written out, also of one that is spread into it. */
  property(owner: PlacedExpression, name: string, depth = 0): PlacedExpression | null {
    if (owner.value.k !== "dict" || depth > DEPTH) return null;
    for (const [key, value] of [...owner.value.entries].reverse()) {
      if (key.k === "string" && key.value === name) return { ...owner, value };
      if (key.k !== "name" || key.value !== "...") continue;
      const spread = this.settled({ ...owner, value }, depth + 1);
      const found = spread && this.property(spread, name, depth + 1);
      if (found) return found;
    }
    return null;
  }

  /** The value of a property of what may be a name for an object, with names followed on both sides. */
  dictProperty(owner: PlacedExpression, name: string): PlacedExpression | null {
    const dict = this.settled(owner);
    const found = dict && this.property(dict, name);
    return found && (this.settled(found) ?? found);
  }

  /** What a name or a member was set to, followed to something that is neither; the value itself where it is none. */
  settled(placed: PlacedExpression, depth = 0): PlacedExpression | null {
    const { value } = placed;
    if (depth > DEPTH) return null;
    if (value.k === "call" && dottedName(value.callee) === "Object.freeze" && value.args[0]) {
      return this.settled({ ...placed, value: value.args[0].value }, depth + 1);
    }
    if (value.k !== "name" && value.k !== "member") return placed;
    const set = this.setting(placed, depth);
    return set && this.settled(set, depth + 1);
  }

  /** What a name or a member was set to, one step on. */
  setting({ uri, scope, value }: PlacedExpression, depth = 0): PlacedExpression | null {
    if (value.k === "name") {
      const local = this.assigned(uri, scope, value.value);
      if (local) return local;
    }
    if (value.k === "member" && depth <= DEPTH) {
      const owner = this.settled({ uri, scope, value: value.of }, depth + 1);
      const property = owner && this.property(owner, value.name, depth + 1);
      if (property) return property;
    }
    const origin = this.origin(uri, scope, value);
    return (origin && this.valueOf(origin)) ?? this.decoration(value);
  }

  /** What `app.decorate("name", value)` put under the name of a member of an instance. */
  protected decoration(value: Expression): PlacedExpression | null {
    if (value.k !== "member" || !INSTANCE.test(dottedName(value.of) ?? "")) return null;
    return this.#decorations.get(value.name) ?? null;
  }

  /** Where the leading name of an expression leads: `a`, `a.b`, `require("m").c`. */
  origin(uri: string, scope: number, value: Expression): Origin | null {
    if (value.k === "name") {
      const handed = this.#handed(uri, scope, value.value);
      if (handed) return this.origin(handed.uri, handed.scope, handed.value);
      const local = this.assigned(uri, scope, value.value);
      if (local && local.value.k === "name" && local.value.value !== value.value) {
        return this.origin(uri, local.scope, local.value);
      }
      return local && local.scope >= 0 ? null : this.resolver.resolve(uri, value.value);
    }
    if (value.k === "member") {
      const of = this.origin(uri, scope, value.of);
      if (!of) return null;
      return value.name === "default" && of.kind === "workspace" && of.name !== "*"
        ? of
        : this.resolver.member(of, value.name);
    }
    if (value.k === "call" && /^(?:require|import)$/.test(dottedName(value.callee) ?? "")) {
      const module = value.args[0]?.value;
      return module?.k === "string" ? this.resolver.resolveModule(uri, module.value) : null;
    }
    return null;
  }

  /** `this.member = value` in a method of a class. */
  assignedMember(uri: string, className: string, member: string): PlacedExpression | null {
    const file = this.files.get(uri);
    const found = file?.fact.assignments.find(
      ({ target, scope }) => target === `this.${member}` && this.classAround(uri, scope) === className,
    );
    return found ? { uri, scope: found.scope, value: found.value } : null;
  }
}

/** The first of the settings of a name; of several before a place the last. */
function nearest(
  settings: readonly AssignmentFact[] | undefined,
  before: Span | null,
): AssignmentFact | undefined {
  if (!before || !settings || settings.length < 2) return settings?.[0];
  return (
    settings.findLast(({ span }) => span[0] < before[0] || (span[0] === before[0] && span[1] < before[1])) ??
    settings[0]
  );
}

function introduces(parameter: string, name: string): boolean {
  return parameter === name || (parameter.startsWith("{") && patternNames(parameter).includes(name));
}

function indexOf(fact: CodeFact): FileIndex {
  const functions = new Map<string, number>();
  const functionsBySpan = new Map<string, number>();
  fact.functions.forEach((entry, index) => {
    if (entry.path !== null && !functions.has(entry.path)) functions.set(entry.path, index);
    functionsBySpan.set(entry.span.join(":"), index);
  });
  const assignments = new Map<string, Map<number, AssignmentFact[]>>();
  for (const assignment of fact.assignments) {
    const byScope = assignments.get(assignment.target) ?? new Map<number, AssignmentFact[]>();
    const list = byScope.get(assignment.scope);
    if (list) list.push(assignment);
    else byScope.set(assignment.scope, [assignment]);
    assignments.set(assignment.target, byScope);
  }
  return {
    fact,
    functions,
    functionsBySpan,
    assignments,
    classes: new Map(fact.classes.map((entry) => [entry.name, entry])),
  };
}
