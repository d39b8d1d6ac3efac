import * as z from "zod";
import { changeIntent, makeChange, type RecordChange } from "../data/change-records.ts";
import { conditionSchema } from "../data/conditions.ts";
import { defineTool } from "./tool.ts";

const input = z.strictObject({
  database: z.string().optional().describe("which one, where several are enabled"),
  table: z.string().min(1).describe("a table, or a model of the workspace"),
  where: z.array(conditionSchema).min(1).describe("the rows to delete: all conditions must hold"),
});

const changeOf = ({ database, table, where }: z.output<typeof input>): RecordChange => ({
  database,
  table,
  action: { type: "delete", where },
});

export const deleteRecord = defineTool({
  name: "delete_record",
  description:
    "Deletes rows of a table of the person's own database, at most 100. The person sees the SQL, the rows, and what goes with them, and is asked each time.",
  input,
  class: "data",
  risk: "high",
  intend: (given, context) => changeIntent(changeOf(given), context),
  execute: (given, context) => makeChange(changeOf(given), context),
});
