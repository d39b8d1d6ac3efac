import {
  argumentAt,
  argumentOf,
  booleanValue,
  calledName,
  isTrue,
} from "../../languages/python/expressions.ts";
import { columnSql, defaultSql, identifier } from "./column-sql.ts";
import { createTable, joinTable } from "./create-table.ts";
import { readIndex } from "./index-operation.ts";
import { COMPUTED, type ReadOperation, UNREAD } from "./operation.ts";
import type { AksaraRegistry, WrittenCall } from "./registry.ts";

/** Reads one operation; statements are the ones that Aksara sends to PostgreSQL. */
export function readOperation(registry: AksaraRegistry, call: WrittenCall): ReadOperation {
  const { expression } = call;
  const { project } = registry;
  const text = (position: number, name: string): string | null => {
    const given = argumentAt(expression, position, name);
    return given && project.text({ ...call, expression: given });
  };
  const flag = (name: string, fallback: boolean) => booleanValue(argumentOf(expression, name)) ?? fallback;
  const done = (
    table: string,
    columns: readonly string[],
    sql: readonly string[],
    reverseSql: readonly string[] | null,
  ): ReadOperation => ({
    ...UNREAD,
    table,
    columns,
    sql,
    reverseSql,
    reversible: reverseSql !== null,
    gap: null,
  });
  const alter = (table: string) => `ALTER TABLE ${identifier(table)}`;
  const name = calledName(expression) ?? "";
  switch (name) {
    case "CreateTable":
      return createTable(registry, call);
    case "CreateManyToManyTable": {
      const [source, target, field] = [
        text(0, "source_table"),
        text(1, "target_table"),
        text(2, "field_name"),
      ];
      if (source === null || target === null || field === null) return UNREAD;
      const join = `${source}_${field}`;
      const columns = ["id", "source_id", "target_id", "created_at"];
      return done(
        join,
        columns,
        [joinTable(join, source, target)],
        [`DROP TABLE IF EXISTS ${identifier(join)} CASCADE`],
      );
    }
    case "DropTable": {
      const table = text(0, "name");
      if (table === null) return UNREAD;
      const exists = flag("if_exists", true) ? "IF EXISTS " : "";
      const cascade = flag("cascade", false) ? " CASCADE" : "";
      return done(table, [], [`DROP TABLE ${exists}${identifier(table)}${cascade}`], null);
    }
    case "RenameTable": {
      const [from, to] = [text(0, "old_name"), text(1, "new_name")];
      if (from === null || to === null) return UNREAD;
      const rename = (a: string, b: string) => `${alter(a)} RENAME TO ${identifier(b)}`;
      return done(from, [], [rename(from, to)], [rename(to, from)]);
    }
    case "RunSQL": {
      const sql = text(0, "sql");
      const given = argumentOf(expression, "reverse_sql");
      const reverse = text(1, "reverse_sql");
      return {
        ...UNREAD,
        sql: sql === null ? null : [sql],
        reverseSql: reverse === null ? null : [reverse],
        reversible: given !== null && (reverse === null || reverse !== ""),
        gap: sql === null || (given !== null && reverse === null) ? "its SQL is computed" : null,
      };
    }
    case "AddIndex":
    case "RemoveIndex":
      return readIndexOperation(registry, call, name, text, flag);
  }
  const table = text(0, "table");
  const column = text(1, name === "RenameField" ? "old_name" : "name");
  if (table === null || column === null) return UNREAD;
  const onColumn = `${alter(table)} ALTER COLUMN ${identifier(column)}`;
  const field = (position: number, key: string) => {
    const given = argumentAt(expression, position, key);
    return given?.k === "call"
      ? columnSql(registry, { ...call, expression: given }, column, table)
      : COMPUTED;
  };
  const unread = (gap: string): ReadOperation => ({ ...UNREAD, table, columns: [column], gap });
  switch (name) {
    case "AddField": {
      const made = field(2, "field");
      if (typeof made === "string") return { ...unread(made), reversible: true };
      const sql = [`${alter(table)} ADD COLUMN ${identifier(column)} ${made.definition}`];
      if (made.constraint !== null) sql.push(`${alter(table)} ADD ${made.constraint}`);
      return done(table, [column], sql, [`${alter(table)} DROP COLUMN IF EXISTS ${identifier(column)}`]);
    }
    case "RemoveField": {
      const exists = flag("if_exists", true) ? "IF EXISTS " : "";
      return done(table, [column], [`${alter(table)} DROP COLUMN ${exists}${identifier(column)}`], null);
    }
    case "AlterFieldType": {
      const made = field(2, "new_field");
      const using = argumentOf(expression, "using") && text(3, "using");
      if (typeof made === "string") return { ...unread(made), reversible: false };
      if (argumentOf(expression, "using") && using === null)
        return { ...unread(COMPUTED), reversible: false };
      return done(table, [column], [`${onColumn} TYPE ${made.type}${using ? ` USING ${using}` : ""}`], null);
    }
    case "RenameField": {
      const to = text(2, "new_name");
      if (to === null) return unread(COMPUTED);
      const rename = (a: string, b: string) =>
        `${alter(table)} RENAME COLUMN ${identifier(a)} TO ${identifier(b)}`;
      return done(table, [column, to], [rename(column, to)], [rename(to, column)]);
    }
    case "AlterFieldNull": {
      const nullable = booleanValue(argumentAt(expression, 2, "nullable"));
      if (nullable === null) return unread(COMPUTED);
      const set = (value: boolean) => `${onColumn} ${value ? "DROP" : "SET"} NOT NULL`;
      return done(table, [column], [set(nullable)], [set(!nullable)]);
    }
    case "AlterFieldDefault": {
      if (isTrue(argumentOf(expression, "drop_default")))
        return done(table, [column], [`${onColumn} DROP DEFAULT`], null);
      const given = argumentOf(expression, "new_default");
      const declared = calledName(argumentOf(expression, "field") ?? expression) ?? "";
      const value = given ? defaultSql(registry, { ...call, expression: given }, declared) : "NULL";
      if (value === null) return { ...unread("its default cannot be told as SQL"), reversible: false };
      return done(table, [column], [`${onColumn} SET DEFAULT ${value}`], null);
    }
    case "AddConstraint": {
      const sql = text(2, "constraint_sql");
      if (sql === null) return { ...unread(COMPUTED), columns: [], reversible: true };
      const add = `${alter(table)} ADD CONSTRAINT ${identifier(column)} ${sql}`;
      return done(table, [], [add], [`${alter(table)} DROP CONSTRAINT ${identifier(column)}`]);
    }
    case "RemoveConstraint":
      return done(table, [], [`${alter(table)} DROP CONSTRAINT ${identifier(column)}`], null);
    default:
      return { ...UNREAD, gap: `${name} is no operation of Aksara that is known here` };
  }
}

