import {
  argumentOf,
  calledName,
  isNone,
  listItems,
  positionalArguments,
  stringList,
} from "../../languages/python/expressions.ts";
import { readIndex } from "./indexes.ts";
import { columnLookup, type ModelState, type NamedPart, type ProjectState } from "./migration-state.ts";
import { schemaEditorName } from "./names.ts";
import { indexExpressionSql, predicateSql, quoteName } from "./predicates.ts";

/** The constraint of one group of `unique_together`. */
export function uniqueTogether(model: ModelState, group: readonly string[]): string {
  const columns = columnsOf(model, group);
  return `ALTER TABLE ${quoteName(model.table)} ADD CONSTRAINT ${quoteName(schemaEditorName(model.table, columns, "_uniq"))} UNIQUE (${columns.map(quoteName).join(", ")})`;
}

/** The index of one group of `index_together`. */
export function indexTogether(model: ModelState, group: readonly string[]): string {
  const columns = columnsOf(model, group);
  return `CREATE INDEX ${quoteName(schemaEditorName(model.table, columns, "_idx"))} ON ${quoteName(model.table)} (${columns.map(quoteName).join(", ")})`;
}

function columnsOf(model: ModelState, fields: readonly string[]): readonly string[] {
  const lookup = columnLookup(model);
  return fields.map((field) => lookup.column(field) ?? field);
}

/** Statements between two states of `unique_together` or `index_together`. */
export function together(
  model: ModelState,
  unique: boolean,
  from: readonly (readonly string[])[],
  to: readonly (readonly string[])[],
): readonly string[] {
  const names = (groups: readonly (readonly string[])[]) => new Set(groups.map((group) => group.join(",")));
  const [before, after] = [names(from), names(to)];
  const dropped = from
    .filter((group) => !after.has(group.join(",")))
    .map((group) => {
      const name = schemaEditorName(model.table, columnsOf(model, group), unique ? "_uniq" : "_idx");
      return unique
        ? `ALTER TABLE ${quoteName(model.table)} DROP CONSTRAINT ${quoteName(name)}`
        : `DROP INDEX IF EXISTS ${quoteName(name)}`;
    });
  const added = to
    .filter((group) => !before.has(group.join(",")))
    .map((group) => (unique ? uniqueTogether(model, group) : indexTogether(model, group)));
  return [...dropped, ...added];
}

/** The CREATE INDEX of a declared index. */
export function createIndex(
  state: ProjectState,
  model: ModelState,
  { name, written }: NamedPart,
  concurrently: boolean,
): string | null {
  const lookup = columnLookup(model);
  const owner = {
    table: model.table,
    appLabel: model.app,
    className: model.name,
    column: (field: string) => lookup.column(field) ?? field,
  };
  const index = readIndex(state.project, written, owner);
  if (!index || written.expression.k !== "call") return null;
  const expressions = positionalArguments(written.expression).map((item) =>
    indexExpressionSql(item, lookup.column),
  );
  const fields = index.columns.slice(expressions.length).map(({ column, order, opclass }) => {
    const descends = order === "desc" ? " DESC" : "";
    return `${quoteName(column ?? "")}${opclass ? ` ${opclass}` : ""}${descends}`;
  });
  const condition = argumentOf(written.expression, "condition");
  const predicate = condition && !isNone(condition) ? predicateSql(condition, lookup) : "";
  const finalName = name ?? index.name;
  if (expressions.includes(null) || predicate === null || finalName === null) return null;
  const method = index.method === "btree" ? "" : ` USING ${index.method}`;
  const include = index.include.length > 0 ? ` INCLUDE (${index.include.map(quoteName).join(", ")})` : "";
  const where = predicate === "" ? "" : ` WHERE ${predicate}`;
  const keys = [...expressions, ...fields].join(", ");
  return `CREATE INDEX ${concurrently ? "CONCURRENTLY " : ""}${quoteName(finalName)} ON ${quoteName(model.table)}${method} (${keys})${include}${where}`;
}

