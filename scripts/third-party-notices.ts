/**
 * Writes dist/ThirdPartyNotices.txt: every package whose code or files the product carries, with its licence text.
 * Fails when a licence is not one that we may ship under.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ALLOWED = [
  /^MIT$/,
  /^Apache-2\.0$/,
  /^BSD-[23]-Clause$/,
  /^ISC$/,
  /^0BSD$/,
  // The icons' font; its terms ask for attribution, which this file and the README give.
  /^CC-BY-4\.0$/,
];

const root = fileURLToPath(new URL("..", import.meta.url));

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text: string;
}

const names = new Set<string>([
  "@vscode/codicons",
  "@vscode/tree-sitter-wasm",
  "@electric-sql/pglite",
  "libpg-query",
]);
for (const file of ["out/meta.json", "out/meta-pages.json"]) {
  const { inputs } = JSON.parse(readFileSync(join(root, file), "utf8")) as {
    inputs: Record<string, unknown>;
  };
  for (const input of Object.keys(inputs)) {
    const name = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(input)?.[1];
    if (name) names.add(name);
  }
}

const packages = [...names].sort().map(read);
const refused = packages.filter(({ license }) => !isAllowed(license));
for (const { name, license } of refused)
  console.error(`${name}: the licence "${license}" is not one we ship under.`);
if (refused.length > 0) process.exitCode = 1;
const body = packages.map(
  ({ name, version, license, text }) =>
    `${"=".repeat(78)}\n${name} ${version} (${license})\n${"=".repeat(78)}\n\n${text.trim()}\n`,
);
writeFileSync(
  join(root, "dist/ThirdPartyNotices.txt"),
  `Aksara Studio carries the following packages.\n\n${body.join("\n")}`,
);
console.log(`dist/ThirdPartyNotices.txt: ${packages.length} packages.`);

function read(name: string): Package {
  const folder = join(root, "node_modules", name);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    version: string;
    license?: string;
  };
  const file = readdirSync(folder).find((entry) => /^(?:licen[cs]e|copying)/i.test(entry));
  const text =
    file && existsSync(join(folder, file))
      ? readFileSync(join(folder, file), "utf8")
      : `Licence: ${manifest.license ?? "not stated"}`;
  return { name, version: manifest.version, license: manifest.license ?? "not stated", text };
}

/** Of several to choose from, one that is allowed is enough. */
function isAllowed(license: string): boolean {
  return license
    .replace(/[()]/g, "")
    .split(/\s+OR\s+/)
    .some((choice) => ALLOWED.some((allowed) => allowed.test(choice.trim())));
}
