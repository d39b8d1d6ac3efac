// The build of the product: `node esbuild.mjs [--production] [--watch] [--meta]`. Everything goes to dist/.

import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build, context } from "esbuild";
import { LAB_EXTENSIONS } from "./src/database/lab/lab-extensions.ts";
import { TEMPLATE_FILE } from "./src/database/lab/template-file.ts";

const root = dirname(fileURLToPath(import.meta.url));
const production = process.argv.includes("--production");
const watch = process.argv.includes("--watch");

/** Kilobytes that the extension may load at activation: its entry and all it imports statically. */
const EAGER_BUDGET = 250;

// Bundled CommonJS dependencies call `require` and read `__filename`; an ES module has neither.
const banner = [
  'import { createRequire as __createRequire } from "node:module";',
  'import { fileURLToPath as __fileURLToPath } from "node:url";',
  "const require = __createRequire(import.meta.url);",
  "const __filename = __fileURLToPath(import.meta.url);",
  'const __dirname = __fileURLToPath(new URL(".", import.meta.url));',
].join("");

/** Entry points on Node: output below dist/ → source. */
const NODE_ENTRIES = {
  extension: "src/hosts/vscode/extension.ts",
  cli: "src/hosts/cli/main.ts",
  index: "src/index.ts",
  "workers/extraction": "src/workspace/index/extraction-worker.ts",
  "workers/index": "src/workspace/index/index-worker.ts",
  "workers/sqlite": "src/storage/sqlite-worker.ts",
  "children/lab": "src/database/lab/lab-child.ts",
  "children/tool-file": "src/agent/tool-files/tool-file-child.ts",
  "self-check": "src/hosts/self-check.ts",
};

const PGLITE = "node_modules/@electric-sql/pglite/dist";

/** Files that are read at run time: output below dist/assets/ → source. */
const ASSETS = {
  "web-tree-sitter.wasm": "node_modules/web-tree-sitter/web-tree-sitter.wasm",
  "tree-sitter-python.wasm": "node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter-python.wasm",
  "libpg-query.wasm": "node_modules/libpg-query/wasm/libpg-query.wasm",
  "pglite/pglite.wasm": `${PGLITE}/pglite.wasm`,
  "pglite/pglite.data": `${PGLITE}/pglite.data`,
  "pglite/initdb.wasm": `${PGLITE}/initdb.wasm`,
  ...Object.fromEntries(LAB_EXTENSIONS.map((name) => [`pglite/${name}.tar.gz`, `${PGLITE}/${name}.tar.gz`])),
};

/** @type {import("esbuild").BuildOptions} */
const shared = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  splitting: true,
  minify: production,
  sourcemap: production ? false : "linked",
  metafile: true,
  logLevel: "warning",
  outdir: "dist",
};

/** @type {import("esbuild").BuildOptions} */
const node = {
  ...shared,
  entryPoints: Object.entries(NODE_ENTRIES).map(([out, source]) => ({ out, in: source })),
  platform: "node",
  target: "node22",
  external: ["vscode"],
  // Its build for Node is CommonJS, and an import() of that has no named exports once it is bundled.
  alias: { yaml: join(root, "node_modules/yaml/browser/index.js") },
  chunkNames: "chunks/[name]-[hash]",
  banner: { js: banner },
};

/** @type {import("esbuild").BuildOptions} */
const pages = {
  ...shared,
  entryPoints: readdirSync(join(root, "webview"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, "webview", entry.name, "main.ts")))
    .map((entry) => ({ out: `webview/${entry.name}`, in: `webview/${entry.name}/main.ts` })),
  platform: "browser",
  target: "chrome138",
  chunkNames: "webview/chunks/[name]-[hash]",
  assetNames: "assets/[name]",
  loader: { ".ttf": "file" },
};

async function copyAssets() {
  for (const [out, source] of Object.entries(ASSETS)) {
    const target = join(root, "dist/assets", out);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(root, source), target);
  }
  // In a process of its own: the engine that makes it keeps half a gigabyte until the end.
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, "scripts/lab-template.ts")]);
  await cp(stdout.trim(), join(root, "dist/assets/pglite", TEMPLATE_FILE));
}

/** Bytes of an output and of everything it imports statically. */
function eagerBytes(metafile, entry) {
  const seen = new Set();
  const visit = (file) => {
    if (seen.has(file) || !metafile.outputs[file]) return;
    seen.add(file);
    for (const imported of metafile.outputs[file].imports) {
      if (imported.kind === "import-statement" && !imported.external) visit(imported.path);
    }
  };
  visit(entry);
  return [...seen].reduce((sum, file) => sum + metafile.outputs[file].bytes, 0);
}

/** Prints each file that is not a chunk, and the chunks together: as it is, and packed as in the .vsix. */
async function report(files) {
  let chunks = { count: 0, bytes: 0, packed: 0 };
  let total = 0;
  for (const file of files) {
    const content = await readFile(join(root, file));
    const packed = gzipSync(content, { level: 9 }).length;
    total += packed;
    if (file.includes("chunks/")) {
      chunks = {
        count: chunks.count + 1,
        bytes: chunks.bytes + content.length,
        packed: chunks.packed + packed,
      };
    } else {
      console.log(`${file.padEnd(36)} ${kilobytes(content.length)} ${kilobytes(packed)} packed`);
    }
  }
  const name = `${chunks.count} chunks`.padEnd(36);
  console.log(`${name} ${kilobytes(chunks.bytes)} ${kilobytes(chunks.packed)} packed`);
  console.log(`${"all".padEnd(48)} ${kilobytes(total)} packed`);
}

function kilobytes(bytes) {
  return `${(bytes / 1024).toFixed(1)} KB`.padStart(11);
}

if (watch) {
  await copyAssets();
  const contexts = await Promise.all([context(node), context(pages)]);
  await Promise.all(contexts.map((each) => each.watch()));
  console.log("Watching.");
} else {
  await rm(join(root, "dist"), { recursive: true, force: true });
  const [nodeResult, pageResult] = await Promise.all([build(node), build(pages), copyAssets()]);
  await import("./scripts/write-types.ts");
  const outputs = { ...nodeResult.metafile.outputs, ...pageResult.metafile.outputs };
  await report([
    ...Object.keys(outputs).filter((file) => !file.endsWith(".map")),
    ...[...Object.keys(ASSETS), `pglite/${TEMPLATE_FILE}`].map((out) => `dist/assets/${out}`),
  ]);
  if (process.argv.includes("--meta")) {
    await mkdir(join(root, "out"), { recursive: true });
    await writeFile(join(root, "out/meta.json"), JSON.stringify(nodeResult.metafile));
    await writeFile(join(root, "out/meta-pages.json"), JSON.stringify(pageResult.metafile));
  }
  // What is not minified says nothing about the budget.
  if (production) demandEagerBudget(eagerBytes(nodeResult.metafile, "dist/extension.js") / 1024);
}

function demandEagerBudget(kilobytes) {
  console.log(
    `The extension loads ${kilobytes.toFixed(1)} KB at activation; ${EAGER_BUDGET} KB are allowed.`,
  );
  if (kilobytes <= EAGER_BUDGET) return;
  console.error("Too much: move what is not needed at activation behind a dynamic import.");
  process.exitCode = 1;
}
