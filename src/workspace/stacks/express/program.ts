import { dottedName, type Expression } from "../../languages/expression.ts";
import { type ModuleNames, NameResolver, type Origin } from "../../languages/typescript/name-resolution.ts";
import type { ProjectConfig } from "../../languages/typescript/project-config.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import type { FactsByUri } from "../stack.ts";
import type { AssignmentFact, ClassFact, CodeFact, ExpressFacts, FunctionFact } from "./facts.ts";

/** A function of the workspace. */
export interface FoundFunction {
  readonly uri: string;
  readonly index: number;
  readonly fact: FunctionFact;
}

/** An expression and where it stands: the scope decides what its names mean. */
export interface PlacedExpression {
  readonly uri: string;
  readonly scope: number;
  readonly value: Expression;
}

interface FileIndex {
  readonly fact: CodeFact;
  readonly functions: ReadonlyMap<string, number>;
  readonly functionsBySpan: ReadonlyMap<string, number>;
  readonly assignments: ReadonlyMap<string, AssignmentFact>;
  readonly classes: ReadonlyMap<string, ClassFact>;
}

const DEPTH = 12;
const WRAPPED_ARITY = 1;

/** The code of the workspace, as far as routing needs it: what a name, a member or a call stands for. */
export class Program {
  readonly resolver: NameResolver;
  readonly #files = new Map<string, FileIndex>();

  constructor(facts: FactsByUri<ExpressFacts>) {
    const names = new Map<string, ModuleNames>();
    const configs = new Map<string, ProjectConfig>();
    for (const [uri, fact] of facts) {
      if (fact.kind === "config") configs.set(uri, fact.config);
      if (fact.kind !== "code") continue;
      names.set(uri, fact.names);
      this.#files.set(uri, indexOf(fact));
    }
    this.resolver = new NameResolver(names, configs);
  }

  functionAt(uri: string, scope: number): FunctionFact | null {
    return this.#files.get(uri)?.fact.functions[scope] ?? null;
  }

  /** What a name was set to, seen from a scope: in the functions around it, then in the module. */
  assigned(uri: string, scope: number, name: string): PlacedExpression | null {
    const file = this.#files.get(uri);
    if (!file) return null;
    for (let at = scope; ; at = file.fact.functions[at]?.scope ?? -1) {
      const found = file.assignments.get(`${at}:${name}`);
      if (found) return { uri, scope: found.scope, value: found.value };
      if (at < 0) return null;
    }
  }

  /** Where the value of a name is written; null for a name that is set to no call. */
  settingSource(uri: string, scope: number, value: Expression): SourceRef | null {
    const origin = this.origin(uri, scope, value);
    const place = origin?.kind === "workspace" ? { uri: origin.uri, name: origin.name } : null;
    const target = place ?? (value.k === "name" ? { uri, name: value.value } : null);
    const file = target && this.#files.get(target.uri);
    if (!target || !file) return null;
    for (let at = place ? -1 : scope; ; at = file.fact.functions[at]?.scope ?? -1) {
      const found = file.assignments.get(`${at}:${target.name}`);
      if (found) {
        return found.hash === "" ? null : { uri: target.uri, range: rangeOf(found.span), hash: found.hash };
      }
      if (at < 0) return null;
    }
  }

  /** The function around a scope that has a parameter of this name; null when none has. */
  parameterScope(uri: string, scope: number, name: string): number | null {
    for (let at = scope; at >= 0; at = this.functionAt(uri, at)?.scope ?? -1) {
      if (this.functionAt(uri, at)?.parameters.some(([parameter]) => parameter === name)) return at;
    }
    return null;
  }

  /** The class that the code of a scope belongs to. */
  classAround(uri: string, scope: number): string | null {
    const classes = this.#files.get(uri)?.classes;
    for (let at = scope; at >= 0; at = this.functionAt(uri, at)?.scope ?? -1) {
      const name = this.functionAt(uri, at)?.within?.split(".", 1)[0];
      if (name !== undefined && classes?.has(name)) return name;
    }
    return null;
  }

  classFact(uri: string, name: string): ClassFact | null {
    return this.#files.get(uri)?.classes.get(name) ?? null;
  }

