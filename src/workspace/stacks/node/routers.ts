import type { Gap } from "../../ir/entry.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { rangeOf } from "../../source.ts";
import type { FactsByUri } from "../stack.ts";
import type { Dialect } from "./dialect.ts";
import { patternNames } from "./entries.ts";
import type { CodeFact, EntryFact, NodeFacts } from "./facts.ts";
import { unrolled } from "./iterations.ts";
import type { FoundFunction, PlacedExpression, Program } from "./program.ts";
import { dialectOfType, isAppType, isRouterTypeName } from "./router-type.ts";
import { Templates } from "./templates.ts";
import { textsOf } from "./texts.ts";

/** An app or a router: where it is made, or the parameter it comes in by. */
export interface Router {
  readonly key: string;
  readonly kind: "app" | "router" | "parameter";
  /** Framework that makes it; of a parameter the one its type shows, else what is handed in decides. */
  readonly dialect: Dialect | null;
  readonly uri: string;
  /** Name it has where it is made, for people. */
  readonly name: string;
  /** By its type or name a router, where nothing of the workspace shows where it comes from. */
  readonly plausible: boolean;
  /** An app, also one that is handed in: nothing stands before its paths. */
  readonly isApp: boolean;
  /** Paths in front of everything on it: `new Router({ prefix })`, `router.prefix(…)`. */
  readonly prefixes: readonly PlacedExpression[];
  readonly entries: readonly PlacedEntry[];
}

export interface PlacedEntry {
  readonly uri: string;
  readonly entry: EntryFact;
  /** Paths in front of this entry alone: it is written on `app.basePath(…)`. */
  readonly prefixes: readonly PlacedExpression[];
  /** The call that says path or method, where a function of the workspace registers what it is told; null otherwise. */
  readonly at: CallSite | null;
}

export interface CallSite {
  readonly uri: string;
  readonly entry: EntryFact;
}

type Known = Omit<Router, "entries" | "prefixes"> & {
  readonly made: readonly PlacedExpression[];
  /** Of `basePath`: in front of what is called on this value. */
  readonly own: readonly PlacedExpression[];
};
interface Kept extends Router {
  readonly prefixes: PlacedExpression[];
  readonly entries: PlacedEntry[];
}

const DEPTH = 12;
/** How deep functions that register call each other. */
const CALLS = 5;
/** Calls that give back the router they are called on. */
const CHAINED =
  /^(?:use|all|get|post|put|patch|delete|del|head|options|on|route|openapi|register|addHook|decorate|withTypeProvider|routes|middleware|prefix|after|setErrorHandler|fetch)$/;

/** Finds the routers of the workspace and what is registered on each, in order. */
export class RouterTable {
  readonly gaps: Gap[] = [];
  readonly #unread = new Set<string>();
  readonly #program: Program;
  readonly #dialects: readonly Dialect[];
  readonly #routers = new Map<string, Kept>();
  readonly #facts: FactsByUri<NodeFacts>;
  readonly #templates: Templates;

