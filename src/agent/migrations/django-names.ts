import { definitionsOf, importsOf, mapNames } from "./python-text.ts";

/** Names that Python itself has. */
const BUILT_IN = new Set(
  "True False None dict list set tuple str int float bool bytes lambda not and or if else in is for".split(
    " ",
  ),
);

/** Imports that a migration needs, in the order of their text. */
export class MigrationImports {
  readonly #lines = new Set<string>();

  add(line: string): void {
    this.#lines.add(line);
  }

  get lines(): readonly string[] {
    return [...this.#lines].sort();
  }
}

/**
 * An expression of a models module as it stands in a migration: what the module defines is reached through it, what it
 * imports is imported again, and texts to be translated are texts. Null when a name in it is not known.
 */
export function movedExpression(
  text: string,
  place: { readonly module: string; readonly source: string; readonly className: string },
  imports: MigrationImports,
): string | null {
  const imported = importsOf(place.source);
  const defined = definitionsOf(place.source);
  const nested = nestedNames(place.source, place.className);
  let isKnown = true;
  const plain = withoutTranslation(text, imported);
  const moved = mapNames(plain, (name) => {
    const [head = "", ...rest] = name.split(".");
    if (BUILT_IN.has(head)) return name;
    if (head === "models" && /^from django\.db import models$/.test(imported.get("models") ?? ""))
      return name;
    if (nested.has(head)) {
      imports.add(`import ${place.module}`);
      return [place.module, place.className, head, ...rest].join(".");
    }
    const line = imported.get(head);
    if (line !== undefined) {
      imports.add(line.startsWith("from .") ? absolute(line, place.module) : line);
      return name;
    }
    if (defined.has(head)) {
      imports.add(`import ${place.module}`);
      return [place.module, head, ...rest].join(".");
    }
    isKnown = false;
    return name;
  });
  return isKnown
    ? moved
        .replace(/\s*\n\s*/g, " ")
        .replace(/,\s*\)/g, ")")
        .replace(/\(\s+/g, "(")
        .trim()
    : null;
}

/** `_("Title")` is "Title" in a migration. */
function withoutTranslation(text: string, imported: ReadonlyMap<string, string>): string {
  let out = text;
  for (const [name, line] of imported)
    if (/gettext(?:_lazy)?\b/.test(line))
      out = out.replace(
        new RegExp(`(?<![\\w.])${name}\\(\\s*((?:"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'))\\s*\\)`, "g"),
        "$1",
      );
  return out;
}

/** Names that a class's own body defines. */
function nestedNames(source: string, className: string): ReadonlySet<string> {
  const [, body = ""] =
    new RegExp(`^class ${className}\\b[^\\n]*:\\n((?:(?:[ \\t]+[^\\n]*)?\\n)*)`, "m").exec(`${source}\n`) ??
    [];
  return new Set(
    [...body.matchAll(/^(?: {4}|\t)(?:class (\w+)|([A-Z_]+)\s*=)/gm)].map(
      (match) => match[1] ?? match[2] ?? "",
    ),
  );
}

/** `from .x import y` in module `shop.models` is `from shop.x import y`. */
function absolute(line: string, module: string): string {
  const [, dots = ".", rest = ""] = /^from (\.+)([\w.]*) import/.exec(line) ?? [];
  const base = module.split(".").slice(0, -dots.length);
  const path = [...base, ...(rest === "" ? [] : [rest])].join(".");
  return line.replace(/^from \.+[\w.]*/, `from ${path}`);
}
