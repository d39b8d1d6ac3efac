import * as z from "zod";
import { changeIntent, makeChange, type RecordChange } from "../data/change-records.ts";
import { valueSchema } from "../data/conditions.ts";
import { defineTool } from "./tool.ts";

const input = z.strictObject({
  database: z.string().optional().describe("which one, where several are enabled"),
  table: z.string().min(1).describe("a table, or a model of the workspace"),
  values: z.record(z.string(), valueSchema).describe("by column"),
});

const changeOf = ({ database, table, values }: z.output<typeof input>): RecordChange => ({
  database,
  table,
  action: { type: "insert", values },
});

export const createRecord = defineTool({
  name: "create_record",
  description:
    "Inserts one row into a table of the person's own database. The person sees the SQL and is asked each time.",
  input,
  class: "data",
  intend: (given, context) => changeIntent(changeOf(given), context),
  execute: (given, context) => makeChange(changeOf(given), context),
});