  /** What something resolved stands for: the value it was set to. Null for a function, a class, a package. */
  valueOf(origin: Origin): PlacedExpression | null {
    if (origin.kind !== "workspace") return null;
    const direct = this.assigned(origin.uri, -1, origin.name);
    if (direct) return direct;
    const dot = origin.name.lastIndexOf(".");
    if (dot < 0) return null;
    const owner = this.assigned(origin.uri, -1, origin.name.slice(0, dot));
    return owner && this.property(owner, origin.name.slice(dot + 1));
  }

  /** The value of a property of an object that is written out. */
  property(owner: PlacedExpression, name: string): PlacedExpression | null {
    if (owner.value.k !== "dict") return null;
    const entry = owner.value.entries.find(([key]) => key.k === "string" && key.value === name);
    return entry ? { ...owner, value: entry[1] } : null;
  }

  /** Where the leading name of an expression leads: `a`, `a.b`, `require("m").c`. */
  origin(uri: string, scope: number, value: Expression): Origin | null {
    if (value.k === "name") {
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

  /** The function that a value stands for, through names, members, `bind` and wrappers such as `asyncHandler(fn)`. */
  functionOf(uri: string, scope: number, value: Expression, depth = 0): FoundFunction | null {
    if (depth > DEPTH) return null;
    switch (value.k) {
      case "function": {
        const index = this.#files.get(uri)?.functionsBySpan.get(value.span.join(":"));
        return index === undefined ? null : this.#found(uri, index);
      }
      case "name":
        return this.#namedFunction(uri, scope, value.value, depth);
      case "member":
        return this.#memberFunction(uri, scope, value, depth);
      case "call": {
        if (value.callee.k === "member" && value.callee.name === "bind") {
          return this.functionOf(uri, scope, value.callee.of, depth + 1);
        }
        for (const { value: argument } of value.args) {
          const found = isFunctionLike(argument) ? this.functionOf(uri, scope, argument, depth + 1) : null;
          if (found && found.fact.parameters.length >= WRAPPED_ARITY) return found;
        }
        return this.#returnedBy(uri, scope, value, depth);
      }
      default:
        return null;
    }
  }

  /** `login()`: the function that a function of the workspace gives back, or that function itself. */
  #returnedBy(
    uri: string,
    scope: number,
    call: Extract<Expression, { k: "call" }>,
    depth: number,
  ): FoundFunction | null {
    const maker = this.calledFunction(uri, scope, call, depth + 1);
    if (!maker) return null;
    for (const returned of maker.fact.returned) {
      if (returned.k !== "function" && returned.k !== "name") continue;
      const found = this.functionOf(maker.uri, maker.index, returned, depth + 1);
      if (found) return found;
    }
    return maker;
  }

  /** The class that a value is an instance of. */
  classOf(uri: string, scope: number, value: Expression, depth = 0): Origin | null {
    if (depth > DEPTH) return null;
    if (value.k === "name" && value.value === "this") {
      const name = this.classAround(uri, scope);
      return name === null ? null : { kind: "workspace", uri, name };
    }
    if (value.k === "call") {
      const callee = this.origin(uri, scope, value.callee);
      if (callee && this.#isClass(callee)) return callee;
      // `Container.get(OrderController)`, `OrderController.getInstance()`.
      const holder = value.callee.k === "member" ? this.origin(uri, scope, value.callee.of) : null;
      if (holder && this.#isClass(holder)) return holder;
      const argument = value.args[0]?.value;
      const named = argument?.k === "name" ? this.origin(uri, scope, argument) : null;
      return named && this.#isClass(named) ? named : null;
    }
    if (value.k === "member") {
      const holder = this.classOf(uri, scope, value.of, depth + 1);
      if (holder?.kind === "workspace") return this.#memberClass(holder.uri, holder.name, value.name, depth);
    }
    if (value.k !== "name" && value.k !== "member") return null;
    const local = value.k === "name" ? this.assigned(uri, scope, value.value) : null;
    if (local) return this.classOf(local.uri, local.scope, local.value, depth + 1);
    const origin = this.origin(uri, scope, value);
    if (origin && this.#isClass(origin)) return origin;
    const set = origin && this.valueOf(origin);
    return set ? this.classOf(set.uri, set.scope, set.value, depth + 1) : null;
  }

  #memberClass(uri: string, className: string, member: string, depth: number): Origin | null {
    const fact = this.classFact(uri, className);
    if (!fact) return null;
    const type = fact.types.find(([name]) => name === member)?.[1];
    const typeName = type === undefined ? undefined : /^[\w$]+/.exec(type)?.[0];
    const typed = typeName === undefined ? null : this.resolver.resolve(uri, typeName);
    if (typed && this.#isClass(typed)) return typed;
    const value = fact.values.find(([name]) => name === member)?.[1];
    if (value) return this.classOf(uri, -1, value, depth + 1);
    const set = this.assignedMember(uri, className, member);
    return set ? this.classOf(uri, set.scope, set.value, depth + 1) : null;
  }

  /** `this.member = value` in a method of a class. */
  assignedMember(uri: string, className: string, member: string): PlacedExpression | null {
    const file = this.#files.get(uri);
    const found = file?.fact.assignments.find(
      ({ target, scope }) => target === `this.${member}` && this.classAround(uri, scope) === className,
    );
    return found ? { uri, scope: found.scope, value: found.value } : null;
  }

  #isClass(origin: Origin): boolean {
    return origin.kind === "workspace" && this.classFact(origin.uri, origin.name) !== null;
  }

  #found(uri: string, index: number): FoundFunction | null {
    const fact = this.functionAt(uri, index);
    return fact ? { uri, index, fact } : null;
  }

  #namedFunction(uri: string, scope: number, name: string, depth: number): FoundFunction | null {
    const file = this.#files.get(uri);
    if (!file) return null;
    for (let at = scope; ; at = file.fact.functions[at]?.scope ?? -1) {
      const within = at < 0 ? null : (file.fact.functions[at]?.within ?? null);
      const index = file.functions.get(within === null ? name : `${within}.${name}`);
      if (index !== undefined) return this.#found(uri, index);
      if (at < 0) break;
    }
    const local = this.assigned(uri, scope, name);
    if (local) return this.functionOf(uri, local.scope, local.value, depth + 1);
    const origin = this.resolver.resolve(uri, name);
    return origin && !(origin.kind === "workspace" && origin.uri === uri && origin.name === name)
      ? this.functionOfOrigin(origin, depth + 1)
      : null;
  }

  functionOfOrigin(origin: Origin, depth = 0): FoundFunction | null {
    if (origin.kind !== "workspace" || depth > DEPTH) return null;
    const index = this.#files.get(origin.uri)?.functions.get(origin.name);
    if (index !== undefined) return this.#found(origin.uri, index);
    const value = this.valueOf(origin);
    if (value) return this.functionOf(value.uri, value.scope, value.value, depth + 1);
    const dot = origin.name.lastIndexOf(".");
    if (dot < 0) return null;
    const owner = { ...origin, name: origin.name.slice(0, dot) };
    return this.#memberOfOrigin(owner, origin.name.slice(dot + 1), depth + 1);
  }

  #memberFunction(
    uri: string,
    scope: number,
    value: Extract<Expression, { k: "member" }>,
    depth: number,
  ): FoundFunction | null {
    const holder = this.classOf(uri, scope, value.of);
    if (holder?.kind === "workspace") return this.#method(holder.uri, holder.name, value.name, depth);
    const text = dottedName(value);
    const index = text === null ? undefined : this.#files.get(uri)?.functions.get(text);
    if (index !== undefined) return this.#found(uri, index);
    const owner = value.of.k === "name" ? this.assigned(uri, scope, value.of.value) : null;
    if (owner) {
      const property = this.property(owner, value.name);
      if (property) return this.functionOf(uri, property.scope, property.value, depth + 1);
      const made = this.#madeBy(owner, value.name, depth) ?? this.#wrapped(owner, value, depth);
      if (made) return made;
    }
    const origin = this.origin(uri, scope, value.of);
    return origin && this.#memberOfOrigin(origin, value.name, depth + 1);
  }

