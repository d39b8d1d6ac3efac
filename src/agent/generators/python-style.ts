import { pythonString, quoteOf } from "../migrations/python-text.ts";

/** How a Python file of the project is written. */
export interface PythonStyle {
  string(text: string): string;
}

export function pythonStyle(sibling: string): PythonStyle {
  const quote = quoteOf(sibling);
  return { string: (text) => pythonString(text, quote) };
}

/**
 * A module with names imported: into the import that is there, else behind the last import of the margin. The order of
 * the names is that of their text.
 */
export function withImport(source: string, from: string, names: readonly string[]): string {
  const dotted = from.replaceAll(".", "\\.");
  const existing = new RegExp(`^from ${dotted} import (\\([^)]*\\)|[^\\n#]+)`, "m").exec(source);
  if (existing?.[1] !== undefined) {
    const list = existing[1];
    const known = list
      .replace(/[()]/g, "")
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "");
    const missing = names.filter((name) => !known.includes(name));
    if (missing.length === 0) return source;
    const all = [...known, ...missing].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
    const flat = `from ${from} import ${all.join(", ")}`;
    const text =
      list.startsWith("(") || flat.length > 110
        ? `from ${from} import (\n${all.map((name) => `    ${name},\n`).join("")})`
        : flat;
    return source.slice(0, existing.index) + text + source.slice(existing.index + existing[0].length);
  }
  const line = `from ${from} import ${[...names].sort().join(", ")}`;
  const imports = [
    ...source.matchAll(/^(?:from [\w.]+ import (?:\([^)]*\)|[^\n]+)|import [\w.]+[^\n]*)\n/gm),
  ];
  const last = imports.at(-1);
  if (!last) {
    const [docstring = ""] = /^\s*(?:"""[\s\S]*?"""|'''[\s\S]*?''')\n+/.exec(source) ?? [];
    return `${docstring}${line}\n\n\n${source.slice(docstring.length).trimStart()}`;
  }
  const top = from.split(".")[0];
  const own = imports.filter(
    ([text]) => /^from /.test(text) && /^from ([\w.]+)/.exec(text)?.[1]?.split(".")[0] === top,
  );
  const next = own.find(([text]) => (/^from ([\w.]+)/.exec(text)?.[1] ?? "") > from);
  const before = own.at(-1) ?? last;
  const at = next ? next.index : before.index + before[0].length;
  return `${source.slice(0, at)}${line}\n${source.slice(at)}`;
}

/** A module that lists what it exports, with one name more, in order where the list is. */
export function withExport(source: string, name: string, style: PythonStyle): string {
  return source.replace(/^__all__ = \[\n([^\]]*)\]/m, (whole, body: string) => {
    const lines = body.split("\n").filter((line) => line.trim() !== "");
    const isSorted = String(lines) === String(lines.toSorted());
    const all = [...lines, `    ${style.string(name)},`];
    return whole.replace(body, `${(isSorted ? all.sort() : all).join("\n")}\n`);
  });
}

/** A default as Python writes it. */
export function pythonValue(value: string | number | boolean, style: PythonStyle): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "number" ? String(value) : style.string(value);
}

/** Imports of a new module: those of Python, then of others, then the project's own, each by name. */
export function groupedImports(text: string): string {
  const lines = text.split("\n").filter((line) => line !== "");
  if (!lines.every((line) => /^(?:from [\w.]+ import [^(]|import \w+$)/.test(line))) return text;
  const group = (line: string) => {
    const [, module = ""] = /^(?:from|import) ([\w.]+)/.exec(line) ?? [];
    if (/^(?:datetime|decimal|uuid)$/.test(module)) return 0;
    return /^(?:fastapi|pydantic|sqlalchemy|django|rest_framework|pytest)\b/.test(module) ? 1 : 2;
  };
  return [0, 1, 2]
    .map((wanted) => lines.filter((line) => group(line) === wanted).sort())
    .filter((each) => each.length > 0)
    .map((each) => each.join("\n"))
    .join("\n\n");
}
