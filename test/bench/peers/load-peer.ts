import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = import.meta.dirname;

/** Brings the packages of this folder, as its lock file pins them, where they are not there yet. Needs the registry. */
export function installPeers(): void {
  const isThere = (name: string) => existsSync(join(folder, "node_modules", name, "package.json"));
  if (Object.keys(peerVersions()).every(isThere)) return;
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: folder,
    stdio: "inherit",
  });
}

/** A package of other people. Its types are not there when ours are checked: who loads it says what it takes of it. */
export async function loadPeer<Module>(name: string): Promise<Module> {
  const { resolve } = createRequire(join(folder, "package.json"));
  return (await import(pathToFileURL(resolve(name)).href)) as Module;
}

/** Versions of what this folder asks for, by name. */
export function peerVersions(): Readonly<Record<string, string>> {
  const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return dependencies;
}
