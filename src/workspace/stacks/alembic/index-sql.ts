import type { Expression } from "../../languages/expression.ts";
import { calledName, positionalArguments, stringValue } from "../../languages/python/expressions.ts";
import { sqlOf } from "../sqlalchemy/sql-expression.ts";
import { quoted, quotedTable } from "./ddl-text.ts";
import type { OperationArguments } from "./operation-arguments.ts";

interface IndexSql {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly sql: readonly string[] | null;
}

/** `CREATE INDEX …` or `DROP INDEX …` of an operation. */
export function indexSql(args: OperationArguments, operation: "create_index" | "drop_index"): IndexSql {
  const name = args.textOf(args.at(0, "index_name"));
  const concurrently = args.isOn("postgresql_concurrently") ? " CONCURRENTLY" : "";
  if (operation === "drop_index") {
    const exists = args.isOn("if_exists") ? " IF EXISTS" : "";
    return {
      name,
      columns: [],
      sql: name === null ? null : [`DROP INDEX${concurrently}${exists} ${quotedTable(args.schema, name)}`],
    };
  }
  const given = args.at(2, "columns");
  const items = given && args.project.items({ ...args.call, expression: given });
  const operators = args.option("postgresql_ops");
  const parts = (items ?? []).map((item) => partOf(args, item.expression, operators));
  const columns = (items ?? []).flatMap((item) => args.textOf(item.expression) ?? []);
  if (name === null || args.target === null || !items || parts.some((part) => part === null))
    return { name, columns, sql: null };
  const using = args.textOf(args.option("postgresql_using"));
  const where = args.option("postgresql_where");
  const predicate = where && args.sqlOf(where);
  const include = args.texts(args.option("postgresql_include"));
  if (where && predicate === null) return { name, columns, sql: null };
  const sql = [
    `CREATE ${args.isOn("unique") ? "UNIQUE " : ""}INDEX${concurrently}${args.isOn("if_not_exists") ? " IF NOT EXISTS" : ""} ${quoted(name)}`,
    `ON ${args.target}`,
    ...(using === null ? [] : [`USING ${using}`]),
    `(${parts.join(", ")})`,
    ...(include && include.length > 0 ? [`INCLUDE (${include.map(quoted).join(", ")})`] : []),
    ...(args.isOn("postgresql_nulls_not_distinct") ? ["NULLS NOT DISTINCT"] : []),
    ...storage(args),
    ...(predicate === null ? [] : [`WHERE ${predicate}`]),
  ].join(" ");
  return { name, columns, sql: [sql] };
}

function partOf(
  args: OperationArguments,
  expression: Expression,
  operators: Expression | null,
): string | null {
  const column = args.textOf(expression);
  if (column !== null) {
    const operator =
      operators?.k === "dict"
        ? stringValue(operators.entries.find(([key]) => stringValue(key) === column)?.[1] ?? null)
        : null;
    return operator === null ? quoted(column) : `${quoted(column)} ${operator}`;
  }
  if (calledName(expression) === "text" && expression.k === "call")
    return args.textOf(positionalArguments(expression)[0] ?? null);
  return sqlOf(expression, quoted);
}

function storage(args: OperationArguments): readonly string[] {
  const value = args.option("postgresql_with");
  if (value?.k !== "dict") return [];
  const options = value.entries.flatMap(([key, each]) => {
    const name = stringValue(key);
    const text = each.k === "number" ? each.value : args.textOf(each);
    return name !== null && text !== null ? [`${name} = ${text}`] : [];
  });
  return options.length === 0 ? [] : [`WITH (${options.join(", ")})`];
}
