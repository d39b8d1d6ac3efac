import {
  argumentAt,
  argumentOf,
  booleanValue,
  calledName,
  isNone,
  isTrue,
  numberValue,
  render,
} from "../../languages/python/expressions.ts";
import { literal } from "../alembic/ddl-text.ts";
import type { AksaraRegistry, WrittenCall } from "./registry.ts";

/** SQL of a column in a migration, as Aksara puts it together. */
export interface ColumnSql {
  /** The type alone. */
  readonly type: string;
  /** Type, NOT NULL, UNIQUE and DEFAULT. */
  readonly definition: string;
  /** The foreign key that goes with it; null when there is none. */
  readonly constraint: string | null;
}

const PLAIN: ReadonlyMap<string, string> = new Map([
  ["UUIDField", "UUID"],
  ["TextField", "TEXT"],
  ["URLField", "TEXT"],
  ["EnumField", "TEXT"],
  ["IntegerField", "INTEGER"],
  ["BigIntegerField", "BIGINT"],
  ["SmallIntegerField", "SMALLINT"],
  ["BooleanField", "BOOLEAN"],
  ["DateTimeField", "TIMESTAMP WITH TIME ZONE"],
  ["DateField", "DATE"],
  ["TimeField", "TIME"],
  ["DurationField", "INTERVAL"],
  ["JSONField", "JSONB"],
  ["FloatField", "DOUBLE PRECISION"],
  ["IPAddressField", "INET"],
  ["BinaryField", "BYTEA"],
]);

const LENGTHS: ReadonlyMap<string, number> = new Map([
  ["StringField", 255],
  ["EmailField", 254],
  ["SlugField", 50],
  ["FilePathField", 100],
  ["FileField", 500],
  ["ImageField", 500],
]);

/** Fields that take NULL unless told otherwise. */
const NULLABLE = /^(JSON|Array)Field$/;
/** Fields that know no UNIQUE. */
const NEVER_UNIQUE = /^(Text|Boolean|DateTime|Date|Time|Duration|JSON|Array|Vector|Float|Enum|Binary)Field$/;

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** SQL of a column; the reason where it cannot be told. */
export function columnSql(
  registry: AksaraRegistry,
  call: WrittenCall,
  column: string,
  table: string,
): ColumnSql | string {
  const { expression } = call;
  const declared = calledName(expression) ?? "";
  const type = typeSql(registry, call, declared);
  if (type === null) return `the column type of ${render(expression).slice(0, 80)} is not known`;
  const flag = (name: string) => argumentOf(expression, name);
  if (declared === "UUIDField" && isTrue(flag("primary_key")))
    return { type, definition: `${type} PRIMARY KEY DEFAULT gen_random_uuid()`, constraint: null };
  const nullable = booleanValue(flag("nullable")) ?? NULLABLE.test(declared);
  const parts = [type];
  if (!nullable) parts.push("NOT NULL");
  if (declared === "OneToOneField" || (isTrue(flag("unique")) && !NEVER_UNIQUE.test(declared)))
    parts.push("UNIQUE");
  if (isReference(declared)) {
    const constraint = foreignKey(registry, call, column, table);
    return constraint === null
      ? `what ${render(expression).slice(0, 80)} refers to is computed`
      : { type, definition: parts.join(" "), constraint };
  }
  const given = flag("default");
  if (declared === "DateTimeField" && isTrue(flag("auto_now_add"))) parts.push("DEFAULT CURRENT_TIMESTAMP");
  else if (given && !isNone(given) && declared !== "BinaryField") {
    const value = defaultSql(registry, { ...call, expression: given }, declared);
    if (value === null) return `the default ${render(given).slice(0, 80)} cannot be told as SQL`;
    parts.push(`DEFAULT ${value}`);
  }
  return { type, definition: parts.join(" "), constraint: null };
}

function isReference(declared: string): boolean {
  return declared === "ForeignKeyField" || declared === "OneToOneField";
}

function typeSql(registry: AksaraRegistry, call: WrittenCall, declared: string): string | null {
  const { project } = registry;
  const { expression } = call;
  const number = (position: number, name: string, fallback: number): number | null => {
    const given = argumentAt(expression, position, name);
    return given ? project.number({ ...call, expression: given }) : fallback;
  };
  const text = (name: string, position: number, fallback: string): string | null => {
    const given = position < 0 ? argumentOf(expression, name) : argumentAt(expression, position, name);
    return given ? project.text({ ...call, expression: given }) : fallback;
  };
  const length = LENGTHS.get(declared);
  if (length !== undefined) {
    const size = number(0, "max_length", length);
    return size === null ? null : `VARCHAR(${size})`;
  }
  switch (declared) {
    case "DecimalField": {
      const digits = number(0, "max_digits", 10);
      const places = number(1, "decimal_places", 2);
      return digits === null || places === null ? null : `NUMERIC(${digits}, ${places})`;
    }
    case "ArrayField":
      return text("sql_type", 0, "TEXT[]")?.toUpperCase() ?? null;
    case "VectorField": {
      const size = number(0, "dimensions", 0);
      return size === null ? null : size === 0 ? "VECTOR" : `VECTOR(${size})`;
    }
    case "ForeignKeyField":
    case "OneToOneField":
      return text("column_type", -1, "UUID");
    default:
      return PLAIN.get(declared) ?? null;
  }
}

function foreignKey(
  registry: AksaraRegistry,
  call: WrittenCall,
  column: string,
  table: string,
): string | null {
  const text = (position: number, name: string, fallback: string | null): string | null => {
    const given =
      position < 0 ? argumentOf(call.expression, name) : argumentAt(call.expression, position, name);
    return given ? registry.project.text({ ...call, expression: given }) : fallback;
  };
  const target = text(0, "to_table", null);
  const targetColumn = text(1, "to_column", "id");
  const [onDelete, onUpdate] = ["on_delete", "on_update"].map((name) =>
    text(-1, name, "CASCADE")?.replaceAll("_", " ").toUpperCase().replace("PROTECT", "RESTRICT"),
  );
  if (target === null || targetColumn === null || !onDelete || !onUpdate) return null;
  return `CONSTRAINT fk_${table}_${column} FOREIGN KEY (${column}) REFERENCES ${identifier(target)}(${targetColumn}) ON DELETE ${onDelete} ON UPDATE ${onUpdate}`;
}

/** A Python value as the DEFAULT of a column; null where it is none that can be written down. */
export function defaultSql(registry: AksaraRegistry, given: WrittenValue, declared: string): string | null {
  const found = registry.project.constant(given).expression;
  if (isNone(found)) return "NULL";
  const flag = booleanValue(found);
  if (flag !== null) return flag ? "TRUE" : "FALSE";
  if (/^(JSON|Array|Vector)Field$/.test(declared) || found.k === "list" || found.k === "dict") {
    const isEmpty =
      (found.k === "list" && found.items.length === 0) || (found.k === "dict" && found.entries.length === 0);
    return isEmpty && declared === "JSONField" ? `'${found.k === "list" ? "[]" : "{}"}'::jsonb` : null;
  }
  const text = registry.project.text(given);
  if (text !== null) return literal(text);
  return numberValue(found) === null && found.k !== "number" ? null : render(found);
}

type WrittenValue = Parameters<AksaraRegistry["project"]["constant"]>[0];
