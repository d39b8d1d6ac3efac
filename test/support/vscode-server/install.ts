import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import {
  type NodePackage,
  nodePackage,
  type Release,
  type ReleaseName,
  releases,
  watcherBinary,
} from "./release.ts";

/** A VS Code that lies ready in the cache folder. All paths are absolute. */
export interface InstalledServer {
  readonly name: ReleaseName;
  /** Major and minor version of VS Code, such as "1.139". */
  readonly vscode: string;
  /** The Node executable that must run it. */
  readonly node: string;
  /** VS Code's own server script. */
  readonly serverMain: string;
  readonly themes: Release["themes"];
}

/** Written last, so that a folder that carries it is complete. */
const marker = "installed.json";

/** The checkout's cache folder, the same that test-electron uses; git ignores it. */
export const cacheFolder = path.resolve(import.meta.dirname, "../../../.vscode-test");

/**
 * Puts a VS Code release into the cache folder, unless it is there already. It is built in a temporary folder and
 * moved when complete, so an interrupted run leaves nothing that looks installed. Uses `npm` as the user set it up.
 * @throws Error with the end of npm's output when an installation fails.
 */
export async function installServer(
  name: ReleaseName,
  options: { readonly cache?: string; readonly log?: (line: string) => void } = {},
): Promise<InstalledServer> {
  const release = releases[name];
  const cache = options.cache ?? cacheFolder;
  const target = path.join(cache, `server-${release.codeServer}`);
  if (await isComplete(target, release)) return describe(target, release);

  options.log?.(`Installing VS Code ${release.vscode} from npm (once, about half a minute) …`);
  await mkdir(cache, { recursive: true });
  await removeAbandoned(cache);
  const building = await mkdtemp(path.join(cache, "building-"));
  try {
    await build(building, release);
    await rm(target, { recursive: true, force: true });
    await rename(building, target);
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    // Two runs may have built at once; the one that came second takes the result of the first.
    if (!(await isComplete(target, release))) throw error;
  }
  return describe(target, release);
}

/** Removes what killed installations left; one that began within the last hour may still be going on. */
async function removeAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const folder = path.join(cache, name);
    if (!name.startsWith("building-") || (await stat(folder)).mtimeMs > Date.now() - 3_600_000) continue;
    await rm(folder, { recursive: true, force: true });
  }
}

async function build(folder: string, release: Release): Promise<void> {
  const packages = [`code-server@${release.codeServer}`];
  const own = ownNode(release);
  if (own !== undefined) packages.push(`${own.name}@${own.version}`);
  await writeFile(path.join(folder, "package.json"), '{ "private": true }\n');
  await npm(folder, ["install", ...packages, "--ignore-scripts"]);

  const server = path.join(folder, "node_modules/code-server/lib/vscode");
  await setDependencies(path.join(server, "package.json"), {
    "@parcel/watcher": release.watcher,
    [watcherBinary()]: release.watcher,
  });
  // The shrinkwrap is out of step with its own package.json, so that `npm ci` fails and git sources come back.
  await rm(path.join(server, "npm-shrinkwrap.json"), { force: true });
  const omitted = release.optionalDependencies ? ["--omit=dev"] : ["--omit=dev", "--omit=optional"];
  await npm(server, ["install", "--no-save", "--ignore-scripts", ...omitted]);

  const { node, serverMain } = describe(folder, release);
  for (const file of [node, serverMain]) {
    if (!existsSync(file)) throw new Error(`npm installed code-server without ${file}`);
  }
  await writeFile(path.join(folder, marker), `${JSON.stringify(identity(release))}\n`);
}

function describe(folder: string, release: Release): InstalledServer {
  const modules = path.join(folder, "node_modules");
  const executable = process.platform === "win32" ? "node.exe" : "node";
  const own = ownNode(release);
  return {
    name: release.name,
    vscode: release.vscode,
    node: own === undefined ? process.execPath : path.join(modules, own.name, "bin", executable),
    themes: release.themes,
    serverMain: path.join(modules, "code-server/lib/vscode/out/server-main.js"),
  };
}

function ownNode(release: Release): NodePackage | undefined {
  return release.node === null ? undefined : nodePackage(release.node, process.platform, process.arch);
}

async function isComplete(folder: string, release: Release): Promise<boolean> {
  const file = path.join(folder, marker);
  return existsSync(file) && (await readFile(file, "utf8")).trim() === JSON.stringify(identity(release));
}

/** The platform belongs to it: a checkout may be shared between a machine and a container. */
function identity(release: Release): object {
  const { codeServer, node, watcher, optionalDependencies } = release;
  return { codeServer, node, watcher, optionalDependencies, platform: process.platform, arch: process.arch };
}

async function setDependencies(file: string, versions: Readonly<Record<string, string>>): Promise<void> {
  const manifest = JSON.parse(await readFile(file, "utf8")) as { dependencies: Record<string, string> };
  Object.assign(manifest.dependencies, versions);
  await writeFile(file, `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Runs npm in a folder. The npm that started this process is preferred, since `npm` may be missing from PATH. */
function npm(folder: string, args: readonly string[]): Promise<void> {
  const own = process.env.npm_execpath;
  const quiet = [...args, "--prefix", folder, "--no-audit", "--no-fund", "--loglevel=error"];
  const [command, all] = own?.endsWith("npm-cli.js")
    ? [process.execPath, [own, ...quiet]]
    : [process.platform === "win32" ? "npm.cmd" : "npm", quiet];
  return new Promise((resolve, reject) => {
    const child = spawn(command, all, {
      cwd: folder,
      shell: command === "npm.cmd",
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-4000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`npm ${args.join(" ")} ended with ${code}:\n${output}`)),
    );
  });
}
