import type { Expression } from "../../languages/expression.ts";
import type { Origin } from "../../languages/typescript/name-resolution.ts";
import type { Program } from "./program.ts";
import type { PlacedEntry } from "./routers.ts";

export type FrameworkId = "express" | "koa" | "hono" | "fastify";

type Call = Extract<Expression, { k: "call" }>;
export type PackageOrigin = Extract<Origin, { kind: "package" }>;

/** What a call makes. */
export interface Made {
  readonly kind: "app" | "router";
  /** Path in front of everything that is registered on it: `new Router({ prefix })`. */
  readonly prefix: Expression | null;
}

/** What an entry does to the router it is written on. */
export interface Step {
  readonly kind: "use" | "route" | "all" | "pass";
  /** Upper-case methods of a route. */
  readonly methods: readonly string[];
  readonly path: Expression | null;
  /** Part of a `route(path)` chain, whose links share what its `all` says. */
  readonly inChain: boolean;
  /** Middleware and handlers in the order in which they run; lists are taken apart. */
  readonly items: readonly Expression[];
  /** Declared input and output, where the entry has them: `createRoute({ request, responses })`. */
  readonly options: Expression | null;
}

/** How one framework makes routers and registers on them. */
export interface Dialect {
  readonly id: FrameworkId;
  readonly title: string;
  /** What a call of something from a package makes; null for anything else. */
  makes(callee: PackageOrigin, call: Call): Made | null;
  /** A type of a package that is an app or a router of this framework. */
  isRouterType(type: PackageOrigin): boolean;
  /** What an entry on a router of this framework does; several steps for `get(a, b)` of several routes at once. */
  steps(program: Program, placed: PlacedEntry): readonly Step[];
  /** Joins a mount path and the path below it. */
  join(prefix: string, path: string): string;
  /** Whether a middleware attached at a path runs for a route. */
  covers(attachedAt: string, path: string): boolean;
}

/** Lists of handlers are taken apart, however deep. */
export function flattened(value: Expression): readonly Expression[] {
  return value.k === "list" ? value.items.flatMap(flattened) : [value];
}

/** A step with nothing in it, to be filled in. */
export const NO_STEP: Omit<Step, "kind"> = {
  methods: [],
  path: null,
  inChain: false,
  items: [],
  options: null,
};
