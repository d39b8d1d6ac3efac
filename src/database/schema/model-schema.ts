import type { Constraint, Field, Index, Model, Relation } from "../../workspace/ir/model.ts";
import { sharedDepth } from "../../workspace/project-root.ts";
import { compareText } from "../../workspace/source.ts";
import { type DdlDialect, ddlDialect } from "./ddl-dialect.ts";
import { djangoPredicate } from "./django-predicate.ts";
import type { OutsideTable } from "./django-tables.ts";
import type { LabSchema, SchemaStatement } from "./lab-schema.ts";

interface Gathered {
  readonly statements: SchemaStatement[];
  readonly repairs: { about: string; what: string }[];
  readonly choices: Record<string, readonly string[]>;
}

/**
 * The schema that models describe: types, then tables, then what joins many to many, then indexes, then foreign keys, so
 * that tables may refer to each other in circles. What cannot be said is told as a repair. `outside`: tables that are
 * there besides, and that models refer to.
 */
export function modelSchema(
  models: readonly Model[],
  dialect: LabSchema["dialect"],
  near = "",
  outside: readonly OutsideTable[] = [],
): LabSchema {
  const ddl = ddlDialect(dialect);
  const tables = tablesOf(models, near);
  const gathered: Gathered = { statements: [], repairs: [], choices: {} };
  const types = enumTypes(tables, ddl);
  gathered.statements.push(...types);
  for (const table of tables)
    gathered.statements.push(createTable(table, { tables, outside }, ddl, gathered));
  const joins = joinTables(tables, ddl, outside);
  gathered.statements.push(...joins.tables);
  for (const table of tables) gathered.statements.push(...createIndexes(table, ddl, gathered));
  if (dialect === "postgresql") {
    for (const table of tables) gathered.statements.push(...addForeignKeys(table, { tables, outside }, ddl));
    gathered.statements.push(...joins.keys);
  }
  const { length } = tables;
  return { dialect, source: `${length} ${length === 1 ? "model" : "models"}`, ...gathered };
}

interface AllTables {
  readonly tables: readonly ModelTable[];
  readonly outside: readonly OutsideTable[];
}

/** A model that has a table of its own. */
interface ModelTable {
  readonly name: string;
  readonly model: Model;
  readonly fields: readonly (Field & { readonly column: string })[];
}

/**
 * The tables that models describe, each once: proxies share one. Where several projects describe one of the same name,
 * that of the project nearest to `near` (the uri of a query) counts.
 */
function tablesOf(models: readonly Model[], near: string): readonly ModelTable[] {
  const byName = new Map<string, ModelTable>();
  for (const model of models) {
    if (model.table === null || model.abstract || model.proxyOf !== null) continue;
    const fields = model.fields.flatMap((field) =>
      field.column === null ? [] : [{ ...field, column: field.column }],
    );
    const unique = [...new Map(fields.map((field) => [field.column, field])).values()];
    const known = byName.get(model.table);
    const table = { name: model.table, model, fields: unique };
    if (unique.length > 0 && (known === undefined || isNearer(table, known, near)))
      byName.set(table.name, table);
  }
  return [...byName.values()].sort((a, b) => compareText(a.name, b.name));
}

function isNearer(table: ModelTable, than: ModelTable, near: string): boolean {
  const nearer = sharedDepth(table.model.uri, near) - sharedDepth(than.model.uri, near);
  return nearer > 0 || (nearer === 0 && table.fields.length > than.fields.length);
}

/** Enumerated types that columns name and models spell out. */
function enumTypes(tables: readonly ModelTable[], ddl: DdlDialect): readonly SchemaStatement[] {
  const types = new Map<string, readonly string[]>();
  for (const { fields } of tables) {
    for (const { type } of fields) {
      if (type.logical !== "enum" || type.native === null || type.values.length === 0) continue;
      if (!ddl.isKnownType(type.native) && !types.has(type.native)) types.set(type.native, type.values);
    }
  }
  return [...types].flatMap(([name, values]) => {
    const sql = ddl.createEnum(name.replace(/\[\]$/, ""), values);
    return sql === null ? [] : [{ about: `type ${name}`, sql }];
  });
}

