import type { Gap } from "../../ir/entry.ts";
import type { HttpMethod } from "../../ir/route.ts";
import type { Expression } from "../../languages/expression.ts";
import { rendered } from "../../languages/typescript/rendered.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import type { Dialect, Step } from "./dialect.ts";
import { dialectByHandlers } from "./dialect-by-handlers.ts";
import type { EntryFact } from "./facts.ts";
import type { FoundFunction, PlacedExpression, Program } from "./program.ts";
import type { PlacedEntry, Router, RouterTable } from "./routers.ts";
import { textsOf } from "./texts.ts";

/** A middleware in force on a route, with where it was attached. */
export interface Attached {
  readonly uri: string;
  readonly scope: number;
  readonly value: Expression;
  /** Text of the expression; "" for a function written in place. */
  readonly text: string;
  readonly level: "global" | "group" | "method";
  readonly source: SourceRef;
}

/** One method on one full path, before handlers and guards are looked at. */
export interface FoundRoute {
  readonly dialect: Dialect;
  readonly method: HttpMethod;
  readonly path: string;
  readonly uri: string;
  readonly entry: EntryFact;
  readonly handler: PlacedExpression;
  readonly middleware: readonly Attached[];
  /** Declared input and output, where the registration has them. */
  readonly options: PlacedExpression | null;
  readonly mounts: readonly SourceRef[];
  readonly gaps: readonly Gap[];
  readonly mounted: Mounted;
}

/**
 * How a route is reached: from an app that the workspace makes, from an app that a function is handed and nothing shows
 * by whom, or from no app at all, so that what stands before its path is not known.
 */
export type Mounted = "app" | "handed in" | "not";

/** What surrounds a router: what is in front of its paths, and what runs before its handlers. */
export interface Surroundings {
  readonly dialect: Dialect | null;
  readonly prefix: string;
  /** Middleware in force so far, each with the path it covers; grows while a router is read. */
  readonly inForce: (Attached & { readonly covers: string | null })[];
  readonly mounts: readonly SourceRef[];
  readonly gaps: readonly Gap[];
  readonly mounted: Mounted;
  readonly isApp: boolean;
  /** Keys of the routers around, against cycles. */
  readonly path: ReadonlySet<string>;
}

type PlacedStep = { readonly placed: PlacedEntry; readonly step: Step };

export const ROUTE_LIMIT = 20_000;

/** Reads every app of Express, Koa and Hono from its root, then the routers that no app leads to. */
export class RouteWalk {
  readonly found: FoundRoute[] = [];
  readonly #program: Program;
  readonly #table: RouterTable;
  readonly #taken: ReadonlySet<string>;
  readonly #reached = new Set<string>();
  readonly #seen = new Set<string>();
  /** The framework of all routers whose framework is known, where that is one: then the others are of it, too. */
  readonly #only: Dialect | null;

  /** @param taken keys of routers that another walk has read */
  constructor(program: Program, table: RouterTable, taken: ReadonlySet<string>) {
    this.#program = program;
    this.#table = table;
    this.#taken = taken;
    const dialects = new Set([...table.routers].flatMap(({ dialect }) => dialect ?? []));
    this.#only = dialects.size === 1 ? ([...dialects][0] ?? null) : null;
  }

  run(): readonly FoundRoute[] {
    const routers = [...this.#table.routers].filter(
      ({ key, dialect }) => dialect?.id !== "fastify" && !this.#taken.has(key),
    );
    const mounted = this.#mountedKeys(routers);
    for (const router of routers) {
      if (router.kind === "app" && !mounted.has(router.key)) this.#read(router, root("app"));
    }
    for (const router of routers) {
      if (!mounted.has(router.key)) this.#readUnmounted(router);
    }
    // Routers that only mount each other.
    for (const router of routers) this.#readUnmounted(router);
    return this.found;
  }

  #readUnmounted(router: Router): void {
    if (router.plausible && !this.#reached.has(router.key)) this.#read(router, root(mountedBy(router)));
  }

