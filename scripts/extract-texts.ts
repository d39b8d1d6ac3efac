/**
 * Collects every text that a person sees into `l10n/bundle.l10n.json`, from which translations start. With --check it
 * only compares. Says which texts could not be collected, and which go past translation, and then exits 1.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { RULES } from "../src/analysis/registry.ts";
import { ACTION_TEXT_FIELDS } from "../src/flows/actions/action.ts";
import { SHIPPED_ACTIONS } from "../src/flows/actions/shipped.ts";
import { readTexts } from "./read-texts.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const bundleFile = join(root, "l10n/bundle.l10n.json");

/** Files that translate what is not a literal, with the registry that knows all of it. */
const REGISTRIES: ReadonlyMap<string, () => readonly string[]> = new Map([
  [
    "src/hosts/vscode/action-texts.ts",
    () => SHIPPED_ACTIONS.flatMap((action) => ACTION_TEXT_FIELDS.map((field) => action[field])),
  ],
  ["src/hosts/vscode/rule-texts.ts", () => RULES.map(({ title }) => title)],
]);

export interface CollectedTexts {
  /** English, each once, in the order of the alphabet. */
  readonly texts: readonly string[];
  /** `file:line: what is wrong`. */
  readonly breaches: readonly string[];
}

/** The texts of the extension's host and of its pages. The manifest's are in package.nls.json. */
export function collectTexts(): CollectedTexts {
  const texts = new Set<string>();
  const breaches: string[] = [];
  for (const file of [...sources("src/hosts/vscode"), ...sources("webview")]) {
    const read = readTexts(file, readFileSync(join(root, file), "utf8"), REGISTRIES.has(file));
    for (const text of read.texts) texts.add(text);
    breaches.push(...read.breaches);
  }
  for (const registered of REGISTRIES.values()) for (const text of registered()) texts.add(text);
  return { texts: [...texts].sort(), breaches };
}

/** The texts of the pages alone, as the host sends their translations. */
export function collectPageTexts(): readonly string[] {
  const texts = sources("webview").flatMap(
    (file) => readTexts(file, readFileSync(join(root, file), "utf8"), false).texts,
  );
  return [...new Set(texts)].sort();
}

/** The bundle as it is written: each English text as its own translation. */
export function bundleText(texts: readonly string[]): string {
  return `${JSON.stringify(Object.fromEntries(texts.map((text) => [text, text])), null, 2)}\n`;
}

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

if (import.meta.main) {
  const { texts, breaches } = collectTexts();
  const wanted = bundleText(texts);
  for (const breach of breaches) console.error(breach);
  if (breaches.length > 0) process.exitCode = 1;
  if (!process.argv.includes("--check")) {
    writeFileSync(bundleFile, wanted);
    console.log(`${texts.length} texts in l10n/bundle.l10n.json`);
  } else if (readFileSync(bundleFile, "utf8") !== wanted) {
    console.error('l10n/bundle.l10n.json is out of date: run "npm run texts" and translate what is new.');
    process.exitCode = 1;
  }
}