  constructor(program: Program, dialects: readonly Dialect[], facts: FactsByUri<NodeFacts>) {
    this.#program = program;
    this.#dialects = dialects;
    this.#facts = facts;
    this.#templates = new Templates(facts);
    for (const [uri, fact] of facts) {
      if (fact.kind !== "code") continue;
      for (const entry of fact.entries) {
        if (!this.#templates.has(entry)) this.#place(uri, fact, entry, null, 0);
      }
    }
    // What no call was found to is read as it stands, with its parameters unknown.
    for (const { uri, fact, entry } of this.#templates.unused()) this.#place(uri, fact, entry, null, 0);
  }

  get routers(): Iterable<Router> {
    return this.#routers.values();
  }

  /** The router that a value stands for; null for anything else. */
  routerOf(uri: string, scope: number, value: Expression): Router | null {
    const known = this.#known(uri, scope, value, 0);
    return known && this.#kept(known);
  }

  /** The routers that a value stands for: several where it is any item of a list that is written out. */
  routersOf(uri: string, scope: number, value: Expression): readonly Router[] {
    const one = this.routerOf(uri, scope, value);
    if (one && (one.kind !== "parameter" || one.plausible)) return [one];
    let named: Expression = value;
    while (named.k === "call" && named.callee.k === "member" && CHAINED.test(named.callee.name)) {
      named = named.callee.of;
    }
    const each = named.k === "binary" && named.op === "..." ? named.right : this.#anyItem(uri, scope, named);
    const list = each && this.#program.settled({ uri, scope, value: each });
    const items = list && (list.value.k === "list" ? list : this.#returnedList(list));
    if (items?.value.k !== "list") return one ? [one] : [];
    return items.value.items.flatMap((item) => this.routerOf(items.uri, items.scope, item) ?? []);
  }

  #anyItem(uri: string, scope: number, value: Expression): Expression | null {
    const set = value.k === "name" ? this.#program.assigned(uri, scope, value.value, value.span) : null;
    return set?.value.k === "subscript" && set.value.index.length === 0 ? set.value.of : null;
  }

  #returnedList({ uri, scope, value }: PlacedExpression): PlacedExpression | null {
    const made = value.k === "call" ? this.#program.calledFunction(uri, scope, value) : null;
    const list = made?.fact.returned.find((returned) => returned.k === "list");
    return made && list ? { uri: made.uri, scope: made.index, value: list } : null;
  }

  /** The router that a function gets through one of its parameters, or under a name of one that is an object. */
  parameterRouter(
    uri: string,
    functionIndex: number,
    argument: number,
    property: string | null = null,
  ): Router | null {
    const parameters = this.#program.functionAt(uri, functionIndex)?.parameters ?? [];
    const [only] = parameters.length === 1 ? parameters : [];
    const written = parameters[argument]?.[0] ?? (only ? argumentName(only[0], argument) : undefined);
    const name = property === null ? written : written?.startsWith("{") ? property : undefined;
    return name === undefined ? null : (this.#routers.get(parameterKey(uri, functionIndex, name)) ?? null);
  }

  #kept(known: Known): Router {
    const { made, own: _own, ...rest } = known;
    return this.#routers.get(known.key) ?? { ...rest, prefixes: [...made], entries: [] };
  }

  #place(uri: string, fact: CodeFact, entry: EntryFact, at: CallSite | null, depth: number): void {
    const isExpanded = depth < CALLS && this.#expand(uri, entry, at, depth);
    if (!isExpanded || entry.verb === "") this.#enter(uri, fact, entry, at);
  }

