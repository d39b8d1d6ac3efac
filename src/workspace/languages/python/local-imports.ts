import type { PythonClass, PythonImport, PythonModule } from "./module.ts";

/**
 * Imports inside of functions, which projects use against cycles, as if they stood at the top level; a name that is
 * bound there keeps its meaning. Where two functions give a name two meanings, the first counts.
 */
export function localImports(module: PythonModule): readonly PythonImport[] {
  const bound = new Set([
    ...module.imports.map((item) => item.alias),
    ...module.classes.map((item) => item.name),
  ]);
  const found: PythonImport[] = [];
  const add = (imports: readonly PythonImport[]) => {
    for (const item of imports) {
      if (item.name === "*" || bound.has(item.alias)) continue;
      bound.add(item.alias);
      found.push(item);
    }
  };
  const addClass = (item: PythonClass): void => {
    for (const method of item.methods) add(method.imports);
    for (const nested of item.classes) addClass(nested);
  };
  for (const item of module.functions) add(item.imports);
  for (const item of module.classes) addClass(item);
  return found;
}
