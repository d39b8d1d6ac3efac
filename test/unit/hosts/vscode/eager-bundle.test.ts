import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const ENTRY = "out/eager/extension.js";

/** Sources whose code VS Code loads when it activates the extension: those of the entry and of all it imports statically. */
function eagerSources(metafile: Metafile, entry = ENTRY): readonly string[] {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    const output = metafile.outputs[file];
    if (output === undefined || seen.has(file)) return;
    seen.add(file);
    for (const imported of output.imports) {
      if (imported.kind === "import-statement" && !imported.external) visit(imported.path);
    }
  };
  visit(entry);
  return [...seen].flatMap((file) => Object.keys(metafile.outputs[file]?.inputs ?? {}));
}

describe("the bundle that activation loads", function () {
  this.timeout(30_000);
  let sources: readonly string[];
  let metafile: Metafile;

  before(async () => {
    ({ metafile } = await build({
      absWorkingDir: root,
      entryPoints: [{ out: "extension", in: "src/hosts/vscode/extension.ts" }],
      outdir: "out/eager",
      bundle: true,
      format: "esm",
      splitting: true,
      platform: "node",
      target: "node22",
      external: ["vscode"],
      metafile: true,
      write: false,
      logLevel: "silent",
    }));
    sources = eagerSources(metafile);
  });

  it("V01 holds the extension and its commands", () => {
    assert.ok(sources.includes("src/hosts/vscode/extension.ts"));
    assert.ok(sources.includes("src/hosts/vscode/commands/flow-commands.ts"));
  });

  it("V01 holds no parser, no database, no HTTP client and only the small zod", () => {
    const heavy =
      /node_modules\/(?:web-tree-sitter|@vscode\/tree-sitter-wasm|libpg-query|@electric-sql\/pglite|undici|@babel\/parser|yaml|tokenx|playwright-core)\//;
    const fullZod = /node_modules\/zod\/v4\/classic\//;
    assert.deepEqual(
      sources.filter((source) => heavy.test(source) || fullZod.test(source)),
      [],
    );
    assert.ok(
      sources.some((source) => source.includes("node_modules/zod/v4/mini/")),
      "the small zod is what validates the panel's messages",
    );
  });

  it("V01 holds nothing that reads a workspace or builds a pack", () => {
    const late =
      /^src\/(?:workspace\/(?:stacks|languages|index\/(?:extraction|source|catalog))|database|providers|execution|agent|harness|storage|records)\//;
    assert.deepEqual(
      sources.filter((source) => late.test(source)),
      [],
    );
  });

  // prove: src/hosts/vscode/chat/chat-agents.ts :: const [access, { openCompany }] = await Promise.all([this.#access, import("./company.ts")]); => const access = await this.#access;
  it("V01 the chat itself holds nothing of the agents that work together: a mode that needs them loads them", () => {
    const holding = (source: string) =>
      Object.keys(metafile.outputs).find((file) => metafile.outputs[file]?.inputs[source] !== undefined);
    const chat = holding("src/hosts/vscode/chat/chat-host.ts");
    const company = holding("src/hosts/vscode/chat/company.ts");
    assert.ok(chat && company && chat !== company);
    const held = (file: string) =>
      eagerSources(metafile, file).filter((source) => /^src\/harness\//.test(source));
    assert.deepEqual(held(chat), []);
    assert.ok(held(company).includes("src/harness/runtime.ts"));
  });
});
