import type { Gap } from "../../ir/entry.ts";
import type { Constraint, Field, Index, Model, Relation } from "../../ir/model.ts";
import { render } from "../../languages/python/expressions.ts";
import { rangeOf } from "../../source.ts";
import { type ColumnSpec, typeOrUnknown } from "./column-spec.ts";
import { conventional, plainIndex } from "./indexes.ts";
import { Keys, type TiedKey } from "./keys.ts";
import { conventionalName } from "./names.ts";
import type { ModelInfo, ModelRegistry } from "./registry.ts";
import { tieRelations } from "./relations.ts";
import { nativeOf } from "./sql-types.ts";

/** The models of the workspace as the catalog has them. */
export function resolveModels(registry: ModelRegistry): readonly Model[] {
  const keys = new Keys(registry);
  const relations = tieRelations(registry, keys);
  return [...registry.all()].map((info) => buildModel(registry, keys, info, relations.get(info) ?? []));
}

function buildModel(
  registry: ModelRegistry,
  keys: Keys,
  info: ModelInfo,
  relations: readonly Relation[],
): Model {
  const gaps: Gap[] = [...info.gaps];
  const primaryKey = keys.primaryKeyOf(info);
  const fields = info.columns.map((column) => {
    const field = buildField(keys, info, column, primaryKey);
    const why = column.gap ?? typeOrUnknown(keys.typeOf(info, column)).gap;
    if (why !== null) gaps.push({ what: `field ${column.name}`, why, source: column.source });
    return field;
  });
  for (const relation of relations) {
    if (relation.targetId === null)
      gaps.push({
        what: `relation ${relation.name}`,
        why: `${relation.target} is not a model of the workspace`,
        source: relation.source,
      });
  }
  const declaration = info.ref?.declaration;
  const isShared = info.isSingleTable && info.parent !== null;
  return {
    kind: "model",
    id: info.id,
    name: info.name,
    uri: info.uri,
    range: info.source.range,
    nameRange: rangeOf(info.nameSpan),
    hash: info.source.hash,
    stack: "sqlalchemy",
    confidence: gaps.length > 0 ? "partial" : info.certain ? "certain" : "likely",
    reason: info.reason,
    gaps: [...gaps, ...info.ignored],
    qualifiedName: info.qualifiedName,
    namespace: info.namespace,
    table: info.table === null ? null : info.schema === null ? info.table : `${info.schema}.${info.table}`,
    abstract: info.abstract,
    proxyOf: isShared ? (info.parent?.qualifiedName ?? null) : null,
    managed: true,
    bases: (declaration?.bases ?? []).map((base) => baseName(registry, info, base)),
    documentation: declaration?.documentation ?? null,
    fields,
    relations,
    ...(isShared || info.abstract ? { indexes: [], constraints: [] } : objectsOf(keys, info, primaryKey)),
    ordering: [],
  };
}

function baseName(registry: ModelRegistry, info: ModelInfo, base: Parameters<typeof render>[0]): string {
  const found = registry.project.classes.find(info.uri, base);
  if (found?.kind === "external") return found.name;
  if (found)
    return (
      registry.byClass(found.ref)?.qualifiedName ??
      `${registry.project.names.moduleName(found.ref.uri)}.${found.name}`
    );
  return render(base);
}

function buildField(keys: Keys, info: ModelInfo, column: ColumnSpec, primaryKey: readonly string[]): Field {
  const type = typeOrUnknown(keys.typeOf(info, column));
  const isKey = primaryKey.includes(column.column);
  const isAlone = isKey && primaryKey.length === 1;
  return {
    name: column.name,
    column: column.column,
    type: {
      declared: type.declared,
      native: nativeOf(type.ddl),
      logical: type.logical,
      length: type.length,
      precision: type.precision,
      scale: type.scale,
      array: type.array,
      values: type.values,
    },
    nullable: column.nullable ?? !isKey,
    primaryKey: isKey,
    unique: column.unique || isAlone,
    indexed: column.indexed || column.unique || isAlone,
    default: column.default,
    generated: column.identity || column.computed || isSerial(column, type.ddl, isAlone),
    documentation: column.documentation,
    inheritedFrom: column.inheritedFrom,
    source: column.source,
  };
}

/** A lone integer key without a default is filled by a sequence. */
export function isSerial(column: ColumnSpec, ddl: string | null, isAlone: boolean): boolean {
  if (column.autoincrement === false || !/^(INTEGER|BIGINT|SMALLINT)$/.test(ddl ?? "")) return false;
  if (column.autoincrement === true) return true;
  return (
    isAlone &&
    column.foreignKeys.length === 0 &&
    column.serverDefault === null &&
    column.default?.kind !== "database"
  );
}

function objectsOf(
  keys: Keys,
  info: ModelInfo,
  primaryKey: readonly string[],
): { readonly indexes: readonly Index[]; readonly constraints: readonly Constraint[] } {
  const extras = keys.objectsOf(info);
  const indexes: Index[] = [];
  const constraints: Constraint[] = [];
  if (primaryKey.length > 0) {
    const source = info.columns.find((column) => column.column === primaryKey[0])?.source ?? info.source;
    const name = conventional(info, "pk", primaryKey);
    indexes.push(plainIndex(name, primaryKey, "primary-key", source));
    constraints.push({
      kind: "primary-key",
      name,
      columns: primaryKey,
      expression: null,
      deferrable: false,
      source,
    });
  }
  for (const key of keys.keysOf(info)) constraints.push(foreignKey(info, key));
  for (const column of info.columns) {
    const columns = [column.column];
    if (column.indexed) {
      const name = conventional(info, "ix", columns);
      const origin = column.unique ? "unique" : "field";
      indexes.push(plainIndex(name, columns, origin, column.source, column.unique));
    } else if (column.unique) {
      const name = conventional(info, "uq", columns);
      indexes.push(plainIndex(name, columns, "unique", column.source));
      constraints.push({
        kind: "unique",
        name,
        columns,
        expression: null,
        deferrable: false,
        source: column.source,
      });
    }
  }
  return { indexes: [...indexes, ...extras.indexes], constraints: [...constraints, ...extras.constraints] };
}

function foreignKey(info: ModelInfo, key: TiedKey): Constraint {
  const referredTable = key.targetTable.slice(key.targetTable.lastIndexOf(".") + 1);
  const parts = {
    table: info.table ?? "",
    schema: info.schema,
    columns: key.columns,
    referredTable,
    referredColumns: key.targetColumns,
  };
  return {
    kind: "foreign-key",
    name: key.name ?? conventionalName(info.convention, "fk", parts),
    columns: key.columns,
    expression: null,
    deferrable: key.deferrable,
    source: key.source,
  };
}
