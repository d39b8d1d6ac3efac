import type { FieldSpec } from "./field-spec.ts";
import type { Change } from "./migration-changes.ts";
import { columnDefinition, columnIndexes, effectiveDefault, foreignKeyOf } from "./migration-columns.ts";
import {
  addConstraint,
  createIndex,
  dropConstraint,
  indexTogether,
  inlineConstraint,
  together,
  uniqueTogether,
} from "./migration-index-sql.ts";
import { joinTable, type ModelState, type ProjectState, stateColumn } from "./migration-state.ts";
import { schemaEditorName } from "./names.ts";
import { quoteName } from "./predicates.ts";

type Statements = readonly string[] | null;

/**
 * Statements that Django 5 sends to PostgreSQL for a change, without its own deferral to the end of the migration;
 * null where a part of them cannot be told from the source.
 */
export function changeSql(state: ProjectState, change: Change): Statements {
  if (change.kind !== "statements") {
    const model = change.kind === "rename-table" ? change.to : change.model;
    if (!model.managed || model.proxy) return [];
  }
  switch (change.kind) {
    case "create-table":
      return createTable(state, change.model);
    case "drop-table":
      return [
        ...joinTables(change.model).map(({ table }) => dropTable(table)),
        dropTable(change.model.table),
      ];
    case "rename-table":
      return renameTable(change.from, change.to);
    case "add-field":
      return addField(state, change.model, change.field);
    case "drop-field":
      return dropField(change.model, change.field);
    case "alter-field":
      return alterField(state, change.model, change.from, change.to);
    case "add-index":
      return single(createIndex(state, change.model, change.index, change.concurrently));
    case "drop-index":
      return change.index.name === null
        ? null
        : [
            `DROP INDEX ${change.concurrently ? "CONCURRENTLY " : ""}IF EXISTS ${quoteName(change.index.name)}`,
          ];
    case "rename-index":
      return [`ALTER INDEX ${quoteName(change.from)} RENAME TO ${quoteName(change.to)}`];
    case "add-constraint":
      return single(addConstraint(change.model, change.constraint, change.valid));
    case "drop-constraint":
      return single(dropConstraint(change.model, change.constraint));
    case "together":
      return together(change.model, change.unique, change.from, change.to);
    case "statements":
      return change.forward;
  }
}

function single(statement: string | null): Statements {
  return statement === null ? null : [statement];
}

function dropTable(table: string): string {
  return `DROP TABLE ${quoteName(table)} CASCADE`;
}

function createTable(state: ProjectState, model: ModelState): Statements {
  const lines: string[] = [];
  const after: string[] = [];
  for (const spec of model.fields.values()) {
    if (stateColumn(spec) === null) continue;
    const definition = columnDefinition(state, model, spec, null);
    if (definition === null) return null;
    lines.push(definition);
    after.push(...foreignKeyStatements(state, model, spec), ...columnIndexes(state, model, spec));
  }
  for (const group of model.uniqueTogether) after.push(uniqueTogether(model, group));
  for (const group of model.indexTogether) after.push(indexTogether(model, group));
  for (const constraint of model.constraints) {
    const inline = inlineConstraint(model, constraint);
    if (inline) lines.push(inline);
    else {
      const statement = addConstraint(model, constraint, true);
      if (statement === null) return null;
      after.push(statement);
    }
  }
  for (const index of model.indexes) {
    const statement = createIndex(state, model, index, false);
    if (statement === null) return null;
    after.push(statement);
  }
  const statements = [`CREATE TABLE ${quoteName(model.table)} (${lines.join(", ")})`];
  for (const { spec } of joinTables(model)) {
    const join = createJoinTable(state, model, spec);
    if (join === null) return null;
    after.push(...join);
  }
  return [...statements, ...after];
}

function foreignKeyStatements(state: ProjectState, model: ModelState, spec: FieldSpec): readonly string[] {
  const key = foreignKeyOf(state, model, spec);
  if (!key) return [];
  return [
    `ALTER TABLE ${quoteName(model.table)} ADD CONSTRAINT ${quoteName(key.name)} FOREIGN KEY (${quoteName(key.column)}) ` +
      `REFERENCES ${quoteName(key.targetTable)} (${quoteName(key.targetColumn)}) DEFERRABLE INITIALLY DEFERRED`,
  ];
}

function joinTables(model: ModelState): readonly { readonly spec: FieldSpec; readonly table: string }[] {
  return [...model.fields.values()]
    .filter((spec) => spec.fieldClass.kind === "many-to-many" && !spec.relation?.through)
    .map((spec) => ({ spec, table: joinTable(model, spec) }));
}

