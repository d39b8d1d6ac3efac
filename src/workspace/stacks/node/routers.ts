import type { Gap } from "../../ir/entry.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { rangeOf } from "../../source.ts";
import type { FactsByUri } from "../stack.ts";
import type { Dialect, PackageOrigin } from "./dialect.ts";
import type { CodeFact, EntryFact, NodeFacts } from "./facts.ts";
import { unrolled } from "./iterations.ts";
import type { PlacedExpression, Program } from "./program.ts";
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
  /** Paths in front of everything on it: `new Router({ prefix })`, `router.prefix(…)`. */
  readonly prefixes: readonly PlacedExpression[];
  readonly entries: readonly PlacedEntry[];
}

export interface PlacedEntry {
  readonly uri: string;
  readonly entry: EntryFact;
  /** Paths in front of this entry alone: it is written on `app.basePath(…)`. */
  readonly prefixes: readonly PlacedExpression[];
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
/** Calls that give back the router they are called on. */
const CHAINED =
  /^(?:use|all|get|post|put|patch|delete|del|head|options|on|route|openapi|register|addHook|decorate|withTypeProvider|routes|middleware|prefix|after|setErrorHandler|fetch)$/;

/** Finds the routers of the workspace and what is registered on each, in order. */
export class RouterTable {
  readonly gaps: Gap[] = [];
  readonly #program: Program;
  readonly #dialects: readonly Dialect[];
  readonly #routers = new Map<string, Kept>();

  constructor(program: Program, dialects: readonly Dialect[], facts: FactsByUri<NodeFacts>) {
    this.#program = program;
    this.#dialects = dialects;
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
    const set = value.k === "name" ? this.#program.assigned(uri, scope, value.value) : null;
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
    const written = this.#program.functionAt(uri, functionIndex)?.parameters[argument]?.[0];
    const name = property === null ? written : written?.startsWith("{") ? property : undefined;
    return name === undefined ? null : (this.#routers.get(parameterKey(uri, functionIndex, name)) ?? null);
  }

  #kept(known: Known): Router {
    const { made, own, ...rest } = known;
    const found = this.#routers.get(known.key) ?? { ...rest, prefixes: [...made], entries: [] };
    return own.length === 0 ? found : { ...found, prefixes: [...found.prefixes, ...own] };
  }

  #register(uri: string, fact: CodeFact): void {
    for (const written of fact.entries) {
      const entries = unrolled(this.#program, uri, fact, written);
      if (entries === null) {
        const known = this.#known(uri, written.scope, written.on, 0);
        if (known || written.computed) this.#unreadLoop(uri, written);
        // A router that is any item of a list is looked for when it is mounted.
        if (known) this.#add(known, uri, written);
        continue;
      }
      for (const entry of entries) {
        const known = this.#known(uri, entry.scope, entry.on, 0);
        if (known) this.#add(known, uri, entry);
      }
    }
  }

  #add(known: Known, uri: string, entry: EntryFact): void {
    const { made, own, ...rest } = known;
    const router: Kept = this.#routers.get(known.key) ?? { ...rest, prefixes: [...made], entries: [] };
    this.#routers.set(known.key, router);
    const [first] = entry.args;
    if (entry.verb === "prefix" && first) {
      router.prefixes.push({ uri, scope: entry.scope, value: first });
      return;
    }
    if (entry.computed === null) {
      router.entries.push({ uri, entry, prefixes: own });
      return;
    }
    const [method] = textsOf(this.#program, uri, entry.scope, entry.computed);
    if (!method || method.unknown !== null) this.#unreadLoop(uri, entry);
    else {
      const verb = method.text.toLowerCase();
      router.entries.push({ uri, entry: { ...entry, verb, computed: null }, prefixes: own });
    }
  }

  #unreadLoop(uri: string, entry: EntryFact): void {
    if (!/^(?:get|post|put|patch|delete|all|route|\[\])$/.test(entry.verb)) return;
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
      const made = this.#creates(local, `${uri}|${local.scope}|${name}`, name);
      return made ?? this.#known(uri, local.scope, local.value, depth + 1);
    }
    if (parameter !== null) return this.#parameter(uri, parameter, name);
    return this.#imported(uri, scope, value, depth);
  }

  #parameter(uri: string, scope: number, name: string): Known {
    const parameters = this.#program.functionAt(uri, scope)?.parameters ?? [];
    const type = parameters.find(([own]) => own === name)?.[1] ?? null;
    const dialect = type === null || type === "" ? null : this.#dialectOfType(uri, type);
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
    const made = set && text !== null ? this.#creates(set, `${uri}|${set.scope}|${text}`, text) : null;
    return made ?? this.#imported(uri, scope, value, depth);
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
      // `this.app = app` in a constructor: the router comes in from outside.
      return this.#creates(set, key, name) ?? this.#known(uri, set.scope, set.value, depth + 1);
    }
    const type = fact.types.find(([candidate]) => candidate === member)?.[1];
    const dialect = type === undefined ? null : this.#dialectOfType(uri, type);
    if (dialect) return { key, kind: "parameter", dialect, uri, name, plausible: true, made: [], own: [] };
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
    const made = this.#creates({ uri, scope, value }, `${uri}|at|${value.span.join(":")}`, "router");
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
    return (
      this.#creates(set, `${set.uri}|${set.scope}|${origin.name}`, origin.name) ??
      this.#known(set.uri, set.scope, set.value, depth + 1)
    );
  }

  #dialectOfType(uri: string, type: string): Dialect | null {
    const [, root = "", member] = /^([\w$]+)(?:\.([\w$]+))?(?:<.*>)?$/s.exec(type) ?? [];
    const origin = root === "" ? null : this.#program.resolver.resolve(uri, root);
    if (origin?.kind !== "package") return null;
    const named: PackageOrigin = member === undefined ? origin : { ...origin, name: member };
    return this.#dialects.find((dialect) => dialect.isRouterType(named)) ?? null;
  }

  /** `express()`, `Router()`, `new Hono()`, `require("fastify")()`. */
  #creates({ uri, scope, value }: PlacedExpression, key: string, name: string): Known | null {
    if (value.k !== "call") return null;
    const callee = this.#program.origin(uri, scope, value.callee);
    if (callee?.kind !== "package") return null;
    for (const dialect of this.#dialects) {
      const made = dialect.makes(callee, value);
      if (!made) continue;
      const prefix = made.prefix ? [{ uri, scope, value: made.prefix }] : [];
      return { key, kind: made.kind, dialect, uri, name, plausible: true, made: prefix, own: [] };
    }
    return null;
  }
}

/** A type of the workspace that is called like a router: `ManagementApiRouter`, `FastifyZodInstance`. */
function isRouterTypeName(type: string): boolean {
  return /(?:Router|Fastify\w*|FastifyInstance|App|Hono)(?:<.*>)?$/s.test(type);
}

function parameterKey(uri: string, functionIndex: number, name: string): string {
  return `${uri}|parameter|${functionIndex}|${name}`;
}
