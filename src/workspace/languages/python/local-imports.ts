import type { PythonImport, PythonModule } from "./module.ts";

/**
 * Imports inside of functions, which projects use against cycles. The outline has the top level only; a name that is
 * bound there keeps its meaning.
 */
export function localImports(text: string, module: PythonModule): readonly PythonImport[] {
  if (!/^[ \t]+from\s/m.test(text)) return [];
  const bound = new Set([
    ...module.imports.map((item) => item.alias),
    ...module.classes.map((item) => item.name),
  ]);
  const found: PythonImport[] = [];
  for (const match of text.matchAll(
    /^[ \t]+from[ \t]+([\w.]+)[ \t]+import[ \t]+(?:\(([^)]*)\)|([^\n(]+))/gm,
  )) {
    const names = (match[2] ?? match[3] ?? "").replace(/#[^\n]*/g, "").split(",");
    for (const each of names) {
      const [, name, alias] = /^\s*(\w+)(?:\s+as\s+(\w+))?\s*$/.exec(each) ?? [];
      if (!name || bound.has(alias ?? name)) continue;
      bound.add(alias ?? name);
      found.push({ module: match[1] ?? "", name, alias: alias ?? name });
    }
  }
  return found;
}
