/**
 * The rules of the house as a lint: imports only run downwards, one host imports `vscode`, files are small, named in
 * kebab-case, and say nothing about the machine they were written on. Prints every breach, exits 1 on any.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Floors from the ground up. A floor may import itself, those below it, and the ground. */
const FLOORS = ["workspace", "database", "analysis", "flows", "execution", "agent", "harness", "hosts"];
/** Known by every floor, knowing none of them; `records` also knows `storage`. */
const GROUND = ["protocol", "providers", "storage", "records"];
const LONGEST_FILE = 450;

const root = fileURLToPath(new URL("..", import.meta.url));

export interface Breach {
  readonly file: string;
  readonly rule: string;
}

/** Breaches of the import rules by one file of `src` or `webview`. Specifiers are as written. */
export function importBreaches(file: string, specifiers: readonly string[]): readonly Breach[] {
  const breaches: Breach[] = [];
  const say = (rule: string) => breaches.push({ file, rule });
  for (const specifier of specifiers) {
    if (specifier === "vscode" && !file.startsWith("src/hosts/vscode/"))
      say("only src/hosts/vscode imports vscode");
    if (specifier === "@vscode/webview-ui-toolkit" && file !== "webview/ui/toolkit.ts") {
      say("only webview/ui/toolkit.ts imports the toolkit");
    }
    if (!specifier.startsWith(".")) continue;
    if (!/\.(?:ts|json|css)$/.test(specifier)) say(`relative imports carry .ts: ${specifier}`);
    const target = normalize(join(dirname(file), specifier))
      .split(sep)
      .join("/");
    if (file.startsWith("webview/")) {
      if (!target.startsWith("webview/") && !target.startsWith("src/protocol/"))
        say(`webview imports ${target}`);
      continue;
    }
    if (target.startsWith("webview/")) say(`src imports ${target}`);
    const rule = floorBreach(floorOf(file), floorOf(target));
    if (rule) say(`${rule}: ${target}`);
  }
  return breaches;
}

function floorBreach(from: string | null, to: string | null): string | null {
  if (from === null || to === null || from === to) return null;
  if (GROUND.includes(to)) {
    return !GROUND.includes(from) || (from === "records" && to === "storage") || to === "protocol"
      ? null
      : `${from} must not know ${to}`;
  }
  if (GROUND.includes(from)) return `${from} stands on the ground and must not know ${to}`;
  return FLOORS.indexOf(to) <= FLOORS.indexOf(from) ? null : `${from} must not import upwards`;
}

/** The floor a file stands on; null for files that every floor may use (`src/errors.ts`) and for the entry point. */
function floorOf(file: string): string | null {
  const folder = /^src\/([^/]+)\//.exec(file)?.[1];
  return folder !== undefined && [...FLOORS, ...GROUND].includes(folder) ? folder : null;
}

/** Import specifiers of a module, static and dynamic. */
export function specifiersOf(text: string): readonly string[] {
  const regex =
    /(?:^|[\s;}])(?:import|export)\s+(?:[^"';]*?\sfrom\s+)?["']([^"'\n]+)["']|\bimport\(\s*["']([^"'\n]+)["']\s*\)/g;
  return [...text.matchAll(regex)]
    .map((match) => match[1] ?? match[2] ?? "")
    .filter((specifier) => specifier !== "");
}

/** Breaches of one file's own form. */
export function formBreaches(file: string, text: string): readonly Breach[] {
  const breaches: Breach[] = [];
  const lines = text.split("\n").length;
  if (lines > LONGEST_FILE)
    breaches.push({ file, rule: `${lines} lines; a file over ${LONGEST_FILE} is two files` });
  const name = file.slice(file.lastIndexOf("/") + 1).replace(/(?:\.[a-z]+)+$/, "");
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)) breaches.push({ file, rule: "file names are kebab-case" });
  return breaches;
}

function cycles(graph: ReadonlyMap<string, readonly string[]>): readonly Breach[] {
  const state = new Map<string, "open" | "done">();
  const found: Breach[] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      found.push({ file, rule: `import cycle: ${[...path.slice(path.indexOf(file)), file].join(" → ")}` });
      return;
    }
    state.set(file, "open");
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    state.set(file, "done");
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

/** Imports that exist at run time; types may refer to each other. */
function runtimeSpecifiers(text: string): readonly string[] {
  return specifiersOf(text.replace(/(?:^|\n)\s*(?:import|export)\s+type\s[^;]*;/g, "\n")).filter(
    (specifier) => specifier.startsWith("."),
  );
}

function sources(folder: string): string[] {
  return (
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
      // The peers of a bench are other people's.
      .filter((file) => !file.includes("/node_modules/"))
      .sort()
  );
}

function checkHouse(): readonly Breach[] {
  const breaches: Breach[] = [];
  const graph = new Map<string, readonly string[]>();
  for (const file of [...sources("src"), ...sources("webview"), ...sources("scripts"), ...sources("test")]) {
    if (file.startsWith("test/workspaces/")) continue;
    const text = readFileSync(join(root, file), "utf8");
    breaches.push(...formBreaches(file, text));
    if (!file.startsWith("src/") && !file.startsWith("webview/")) continue;
    breaches.push(...importBreaches(file, specifiersOf(text)));
    graph.set(
      file,
      runtimeSpecifiers(text).map((specifier) =>
        normalize(join(dirname(file), specifier))
          .split(sep)
          .join("/"),
      ),
    );
  }
  return [...breaches, ...cycles(graph)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const breaches = checkHouse();
  for (const { file, rule } of breaches) console.error(`${file}: ${rule}`);
  if (breaches.length > 0) process.exitCode = 1;
  else console.log("The rules of the house hold.");
}
