import { dottedName } from "../../languages/expression.ts";
import {
  argumentAt,
  type Call,
  calledName,
  isNone,
  isTrue,
  positionalArguments,
} from "../../languages/python/expressions.ts";
import type { PythonProject, Written } from "../python/project.ts";
import { readType } from "../sqlalchemy/read-type.ts";
import { serverDefault } from "../sqlalchemy/sql-expression.ts";
import { columnText, createType, foreignKeyText, readDdlColumn } from "./columns.ts";
import { createTable } from "./create-table.ts";
import { listOf, literal, quoted, quotedTable } from "./ddl-text.ts";
import { indexSql } from "./index-sql.ts";
import { OperationArguments } from "./operation-arguments.ts";

type WrittenCall = Written & { readonly expression: Call };

/** What an operation is about and the statements it becomes on PostgreSQL. */
export interface ReadOperation {
  readonly table: string | null;
  readonly columns: readonly string[];
  /** Name of the index or constraint. */
  readonly subject: string | null;
  /** Null where it cannot be known. */
  readonly sql: readonly string[] | null;
}

const NOTHING_KNOWN: ReadOperation = { table: null, columns: [], subject: null, sql: null };

/** Reads one operation. */
export function readOperation(
  project: PythonProject,
  name: string,
  call: WrittenCall,
  batch: Call | null,
): ReadOperation {
  const args = new OperationArguments(project, call, batch, TABLE_AT[name] ?? 0);
  const known = args.target !== null;
  const on = (
    sql: readonly string[] | null,
    columns: readonly string[] = [],
    subject: string | null = null,
  ): ReadOperation => ({
    table: args.table === null ? null : args.schema === null ? args.table : `${args.schema}.${args.table}`,
    columns,
    subject,
    sql: known ? sql : null,
  });
  const alter = (action: string) => [`ALTER TABLE ${args.target} ${action}`];
  switch (name) {
    case "create_table": {
      const found = createTable(project, call, args.target ?? "", args.schema);
      return on(found.sql, found.columns);
    }
    case "drop_table":
      return on([`DROP TABLE ${args.isOn("if_exists") ? "IF EXISTS " : ""}${args.target}`]);
    case "rename_table": {
      const to = args.textOf(argumentAt(call.expression, 1, "new_table_name"));
      const from = args.textOf(argumentAt(call.expression, 0, "old_table_name"));
      const target = from === null ? null : quotedTable(args.schema, from);
      return {
        table: from,
        columns: [],
        subject: to,
        sql: to === null || target === null ? null : [`ALTER TABLE ${target} RENAME TO ${quoted(to)}`],
      };
    }
    case "add_column":
      return addColumn(args, on);
    case "drop_column": {
      const column = args.textOf(args.at(1, "column_name"));
      return on(
        column === null
          ? null
          : alter(`DROP COLUMN ${args.isOn("if_exists") ? "IF EXISTS " : ""}${quoted(column)}`),
        column === null ? [] : [column],
      );
    }
    case "alter_column":
      return alterColumn(args, on);
    case "create_index":
    case "drop_index": {
      const found = indexSql(args, name);
      // An index can be dropped without its table being named.
      return { ...on(null, found.columns, found.name), sql: found.sql };
    }
    case "create_unique_constraint": {
      const subject = args.textOf(args.at(0, "constraint_name"));
      const columns = args.texts(args.at(2, "columns"));
      return on(
        columns && alter(`ADD ${named(subject)}UNIQUE (${listOf(columns)})${args.deferral}`),
        columns ?? [],
        subject,
      );
    }
    case "create_primary_key": {
      const subject = args.textOf(args.at(0, "constraint_name"));
      const columns = args.texts(args.at(2, "columns"));
      return on(
        columns && alter(`ADD ${named(subject)}PRIMARY KEY (${listOf(columns)})`),
        columns ?? [],
        subject,
      );
    }
    case "create_check_constraint": {
      const subject = args.textOf(args.at(0, "constraint_name"));
      const condition = args.sqlOf(args.at(2, "condition"));
      const later = args.isOn("postgresql_not_valid") ? " NOT VALID" : "";
      return on(
        condition === null ? null : alter(`ADD ${named(subject)}CHECK (${condition})${later}`),
        [],
        subject,
      );
    }
    case "create_foreign_key":
      return createForeignKey(args, on);
    case "drop_constraint": {
      const subject = args.textOf(args.at(0, "constraint_name"));
      return on(
        subject === null
          ? null
          : alter(`DROP CONSTRAINT ${args.isOn("if_exists") ? "IF EXISTS " : ""}${quoted(subject)}`),
        [],
        subject,
      );
    }
    case "create_table_comment": {
      const comment = args.textOf(args.at(1, "comment"));
      return on(comment === null ? null : [`COMMENT ON TABLE ${args.target} IS ${literal(comment)}`]);
    }
    case "drop_table_comment":
      return on([`COMMENT ON TABLE ${args.target} IS NULL`]);
    case "execute": {
      const sql = args.statementOf(argumentAt(call.expression, 0, "sqltext"));
      return { ...NOTHING_KNOWN, sql: sql === null ? null : [sql.trim().replace(/;\s*$/, "")] };
    }
    case "enum.create":
    case "enum.drop":
      return enumType(args, name);
    case "bulk_insert":
      return { ...NOTHING_KNOWN, table: tableOf(args) };
    default:
      return NOTHING_KNOWN;
  }
}

