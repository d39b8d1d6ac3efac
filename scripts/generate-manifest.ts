/** Writes the generated parts of package.json and package.nls.json. With --check it only compares. */
import { readFileSync, writeFileSync } from "node:fs";
import { manifest } from "../src/hosts/vscode/manifest/contributes.ts";

const packageUrl = new URL("../package.json", import.meta.url);
const textsUrl = new URL("../package.nls.json", import.meta.url);

const { contributes, activationEvents, texts } = manifest();
const current = JSON.parse(readFileSync(packageUrl, "utf8"));
const wanted = new Map<URL, string>([
  [packageUrl, `${JSON.stringify({ ...current, activationEvents, contributes }, null, 2)}\n`],
  [textsUrl, `${JSON.stringify(texts, null, 2)}\n`],
]);

let drift = false;
for (const [url, text] of wanted) {
  if (readOrEmpty(url) === text) continue;
  drift = true;
  if (!process.argv.includes("--check")) writeFileSync(url, text);
}
if (drift && process.argv.includes("--check")) {
  console.error('package.json or package.nls.json is out of date: run "npm run manifest".');
  process.exitCode = 1;
}

function readOrEmpty(url: URL): string {
  try {
    return readFileSync(url, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
