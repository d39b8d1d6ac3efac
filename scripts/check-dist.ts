/**
 * Runs the self-check of the built product from a folder of its own, where no node_modules can be found, with an
 * environment that knows nothing: `node scripts/check-dist.ts [--node <binary>]…`. Exits 1 when a part does not work.
 */
import { spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));

const { values } = parseArgs({ options: { node: { type: "string", multiple: true } } });
const folder = await mkdtemp(join(tmpdir(), "aksara-dist-"));
try {
  await cp(join(root, "dist"), join(folder, "dist"), { recursive: true });
  await cp(join(root, "package.json"), join(folder, "package.json"));
  for (const node of values.node ?? [process.execPath]) {
    if ((await runSelfCheck(node)) !== 0) process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Resolves to the exit code: 0 when every part works. */
function runSelfCheck(node: string): Promise<number> {
  const distDir = join(folder, "dist");
  const script = `
    const { runSelfCheck } = await import(${JSON.stringify(pathToFileURL(join(distDir, "self-check.js")).href)});
    console.log("Node " + process.versions.node);
    const results = await runSelfCheck({ distDir: ${JSON.stringify(distDir)} });
    for (const { ok, name, detail, ms } of results) {
      console.log((ok ? "ok   " : "FAIL ") + name.padEnd(16) + String(ms).padStart(6) + " ms  " + detail);
    }
    process.exitCode = results.length > 0 && results.every(({ ok }) => ok) ? 0 : 1;`;
  return new Promise((resolve, reject) => {
    const child = spawn(node, ["--input-type=module", "--eval", script], {
      cwd: folder,
      stdio: ["ignore", "inherit", "inherit"],
      env: { PATH: process.env.PATH },
    });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}
