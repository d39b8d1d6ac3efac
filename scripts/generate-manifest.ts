/**
 * Writes the generated parts of package.json, package.nls.json and the JSON schemas the editor checks workspace files
 * with. With --check it only compares.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { aiHubJsonSchema } from "../src/execution/hub/ai-hub.ts";
import { evalFileJsonSchema } from "../src/harness/evals/eval-file.ts";
import { runtimeFileJsonSchema } from "../src/harness/runtime-file.ts";
import { manifest } from "../src/hosts/vscode/manifest/contributes.ts";

const packageUrl = new URL("../package.json", import.meta.url);
const textsUrl = new URL("../package.nls.json", import.meta.url);
const runtimeSchemaUrl = new URL("../media/schemas/runtime.schema.json", import.meta.url);
const evalSchemaUrl = new URL("../media/schemas/eval.schema.json", import.meta.url);
const hubSchemaUrl = new URL("../media/schemas/aihub.schema.json", import.meta.url);

const { contributes, activationEvents, texts } = manifest();
const current = JSON.parse(readFileSync(packageUrl, "utf8"));
const wanted = new Map<URL, string>([
  [packageUrl, `${JSON.stringify({ ...current, activationEvents, contributes }, null, 2)}\n`],
  [textsUrl, `${JSON.stringify(texts, null, 2)}\n`],
  [runtimeSchemaUrl, `${JSON.stringify(runtimeFileJsonSchema(), null, 2)}\n`],
  [evalSchemaUrl, `${JSON.stringify(evalFileJsonSchema(), null, 2)}\n`],
  [hubSchemaUrl, `${JSON.stringify(aiHubJsonSchema(), null, 2)}\n`],
]);

let drift = false;
for (const [url, text] of wanted) {
  if (readOrEmpty(url) === text) continue;
  drift = true;
  if (process.argv.includes("--check")) continue;
  mkdirSync(new URL(".", url), { recursive: true });
  writeFileSync(url, text);
}
if (drift && process.argv.includes("--check")) {
  console.error('package.json, package.nls.json or media/schemas is out of date: run "npm run manifest".');
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
