import * as z from "zod/mini";
import { TIERS } from "./finding.ts";
import { planVariantSchema } from "./plan.ts";

/** An index that the planner uses and that pays, with everything that shows it. */
export const advisedIndexSchema = z.object({
  /** The whole statement. */
  ddl: z.string(),
  /** The same as a migration or model of the workspace's stack writes it; null where none of them is in use. */
  code: z.nullable(z.object({ language: z.string(), text: z.string() })),
  name: z.string(),
  /** As the lab names it: `orders`, `audit.log`. */
  table: z.string(),
  method: z.string(),
  /** Columns and expressions with their order, as SQL. */
  keys: z.array(z.string()),
  include: z.array(z.string()),
  /** Condition of a partial one; null when it covers all rows. */
  predicate: z.nullable(z.string()),
  /** What of the query it is for: `equality on status; order by placed_at`. */
  serves: z.string(),
  /** Costs of the whole query in the planner's units, with what was advised before it in place. */
  cost_before: z.number(),
  cost_after: z.number(),
  /** Share of the cost that it takes away, 0 to 1. */
  gain: z.number(),
  /** Null where nothing is known of the table. */
  size_bytes: z.nullable(z.number()),
  /** Existing indexes of the table that begin with the same column; `contained`: this one makes it superfluous. */
  overlaps: z.array(
    z.object({
      index: z.string(),
      keys: z.array(z.string()),
      shared: z.number(),
      relation: z.enum(["contained", "longer", "crossing"]),
    }),
  ),
  notes: z.array(z.string()),
  plan_after: planVariantSchema,
});
export type AdvisedIndex = z.infer<typeof advisedIndexSchema>;

/** What trying indexes for one query came to. */
export const indexAdviceSchema = z.object({
  engine: z.string(),
  tier: z.enum(TIERS),
  /** What sizes and statistics come from, one line for people. */
  basis: z.string(),
  /** Candidates that were built and planned with. */
  tried: z.number(),
  /** In the order in which they are worth building; empty: none pays. */
  indexes: z.array(advisedIndexSchema),
  /** Candidates that were tried and not taken, with the reason. */
  rejected: z.array(z.object({ ddl: z.string(), reason: z.string() })),
  plan_before: planVariantSchema,
});
export type IndexAdvice = z.infer<typeof indexAdviceSchema>;
