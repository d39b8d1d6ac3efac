import * as z from "zod";
import { planNodeSchema } from "../../protocol/plan.ts";
import { LAB_EXTENSIONS } from "./lab-extensions.ts";

/** What the child is told on its command line, as JSON. */
export const labStartSchema = z.object({
  /** Absolute folder with `pglite.wasm`, `initdb.wasm`, `pglite.data` and the extensions. */
  assetsDir: z.string(),
  /** Extensions that CREATE EXTENSION can find; each costs some 50 ms of start. */
  extensions: z.array(z.enum(LAB_EXTENSIONS)).readonly(),
  /** Rest in milliseconds after which the child ends by itself. */
  idleMs: z.number().int().positive(),
});
export type LabStart = z.infer<typeof labStartSchema>;

const id = z.number().int();
const key = z.string();

const schemaStatementSchema = z.object({ about: z.string(), sql: z.string() });

const columnStatisticsSchema = z.object({
  column: z.string(),
  nullFraction: z.number(),
  averageWidth: z.number(),
  distinct: z.number(),
  common: z
    .object({ values: z.array(z.string()).readonly(), fractions: z.array(z.number()).readonly() })
    .nullable(),
  histogram: z.array(z.string()).readonly().nullable(),
  correlation: z.number().nullable(),
});

const tableStatisticsSchema = z.object({
  table: z.string(),
  rows: z.number(),
  rowsFrom: z.enum(["statistics", "guess"]),
  columnsFrom: z.enum(["statistics", "schema"]),
  columns: z.array(columnStatisticsSchema).readonly(),
});

/**
 * `key` names the schema that a request is about: a child that has been started anew since does not have it, and says so
 * (`closed`) instead of answering about another.
 */
export const labRequestSchema = z.discriminatedUnion("type", [
  z.object({ id, type: z.literal("ping") }),
  z.object({ id, type: z.literal("version") }),
  z.object({ id, type: z.literal("query"), sql: z.string(), maxRows: z.number().int().nonnegative() }),
  z.object({
    id,
    type: z.literal("open"),
    key,
    statements: z.array(schemaStatementSchema).readonly(),
    /** Absolute path of the file that keeps the built database; null to keep none. */
    imageFile: z.string().nullable(),
  }),
  z.object({ id, type: z.literal("statistics"), key, tables: z.array(tableStatisticsSchema).readonly() }),
  z.object({
    id,
    type: z.literal("explain"),
    key,
    sql: z.string(),
    values: z.array(z.string().nullable()).readonly().nullable(),
  }),
  z.object({ id, type: z.literal("run"), key, sql: z.string(), maxRows: z.number().int().nonnegative() }),
  z.object({ id, type: z.literal("describe"), key, sql: z.string() }),
  z.object({ id, type: z.literal("begin"), key, statements: z.array(z.string()).readonly() }),
  z.object({ id, type: z.literal("clone"), key }),
  z.object({ id, type: z.literal("apply"), key, sql: z.string() }),
  z.object({ id, type: z.literal("rollback"), key }),
  z.object({
    id,
    type: z.literal("locks"),
    key,
    sql: z.string(),
    before: z.array(z.string()).readonly(),
    rows: z.number().int().nonnegative(),
  }),
  z.object({
    id,
    type: z.literal("lock-sequence"),
    key,
    statements: z.array(z.string()).readonly(),
    rows: z.number().int().nonnegative(),
  }),
]);
export type LabRequest = z.infer<typeof labRequestSchema>;

const sqlErrorSchema = z.object({
  /** Five characters, as PostgreSQL documents them. */
  sqlState: z.string(),
  message: z.string(),
  /** UTF-16 offset into the statement text; null where PostgreSQL gives none. */
  position: z.number().int().nullable(),
  detail: z.string().nullable(),
  hint: z.string().nullable(),
});

const rejected = z.object({ kind: z.literal("rejected"), error: sqlErrorSchema });
/** The schema asked about is not open here. */
const closed = z.object({ kind: z.literal("closed") });

