import * as z from "zod/mini";

/**
 * How long a statement takes in terms of the table: `instant` does not look at its rows, `scan` reads all of them,
 * `rewrite` writes all of them anew. Never a time: nobody here knows the size.
 */
export const COST_CLASSES = ["instant", "scan", "rewrite", "unknown"] as const;
export type CostClass = (typeof COST_CLASSES)[number];

/** What others cannot do with a table meanwhile. `schema`: other changes of it; `none`: nothing is kept waiting. */
export const BLOCKED = ["reads-and-writes", "writes", "schema", "none"] as const;
export type Blocked = (typeof BLOCKED)[number];

export const tableLockSchema = z.object({
  table: z.string(),
  /** The strongest mode, in PostgreSQL's words: `ACCESS EXCLUSIVE`. */
  mode: z.string(),
  blocks: z.enum(BLOCKED),
  /** It was there before the migration: nobody waits for a new one. */
  existed: z.boolean(),
});

/** A way to the same schema that keeps nobody waiting. */
export const safeSequenceSchema = z.object({
  /** Why, in one sentence. */
  reason: z.string(),
  steps: z.array(
    z.object({
      title: z.string(),
      sql: z.array(z.string()),
      /** False: it has to run outside of one. */
      in_transaction: z.boolean(),
    }),
  ),
  /** The same in the stack's migration language; null where it has no words for it. */
  code: z.nullable(z.object({ language: z.string(), text: z.string() })),
});
export type SafeSequence = z.infer<typeof safeSequenceSchema>;

export const statementLocksSchema = z.object({
  /** As the migration runs it. */
  sql: z.string(),
  /** Position of the operation it belongs to, from 1. */
  operation: z.number(),
  /** `documented`: it was not measured, PostgreSQL's manual says so; `unknown`: neither. */
  origin: z.enum(["measured", "documented", "unknown"]),
  locks: z.array(tableLockSchema),
  cost: z.enum(COST_CLASSES),
  rewritten: z.array(z.string()),
  scanned: z.array(z.string()),
  /** The most that it keeps others from, on tables that were there. */
  blocks: z.enum(BLOCKED),
  /** What is dangerous about it, each a sentence; empty: nothing. */
  hazards: z.array(z.string()),
  safe: z.nullable(safeSequenceSchema),
  /** Why it was not measured, or that it is rejected on rows; null when there is nothing to say. */
  note: z.nullable(z.string()),
});
export type StatementLocks = z.infer<typeof statementLocksSchema>;

/** Code that still runs beside the new schema and does not fit it. */
export const brokenUseSchema = z.object({
  /** What is gone or new: `orders.note is dropped`. */
  change: z.string(),
  /** What refers to it: the query or the line of code. */
  what: z.string(),
  uri: z.string(),
  /** From 1. */
  line: z.number(),
});
export type BrokenUse = z.infer<typeof brokenUseSchema>;

/** What a migration does to others while it runs, statement by statement. */
export const migrationLocksSchema = z.object({
  /** `PostgreSQL 18.1, embedded, on 3 rows a table`. */
  engine: z.string(),
  /** What the schema before it was built from, and what had to be changed or left out for that. */
  schema: z.object({ source: z.string(), repairs: z.array(z.string()), failures: z.array(z.string()) }),
  /** All statements are one transaction: a lock that one takes is held to the end. */
  transactional: z.boolean(),
  statements: z.array(statementLocksSchema),
  /** Dangers of several statements together. */
  hazards: z.array(z.string()),
  /** Operations of which it is not known what they run. */
  unknown: z.array(z.string()),
  broken: z.array(brokenUseSchema),
});
export type MigrationLocks = z.infer<typeof migrationLocksSchema>;
