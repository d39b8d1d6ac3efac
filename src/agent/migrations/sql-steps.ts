import type { LabColumn, LabTable } from "../../database/lab.ts";
import { ddlDialect } from "../../database/schema/ddl-dialect.ts";
import type { LabSchema } from "../../database/schema/lab-schema.ts";
import type { ColumnOf, SchemaDifference, TableDifference } from "../../database/schema/schema-difference.ts";
import type { ReferentialAction } from "../../workspace/ir/model.ts";

/** Statements there and back; the way back in the order in which it is run. */
export interface SqlSteps {
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly notes: readonly string[];
}

interface Step {
  readonly up: readonly string[];
  readonly down: readonly string[];
}

/** The statements that lead from what migrations make to what models describe. */
export function sqlSteps(difference: SchemaDifference, described: LabSchema): SqlSteps {
  const { dialect } = described;
  const ddl = ddlDialect(dialect);
  const notes: string[] = [];
  const created = difference.tables.filter(({ before }) => before === null);
  const changed = difference.tables.filter(({ before }) => before !== null);
  const steps: Step[] = [];
  steps.push(...enumSteps(difference, described));
  for (const each of changed) {
    const table = ddl.quoteTable(each.table.name);
    if (dialect === "sqlite") {
      if (each.changedColumns.length + each.addedKeys.length + each.droppedKeys.length > 0)
        notes.push(
          `${each.table.name}: SQLite changes no column or key of a table in place; that part was left out.`,
        );
    } else steps.push(...each.droppedKeys.map((key) => keyStep(table, each, key, true)));
    for (const index of each.droppedIndexes)
      steps.push({
        up: [`DROP INDEX ${ddl.quoteTable(index.name)}`],
        down: [indexSql(table, index)],
      });
    for (const column of each.droppedColumns)
      steps.push({
        up: [`ALTER TABLE ${table} DROP COLUMN ${ddl.quote(column.name)}`],
        down: [`ALTER TABLE ${table} ADD COLUMN ${columnSql(column, null)}`],
      });
    for (const { column, field } of each.addedColumns) steps.push(addColumn(table, column, field, described));
    if (dialect === "postgresql")
      for (const { column, before } of each.changedColumns) steps.push(...alterColumn(table, before, column));
  }
  for (const each of created) {
    const own = described.statements.filter(({ about }) => about === `table ${each.table.name}`);
    steps.push({ up: own.map(({ sql }) => sql), down: [`DROP TABLE ${ddl.quoteTable(each.table.name)}`] });
  }
  for (const each of difference.tables) steps.push(...indexSteps(each, described));
  if (dialect === "postgresql") {
    for (const each of created)
      for (const key of each.table.foreignKeys)
        steps.push(keyStep(ddl.quoteTable(each.table.name), each, key, false));
    for (const each of changed)
      for (const key of each.addedKeys)
        steps.push(keyStep(ddl.quoteTable(each.table.name), each, key, false));
  }
  return {
    up: steps.flatMap(({ up }) => up),
    down: steps.toReversed().flatMap(({ down }) => down),
    notes,
  };
}

/** Enumerated types that no table of before has. */
function enumSteps({ tables }: SchemaDifference, { statements }: LabSchema): readonly Step[] {
  const known = new Set(
    tables.flatMap(({ before }) => before?.columns.map(({ type }) => bareType(type)) ?? []),
  );
  const needed = new Set(
    tables.flatMap(({ before, table, addedColumns, changedColumns }) =>
      before === null
        ? table.columns.filter(({ labels }) => labels.length > 0).map(({ type }) => bareType(type))
        : [...addedColumns, ...changedColumns]
            .filter(({ column }) => column.labels.length > 0)
            .map(({ column }) => bareType(column.type)),
    ),
  );
  return statements.flatMap(({ about, sql }) => {
    const [, name] = /^type (.+)$/.exec(about) ?? [];
    if (name === undefined || !needed.has(bareType(name)) || known.has(bareType(name))) return [];
    return [{ up: [sql], down: [`DROP TYPE ${/CREATE TYPE (\S+)/.exec(sql)?.[1] ?? name}`] }];
  });
}

function bareType(type: string): string {
  return type.replaceAll('"', "").replace(/\[\]$/, "");
}

function addColumn(table: string, column: LabColumn, field: ColumnOf["field"], { dialect }: LabSchema): Step {
  const ddl = ddlDialect(dialect);
  const down = [`ALTER TABLE ${table} DROP COLUMN ${ddl.quote(column.name)}`];
  const own = field?.default?.kind === "database" ? ddl.databaseDefault(field.default.text) : null;
  if (own !== null || column.nullable || field?.default?.kind !== "literal")
    return { up: [`ALTER TABLE ${table} ADD COLUMN ${columnSql(column, own)}`], down };
  // A default of the application fills the rows that are there, and does not stay.
  const value = literalSql(field.default.text, column.type);
  if (value === null) return { up: [`ALTER TABLE ${table} ADD COLUMN ${columnSql(column, null)}`], down };
  const add = `ALTER TABLE ${table} ADD COLUMN ${columnSql(column, value)}`;
  return {
    up:
      dialect === "sqlite"
        ? [add]
        : [add, `ALTER TABLE ${table} ALTER COLUMN ${ddl.quote(column.name)} DROP DEFAULT`],
    down,
  };
}

