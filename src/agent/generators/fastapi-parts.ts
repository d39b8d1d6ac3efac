import { AksaraError } from "../../errors.ts";
import type { Field } from "../../workspace/ir/model.ts";

/** Where types come from that are not Python's own. */
export const MODULES: Readonly<Record<string, string>> = {
  Decimal: "decimal",
  date: "datetime",
  datetime: "datetime",
  UUID: "uuid",
};

/** A column's type as annotations have it. */
export function pythonType({ type }: Field): string {
  const types: Readonly<Partial<Record<Field["type"]["logical"], string>>> = {
    integer: "int",
    bigint: "int",
    smallint: "int",
    decimal: "Decimal",
    float: "float",
    boolean: "bool",
    uuid: "UUID",
    date: "date",
    datetime: "datetime",
    json: "dict",
  };
  return types[type.logical] ?? "str";
}

/** Where a name of a module comes from; null when it is not imported. */
export function importOf(name: string, source: string): string | null {
  for (const [, from = "", list = ""] of source.matchAll(/^from\s+([\w.]+)\s+import\s+(\([^)]*\)|[^\n#]+)/gm))
    if (
      list
        .replace(/[()]/g, "")
        .split(",")
        .some((each) => each.trim() === name)
    )
      return from;
  return null;
}

/** `app/models` → `app.models`. */
export function moduleOf(path: string): string {
  return path.replaceAll("/", ".");
}

export function noSibling(what: string, path: string): AksaraError {
  return new AksaraError(
    "TOOL_FAILED",
    `There is no ${what}${path === "" ? "" : ` in ${path}`} whose form could be followed.`,
    {
      hint: "Write the first one with write_file; the next ones follow it.",
    },
  );
}
