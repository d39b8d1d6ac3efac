import { cp, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { StudioWorkspace } from "../../../src/hosts/shared/studio-workspace.ts";
import { WorkspaceIndex } from "../../../src/workspace/index/workspace-index.ts";

const require = createRequire(import.meta.url);
const workspaces = fileURLToPath(new URL("../../workspaces", import.meta.url));

/** A folder of a test with the product's own reading of it, from source: no build is needed. */
export interface OpenedWorkspace {
  readonly folder: string;
  readonly studio: StudioWorkspace;
  close(): Promise<void>;
}

/** Opens a copy of a sample workspace, so that a test may write in it. */
export async function openSample(name: string): Promise<OpenedWorkspace> {
  const parent = await mkdtemp(join(tmpdir(), "aksara-flow-"));
  const folder = join(parent, name);
  await cp(join(workspaces, name), folder, { recursive: true });
  const opened = openFolder(folder);
  return {
    ...opened,
    close: async () => {
      await opened.close();
      await rm(parent, { recursive: true, force: true });
    },
  };
}

export function openFolder(folder: string): OpenedWorkspace {
  const roots = [{ name: basename(folder), path: folder }];
  const index = new WorkspaceIndex({
    roots,
    assets: {
      treeSitter: require.resolve("web-tree-sitter/web-tree-sitter.wasm"),
      grammars: { python: require.resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-python.wasm") },
    },
  });
  const studio = new StudioWorkspace(index, { roots, distDir: "" });
  return { folder, studio, close: () => studio.dispose() };
}
