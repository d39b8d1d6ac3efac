import type { Gap } from "../../ir/entry.ts";
import type { Field, FieldDefault, FieldType } from "../../ir/model.ts";
import type { Expression } from "../../languages/expression.ts";
import { NO_TYPE } from "../../languages/sql/column-type.ts";
import { rendered } from "../../languages/typescript/rendered.ts";
import { dictOf } from "../../languages/typescript/value-table.ts";
import { columnType } from "./column-types.ts";
import { type ColumnDeclaration, isFalse, isTrue } from "./declarations.ts";
import type { Entity, EntityTable } from "./entities.ts";

/** A column with its path in the entity: `name.first` for one of an embedded object. */
export interface FoundColumn {
  readonly path: string;
  readonly name: string;
  readonly primary: boolean;
  readonly unique: boolean;
  readonly field: Field;
}

/** The columns that properties of an entity declare; those of relations come on top of them. */
export function columnsOf(
  table: EntityTable,
  entity: Entity,
): { readonly columns: readonly FoundColumn[]; readonly gaps: readonly Gap[] } {
  const gaps: Gap[] = [];
  const columns = entity.columns.map((declaration) => columnOf(table, entity, declaration, gaps));
  return { columns, gaps };
}

function columnOf(
  table: EntityTable,
  entity: Entity,
  declaration: ColumnDeclaration,
  gaps: Gap[],
): FoundColumn {
  const { options, uri, kind, source, property, embedded } = declaration;
  const custom = table.values.textOf(uri, options.get("name"));
  const path = [...embedded, property].join(".");
  const name = entity.naming.columnName(property, custom, declaration.prefixes);
  const primary = kind === "primary" || kind === "generated" || isTrue(options.get("primary"));
  const type = typeOf(table, entity, declaration, name);
  if (!type) {
    gaps.push({
      what: `field \`${path}\`: type ${declaration.annotation ?? "without an annotation"}`,
      why: "no type of column is written, and none follows from the annotation",
      source,
    });
  }
  const unique = isTrue(options.get("unique"));
  const generated = isGenerated(declaration, entity);
  return {
    path,
    name,
    primary,
    unique,
    field: {
      name: path,
      column: name,
      type: (type && {
        ...type,
        declared: declaration.written ?? declaration.annotation ?? type.declared,
      }) ?? { ...NO_TYPE.type, declared: declaration.annotation ?? "" },
      nullable:
        !primary &&
        (kind === "delete-date" ? !isFalse(options.get("nullable")) : isTrue(options.get("nullable"))),
      primaryKey: primary,
      unique,
      indexed: unique,
      default: defaultOf(table, entity, declaration),
      generated,
      documentation: declaration.documentation,
      inheritedFrom: declaration.inheritedFrom,
      source,
    },
  };
}

function typeOf(
  table: EntityTable,
  entity: Entity,
  declaration: ColumnDeclaration,
  name: string,
): FieldType | null {
  const { options, uri, kind, strategy, annotation, source } = declaration;
  const { values } = table;
  const text = (key: string) => values.textOf(uri, options.get(key));
  const written = declaration.written ?? impliedType(entity, kind, strategy);
  const allowed = enumValues(table, uri, options.get("enum"));
  return columnType(
    {
      written: written ?? (allowed.length > 0 ? "enum" : null),
      annotation: annotation === null ? null : plainAnnotation(table, source.uri, annotation),
      length: text("length"),
      precision: text("precision") ?? (kind.endsWith("-date") && entity.dialect === "mysql" ? "6" : null),
      scale: text("scale"),
      array: isTrue(options.get("array")),
      unsigned: isTrue(options.get("unsigned")),
      values: allowed,
      enumName: text("enumName") ?? `${entity.table}_${name.toLowerCase()}_enum`,
    },
    entity.dialect,
  );
}

/** What an enum or an alias of the workspace comes down to, for `State | null` as for `State`. */
function plainAnnotation(table: EntityTable, uri: string, annotation: string): string {
  const name = /^(\w+)(?:\s*\|\s*(?:null|undefined))*$/.exec(annotation.trim())?.[1] ?? "";
  const found = table.values.valueOf(uri, { k: "name", value: name, span: [0, 0, 0, 0] });
  if (found?.value.k === "other") return found.value.text;
  const [first] = found?.value.k === "dict" ? found.value.entries : [];
  if (!first) return annotation;
  return first[1].k === "number" ? "number" : first[1].k === "string" ? "string" : annotation;
}

/** What TypeORM takes for columns that say by their decorator what they are. */
function impliedType(
  { dialect }: Entity,
  kind: ColumnDeclaration["kind"],
  strategy: string | null,
): string | null {
  switch (kind) {
    case "generated":
      if (strategy === "uuid")
        return dialect === "mysql" ? "varchar(36)" : dialect === "sqlite" ? "varchar" : "uuid";
      return strategy === "rowid" ? "bigint" : dialect === "mysql" ? "int" : "integer";
    case "create-date":
    case "update-date":
    case "delete-date":
      return dialect === "mysql" || dialect === "sqlite" ? "datetime" : "timestamp";
    case "version":
    case "tree-level":
      return dialect === "mysql" ? "int" : "integer";
    default:
      return strategy === "uuid" && dialect === "postgresql" ? "uuid" : null;
  }
}

/** Values of an enum of the workspace, of an object or of a list. */
function enumValues(table: EntityTable, uri: string, value: Expression | undefined): readonly string[] {
  const found = value && table.values.valueOf(uri, value);
  const items = found?.value.k === "list" ? found.value.items : [...dictOf(found?.value).values()];
  return items.flatMap((item) => table.values.textOf(found?.uri ?? uri, item) ?? []);
}

function isGenerated({ kind, strategy, options }: ColumnDeclaration, { dialect }: Entity): boolean {
  if (options.has("asExpression") || options.has("generatedIdentity")) return true;
  if (strategy === "uuid") return dialect !== "mysql" && dialect !== "sqlite";
  return kind === "generated" || strategy !== null;
}

function defaultOf(
  table: EntityTable,
  { dialect }: Entity,
  declaration: ColumnDeclaration,
): FieldDefault | null {
  const { options, uri, kind, strategy } = declaration;
  const written = options.get("default");
  if (written?.k === "function") {
    const result = table.values.resultOf(uri, written);
    const text = result && table.values.textOf(result.uri, result.value);
    return { kind: "database", text: text ?? "…" };
  }
  if (written) {
    const value = table.values.valueOf(uri, written)?.value ?? written;
    return value.k === "name" && /^(?:null|undefined)$/.test(value.value)
      ? null
      : {
          kind: "literal",
          text:
            value.k === "binary" && value.left === null
              ? `${value.op}${rendered(value.right)}`
              : rendered(value),
        };
  }
  if (kind === "create-date" || kind === "update-date") {
    const text =
      dialect === "mysql" ? "CURRENT_TIMESTAMP(6)" : dialect === "sqlite" ? "datetime('now')" : "now()";
    return { kind: "database", text };
  }
  if (strategy !== "uuid") return null;
  return dialect === "mysql" || dialect === "sqlite"
    ? { kind: "application", text: "uuid" }
    : { kind: "database", text: "uuid_generate_v4()" };
}
