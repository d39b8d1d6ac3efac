import { dottedName, type Expression } from "../../languages/expression.ts";
import type { FactsByUri } from "../stack.ts";
import type { CodeFact, EntryFact, ExpressFacts } from "./facts.ts";
import { unrolled } from "./iterations.ts";
import type { Program } from "./program.ts";

/** An app or a router: where it is made, or the parameter it comes in by. */
export interface Router {
  readonly key: string;
  readonly kind: "app" | "router" | "parameter";
  readonly uri: string;
  /** Name it has where it is made, for people. */
  readonly name: string;
  /** By its type or name a router, where nothing of the workspace shows where it comes from. */
  readonly plausible: boolean;
  readonly entries: readonly PlacedEntry[];
}

export interface PlacedEntry {
  readonly uri: string;
  readonly entry: EntryFact;
}

type Known = Omit<Router, "entries">;

const DEPTH = 12;
const ROUTER_MODULES = /^(?:express|express-promise-router|express-ws|@awaitjs\/express)$/;

/** Finds the routers of the workspace and what is registered on each, in order. */
export class RouterTable {
  readonly #program: Program;
  readonly #routers = new Map<string, Known & { readonly entries: PlacedEntry[] }>();

  constructor(program: Program, facts: FactsByUri<ExpressFacts>) {
    this.#program = program;
    for (const [uri, fact] of facts) {
      if (fact.kind === "code") this.#register(uri, fact);
    }
  }

  get routers(): Iterable<Router> {
    return this.#routers.values();
  }

  /** The router that a value stands for; null for anything else. */
  routerOf(uri: string, scope: number, value: Expression): Router | null {
    const known = this.#known(uri, scope, value, 0);
    return known ? (this.#routers.get(known.key) ?? { ...known, entries: [] }) : null;
  }

  /** The router that a function gets through one of its parameters. */
  parameterRouter(uri: string, functionIndex: number, argument: number): Router | null {
    const name = this.#program.functionAt(uri, functionIndex)?.parameters[argument]?.[0];
    return name === undefined ? null : (this.#routers.get(parameterKey(uri, functionIndex, name)) ?? null);
  }

  #register(uri: string, fact: CodeFact): void {
    for (const entry of fact.entries.flatMap((written) => unrolled(this.#program, uri, fact, written))) {
      const known = this.#known(uri, entry.scope, entry.on, 0);
      if (!known) continue;
      const router = this.#routers.get(known.key) ?? { ...known, entries: [] };
      router.entries.push({ uri, entry });
      this.#routers.set(known.key, router);
    }
  }

  #known(uri: string, scope: number, value: Expression, depth: number): Known | null {
    if (depth > DEPTH) return null;
    switch (value.k) {
      case "name":
        return this.#named(uri, scope, value, depth);
      case "member":
        return this.#member(uri, scope, value, depth);
      case "call":
        return this.#called(uri, scope, value, depth);
      default:
        return null;
    }
  }

  #named(uri: string, scope: number, value: Extract<Expression, { k: "name" }>, depth: number): Known | null {
    const name = value.value;
    const parameter = this.#program.parameterScope(uri, scope, name);
    const local = this.#program.assigned(uri, scope, name);
    if (local && (parameter === null || local.scope >= parameter)) {
      const kind = this.#creates(uri, local.scope, local.value);
      if (kind) return { key: `${uri}|${local.scope}|${name}`, kind, uri, name, plausible: true };
      return this.#known(uri, local.scope, local.value, depth + 1);
    }
    if (parameter !== null) {
      const type =
        this.#program.functionAt(uri, parameter)?.parameters.find(([own]) => own === name)?.[1] ?? null;
      const plausible = type === null ? /^(?:app|router|server)$/.test(name) : this.#isRouterType(uri, type);
      return { key: parameterKey(uri, parameter, name), kind: "parameter", uri, name, plausible };
    }
    return this.#imported(uri, scope, value, depth);
  }

  #member(
    uri: string,
    scope: number,
    value: Extract<Expression, { k: "member" }>,
    depth: number,
  ): Known | null {
    const holder = this.#program.classOf(uri, scope, value.of);
    if (holder?.kind === "workspace") return this.#classMember(holder.uri, holder.name, value.name, depth);
    if (value.of.k === "name") {
      const owner = this.#program.assigned(uri, scope, value.of.value);
      const property = owner && this.#program.property(owner, value.name);
      if (property) return this.#known(uri, property.scope, property.value, depth + 1);
    }
    const text = dottedName(value);
    const set = text === null ? null : this.#program.assigned(uri, scope, text);
    if (set && text !== null) {
      const kind = this.#creates(uri, set.scope, set.value);
      if (kind) return { key: `${uri}|${set.scope}|${text}`, kind, uri, name: text, plausible: true };
    }
    return this.#imported(uri, scope, value, depth);
  }