/** The table of a many-to-many field: an id, both keys, both unique together, both indexed. */
function createJoinTable(state: ProjectState, model: ModelState, spec: FieldSpec): Statements {
  const table = joinTable(model, spec);
  const target = state.target(spec, model, spec.source.uri);
  const targetName = target.key === null ? (target.label.split(".").at(-1) ?? target.label) : target.name;
  const isSelf = target.key === model.key;
  const [from, to] = isSelf
    ? [`from_${model.name.toLowerCase()}`, `to_${model.name.toLowerCase()}`]
    : [model.name.toLowerCase(), targetName.toLowerCase()];
  const ends = [
    { column: `${from}_id`, other: model.table, key: state.keyOf(model) },
    { column: `${to}_id`, other: target.table, key: state.keyOf(target) },
  ];
  if (ends.some(({ key }) => key.native === null)) return null;
  const columns = ends.map(({ column, key }) => `${quoteName(column)} ${key.native} NOT NULL`);
  const id = `"id" ${state.implicitKeyType(model) ?? "bigint"} NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY`;
  const names = ends.map(({ column }) => column);
  return [
    `CREATE TABLE ${quoteName(table)} (${[id, ...columns].join(", ")})`,
    `ALTER TABLE ${quoteName(table)} ADD CONSTRAINT ${quoteName(schemaEditorName(table, names, "_uniq"))} UNIQUE (${names.map(quoteName).join(", ")})`,
    ...ends.map(
      ({ column, key, other }) =>
        `ALTER TABLE ${quoteName(table)} ADD CONSTRAINT ${quoteName(schemaEditorName(table, [column], `_fk_${other}_${key.column}`))} ` +
        `FOREIGN KEY (${quoteName(column)}) REFERENCES ${quoteName(other)} (${quoteName(key.column)}) DEFERRABLE INITIALLY DEFERRED`,
    ),
    ...ends.map(
      ({ column }) =>
        `CREATE INDEX ${quoteName(schemaEditorName(table, [column], ""))} ON ${quoteName(table)} (${quoteName(column)})`,
    ),
  ];
}

function renameTable(from: ModelState, to: ModelState): Statements {
  const statements =
    from.table === to.table ? [] : [`ALTER TABLE ${quoteName(from.table)} RENAME TO ${quoteName(to.table)}`];
  for (const { spec, table } of joinTables(from)) {
    const renamed = joinTable(to, spec);
    if (renamed !== table) statements.push(`ALTER TABLE ${quoteName(table)} RENAME TO ${quoteName(renamed)}`);
    const [before, after] = [from.name.toLowerCase(), to.name.toLowerCase()];
    if (before !== after && spec.relation?.target.kind !== "self") {
      statements.push(
        `ALTER TABLE ${quoteName(renamed)} RENAME COLUMN ${quoteName(`${before}_id`)} TO ${quoteName(`${after}_id`)}`,
      );
    }
  }
  return statements;
}

function addField(state: ProjectState, model: ModelState, spec: FieldSpec): Statements {
  if (spec.fieldClass.kind === "many-to-many")
    return spec.relation?.through ? [] : createJoinTable(state, model, spec);
  const column = stateColumn(spec);
  if (column === null) return [];
  const value = effectiveDefault(state, spec);
  if ("unknown" in value) return null;
  const definition = columnDefinition(state, model, spec, value.sql);
  if (definition === null) return null;
  const table = quoteName(model.table);
  const key = foreignKeyOf(state, model, spec);
  const reference = key
    ? ` CONSTRAINT ${quoteName(key.name)} REFERENCES ${quoteName(key.targetTable)}(${quoteName(key.targetColumn)}) DEFERRABLE INITIALLY DEFERRED`
    : "";
  const statements = [`ALTER TABLE ${table} ADD COLUMN ${definition}${reference}`];
  if (key) statements.push(`SET CONSTRAINTS ${quoteName(key.name)} IMMEDIATE`);
  if (value.sql !== null)
    statements.push(`ALTER TABLE ${table} ALTER COLUMN ${quoteName(column)} DROP DEFAULT`);
  return [...statements, ...columnIndexes(state, model, spec)];
}

function dropField(model: ModelState, spec: FieldSpec): Statements {
  if (spec.fieldClass.kind === "many-to-many")
    return spec.relation?.through ? [] : [dropTable(joinTable(model, spec))];
  const column = stateColumn(spec);
  return column === null
    ? []
    : [`ALTER TABLE ${quoteName(model.table)} DROP COLUMN ${quoteName(column)} CASCADE`];
}

