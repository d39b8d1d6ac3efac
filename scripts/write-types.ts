/**
 * Writes the declarations of the library to dist/types: what tsc gives for src/index.ts, without the files that
 * nothing reachable from there names, and with the extensions that a reader outside this checkout resolves.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const types = join(root, "dist/types");

rmSync(types, { recursive: true, force: true });
execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.types.json"], {
  cwd: root,
  stdio: "inherit",
});
const kept = reachableFrom(join(types, "index.d.ts"));
for (const entry of readdirSync(types, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  if (entry.isFile() && !kept.has(file)) rmSync(file);
}
console.log(`dist/types: ${kept.size} declaration files.`);

function reachableFrom(entry: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const text = readFileSync(file, "utf8");
    const relative = /(from |import\()"(\.[^"]+)\.ts"/g;
    for (const [, , specifier = ""] of text.matchAll(relative))
      open.push(`${resolve(dirname(file), specifier)}.d.ts`);
    writeFileSync(file, text.replace(relative, '$1"$2.js"'));
  }
  return seen;
}