  /** Enters what the function that is called registers, with what the call hands over in the place of its parameters. */
  #expand(uri: string, entry: EntryFact, at: CallSite | null, depth: number): boolean {
    const call = this.#calledBy(uri, entry);
    const templates = call ? this.#templates.of(call.target) : [];
    if (!call || templates.length === 0) return false;
    const { target, args } = call;
    const names = new Map<string, PlacedExpression>();
    target.fact.parameters.forEach(([name], index) => {
      const value = args[index];
      if (!value) return;
      const placed = { uri, scope: entry.scope, value };
      if (!name.startsWith("{")) names.set(name, placed);
      const dict = name.startsWith("{") ? this.#program.settled(placed) : null;
      for (const own of dict ? patternNames(name) : []) {
        const property = dict && this.#program.property(dict, own);
        if (property) names.set(own, property);
      }
    });
    const isOwn = entry.verb !== "" && (dottedName(entry.on) ?? "").startsWith("this");
    const scope = this.#program.bind(
      target.index,
      names,
      isOwn ? this.#program.selfOf(uri, entry.scope) : null,
    );
    const fact = this.#facts.get(target.uri);
    for (const template of fact?.kind === "code" ? templates : []) {
      const site = template.saysWhere ? (at ?? { uri, entry }) : at;
      if (fact?.kind === "code") {
        this.#place(target.uri, fact, { ...template.entry, scope }, site, depth + 1);
      }
    }
    return true;
  }

  /** The function of the workspace that an entry calls: a helper, or a method of the class it stands in. */
  #calledBy(
    uri: string,
    entry: EntryFact,
  ): { readonly target: FoundFunction; readonly args: readonly Expression[] } | null {
    const { verb, on, args, scope, span } = entry;
    if (verb === "" || verb === "()") {
      const [callee, ...rest] = args;
      const target =
        callee && this.#program.calledFunction(uri, scope, { k: "call", callee, args: [], span });
      return target ? { target, args: rest } : null;
    }
    if (on.k !== "name" || on.value !== "this" || verb === "[]") return null;
    const target = this.#program.functionOf(uri, scope, { k: "member", of: on, name: verb, span });
    return target && { target, args };
  }

  #enter(uri: string, fact: CodeFact, written: EntryFact, at: CallSite | null): void {
    if (written.verb === "()") return;
    const entries = unrolled(this.#program, uri, fact, written);
    if (entries === null) {
      const known = this.#known(uri, written.scope, written.on, 0);
      if (known || written.computed) this.#unreadLoop(uri, written);
      // A router that is any item of a list is looked for when it is mounted.
      if (known) this.#add(known, uri, written, at);
      return;
    }
    for (const entry of entries) {
      const known = this.#known(uri, entry.scope, entry.on, 0);
      if (known) this.#add(known, uri, entry, at);
    }
  }

  #add(known: Known, uri: string, entry: EntryFact, at: CallSite | null): void {
    const { made, own: prefixes, ...rest } = known;
    const router: Kept = this.#routers.get(known.key) ?? { ...rest, prefixes: [...made], entries: [] };
    this.#routers.set(known.key, router);
    const [first] = entry.args;
    if (entry.verb === "prefix" && first) {
      router.prefixes.push({ uri, scope: entry.scope, value: first });
      return;
    }
    if (entry.computed === null) {
      router.entries.push({ uri, entry, prefixes, at });
      return;
    }
    const [method] = textsOf(this.#program, uri, entry.scope, entry.computed);
    if (!method || method.unknown !== null) this.#unreadLoop(uri, entry);
    else {
      const verb = method.text.toLowerCase();
      router.entries.push({ uri, entry: { ...entry, verb, computed: null }, prefixes, at });
    }
  }

  #unreadLoop(uri: string, entry: EntryFact): void {
    if (!/^(?:get|post|put|patch|delete|all|route|\[\])$/.test(entry.verb)) return;
    const key = `${uri}:${entry.span.join(":")}`;
    if (this.#unread.has(key)) return;
    this.#unread.add(key);
    this.gaps.push({
      what: `routes that ${uri} registers in a loop or by a computed method`,
      why: "the list that the loop goes through is not written out in the same file",
      source: { uri, range: rangeOf(entry.span), hash: entry.hash },
    });
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
      case "subscript":
        return this.#item(uri, scope, value);
      case "binary":
        return value.op === "??" || value.op === "||"
          ? this.#known(uri, scope, value.right, depth + 1)
          : null;
      default:
        return null;
    }
  }

  #named(uri: string, scope: number, value: Extract<Expression, { k: "name" }>, depth: number): Known | null {
    const name = value.value;
    const parameter = this.#program.parameterScope(uri, scope, name);
    const local = this.#program.assigned(uri, scope, name);
    if (local && (parameter === null || local.scope >= parameter)) {
      const made = this.#creates(local, null, name);
      return made ?? this.#known(local.uri, local.scope, local.value, depth + 1);
    }
    if (parameter !== null) return this.#parameter(uri, parameter, name);
    return this.#imported(uri, scope, value, depth);
  }

  /** `const [router] = args` of a function that takes `...args`: what the first argument is. */
  #item(uri: string, scope: number, value: Extract<Expression, { k: "subscript" }>): Known | null {
    const [index] = value.index;
    if (value.of.k !== "name" || index?.k !== "number") return null;
    const parameter = this.#program.parameterScope(uri, scope, value.of.value);
    const parameters = parameter === null ? [] : (this.#program.functionAt(uri, parameter)?.parameters ?? []);
    if (parameter === null || parameters.length !== 1) return null;
    return this.#parameter(uri, parameter, argumentName(value.of.value, Number(index.value)));
  }

  #parameter(uri: string, scope: number, name: string): Known {
    const parameters = this.#program.functionAt(uri, scope)?.parameters ?? [];
    const type = parameters.find(([own]) => own === name)?.[1] ?? null;
    const dialect =
      type === null || type === "" ? null : dialectOfType(this.#program, this.#dialects, uri, type);
    const plausible =
      type === null
        ? /^(?:app|router|server|fastify)$/.test(name)
        : dialect !== null || isRouterTypeName(type);
    return {
      key: parameterKey(uri, scope, name),
      kind: "parameter",
      dialect,
      uri,
      name,
      isApp: type !== null && isAppType(this.#program, uri, type),
      plausible,
      made: [],
      own: [],
    };
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
      if (property) return this.#known(property.uri, property.scope, property.value, depth + 1);
    }
    const text = dottedName(value);
    const set = text === null ? null : this.#program.assigned(uri, scope, text);
    const made = set && text !== null ? this.#creates(set, null, text) : null;
    return made ?? this.#imported(uri, scope, value, depth);
  }

  /** `this.router`, `new UserRoutes().router`: one router for all instances of a class. */
  #classMember(
    uri: string,
    className: string,
    member: string,
    depth: number,
    self: { readonly uri: string; readonly name: string } = { uri, name: className },
  ): Known | null {
    const fact = this.#program.classFact(uri, className);
    if (!fact || depth > DEPTH) return null;
    // What a base class makes, each class that extends it has one of its own of.
    const name = `${self.name}.${member}`;
    const key = `${self.uri}|class|${name}`;
    const own = fact.values.find(([candidate]) => candidate === member)?.[1];
    const set = own ? { uri, scope: -1, value: own } : this.#program.assignedMember(uri, className, member);
    if (set) {
      // `this.app = app` in a constructor: the router comes in from outside.
      return this.#creates(set, key, name) ?? this.#known(uri, set.scope, set.value, depth + 1);
    }
    const type = fact.types.find(([candidate]) => candidate === member)?.[1];
    const dialect = type === undefined ? null : dialectOfType(this.#program, this.#dialects, uri, type);
    if (dialect)
      return { key, kind: "parameter", dialect, uri, name, isApp: false, plausible: true, made: [], own: [] };
    const getter = this.#program.functionOfOrigin({ kind: "workspace", uri, name: `${className}.${member}` });
    const given = getter?.fact.returned[0];
    if (given?.k === "member" && dottedName(given) === `this.${given.name}` && given.name !== member) {
      return this.#classMember(self.uri, self.name, given.name, depth + 1);
    }
    if (fact.extends === null) return null;
    const base = this.#program.resolver.resolve(uri, fact.extends);
    return base?.kind === "workspace"
      ? this.#classMember(base.uri, base.name, member, depth + 1, self)
      : null;
  }

  #called(
    uri: string,
    scope: number,
    value: Extract<Expression, { k: "call" }>,
    depth: number,
  ): Known | null {
    const made = this.#creates({ uri, scope, value }, null, "router");
    if (made) return made;
    const loaded = this.#program.origin(uri, scope, value);
    if (loaded) return this.#imported(uri, scope, value, depth);
    if (value.callee.k === "member") {
      const { name, of } = value.callee;
      // A chain gives back what it was called on: `Router().get(…).post(…)`.
      const inner = CHAINED.test(name) || name === "basePath" ? this.#known(uri, scope, of, depth + 1) : null;
      const [path] = value.args;
      if (inner && name === "basePath" && path) {
        return { ...inner, own: [...inner.own, { uri, scope, value: path.value }] };
      }
      if (inner) return inner;
    }
    const maker = this.#program.calledFunction(uri, scope, value);
    for (const returned of maker?.fact.returned ?? []) {
      const known = maker && this.#known(maker.uri, maker.index, returned, depth + 1);
      if (known && known.kind !== "parameter") return known;
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
    return this.#creates(set, null, origin.name) ?? this.#known(set.uri, set.scope, set.value, depth + 1);
  }

  /** `express()`, `Router()`, `new Hono()`, `require("fastify")()`. */
  #creates({ uri, scope, value }: PlacedExpression, memberKey: string | null, name: string): Known | null {
    if (value.k !== "call") return null;
    // Whatever it is called later, a router is the call that makes it.
    const key = memberKey ?? `${uri}|at|${value.span.join(":")}`;
    const callee = this.#program.origin(uri, scope, value.callee);
    if (callee?.kind !== "package") return null;
    for (const dialect of this.#dialects) {
      const made = dialect.makes(callee, value);
      if (!made) continue;
      const prefix = made.prefix ? [{ uri, scope, value: made.prefix }] : [];
      const isApp = made.kind === "app";
      return { key, kind: made.kind, dialect, uri, name, isApp, plausible: true, made: prefix, own: [] };
    }
    return null;
  }
}

/** Name of one of the arguments that a parameter takes all of; the first goes by the name of the parameter itself. */
function argumentName(parameter: string, index: number): string {
  return index === 0 ? parameter : `${parameter}[${index}]`;
}

function parameterKey(uri: string, functionIndex: number, name: string): string {
  return `${uri}|parameter|${functionIndex}|${name}`;
}