  #memberOfOrigin(origin: Origin, name: string, depth: number): FoundFunction | null {
    if (origin.kind !== "workspace" || depth > DEPTH) return null;
    if (this.#isClass(origin)) return this.#method(origin.uri, origin.name, name, depth);
    const value = origin.name === "*" ? null : this.valueOf(origin);
    if (value) {
      const holder = this.classOf(value.uri, value.scope, value.value);
      if (holder?.kind === "workspace") return this.#method(holder.uri, holder.name, name, depth);
      const made = this.#madeBy(value, name, depth);
      if (made) return made;
    }
    const member = this.resolver.member(origin, name);
    if (member?.kind !== "workspace") return null;
    const index = this.#files.get(member.uri)?.functions.get(member.name);
    if (index !== undefined) return this.#found(member.uri, index);
    const set = this.valueOf(member);
    return set ? this.functionOf(set.uri, set.scope, set.value, depth + 1) : null;
  }

  /** `list` of `createController(db)`: a function in the object that the factory returns. */
  #madeBy(owner: PlacedExpression, name: string, depth: number): FoundFunction | null {
    if (owner.value.k !== "call" || depth > DEPTH) return null;
    const factory = this.calledFunction(owner.uri, owner.scope, owner.value, depth + 1);
    if (!factory) return null;
    for (const value of factory.fact.returned) {
      if (value.k !== "dict") continue;
      const property = this.property({ uri: factory.uri, scope: factory.index, value }, name);
      if (property) return this.functionOf(property.uri, property.scope, property.value, depth + 1);
    }
    return null;
  }

  /** `list` of `wrapAll(controller)`: the wrapper hands on what it gets. */
  #wrapped(
    owner: PlacedExpression,
    member: Extract<Expression, { k: "member" }>,
    depth: number,
  ): FoundFunction | null {
    if (owner.value.k !== "call" || depth > DEPTH) return null;
    for (const { value } of owner.value.args) {
      if (value.k !== "name" && value.k !== "member") continue;
      const found = this.functionOf(owner.uri, owner.scope, { ...member, of: value }, depth + 1);
      if (found) return found;
    }
    return null;
  }

  /** The function of the workspace that a call calls. */
  calledFunction(
    uri: string,
    scope: number,
    call: Extract<Expression, { k: "call" }>,
    depth = 0,
  ): FoundFunction | null {
    if (call.callee.k === "call") {
      const origin = this.origin(uri, scope, call.callee);
      return origin && this.functionOfOrigin(origin, depth + 1);
    }
    return this.functionOf(uri, scope, call.callee, depth + 1);
  }

  #method(uri: string, className: string, name: string, depth: number): FoundFunction | null {
    if (depth > DEPTH) return null;
    const index = this.#files.get(uri)?.functions.get(`${className}.${name}`);
    if (index !== undefined) return this.#found(uri, index);
    const fact = this.classFact(uri, className);
    const value = fact?.values.find(([member]) => member === name)?.[1];
    if (value) return this.functionOf(uri, -1, value, depth + 1);
    const base = fact?.extends ? this.resolver.resolve(uri, fact.extends) : null;
    return base?.kind === "workspace" ? this.#method(base.uri, base.name, name, depth + 1) : null;
  }
}

function isFunctionLike(value: Expression): boolean {
  return value.k === "function" || value.k === "name" || value.k === "member" || value.k === "call";
}

function indexOf(fact: CodeFact): FileIndex {
  const functions = new Map<string, number>();
  const functionsBySpan = new Map<string, number>();
  fact.functions.forEach((entry, index) => {
    if (entry.path !== null && !functions.has(entry.path)) functions.set(entry.path, index);
    functionsBySpan.set(entry.span.join(":"), index);
  });
  const assignments = new Map<string, AssignmentFact>();
  for (const assignment of fact.assignments) {
    const key = `${assignment.scope}:${assignment.target}`;
    if (!assignments.has(key)) assignments.set(key, assignment);
  }
  return {
    fact,
    functions,
    functionsBySpan,
    assignments,
    classes: new Map(fact.classes.map((entry) => [entry.name, entry])),
  };
}