type On = (
  sql: readonly string[] | null,
  columns?: readonly string[],
  subject?: string | null,
) => ReadOperation;

/** Where an operation has its table. */
const TABLE_AT: Readonly<Record<string, number>> = {
  create_index: 1,
  drop_index: 1,
  create_unique_constraint: 1,
  create_primary_key: 1,
  create_check_constraint: 1,
  create_foreign_key: 1,
  drop_constraint: 1,
};

function addColumn(args: OperationArguments, on: On): ReadOperation {
  const value = args.at(1, "column");
  const at = value && args.project.constant({ ...args.call, expression: value });
  if (at?.expression.k !== "call") return on(null);
  const column = readDdlColumn(args.project, { ...at, expression: at.expression });
  if (!column) {
    const name = args.textOf(argumentAt(at.expression, 0, "name"));
    return on(null, name === null ? [] : [name]);
  }
  const text = columnText(args.project, column, column.spec.primaryKey ? [column.name] : []);
  const exists = args.isOn("if_not_exists") ? "IF NOT EXISTS " : "";
  const sql =
    text === null
      ? null
      : [
          `ALTER TABLE ${args.target} ADD COLUMN ${exists}${text}`,
          ...column.constraints.map((constraint) => `ALTER TABLE ${args.target} ADD ${constraint}`),
          ...(column.spec.indexed
            ? [
                `CREATE ${column.spec.unique ? "UNIQUE " : ""}INDEX ${quoted(`ix_${args.schema ? `${args.schema}_` : ""}${args.table}_${column.name}`)} ON ${args.target} (${quoted(column.name)})`,
              ]
            : []),
          ...(column.comment === null
            ? []
            : [`COMMENT ON COLUMN ${args.target}.${quoted(column.name)} IS ${literal(column.comment)}`]),
        ];
  return on(sql, [column.name]);
}

