import { dottedName, type Expression } from "../../languages/expression.ts";
import type { Origin } from "../../languages/typescript/name-resolution.ts";
import { CodeNames, type PlacedExpression } from "./code-names.ts";
import type { FunctionFact } from "./facts.ts";

export type { PlacedExpression } from "./code-names.ts";

/** A function of the workspace. */
export interface FoundFunction {
  readonly uri: string;
  readonly index: number;
  readonly fact: FunctionFact;
}

const DEPTH = 12;
const WRAPPED_ARITY = 1;

/** The code of the workspace, as far as routing needs it: what a name, a member or a call stands for. */
export class Program extends CodeNames {
  /** The function that a value stands for, through names, members, `bind` and wrappers such as `asyncHandler(fn)`. */
  functionOf(uri: string, scope: number, value: Expression, depth = 0): FoundFunction | null {
    if (depth > DEPTH) return null;
    switch (value.k) {
      case "function": {
        const index = this.files.get(uri)?.functionsBySpan.get(value.span.join(":"));
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
    if (value.k === "name" && value.value === "this") return this.selfOf(uri, scope);
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
    const set = this.setting({ uri, scope, value });
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

  #isClass(origin: Origin): boolean {
    return origin.kind === "workspace" && this.classFact(origin.uri, origin.name) !== null;
  }

  #found(uri: string, index: number): FoundFunction | null {
    const fact = this.functionAt(uri, index);
    return fact ? { uri, index, fact } : null;
  }

  #namedFunction(uri: string, scope: number, name: string, depth: number): FoundFunction | null {
    const file = this.files.get(uri);
    if (!file) return null;
    for (let at = scope; ; at = this.above(uri, at)) {
      if (this.binding(at)?.names.has(name)) break;
      if (this.binding(at)) continue;
      const within = at < 0 ? null : (file.fact.functions[at]?.within ?? null);
      const index = file.functions.get(within === null ? name : `${within}.${name}`);
      if (index !== undefined) return this.#found(uri, index);
      if (at < 0) break;
    }
    const local = this.assigned(uri, scope, name);
    if (local) return this.functionOf(local.uri, local.scope, local.value, depth + 1);
    const origin = this.resolver.resolve(uri, name);
    return origin && !(origin.kind === "workspace" && origin.uri === uri && origin.name === name)
      ? this.functionOfOrigin(origin, depth + 1)
      : null;
  }

  functionOfOrigin(origin: Origin, depth = 0): FoundFunction | null {
    if (origin.kind !== "workspace" || depth > DEPTH) return null;
    const index = this.files.get(origin.uri)?.functions.get(origin.name);
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
    const index = text === null ? undefined : this.files.get(uri)?.functions.get(text);
    if (index !== undefined) return this.#found(uri, index);
    const decoration = this.decoration(value);
    if (decoration) return this.functionOf(decoration.uri, decoration.scope, decoration.value, depth + 1);
    const named = value.of.k === "name" ? this.assigned(uri, scope, value.of.value) : null;
    const owner = (named?.value.k === "member" ? this.settled(named) : named) ?? this.decoration(value.of);
    if (owner) {
      const property = this.property(owner, value.name);
      if (property) return this.functionOf(property.uri, property.scope, property.value, depth + 1);
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
    const index = this.files.get(member.uri)?.functions.get(member.name);
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
    const index = this.files.get(uri)?.functions.get(`${className}.${name}`);
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
