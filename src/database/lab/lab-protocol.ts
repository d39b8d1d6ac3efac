import * as z from "zod";
import { LAB_EXTENSIONS } from "./lab-extensions.ts";

/** What the child is told on its command line, as JSON. */
export const labStartSchema = z.object({
  /** Absolute folder with `pglite.wasm`, `initdb.wasm`, `pglite.data` and the extensions. */
  assetsDir: z.string(),
  /** Extensions that CREATE EXTENSION can find; each costs some 50 ms of start. */
  extensions: z.array(z.enum(LAB_EXTENSIONS)),
  /** Rest in milliseconds after which the child ends by itself. */
  idleMs: z.number().int().positive(),
});
export type LabStart = z.infer<typeof labStartSchema>;

const id = z.number().int();

export const labRequestSchema = z.discriminatedUnion("type", [
  z.object({ id, type: z.literal("ping") }),
  z.object({ id, type: z.literal("version") }),
  z.object({ id, type: z.literal("query"), sql: z.string(), maxRows: z.number().int().nonnegative() }),
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
      columns: z.array(z.string()),
      /** Timestamps, bytea and bigint as PostgreSQL writes them; numbers, booleans and JSON as such. */
      rows: z.array(z.array(z.json())),
      /** True when the statement gave more rows than these. */
      truncated: z.boolean(),
    }),
    z.object({ kind: z.literal("rejected"), error: sqlErrorSchema }),
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
