import { join } from "node:path";
import { AksaraError } from "../../errors.ts";
import type { Catalog } from "../../workspace/catalog.ts";
import { overlayFileSystem } from "../../workspace/index/overlay-file-system.ts";
import { WorkspaceIndex, type WorkspaceRoot } from "../../workspace/index/workspace-index.ts";
import { assetPaths } from "./asset-paths.ts";

/** The catalog as it would be with files of these contents, by uri. Nothing is written or kept. */
export async function catalogWith(
  files: ReadonlyMap<string, string>,
  { roots, distDir }: { readonly roots: readonly WorkspaceRoot[]; readonly distDir: string },
  signal: AbortSignal,
): Promise<Catalog> {
  const contents = new Map([...files].map(([uri, text]) => [pathOf(uri, roots), Buffer.from(text)]));
  const index = new WorkspaceIndex({
    roots,
    assets: assetPaths(distDir),
    fileSystem: overlayFileSystem(contents),
    workerUrl: null,
    threadUrl: null,
    stateFolder: null,
  });
  try {
    return await index.catalog({ signal });
  } finally {
    await index.dispose();
  }
}

function pathOf(uri: string, roots: readonly WorkspaceRoot[]): string {
  const [only] = roots;
  if (only && roots.length === 1) return join(only.path, uri);
  const root = roots.find(({ name }) => uri.startsWith(`${name}/`));
  if (root) return join(root.path, uri.slice(root.name.length + 1));
  throw new AksaraError("PATH_REFUSED", `${uri} is in no folder of the workspace.`);
}
