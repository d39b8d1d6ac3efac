import * as z from "zod";
import {
  type DataColumn,
  type DataConnection,
  type DataTable,
  type DataValue,
  placeholder,
  quoteName,
} from "../../database/live/data-connection.ts";
import { AksaraError } from "../../errors.ts";
import { nearestNames } from "../../workspace/nearest-names.ts";

const OPERATORS = ["=", "!=", "<", "<=", ">", ">=", "like", "in", "is_null", "is_not_null"] as const;

const plainValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A value of a row; objects and lists are for columns of JSON. */
export const valueSchema = z.union([plainValue, z.array(z.json()), z.record(z.string(), z.json())]);

export const conditionSchema = z.strictObject({
  column: z.string().min(1),
  op: z.enum(OPERATORS).default("="),
  value: z
    .union([plainValue, z.array(plainValue).max(1_000)])
    .optional()
    .describe("a list for in; nothing for is_null and is_not_null"),
});
export type Condition = z.output<typeof conditionSchema>;

/** Collects parameters while SQL is written: no value ever stands in the text. */
export class Parameters {
  readonly values: DataValue[] = [];
  readonly #dialect: DataConnection["dialect"];

  constructor(dialect: DataConnection["dialect"]) {
    this.#dialect = dialect;
  }

  /** The placeholder of a value for a column. @throws TOOL_INPUT_INVALID */
  add(value: DataValue, column: DataColumn): string {
    const isJson = /^jsonb?$/i.test(column.type);
    if (
      typeof value === "object" &&
      value !== null &&
      !isJson &&
      !column.type.endsWith("[]") &&
      this.#dialect !== "sqlite"
    )
      throw new AksaraError(
        "TOOL_INPUT_INVALID",
        `Column ${column.name} (${column.type}) takes no object or list.`,
      );
    this.values.push(isJson && value !== null ? JSON.stringify(value) : value);
    return placeholder(this.#dialect, this.values.length, column.type);
  }
}

/** The column of a table that somebody means. @throws TOOL_INPUT_INVALID with the nearest names */
export function columnOf(table: DataTable, name: string): DataColumn {
  const found = table.columns.find((column) => column.name === name);
  if (found) return found;
  const names = table.columns.map((column) => column.name);
  const near = nearestNames(name, names);
  throw new AksaraError("TOOL_INPUT_INVALID", `${table.name} has no column "${name}".`, {
    hint: near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `Columns are ${names.join(", ")}.`,
    candidates: near,
  });
}

/** All conditions together; "" when there are none. @throws TOOL_INPUT_INVALID */
export function whereSql(table: DataTable, conditions: readonly Condition[], parameters: Parameters): string {
  const parts = conditions.map((condition) => conditionSql(table, condition, parameters));
  return parts.length === 0 ? "" : ` WHERE ${parts.join(" AND ")}`;
}

function conditionSql(
  table: DataTable,
  { column: name, op, value }: Condition,
  parameters: Parameters,
): string {
  const column = columnOf(table, name);
  const quoted = quoteName(column.name);
  if (op === "is_null" || op === "is_not_null") {
    if (value !== undefined) throw badValue(name, op, "takes no value");
    return `${quoted} IS ${op === "is_null" ? "" : "NOT "}NULL`;
  }
  if (value === undefined) throw badValue(name, op, "needs a value");
  if (op === "in") {
    if (!Array.isArray(value) || value.length === 0) throw badValue(name, op, "needs a list of values");
    return `${quoted} IN (${value.map((each) => parameters.add(each, column)).join(", ")})`;
  }
  if (Array.isArray(value)) throw badValue(name, op, "takes one value");
  if (value === null) throw badValue(name, op, "is never true for null: use is_null or is_not_null");
  const operator = op === "!=" ? "<>" : op === "like" ? "LIKE" : op;
  return `${quoted} ${operator} ${parameters.add(value, column)}`;
}

function badValue(column: string, op: string, what: string): AksaraError {
  return new AksaraError("TOOL_INPUT_INVALID", `The condition on ${column}: ${op} ${what}.`);
}
