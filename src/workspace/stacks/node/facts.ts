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
  /** Names of what is called in it and in the functions inside of it, where a declaration of the workspace may be meant. */
  readonly calls: readonly string[];
  /** Delegates of a Prisma client used in it and in the functions inside of it. */
  readonly delegates: readonly string[];
  /** Tables named in raw SQL of a Prisma client, in it and in the functions inside of it. */
  readonly tables: readonly string[];
  /** `schema` of `schema.parse(req.body)`. */
  readonly parsesBody: Expression | null;
  /** Methods that its text tells apart: `req.method === "POST"`, `case "GET":`. */
  readonly methods: readonly string[];
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

/** Text and hash of one expression inside of an entry, by its span. */
export type PieceFact = readonly [span: string, text: string, hash: string];

/**
 * A call that may register something on an app or a router (`router.get(…)`, `app.use(…)`, `app.register(…)`), or that
 * hands a router to a function. What it means is for the framework of the router to say.
 */
export interface EntryFact {
  /** Name of the method; "" where a router is handed on, "()" where a function is called that may register. */
  readonly verb: string;
  /** What the call is made on, or the router that is handed over. */
  readonly on: Expression;
  /** `method` of `app[method](…)`, where the verb is "[]". */
  readonly computed: Expression | null;
  /** `path` of `router.route(path).get(…)`: what is shared by the links of a chain. */
  readonly chained: Expression | null;
  /** Arguments; of "" and "()" the function called in front of them. */
  readonly args: readonly Expression[];
  /** Where a router is handed on: which argument it is, and under which name where that is an object. */
  readonly argument: number;
  readonly property: string | null;
  readonly scope: number;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly hash: string;
  /** Text and hash of what may be named as a guard. */
  readonly pieces: readonly PieceFact[];
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
  /** The file says "use server" at its top or in a function: what it exports is called by Next.js without a path. */
  readonly actions: boolean;
  /** Of a file that Next.js takes for routes or for its middleware: what it exports, with its place. */
  readonly exported: readonly ExportFact[];
}

export interface ExportFact {
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly hash: string;
}

/** Facts of one file for all web frameworks of Node: they are taken once, whichever framework it is. */
export type NodeFacts =
  | CodeFact
  | Extract<PrismaFacts, { kind: "schema" }>
  | { readonly kind: "config"; readonly config: ProjectConfig }
  | { readonly kind: "next"; readonly basePath: string };