  #mountedKeys(routers: readonly Router[]): ReadonlySet<string> {
    const keys = new Set<string>();
    for (const router of routers) {
      for (const { placed, step } of this.#steps(router, router.dialect)) {
        const { uri, entry } = placed;
        if (step.kind === "pass") {
          const target = this.#passedTo(uri, entry);
          if (target) keys.add(target.key);
        } else if (step.kind === "use") {
          for (const item of step.items) {
            for (const target of this.#table.routersOf(uri, entry.scope, item)) {
              if (target.key !== router.key) keys.add(target.key);
            }
          }
        }
      }
    }
    return keys;
  }

  #steps(router: Router, inherited: Dialect | null): readonly PlacedStep[] {
    const dialect = this.#dialectOf(router, inherited);
    if (!dialect || dialect.id === "fastify") return [];
    return router.entries.flatMap((placed) =>
      dialect.steps(this.#program, placed).map((step) => ({ placed, step })),
    );
  }

  #dialectOf(router: Router, inherited: Dialect | null): Dialect | null {
    return router.dialect ?? inherited ?? dialectByHandlers(router.entries) ?? this.#only;
  }

  #read(router: Router, around: Surroundings): void {
    if (around.path.has(router.key) || this.found.length > ROUTE_LIMIT) return;
    this.#reached.add(router.key);
    const dialect = this.#dialectOf(router, around.dialect);
    if (!dialect || dialect.id === "fastify") return;
    const [at] = this.#prefixed(router.prefixes, { ...around, dialect });
    const inside: Surroundings = {
      ...around,
      ...at,
      dialect,
      path: new Set([...around.path, router.key]),
    };
    const steps = this.#steps(router, dialect);
    let chain: Attached[] = [];
    let chainKey = "";
    steps.forEach(({ placed, step }, index) => {
      const key = step.inChain ? `${placed.uri}:${JSON.stringify(step.path)}:${placed.entry.scope}` : "";
      if (key !== chainKey) chain = [];
      chainKey = key;
      switch (step.kind) {
        case "use":
          this.#use(placed, step, inside);
          break;
        case "pass":
          this.#pass(placed, inside);
          break;
        case "all":
          if (step.inChain && isFollowed(steps[index + 1], { placed, step })) {
            chain.push(...this.#attached(placed, step.items, "method"));
          } else if (this.#passesOn(placed, step)) this.#use(placed, step, inside);
          else this.#route(placed, step, inside, chain);
          break;
        case "route":
          this.#route(placed, step, inside, chain);
      }
    });
  }

  /** `app.all("/admin/*", requireAuth)`: a middleware written as a route. */
  #passesOn({ uri, entry }: PlacedEntry, step: Step): boolean {
    const last = step.items.at(-1);
    const found = last && this.#program.functionOf(uri, entry.scope, last);
    const path = step.path && textsOf(this.#program, uri, entry.scope, step.path)[0]?.text;
    return /\*/.test(path ?? "") && (found?.fact.parameters.length ?? 0) >= 3;
  }

  #use(placed: PlacedEntry, written: Step, around: Surroundings): void {
    const step = this.#withPath(placed, written);
    const { uri, entry } = placed;
    const level = around.isApp && step.path === null ? "global" : "group";
    for (const { prefix, gaps } of this.#paths(placed, step.path, around)) {
      const before: (Attached & { readonly covers: string | null })[] = [];
      step.items.forEach((item) => {
        const routers = this.#table
          .routersOf(uri, entry.scope, item)
          .filter(({ kind, plausible }) => kind !== "parameter" || plausible);
        for (const router of routers) {
          this.#read(router, {
            ...around,
            prefix,
            inForce: [...around.inForce, ...before],
            mounts: [...around.mounts, sourceOf(placed)],
            gaps,
            isApp: router.kind === "app" && around.dialect?.id === "express",
          });
        }
        // An error handler runs where something has failed: it guards nothing.
        if (routers.length > 0 || this.#handlesErrors(placed, item, around)) return;
        for (const attached of this.#attached(placed, [item], level)) {
          before.push({ ...attached, covers: step.path === null ? null : prefix });
        }
      });
      around.inForce.push(...before);
    }
  }

  #handlesErrors({ uri, entry }: PlacedEntry, item: Expression, around: Surroundings): boolean {
    if (around.dialect?.id !== "express") return false;
    const found = this.#program.functionOf(uri, entry.scope, item);
    if (found) return found.fact.parameters.length === 4;
    return item.k === "function" && item.parameters.length === 4;
  }

  /** `app.use(PREFIX, router)`: what the first of several arguments is set to decides whether it is a path. */
  #withPath({ uri, entry }: PlacedEntry, step: Step): Step {
    const [first] = step.items;
    if (step.path !== null || !first || step.items.length < 2) return step;
    if (first.k === "function" || first.k === "call") return step;
    const texts = textsOf(this.#program, uri, entry.scope, first);
    if (texts.some(({ text, unknown }) => unknown !== null && !text.startsWith("/"))) return step;
    return { ...step, path: first, items: step.items.slice(1) };
  }

  #pass(placed: PlacedEntry, around: Surroundings): void {
    const target = this.#passedTo(placed.uri, placed.entry);
    // The function registers on this very router: what it attaches stays in force here.
    if (target) this.#read(target, { ...around, mounts: [...around.mounts, sourceOf(placed)] });
  }

  #passedTo(uri: string, entry: EntryFact): Router | null {
    const target = calledBy(this.#program, uri, entry);
    return target && this.#table.parameterRouter(target.uri, target.index, entry.argument, entry.property);
  }

  #route(placed: PlacedEntry, step: Step, around: Surroundings, chain: readonly Attached[]): void {
    const { entry, uri } = placed;
    const handler = step.items.at(-1);
    const { dialect } = around;
    if (!handler || !dialect) return;
    const methods = step.kind === "all" || step.methods.includes("ALL") ? ["ANY"] : step.methods;
    for (const method of methods.filter(isMethod)) {
      for (const { prefix: path, gaps } of this.#paths(placed, step.path, around)) {
        // Two apps that one function sets up (the second for tests) have the same routes.
        const written = placed.at ?? placed;
        const key = [method, path, written.uri, ...written.entry.span].join(" ");
        if (this.#seen.has(key)) continue;
        this.#seen.add(key);
        this.found.push({
          dialect,
          method,
          path,
          uri: written.uri,
          entry: written.entry,
          handler: { uri, scope: entry.scope, value: handler },
          middleware: [
            ...around.inForce.filter(
              (attached) => attached.covers === null || dialect.covers(attached.covers, path),
            ),
            ...chain,
            ...this.#attached(placed, step.items.slice(0, -1), "method"),
          ],
          options: step.options && { uri, scope: entry.scope, value: step.options },
          mounts: [...around.mounts, sourceOf(written)],
          gaps,
          mounted: around.mounted,
        });
      }
    }
  }

  #attached(
    placed: PlacedEntry,
    items: readonly Expression[],
    level: Attached["level"],
  ): readonly Attached[] {
    return items.flatMap((value) => attachedOf(this.#program, placed, value, level));
  }

  #paths(
    { uri, entry, prefixes }: PlacedEntry,
    path: Expression | null,
    around: Surroundings,
  ): readonly At[] {
    const inFront = this.#prefixed(prefixes, around);
    if (path === null) return inFront.map((at) => ({ ...at, prefix: joined(around, at.prefix, "") }));
    return inFront.flatMap((at) =>
      textsOf(this.#program, uri, entry.scope, path).map(({ text, unknown }) => ({
        prefix: joined(around, at.prefix, text),
        gaps: unknown === null ? at.gaps : [...at.gaps, unknownPath(unknown, { uri, entry })],
      })),
    );
  }

  #prefixed(prefixes: readonly PlacedExpression[], around: Surroundings): readonly At[] {
    let all: readonly At[] = [{ prefix: around.prefix, gaps: around.gaps }];
    for (const { uri, scope, value } of prefixes) {
      all = all.flatMap((at) =>
        textsOf(this.#program, uri, scope, value).map(({ text, unknown }) => ({
          prefix: joined(around, at.prefix, text),
          gaps:
            unknown === null
              ? at.gaps
              : [...at.gaps, { what: `path: \`${unknown}\``, why: UNKNOWN_PATH, source: null }],
        })),
      );
    }
    return all;
  }
}

