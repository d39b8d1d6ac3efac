import type { Expression } from "../../languages/expression.ts";
import type { ModuleNames } from "../../languages/typescript/name-resolution.ts";
import type { ProjectConfig } from "../../languages/typescript/project-config.ts";
import type { Span } from "../../source.ts";
import type { PrismaFacts } from "../prisma/facts.ts";

/** Why a function lets some requests not pass, as far as its own text shows. */
export type Refusal = "authentication" | "permission" | "throttle" | "validation";

/** One function of a file; the position in the list is the `scope` of what stands in it. */
export interface FunctionFact {
  readonly path: string | null;
  readonly within: string | null;
  readonly scope: number;
  readonly parameters: readonly (readonly [name: string, type: string | null])[];
  readonly returned: readonly Expression[];
  readonly refusal: Refusal | null;
  /** Names of what is called in it and in the functions inside of it. */
  readonly calls: readonly string[];
  /** Delegates of a Prisma client used in it and in the functions inside of it. */
  readonly delegates: readonly string[];
  /** Tables named in raw SQL of a Prisma client, in it and in the functions inside of it. */
  readonly tables: readonly string[];
  /** `schema` of `schema.parse(req.body)`. */
  readonly parsesBody: Expression | null;
  readonly nameSpan: Span | null;
  readonly span: Span;
  readonly hash: string;
}

export interface ClassFact {
  readonly name: string;
  readonly extends: string | null;
  /** Type of each member that holds something else: properties and constructor parameters. */
  readonly types: readonly (readonly [name: string, type: string])[];
  readonly values: readonly (readonly [name: string, value: Expression])[];
}

export interface AssignmentFact {
  readonly target: string;
  readonly value: Expression;
  /** Hash of the text of the value; "" where the value is no call and so no schema. */
  readonly hash: string;
  readonly span: Span;
  readonly scope: number;
}

/** `router.get(…)`, `app.use(…)`, a link of a `route(…)` chain, or a router handed to a function. */
export interface EntryFact {
  readonly kind: "use" | "route" | "all" | "pass";
  /** Upper-case method of a route; "" otherwise. */
  readonly method: string;
  /** What the call is made on, or the router that is handed over. */
  readonly on: Expression;
  /** Path of a `route(…)` chain, or the first argument where it may be a path. */
  readonly path: Expression | null;
  /** The `all` of a `route(…)` chain, which the methods after it share. */
  readonly inChain: boolean;
  /** Handlers and middleware; of a "pass" the function called. */
  readonly items: readonly Expression[];
  /** Of a "pass": which argument the router is. */
  readonly argument: number;
  readonly scope: number;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly hash: string;
  /** Text of each item, shortened, for names of guards. */
  readonly texts: readonly string[];
  readonly hashes: readonly string[];
}

/** `routes.forEach((route) => …)`: the function is run for each item, its first parameter stands for the item. */
export interface IterationFact {
  /** Index of the function. */
  readonly scope: number;
  readonly parameter: string;
  readonly list: Expression;
}

export interface CodeFact {
  readonly kind: "code";
  readonly names: ModuleNames;
  readonly functions: readonly FunctionFact[];
  readonly classes: readonly ClassFact[];
  readonly assignments: readonly AssignmentFact[];
  readonly entries: readonly EntryFact[];
  readonly iterations: readonly IterationFact[];
}

export type ExpressFacts =
  | CodeFact
  | Extract<PrismaFacts, { kind: "schema" }>
  | { readonly kind: "config"; readonly config: ProjectConfig };
