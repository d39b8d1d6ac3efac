import { globSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

/** The checkout. */
export const checkout = path.resolve(import.meta.dirname, "../../..");

/**
 * Bundles test files, mocha included, into one ES module that exports `run()` for VS Code's extension host.
 * @param pattern Glob of test files relative to the checkout, such as `test/host/**\/*.ts`.
 * @param outFile Where the bundle goes, relative to the checkout, under `out/`: what lies in `dist` would ship.
 * @returns The absolute path of the bundle.
 * @throws Error when the pattern matches nothing.
 */
export async function buildHostSuite(pattern: string, outFile: string): Promise<string> {
  const files = globSync(pattern, { cwd: checkout })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => !file.endsWith(".d.ts"))
    .sort();
  if (files.length === 0) throw new Error(`No test file matches ${pattern}`);
  const entries = files.map(
    (file) => `  { file: ${JSON.stringify(file)}, load: () => import("./${file}") },`,
  );
  const target = path.resolve(checkout, outFile);
  await build({
    stdin: {
      contents: `import { runMocha } from "./test/support/host/run-mocha.ts";
export const run = () => runMocha([
${entries.join("\n")}
]);
`,
      resolveDir: checkout,
      sourcefile: "host-suite.ts",
      loader: "ts",
    },
    outfile: target,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    external: ["vscode"],
    sourcemap: "inline",
    logLevel: "warning",
    // Bundled CommonJS (mocha's own dependencies) asks for these, which a module does not have.
    banner: {
      js: `import { createRequire as createRequireOfSuite } from "node:module";
const require = createRequireOfSuite(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`,
    },
  });
  return target;
}
