import { dottedName, type Expression } from "../../languages/expression.ts";
import type { PrismaAttribute } from "../../languages/prisma/schema.ts";

interface Attributed {
  readonly attributes: readonly PrismaAttribute[];
}

export function attributeOf(owner: Attributed, name: string): PrismaAttribute | null {
  return owner.attributes.find((attribute) => attribute.name === name) ?? null;
}

/** The value of a named argument, or the positional one that may stand for it. */
export function argumentOf(
  attribute: PrismaAttribute | null,
  name: string,
  position = -1,
): Expression | null {
  if (!attribute) return null;
  const named = attribute.args.find((argument) => argument.name === name);
  if (named) return named.value;
  return attribute.args.filter((argument) => argument.name === null)[position]?.value ?? null;
}

export function textOf(value: Expression | null): string | null {
  if (!value) return null;
  if (value.k === "string" || value.k === "number" || value.k === "name") return value.value;
  return null;
}

/** Name in the database: `@map`, `@@map`, or the name itself. */
export function mappedName(owner: Attributed & { readonly name: string }): string {
  return textOf(argumentOf(attributeOf(owner, "map"), "name", 0)) ?? owner.name;
}

/** A field in a list of an index, a key or a relation, with its options. */
export interface FieldReference {
  /** `a`, or `address.street` inside a composite type. */
  readonly name: string;
  readonly sort: "asc" | "desc";
  /** Operator class as written; null for the default one. */
  readonly ops: string | null;
  /** Length of an index prefix; null for the whole value. */
  readonly length: string | null;
}

export function fieldReferences(value: Expression | null): readonly FieldReference[] {
  if (!value) return [];
  const items = value.k === "list" ? value.items : [value];
  return items.flatMap((item) => {
    const target = item.k === "call" ? item.callee : item;
    const name = dottedName(target);
    if (name === null) return [];
    const option = (key: string) =>
      item.k === "call" ? (item.args.find((argument) => argument.name === key)?.value ?? null) : null;
    return [
      {
        name,
        sort: textOf(option("sort")) === "Desc" ? "desc" : "asc",
        ops: operatorClass(option("ops")),
        length: textOf(option("length")),
      } as const,
    ];
  });
}

/** `JsonbPathOps` is `jsonb_path_ops`; `raw("gin_trgm_ops")` is written as it is. */
function operatorClass(value: Expression | null): string | null {
  if (value?.k === "call") return textOf(value.args[0]?.value ?? null);
  const name = textOf(value);
  return name === null
    ? null
    : name
        .replace("MinMax", "Minmax")
        .replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_")
        .toLowerCase()
        .replace(/^ts_(?=vector|query)/, "ts");
}