function createTable(
  table: ModelTable,
  all: AllTables,
  ddl: DdlDialect,
  { repairs, choices }: Gathered,
): SchemaStatement {
  const key = primaryKeyOf(table);
  const lines = table.fields.map((field) => {
    if (field.type.values.length > 0) choices[`${table.name}.${field.column}`] = field.type.values;
    const type = ddl.columnType(field);
    if (type.repair !== null)
      repairs.push({ about: `column ${table.name}.${field.column}`, what: type.repair });
    const notNull = field.nullable || key.includes(field.column) ? "" : " NOT NULL";
    const value = field.default?.kind === "database" ? ddl.databaseDefault(field.default.text) : null;
    return `${ddl.quote(field.column)} ${type.sql}${notNull}${value === null || field.generated ? "" : ` DEFAULT ${value}`}`;
  });
  if (key.length > 0) lines.push(`PRIMARY KEY (${key.map(ddl.quote).join(", ")})`);
  else
    repairs.push({ about: `table ${table.name}`, what: "built without a primary key: the model names none" });
  for (const constraint of table.model.constraints) {
    const line = constraintLine(constraint, table, ddl);
    if (line !== null) lines.push(line);
    else if (constraint.kind === "check" || constraint.kind === "exclusion") {
      repairs.push({
        about: `constraint ${constraint.name ?? constraint.kind} on ${table.name}`,
        what: "left out: its expression is not written in SQL",
      });
    }
  }
  if (ddl.foreignKeysInTable) {
    lines.push(...forwardKeys(table, all).map((relation) => foreignKeyClause(relation, all, ddl)));
  }
  return {
    about: `table ${table.name}`,
    sql: `CREATE TABLE ${ddl.quoteTable(table.name)} (\n  ${lines.join(",\n  ")}\n)`,
  };
}

function primaryKeyOf({ model, fields }: ModelTable): readonly string[] {
  const constraint = model.constraints.find(({ kind }) => kind === "primary-key");
  if (constraint !== undefined && constraint.columns.length > 0) return constraint.columns;
  const index = model.indexes.find(({ origin }) => origin === "primary-key");
  const columns = index?.columns.map(({ column }) => column).filter((column) => column !== null) ?? [];
  return columns.length > 0
    ? columns
    : fields.filter(({ primaryKey }) => primaryKey).map(({ column }) => column);
}

/** Unique constraints become indexes, with those that models declare as such. */
function constraintLine(
  { kind, name, expression }: Constraint,
  table: ModelTable,
  ddl: DdlDialect,
): string | null {
  const sql = expression === null ? null : conditionSql(expression, table);
  if (kind !== "check" || sql === null) return null;
  const named = name === null ? "" : `CONSTRAINT ${ddl.quote(name)} `;
  return `${named}CHECK ${/^\s*\(/.test(sql) ? sql : `(${sql})`}`;
}

/** Null where the model's own words cannot be said in SQL here. */
function conditionSql(text: string, { fields }: ModelTable): string | null {
  if (looksLikeSql(text)) return text;
  return djangoPredicate(
    text,
    (name) => fields.find((field) => field.name === name || field.column === name)?.column ?? null,
  );
}