function alterField(state: ProjectState, model: ModelState, from: FieldSpec, to: FieldSpec): Statements {
  const isJoin = (spec: FieldSpec) => spec.fieldClass.kind === "many-to-many";
  if (isJoin(from) || isJoin(to)) {
    if (!isJoin(from) || !isJoin(to)) return null;
    const [before, after] = [joinTable(model, from), joinTable(model, to)];
    return before === after ? [] : [`ALTER TABLE ${quoteName(before)} RENAME TO ${quoteName(after)}`];
  }
  const oldColumn = stateColumn(from);
  const column = stateColumn(to);
  if (oldColumn === null || column === null) return [];
  const table = quoteName(model.table);
  const statements: string[] = [];
  if (oldColumn !== column)
    statements.push(`ALTER TABLE ${table} RENAME COLUMN ${quoteName(oldColumn)} TO ${quoteName(column)}`);
  const [oldKey, key] = [foreignKeyOf(state, model, from), foreignKeyOf(state, model, to)];
  const keyChanged = oldKey?.targetTable !== key?.targetTable || (oldKey === null) !== (key === null);
  if (oldKey && keyChanged) {
    statements.push(
      `SET CONSTRAINTS ${quoteName(oldKey.name)} IMMEDIATE`,
      `ALTER TABLE ${table} DROP CONSTRAINT ${quoteName(oldKey.name)}`,
    );
  }
  if (from.unique && !to.unique && !from.primaryKey)
    statements.push(`ALTER TABLE ${table} DROP CONSTRAINT ${quoteName(`${model.table}_${oldColumn}_key`)}`);
  if (isIndexed(from) && !isIndexed(to))
    statements.push(`DROP INDEX IF EXISTS ${quoteName(schemaEditorName(model.table, [column], ""))}`);
  const [oldType, type] = [state.nativeOf(from, model), state.nativeOf(to, model)];
  if (oldType === null || type === null)
    return oldType === type && statements.length === 0 && from.nullable === to.nullable ? [] : null;
  const actions: string[] = [];
  if (oldType !== type) {
    const using =
      oldType.replace(/\(.*/, "") === type.replace(/\(.*/, "") ? "" : ` USING ${quoteName(column)}::${type}`;
    actions.push(`ALTER COLUMN ${quoteName(column)} TYPE ${type}${using}`);
  }
  const nullability = changeNullability(state, table, column, from, to);
  if (nullability === null) return null;
  // A change of type and a plain change of nullability go in one statement.
  const [only] = nullability;
  if (actions.length > 0 && nullability.length === 1 && only) {
    statements.push(
      `ALTER TABLE ${table} ${[...actions, only.slice(`ALTER TABLE ${table} `.length)].join(", ")}`,
    );
  } else statements.push(...actions.map((action) => `ALTER TABLE ${table} ${action}`), ...nullability);
  if (to.unique && !from.unique && !to.primaryKey) {
    statements.push(
      `ALTER TABLE ${table} ADD CONSTRAINT ${quoteName(schemaEditorName(model.table, [column], "_uniq"))} UNIQUE (${quoteName(column)})`,
    );
  }
  if ((isIndexed(to) && !isIndexed(from)) || (to.unique && !from.unique && !isIndexed(from)))
    statements.push(...columnIndexes(state, model, to));
  if (key && keyChanged) statements.push(...foreignKeyStatements(state, model, to));
  return statements;
}

function isIndexed(spec: FieldSpec): boolean {
  return spec.indexed && !spec.unique && !spec.primaryKey;
}

function changeNullability(
  state: ProjectState,
  table: string,
  column: string,
  from: FieldSpec,
  to: FieldSpec,
): Statements {
  if (from.nullable === to.nullable || to.primaryKey) return [];
  if (to.nullable) return [`ALTER TABLE ${table} ALTER COLUMN ${quoteName(column)} DROP NOT NULL`];
  const value = effectiveDefault(state, to);
  if ("unknown" in value) return null;
  const set = `ALTER TABLE ${table} ALTER COLUMN ${quoteName(column)} SET NOT NULL`;
  if (value.sql === null) return [set];
  return [
    `ALTER TABLE ${table} ALTER COLUMN ${quoteName(column)} SET DEFAULT ${value.sql}`,
    `UPDATE ${table} SET ${quoteName(column)} = ${value.sql} WHERE ${quoteName(column)} IS NULL; SET CONSTRAINTS ALL IMMEDIATE`,
    set,
    `ALTER TABLE ${table} ALTER COLUMN ${quoteName(column)} DROP DEFAULT`,
  ];
}