function alterColumn(args: OperationArguments, on: On): ReadOperation {
  const column = args.textOf(args.at(1, "column_name"));
  if (column === null) return on(null);
  const alter = (action: string) => `ALTER TABLE ${args.target} ALTER COLUMN ${quoted(column)} ${action}`;
  const sql: (string | null)[] = [];
  const type = args.option("type_");
  if (type && !isNone(type)) {
    const { ddl } = readType(args.project, { ...args.call, expression: type });
    const using = args.sqlOf(args.option("postgresql_using"));
    sql.push(ddl === null ? null : alter(`TYPE ${ddl} ${using === null ? "" : `USING ${using}`}`).trimEnd());
  }
  const nullable = args.option("nullable");
  if (nullable && !isNone(nullable))
    sql.push(
      isTrue(nullable)
        ? alter("DROP NOT NULL")
        : dottedName(nullable) === "False"
          ? alter("SET NOT NULL")
          : null,
    );
  const server = args.option("server_default");
  if (server && dottedName(server) !== "False") {
    const { expression } = args.project.constant({ ...args.call, expression: server });
    const value = isNone(expression) ? null : serverDefault(expression);
    sql.push(
      isNone(expression) ? alter("DROP DEFAULT") : value === null ? null : alter(`SET DEFAULT ${value}`),
    );
  }
  const comment = args.option("comment");
  if (comment && dottedName(comment) !== "False") {
    const text = args.textOf(comment);
    sql.push(
      isNone(comment)
        ? `COMMENT ON COLUMN ${args.target}.${quoted(column)} IS NULL`
        : text === null
          ? null
          : `COMMENT ON COLUMN ${args.target}.${quoted(column)} IS ${literal(text)}`,
    );
  }
  const name = args.option("new_column_name") ?? args.option("name");
  const to = args.textOf(name);
  if (name && !isNone(name))
    sql.push(to === null ? null : `ALTER TABLE ${args.target} RENAME ${quoted(column)} TO ${quoted(to)}`);
  return on(sql.every((each) => each !== null) ? sql : null, [column], to);
}

function createForeignKey(args: OperationArguments, on: On): ReadOperation {
  const subject = args.textOf(args.at(0, "constraint_name"));
  const referent = args.textOf(args.at(2, "referent_table"));
  const local = args.texts(args.at(3, "local_cols"));
  const remote = args.texts(args.at(4, "remote_cols"));
  if (referent === null || !local || !remote) return on(null, local ?? [], subject);
  const schema = args.textOf(args.option("referent_schema"));
  const targets = remote.map((column) =>
    schema === null ? `${referent}.${column}` : `${schema}.${referent}.${column}`,
  );
  const action = (key: string, word: string) => {
    const text = args.textOf(args.option(key));
    return text === null ? "" : ` ON ${word} ${text}`;
  };
  const actions = `${action("ondelete", "DELETE")}${action("onupdate", "UPDATE")}`;
  const later = args.isOn("postgresql_not_valid") ? " NOT VALID" : "";
  return on(
    [
      `ALTER TABLE ${args.target} ADD ${foreignKeyText(subject, local, targets, actions, args.call, args.project)}${later}`,
    ],
    local,
    subject,
  );
}

/** `sa.Enum("a", name="status").create(op.get_bind())`. */
function enumType(args: OperationArguments, name: string): ReadOperation {
  const { callee } = args.call.expression;
  const type = callee.k === "member" ? readType(args.project, { ...args.call, expression: callee.of }) : null;
  if (!type?.enumName) return NOTHING_KNOWN;
  const sql =
    name === "enum.create"
      ? type.gap === null && type.values.length > 0
        ? createType(type.enumName, type.values)
        : null
      : `DROP TYPE ${quoted(type.enumName)}`;
  return { ...NOTHING_KNOWN, subject: type.enumName, sql: sql === null ? null : [sql] };
}

/** The table that rows are put into: `sa.table("tag", …)`. */
function tableOf(args: OperationArguments): string | null {
  const [first] = positionalArguments(args.call.expression);
  const value = first && args.project.constant({ ...args.call, expression: first }).expression;
  if (value?.k !== "call" || !/^(table|Table)$/.test(calledName(value) ?? "")) return null;
  return args.textOf(positionalArguments(value)[0] ?? null);
}

function named(name: string | null): string {
  return name === null ? "" : `CONSTRAINT ${quoted(name)} `;
}