function readIndexOperation(
  registry: AksaraRegistry,
  call: WrittenCall,
  operation: "AddIndex" | "RemoveIndex",
  text: (position: number, name: string) => string | null,
  flag: (name: string, fallback: boolean) => boolean,
): ReadOperation {
  const concurrently = flag("concurrently", false) ? "CONCURRENTLY " : "";
  if (operation === "RemoveIndex") {
    const [name, table] = [text(0, "name"), text(1, "table")];
    if (name === null) return UNREAD;
    const exists = flag("if_exists", true) ? "IF EXISTS " : "";
    const sql = [`DROP INDEX ${concurrently}${exists}${identifier(name)}`];
    return { ...UNREAD, table, sql, reversible: false, gap: null, drops: name };
  }
  const given = argumentAt(call.expression, 0, "index");
  const made = given && readIndex(registry, { ...call, expression: given });
  if (!made) return { ...UNREAD, reversible: true };
  const exists = flag("if_not_exists", true) ? "IF NOT EXISTS " : "";
  return {
    ...UNREAD,
    table: made.table,
    columns: made.index.columns.flatMap(({ column }) => column ?? []),
    sql: [made.sql.replace("INDEX ", `INDEX ${concurrently}${exists}`)],
    reverseSql: [`DROP INDEX IF EXISTS ${identifier(made.name)}`],
    reversible: true,
    gap: null,
    makes: [made],
  };
}