/** A default as somebody's language has it, as SQL; null where that is not plain. */
export function literalSql(text: string, type: string): string | null {
  const written = text.trim();
  if (/^(?:true|false)$/i.test(written)) return /bool/.test(type) ? written.toLowerCase() : null;
  if (/^-?\d+(?:\.\d+)?$/.test(written)) return written;
  const [, quoted] = /^(?:"((?:[^"\\])*)"|'((?:[^'\\])*)')$/.exec(written) ?? [];
  const value = quoted ?? /^'((?:[^'\\])*)'$/.exec(written)?.[1];
  return value === undefined ? null : `'${value.replaceAll("'", "''")}'`;
}

function columnSql({ name, type, nullable }: LabColumn, value: string | null): string {
  const quoted = `"${name.replaceAll('"', '""')}"`;
  return `${quoted} ${type}${value === null ? "" : ` DEFAULT ${value}`}${nullable ? "" : " NOT NULL"}`;
}

function alterColumn(table: string, before: LabColumn, after: LabColumn): readonly Step[] {
  const column = `"${after.name.replaceAll('"', '""')}"`;
  const alter = (what: string) => `ALTER TABLE ${table} ALTER COLUMN ${column} ${what}`;
  const steps: Step[] = [];
  const typed = (type: string) => alter(`TYPE ${type} USING ${column}::${type}`);
  if (before.type !== after.type) steps.push({ up: [typed(after.type)], down: [typed(before.type)] });
  if (before.nullable !== after.nullable) {
    const [set, drop] = [alter("SET NOT NULL"), alter("DROP NOT NULL")];
    steps.push(after.nullable ? { up: [drop], down: [set] } : { up: [set], down: [drop] });
  }
  return steps;
}

function indexSteps(each: TableDifference, described: LabSchema): readonly Step[] {
  const ddl = ddlDialect(described.dialect);
  const table = ddl.quoteTable(each.table.name);
  return each.addedIndexes.map(({ index }) => {
    // The model's own words know the predicate and the expression, which the engine's list has not.
    const own = described.statements.find(
      ({ about, sql }) =>
        about.startsWith("index ") &&
        sql.includes(` INDEX ${ddl.quote(index.name)} ON `) &&
        about.includes(` on ${each.table.name} (`),
    );
    const up = own?.sql ?? indexSql(table, index);
    // With a table that is dropped its indexes go.
    return { up: [up], down: each.before === null ? [] : [`DROP INDEX ${ddl.quote(index.name)}`] };
  });
}

function indexSql(table: string, { name, columns, unique }: LabTable["indexes"][number]): string {
  const list = columns.map((column) => `"${(column ?? "").replaceAll('"', '""')}"`).join(", ");
  return `CREATE ${unique ? "UNIQUE " : ""}INDEX "${name.replaceAll('"', '""')}" ON ${table} (${list})`;
}

const ON_DELETE: Readonly<Partial<Record<ReferentialAction, string>>> = {
  cascade: " ON DELETE CASCADE",
  restrict: " ON DELETE RESTRICT",
  "set-null": " ON DELETE SET NULL",
  "set-default": " ON DELETE SET DEFAULT",
};

function keyStep(
  table: string,
  { model, table: own }: TableDifference,
  key: LabTable["foreignKeys"][number],
  isDropped: boolean,
): Step {
  const name = keyName(own.name, key.columns);
  const relation = model.relations.find(
    ({ direction, columns }) => direction === "forward" && String(columns) === String(key.columns),
  );
  const list = (columns: readonly string[]) => columns.map((column) => `"${column}"`).join(", ");
  const add = `ALTER TABLE ${table} ADD CONSTRAINT "${name}" FOREIGN KEY (${list(key.columns)}) REFERENCES ${ddlDialect("postgresql").quoteTable(key.target)} (${list(key.targetColumns)})${ON_DELETE[relation?.onDelete ?? "no-action"] ?? ""}`;
  const drop = `ALTER TABLE ${table} DROP CONSTRAINT "${name}"`;
  return isDropped ? { up: [drop], down: [add] } : { up: [add], down: [drop] };
}

/** As PostgreSQL names a key that nobody named. */
export function keyName(table: string, columns: readonly string[]): string {
  return `${table.replace(/^.*\./, "")}_${columns.join("_")}_fkey`.slice(0, 63);
}
