import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

export const projectFolder = path.resolve(import.meta.dirname, "../../..");
const webviewFolder = path.join(projectFolder, "webview");

/** Names of the views: each folder of `webview/` with a `main.ts`. */
export async function listViews(): Promise<string[]> {
  const entries = await readdir(webviewFolder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(path.join(webviewFolder, entry.name, "main.ts")))
    .map((entry) => entry.name)
    .sort();
}

/** Bundles all views as the product does: `<folder>/webview/<view>.js` and `.css`, the font in `<folder>/assets`. */
export async function buildViews(folder: string): Promise<void> {
  const views = await listViews();
  await build({
    absWorkingDir: projectFolder,
    entryPoints: views.map((view) => ({ in: `webview/${view}/main.ts`, out: `webview/${view}` })),
    outdir: folder,
    bundle: true,
    format: "esm",
    splitting: true,
    minify: true,
    target: "chrome138",
    chunkNames: "webview/chunks/[name]-[hash]",
    assetNames: "assets/[name]",
    loader: { ".ttf": "file" },
    logLevel: "warning",
  });
}