/** `CONSTRAINT …` inside of CREATE TABLE; null for one that Django keeps by an index. */
export function inlineConstraint(model: ModelState, { name, written }: NamedPart): string | null {
  if (written.expression.k !== "call" || name === null) return null;
  const call = written.expression;
  const lookup = columnLookup(model);
  if (calledName(call) === "CheckConstraint") {
    const condition = argumentOf(call, "condition") ?? argumentOf(call, "check");
    const predicate = condition && predicateSql(condition, lookup);
    return predicate ? `CONSTRAINT ${quoteName(name)} CHECK (${predicate})` : null;
  }
  if (calledName(call) !== "UniqueConstraint" || keptByIndex(written)) return null;
  const columns = columnsOf(model, stringList(argumentOf(call, "fields")));
  return `CONSTRAINT ${quoteName(name)} UNIQUE${nullsDistinct(written)} (${columns.map(quoteName).join(", ")})${deferral(written)}`;
}

function nullsDistinct({ expression }: NamedPart["written"]): string {
  const value = expression.k === "call" ? argumentOf(expression, "nulls_distinct") : null;
  if (value?.k !== "name" || isNone(value)) return "";
  return value.value === "False" ? " NULLS NOT DISTINCT" : " NULLS DISTINCT";
}

function deferral({ expression }: NamedPart["written"]): string {
  const value = expression.k === "call" ? argumentOf(expression, "deferrable") : null;
  if (value?.k !== "member") return "";
  return ` DEFERRABLE INITIALLY ${value.name === "IMMEDIATE" ? "IMMEDIATE" : "DEFERRED"}`;
}

/** A unique constraint with a condition, expressions, included columns or operator classes is a unique index. */
function keptByIndex({ expression }: NamedPart["written"]): boolean {
  if (expression.k !== "call") return false;
  if (positionalArguments(expression).length > 0) return true;
  const given = (option: string) => {
    const value = argumentOf(expression, option);
    return value !== null && !isNone(value) && listItems(value)?.length !== 0;
  };
  return given("condition") || given("include") || given("opclasses");
}

/** The statement that adds a constraint to a table; null where it cannot be told. */
export function addConstraint(model: ModelState, part: NamedPart, valid: boolean): string | null {
  const { name, written } = part;
  if (written.expression.k !== "call" || name === null) return null;
  const inline = inlineConstraint(model, part);
  if (inline) return `ALTER TABLE ${quoteName(model.table)} ADD ${inline}${valid ? "" : " NOT VALID"}`;
  if (calledName(written.expression) !== "UniqueConstraint") return null;
  const call = written.expression;
  const lookup = columnLookup(model);
  const opclasses = stringList(argumentOf(call, "opclasses"));
  const keys = [
    ...positionalArguments(call).map((item) => indexExpressionSql(item, lookup.column)),
    ...columnsOf(model, stringList(argumentOf(call, "fields"))).map(
      (column, at) => `${quoteName(column)}${opclasses[at] ? ` ${opclasses[at]}` : ""}`,
    ),
  ];
  const condition = argumentOf(call, "condition");
  const predicate = condition && !isNone(condition) ? predicateSql(condition, lookup) : "";
  if (keys.length === 0 || keys.includes(null) || predicate === null) return null;
  const include = columnsOf(model, stringList(argumentOf(call, "include")));
  const covering = include.length > 0 ? ` INCLUDE (${include.map(quoteName).join(", ")})` : "";
  const where = predicate === "" ? "" : ` WHERE ${predicate}`;
  return `CREATE UNIQUE INDEX ${quoteName(name)} ON ${quoteName(model.table)} (${keys.join(", ")})${covering}${nullsDistinct(written)}${where}`;
}

/** The statement that removes a constraint, or the index that keeps it. */
export function dropConstraint(model: ModelState, { name, written }: NamedPart): string | null {
  if (name === null) return null;
  const isIndex =
    written.expression.k === "call" &&
    calledName(written.expression) === "UniqueConstraint" &&
    keptByIndex(written);
  return isIndex
    ? `DROP INDEX IF EXISTS ${quoteName(name)}`
    : `ALTER TABLE ${quoteName(model.table)} DROP CONSTRAINT ${quoteName(name)}`;
}
