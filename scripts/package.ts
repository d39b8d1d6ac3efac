/** Builds for production and packs dist/ into aksara-studio.vsix; prints what is in it. */
import { execFile, spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const LARGEST_MB = 14;

export const PACKAGE_FILE = join(root, "aksara-studio.vsix");

await run([join(root, "esbuild.mjs"), "--production", "--meta"]);
await run([join(root, "scripts/third-party-notices.ts")]);
const vsce = join(root, "node_modules/@vscode/vsce/vsce");
await promisify(execFile)(process.execPath, [vsce, "package", "--no-dependencies", "--out", PACKAGE_FILE], {
  cwd: root,
}).catch((error: { stdout?: string; stderr?: string }) => {
  console.error(`${error.stdout ?? ""}${error.stderr ?? ""}`);
  process.exit(1);
});
const megabytes = (await stat(PACKAGE_FILE)).size / 1024 / 1024;
console.log(`aksara-studio.vsix: ${megabytes.toFixed(2)} MB; ${LARGEST_MB} MB are allowed.`);
if (megabytes > LARGEST_MB) process.exitCode = 1;

function run(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${args[0]} ended with ${code}`)),
    );
  });
}