const labTableSchema = z.object({
  name: z.string(),
  columns: z
    .array(
      z.object({
        name: z.string(),
        type: z.string(),
        nullable: z.boolean(),
        labels: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
  primaryKey: z.array(z.string()).readonly(),
  uniqueKeys: z.array(z.array(z.string()).readonly()).readonly(),
  foreignKeys: z
    .array(
      z.object({
        columns: z.array(z.string()).readonly(),
        target: z.string(),
        targetColumns: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
  indexes: z
    .array(
      z.object({
        name: z.string(),
        columns: z.array(z.string().nullable()).readonly(),
        unique: z.boolean(),
        partial: z.boolean(),
        method: z.string(),
      }),
    )
    .readonly(),
});

/** How a schema was built; kept with the database it describes. */
export const builtSchemaSchema = z.object({
  engine: z.string(),
  statements: z.number(),
  applied: z.number(),
  repairs: z.array(z.object({ about: z.string(), what: z.string() })).readonly(),
  failures: z.array(z.object({ about: z.string(), sql: z.string(), error: sqlErrorSchema })).readonly(),
  tables: z.array(labTableSchema).readonly(),
});
export type BuiltSchema = z.infer<typeof builtSchemaSchema>;

const enginePlanSchema = z.object({
  total_cost: z.number(),
  rows: z.number(),
  nodes: z.array(planNodeSchema).readonly(),
});

/** What became of measuring one statement. */
const measuredLocks = [
  z.object({
    kind: z.literal("measured"),
    facts: z.object({
      locks: z
        .array(
          z.object({
            relation: z.string(),
            kind: z.enum(["table", "index", "sequence", "other"]),
            modes: z.array(z.string()).readonly(),
            existed: z.boolean(),
          }),
        )
        .readonly(),
      rewritten: z.array(z.string()).readonly(),
      scanned: z.array(z.string()).readonly(),
      rebuilt: z.array(z.string()).readonly(),
      unfilled: z.array(z.string()).readonly(),
    }),
  }),
  z.object({ kind: z.literal("not-measured"), reason: z.string() }),
  rejected,
] as const;

/** The answer to each type of request. */
export const labAnswerSchemas = {
  ping: z.object({ pid: z.number().int(), node: z.string() }),
  version: z.object({
    /** What `SELECT version()` says. */
    text: z.string(),
    /** For comparison: 180006 is 18.6. */
    number: z.number().int(),
  }),
  query: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("rows"),
      columns: z.array(z.string()).readonly(),
      /** Timestamps, bytea and bigint as PostgreSQL writes them; numbers, booleans and JSON as such. */
      rows: z.array(z.array(z.json()).readonly()).readonly(),
      /** True when the statement gave more rows than these. */
      truncated: z.boolean(),
    }),
    rejected,
  ]),
  open: z.object({
    schema: builtSchemaSchema,
    /** Whether tables without rows can be given a size. */
    virtualSizes: z.boolean(),
    from: z.enum(["image", "statements"]),
  }),
  statistics: z.discriminatedUnion("kind", [z.object({ kind: z.literal("noted") }), closed]),
  explain: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("plan"), plan: enginePlanSchema, tables: z.array(z.string()).readonly() }),
    rejected,
    closed,
  ]),
  run: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("rows"),
      columns: z.array(z.string()).readonly(),
      rows: z.array(z.array(z.json()).readonly()).readonly(),
      truncated: z.boolean(),
    }),
    rejected,
    closed,
  ]),
  describe: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("described"),
      columns: z.array(z.object({ name: z.string(), type: z.string() })).readonly(),
      parameters: z.array(z.string()).readonly(),
    }),
    rejected,
    closed,
  ]),
  begin: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("begun"),
      failure: z.object({ statement: z.number().int(), error: sqlErrorSchema }).nullable(),
    }),
    closed,
  ]),
  clone: z.discriminatedUnion("kind", [z.object({ kind: z.literal("cloned") }), closed]),
  apply: z.discriminatedUnion("kind", [z.object({ kind: z.literal("applied") }), rejected, closed]),
  rollback: z.discriminatedUnion("kind", [z.object({ kind: z.literal("rolled-back") }), closed]),
  locks: z.discriminatedUnion("kind", [...measuredLocks, closed]),
  "lock-sequence": z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("sequence"),
      answers: z.array(z.discriminatedUnion("kind", measuredLocks)).readonly(),
    }),
    closed,
  ]),
} as const;

export type LabRequestType = LabRequest["type"];
export type LabAnswer<Type extends LabRequestType> = z.infer<(typeof labAnswerSchemas)[Type]>;
export type LabQueryAnswer = LabAnswer<"query">;
export type LabSqlError = z.infer<typeof sqlErrorSchema>;

/** What the child sends. `ready` comes once, when the database inside has started. */
export const labMessageSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready") }),
  z.object({ kind: z.literal("answer"), id, answer: z.unknown() }),
  z.object({ kind: z.literal("failed"), id, message: z.string() }),
]);
export type LabMessage = z.infer<typeof labMessageSchema>;