  /** `this.router`, `new UserRoutes().router`: one router for all instances of a class. */
  #classMember(uri: string, className: string, member: string, depth: number): Known | null {
    const fact = this.#program.classFact(uri, className);
    if (!fact || depth > DEPTH) return null;
    const name = `${className}.${member}`;
    const key = `${uri}|class|${name}`;
    const own = fact.values.find(([candidate]) => candidate === member)?.[1];
    const set = own ? { uri, scope: -1, value: own } : this.#program.assignedMember(uri, className, member);
    if (set) {
      const kind = this.#creates(uri, set.scope, set.value);
      if (kind) return { key, kind, uri, name, plausible: true };
      // `this.app = app` in a constructor: the router comes in from outside.
      return this.#known(uri, set.scope, set.value, depth + 1);
    }
    const type = fact.types.find(([candidate]) => candidate === member)?.[1];
    if (type !== undefined && this.#isRouterType(uri, type)) {
      return { key, kind: "parameter", uri, name, plausible: true };
    }
    if (fact.extends === null) return null;
    const base = this.#program.resolver.resolve(uri, fact.extends);
    return base?.kind === "workspace" ? this.#classMember(base.uri, base.name, member, depth + 1) : null;
  }

  #called(
    uri: string,
    scope: number,
    value: Extract<Expression, { k: "call" }>,
    depth: number,
  ): Known | null {
    const kind = this.#creates(uri, scope, value);
    if (kind) return { key: `${uri}|at|${value.span.join(":")}`, kind, uri, name: "router", plausible: true };
    const loaded = this.#program.origin(uri, scope, value);
    if (loaded) return this.#imported(uri, scope, value, depth);
    // A chain gives back what it was called on: `Router().get(…).post(…)`.
    if (
      value.callee.k === "member" &&
      /^(?:use|all|get|post|put|patch|delete|head|options)$/.test(value.callee.name)
    ) {
      const inner = this.#known(uri, scope, value.callee.of, depth + 1);
      if (inner) return inner;
    }
    const made = this.#program.calledFunction(uri, scope, value);
    if (!made) return null;
    for (const returned of made.fact.returned) {
      const known = this.#known(made.uri, made.index, returned, depth + 1);
      if (known) return known;
    }
    return null;
  }

  #imported(uri: string, scope: number, value: Expression, depth: number): Known | null {
    const origin = this.#program.origin(uri, scope, value);
    if (origin?.kind !== "workspace") return null;
    const set = this.#program.valueOf(origin);
    if (!set) {
      const dot = origin.name.lastIndexOf(".");
      const owner = dot < 0 ? null : { ...origin, name: origin.name.slice(0, dot) };
      const held = owner && this.#program.valueOf(owner);
      const holder = held && this.#program.classOf(held.uri, held.scope, held.value);
      return holder?.kind === "workspace"
        ? this.#classMember(holder.uri, holder.name, origin.name.slice(dot + 1), depth + 1)
        : null;
    }
    const kind = this.#creates(set.uri, set.scope, set.value);
    if (kind)
      return {
        key: `${set.uri}|${set.scope}|${origin.name}`,
        kind,
        uri: set.uri,
        name: origin.name,
        plausible: true,
      };
    return this.#known(set.uri, set.scope, set.value, depth + 1);
  }

  /** `Router`, `express.Application`: a type that comes from Express. */
  #isRouterType(uri: string, type: string): boolean {
    const [root = "", member] = type.split(".");
    const origin = /^[\w$]+(?:\.[\w$]+)?$/.test(type) ? this.#program.resolver.resolve(uri, root) : null;
    if (origin?.kind !== "package" || !/^express(?:-serve-static-core)?$/.test(origin.module)) return false;
    return /^(?:Express|Application|I?Router)$/.test(member ?? origin.name);
  }

  /** `express()`, `Router()`, `express.Router()`, `new Router()`, `require("express")()`. */
  #creates(uri: string, scope: number, value: Expression): "app" | "router" | null {
    if (value.k !== "call") return null;
    const callee = this.#program.origin(uri, scope, value.callee);
    if (callee?.kind !== "package" || !ROUTER_MODULES.test(callee.module)) return null;
    if (/(?:^|\.)Router$/.test(callee.name)) return "router";
    if (callee.name !== "default" && callee.name !== "*") return null;
    return callee.module === "express" || callee.module === "@awaitjs/express" ? "app" : "router";
  }
}

function parameterKey(uri: string, functionIndex: number, name: string): string {
  return `${uri}|parameter|${functionIndex}|${name}`;
}