type At = Pick<Surroundings, "prefix" | "gaps">;

const UNKNOWN_PATH = "its value is not written out in the workspace";

function joined({ dialect }: Surroundings, prefix: string, path: string): string {
  return dialect ? dialect.join(prefix, path) : `${prefix}${path}`;
}

/** `route(path).all(a).get(b)`: the `all` is shared by what follows in the same chain. */
function isFollowed(next: PlacedStep | undefined, { placed, step }: PlacedStep): boolean {
  return (
    next?.placed.uri === placed.uri &&
    next.step.inChain &&
    JSON.stringify(next.step.path) === JSON.stringify(step.path)
  );
}

function isMethod(method: string): method is HttpMethod {
  return /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY)$/.test(method);
}

/** The function, or the constructor, that a router is handed to. */
export function calledBy(program: Program, uri: string, entry: EntryFact): FoundFunction | null {
  const callee = entry.args[0];
  if (!callee) return null;
  const called = program.calledFunction(uri, entry.scope, { k: "call", callee, args: [], span: entry.span });
  if (called) return called;
  const made = program.origin(uri, entry.scope, callee);
  if (made?.kind !== "workspace") return null;
  return program.functionOfOrigin({ ...made, name: `${made.name}.constructor` });
}

/** What an expression attaches: itself, or each item of the list it names. */
export function attachedOf(
  program: Program,
  { uri, entry, at }: Pick<PlacedEntry, "uri" | "entry" | "at">,
  value: Expression,
  level: Attached["level"],
  scope = entry.scope,
): readonly Attached[] {
  const own = value.k === "binary" && value.op === "..." ? value.right : value;
  const piece = entry.pieces.find(([span]) => span === own.span.join());
  const source =
    piece && !at ? { uri, range: rangeOf(own.span), hash: piece[2] } : sourceOf(at ?? { uri, entry });
  const list = own.k === "name" || own.k === "member" ? program.setting({ uri, scope, value: own }) : null;
  if (list?.value.k === "list") {
    // `const staff = [requireAuth, requireRole("STAFF")]`: each is in force, attached where the list is named.
    return list.value.items.map((item) => ({
      uri: list.uri,
      scope: list.scope,
      value: item,
      text: item.k === "function" ? "" : rendered(item),
      level,
      source,
    }));
  }
  const text = at
    ? told(program, uri, scope, own)
    : piece
      ? piece[1]
      : own.k === "function"
        ? ""
        : rendered(own);
  return [{ uri, scope, value: own, text, level, source }];
}

/** `check(PERMISSION)` for `check(options.permission)`: with what the call hands over. */
function told(program: Program, uri: string, scope: number, value: Expression): string {
  if (value.k === "function") return "";
  if (value.k !== "call") return rendered(value);
  const args = value.args.map((argument) => ({
    ...argument,
    value: program.handedOver({ uri, scope, value: argument.value }).value,
  }));
  return rendered({ ...value, args });
}

export function unknownPath(unknown: string, at: Pick<PlacedEntry, "uri" | "entry">): Gap {
  return { what: `path: \`${unknown}\``, why: UNKNOWN_PATH, source: sourceOf(at) };
}

/** Nothing stands before the paths of an app, whoever makes it. */
function mountedBy({ kind, isApp }: Router): Mounted {
  return kind === "app" ? "app" : isApp ? "handed in" : "not";
}

export function root(mounted: Mounted): Surroundings {
  return {
    dialect: null,
    prefix: "",
    inForce: [],
    mounts: [],
    gaps: [],
    mounted,
    isApp: mounted !== "not",
    path: new Set(),
  };
}

export function sourceOf({ uri, entry }: Pick<PlacedEntry, "uri" | "entry">): SourceRef {
  return { uri, range: rangeOf(entry.span), hash: entry.hash };
}
