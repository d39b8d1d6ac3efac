import * as z from "zod/mini";
import { TIERS } from "./finding.ts";

/**
 * How a node reaches its rows, for drawing and for judging: `seq` reads all of a relation, `index` follows an index
 * into it, `index-only` needs no more than the index, `bitmap` collects places first; the rest works on rows of others.
 */
export const PLAN_NODE_KINDS = [
  "seq",
  "index",
  "index-only",
  "bitmap",
  "join",
  "sort",
  "aggregate",
  "limit",
  "write",
  "other",
] as const;
export type PlanNodeKind = (typeof PLAN_NODE_KINDS)[number];

/** One step of a plan. Costs are the planner's own units; one is about a page read in order. */
export const planNodeSchema = z.object({
  /** Position in `nodes`: a parent stands before its children. */
  id: z.number(),
  /** Null for the root. */
  parent: z.nullable(z.number()),
  depth: z.number(),
  kind: z.enum(PLAN_NODE_KINDS),
  /** The engine's own word: `Seq Scan`, `Nested Loop`, `Hash Join`. */
  type: z.string(),
  /** Table read or written, as the lab names it: `orders`, `audit.log`; null for a step without one. */
  relation: z.nullable(z.string()),
  /** Name in the query where it is not that of the relation. */
  alias: z.nullable(z.string()),
  index: z.nullable(z.string()),
  /** Conditions, keys and orders, each as the engine writes it: `Filter: (total > '0'::numeric)`. */
  details: z.array(z.string()),
  /** Rows it is expected to give each time it runs. */
  rows: z.number(),
  /** Bytes of one row; null where the engine does not say. */
  width: z.nullable(z.number()),
  startup_cost: z.number(),
  /** Of this step and those below it, run once. */
  total_cost: z.number(),
  /** Share of the whole plan's cost spent in this step itself, all its runs together; from 0 to 1. */
  share: z.number(),
  /** The step with the greatest share. */
  hot: z.boolean(),
});
export type PlanNode = z.infer<typeof planNodeSchema>;

/**
 * `exact`: the query has no placeholders. `generic`: planned without knowing their values, as a prepared statement is
 * after a few runs. `values`: planned with values that are typical of the statistics.
 */
export const PLAN_VARIANTS = ["exact", "generic", "values"] as const;
export type PlanVariantKind = (typeof PLAN_VARIANTS)[number];

export const planVariantSchema = z.object({
  kind: z.enum(PLAN_VARIANTS),
  total_cost: z.number(),
  rows: z.number(),
  /** In order of drawing: each step is followed by those below it. Never empty. */
  nodes: z.array(planNodeSchema),
});
export type PlanVariant = z.infer<typeof planVariantSchema>;

/** The plan of one statement with everything it rests on. */
export const queryPlanSchema = z.object({
  /** `PostgreSQL 18.1, embedded, without data`. */
  engine: z.string(),
  dialect: z.enum(["postgresql", "sqlite"]),
  tier: z.enum(TIERS),
  /** What sizes and statistics come from, one line for people. */
  basis: z.string(),
  /** The first is the one to look at; at most one of each kind. */
  variants: z.array(planVariantSchema),
  parameters: z.array(
    z.object({
      /** As `$n` numbers it. */
      number: z.number(),
      /** As written (`customer_id` of `:customer_id`); null when it has no name. */
      name: z.nullable(z.string()),
      /** Type in the database; null where the engine has none. */
      type: z.nullable(z.string()),
      /** What it stood for in the variant `values`: made up, or a value that the source names. Null when it had none. */
      value: z.nullable(z.string()),
    }),
  ),
  /** Sizes of the tables that the query uses. */
  tables: z.array(
    z.object({
      table: z.string(),
      rows: z.number(),
      rows_from: z.enum(["statistics", "guess"]),
      columns_from: z.enum(["statistics", "schema"]),
    }),
  ),
  schema: z.object({
    /** `12 models`, `migrations in db/migrate`. */
    source: z.string(),
    tables: z.number(),
    /** What had to be changed to build it. */
    repairs: z.array(z.string()),
    /** What could not be built, with the reason. */
    failures: z.array(z.string()),
  }),
  notes: z.array(z.string()),
});
export type QueryPlan = z.infer<typeof queryPlanSchema>;

/**
 * Why a query has no plan. `syntax`: it is no SQL of the dialect; `unknown-name`: it names a table, column or function
 * that the schema does not have; `not-a-query`: a kind of statement that has no plan, or several; `dialect`: the lab has
 * no engine for it; `rejected`: the engine has another reason; `no-sizes`: a plan would be one for empty tables.
 */
export const PLAN_REFUSALS = [
  "syntax",
  "unknown-name",
  "not-a-query",
  "dialect",
  "rejected",
  "no-sizes",
] as const;

export const planRefusalSchema = z.object({
  reason: z.enum(PLAN_REFUSALS),
  /** As the engine says it, or in our words. */
  message: z.string(),
  /** UTF-16 offset in the query as it was given; null where no place is to blame. */
  position: z.nullable(z.number()),
  /** What was expected there, or the names that come nearest. */
  expected: z.array(z.string()),
});
export type PlanRefusal = z.infer<typeof planRefusalSchema>;