/** Frameworks keep some expressions in their own words: `Q(points__gte=0)`. */
function looksLikeSql(expression: string): boolean {
  return !/\bQ\(|\bF\(|=>|^\s*~|__\w+\s*=/.test(expression);
}

function createIndexes(
  table: ModelTable,
  ddl: DdlDialect,
  { repairs }: Gathered,
): readonly SchemaStatement[] {
  const seen = new Set<string>();
  const names = new Set<string>();
  return table.model.indexes.flatMap((index) => {
    if (index.origin === "primary-key") return [];
    const of = index.columns.map(({ column }) => column ?? "…").join(", ");
    const about = `index ${index.name === null ? "" : `${index.name} `}on ${table.name} (${of})`;
    const predicate = index.predicate === null ? null : conditionSql(index.predicate, table);
    const unsaid =
      predicate === null && index.predicate !== null
        ? index.predicate
        : index.columns.find(({ expression }) => expression !== null && !looksLikeSql(expression))
            ?.expression;
    if (unsaid !== undefined && unsaid !== null) {
      repairs.push({ about, what: `left out: ${unsaid} is not written in SQL` });
      return [];
    }
    const sql = ddl.createIndex(
      table.name,
      { ...index, predicate },
      uniqueName(indexName(table.name, index), names),
    );
    if (sql === null) {
      repairs.push({ about, what: `left out: ${ddl.title} has no index method ${index.method}` });
      return [];
    }
    const body = sql.slice(sql.indexOf(" ON "));
    if (seen.has(body) && !index.unique) return [];
    seen.add(body);
    return [{ about, sql }];
  });
}

function indexName(table: string, index: Index): string {
  if (index.name !== null) return index.name;
  const columns = index.columns.map(({ column }) => column ?? "expr").join("_");
  const bare = table.slice(table.lastIndexOf(".") + 1);
  return `${bare}_${columns}_${index.unique ? "key" : "idx"}`.slice(0, 60);
}

function uniqueName(name: string, taken: Set<string>): string {
  let free = name;
  for (let next = 2; taken.has(free); next++) free = `${name}${next}`;
  taken.add(free);
  return free;
}

/** The table that a relation leads to; null when it is not known. */
function targetOf(
  { targetId, target }: Relation,
  { tables, outside }: AllTables,
): ModelTable | OutsideTable | null {
  if (targetId === null) return outside.find(({ label }) => label === target) ?? null;
  return tables.find(({ model }) => model.id === targetId) ?? null;
}

function forwardKeys(table: ModelTable, all: AllTables): readonly Relation[] {
  return table.model.relations.filter(
    (relation) =>
      relation.direction === "forward" &&
      relation.enforced &&
      relation.columns.length > 0 &&
      relation.columns.every((column) => table.fields.some((field) => field.column === column)) &&
      targetOf(relation, all) !== null,
  );
}

function addForeignKeys(table: ModelTable, all: AllTables, ddl: DdlDialect): readonly SchemaStatement[] {
  return forwardKeys(table, all).map((relation) => ({
    about: `foreign key ${table.name} (${relation.columns.join(", ")})`,
    sql: `ALTER TABLE ${ddl.quoteTable(table.name)} ADD ${foreignKeyClause(relation, all, ddl)}`,
  }));
}

const ON_DELETE: Readonly<Record<string, string>> = {
  cascade: " ON DELETE CASCADE",
  restrict: " ON DELETE RESTRICT",
  "set-null": " ON DELETE SET NULL",
  "set-default": " ON DELETE SET DEFAULT",
};

function foreignKeyClause(relation: Relation, all: AllTables, ddl: DdlDialect): string {
  const target = targetOf(relation, all);
  const columns = relation.columns.map(ddl.quote).join(", ");
  const targetColumns = relation.targetColumns.map(ddl.quote).join(", ");
  const of = targetColumns === "" ? "" : ` (${targetColumns})`;
  return `FOREIGN KEY (${columns}) REFERENCES ${ddl.quoteTable(target?.name ?? relation.target)}${of}${ON_DELETE[relation.onDelete ?? ""] ?? ""}`;
}

/** Tables that join many to many, which no model describes: a key of each side, and both together are unique. */
function joinTables(
  tables: readonly ModelTable[],
  ddl: DdlDialect,
  outside: readonly OutsideTable[],
): { readonly tables: readonly SchemaStatement[]; readonly keys: readonly SchemaStatement[] } {
  const known = new Set(tables.flatMap(({ name, model }) => [name, model.qualifiedName]));
  const statements: SchemaStatement[] = [];
  const keys: SchemaStatement[] = [];
  for (const table of tables) {
    for (const relation of table.model.relations) {
      const target = targetOf(relation, { tables, outside });
      if (relation.kind !== "many-to-many" || relation.direction !== "forward" || relation.through === null)
        continue;
      if (known.has(relation.through) || target === null) continue;
      known.add(relation.through);
      const sides = joinColumns(relation, table, target);
      const name = ddl.quoteTable(relation.through);
      const about = `table ${relation.through}`;
      const [left, right] = sides;
      const columns = sides.map(({ column, type }) => `${ddl.quote(column)} ${type(ddl)} NOT NULL`);
      statements.push(
        {
          about,
          sql: `CREATE TABLE ${name} (${columns.join(", ")}, PRIMARY KEY (${ddl.quote(left.column)}, ${ddl.quote(right.column)}))`,
        },
        {
          about,
          sql: `CREATE INDEX ON_PLACE ON ${name} (${ddl.quote(right.column)})`.replace(
            "ON_PLACE",
            ddl.quote(`${relation.through}_${right.column}_idx`.slice(0, 60)),
          ),
        },
      );
      for (const side of sides) {
        keys.push({
          about: `foreign key ${relation.through} (${side.column})`,
          sql: `ALTER TABLE ${name} ADD FOREIGN KEY (${ddl.quote(side.column)}) REFERENCES ${ddl.quoteTable(side.table)} ON DELETE CASCADE`,
        });
      }
    }
  }
  return { tables: statements, keys };
}

interface JoinSide {
  readonly column: string;
  readonly table: string;
  type(ddl: DdlDialect): string;
}

/** Names as the frameworks make them: Prisma calls them A and B, the others after the models. */
function joinColumns(
  relation: Relation,
  table: ModelTable,
  target: ModelTable | OutsideTable,
): readonly [JoinSide, JoinSide] {
  const prisma = relation.through?.startsWith("_") === true;
  const turned = prisma && "model" in target && target.model.name < table.model.name;
  const [first, second] = turned ? [target, table] : [table, target];
  const [one, other] = [`${modelName(first)}_id`, `${modelName(second)}_id`];
  const names = prisma ? ["A", "B"] : one === other ? [`from_${one}`, `to_${other}`] : [one, other];
  return [sideOf(first, names[0] ?? "A"), sideOf(second, names[1] ?? "B")];
}

function modelName(table: ModelTable | OutsideTable): string {
  const name = "model" in table ? table.model.name : (table.label ?? table.name);
  return name.slice(name.lastIndexOf(".") + 1).toLowerCase();
}

function sideOf(table: ModelTable | OutsideTable, column: string): JoinSide {
  if (!("model" in table)) return { column, table: table.name, type: () => table.key.type };
  return {
    column,
    table: table.name,
    type: (ddl) => {
      const key = table.fields.find((field) => field.column === primaryKeyOf(table)[0]);
      return key === undefined ? "bigint" : ddl.columnType({ ...key, generated: false, default: null }).sql;
    },
  };
}
