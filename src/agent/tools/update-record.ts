import * as z from "zod";
import { changeIntent, makeChange, type RecordChange } from "../data/change-records.ts";
import { conditionSchema, valueSchema } from "../data/conditions.ts";
import { defineTool } from "./tool.ts";

const input = z.strictObject({
  database: z.string().optional().describe("which one, where several are enabled"),
  table: z.string().min(1).describe("a table, or a model of the workspace"),
  where: z.array(conditionSchema).min(1).describe("the rows to change: all conditions must hold"),
  values: z
    .record(z.string(), valueSchema)
    .refine((values) => Object.keys(values).length > 0, "name at least one column")
    .describe("new values by column"),
});

const changeOf = ({ database, table, where, values }: z.output<typeof input>): RecordChange => ({
  database,
  table,
  action: { type: "update", where, values },
});

export const updateRecord = defineTool({
  name: "update_record",
  description:
    "Changes rows of a table of the person's own database, at most 100. The person sees the SQL and the rows it would touch, and is asked each time.",
  input,
  class: "data",
  intend: (given, context) => changeIntent(changeOf(given), context),
  execute: (given, context) => makeChange(changeOf(given), context),
});
