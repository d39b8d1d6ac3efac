import type { FolderEntry } from "./file-system.ts";

const ALWAYS: ReadonlyMap<string, string> = new Map([
  [".git", "version control"],
  [".hg", "version control"],
  [".svn", "version control"],
  ["node_modules", "dependencies"],
  ["bower_components", "dependencies"],
  ["site-packages", "dependencies"],
  [".eggs", "dependencies"],
  [".yarn", "dependencies"],
  [".pnpm-store", "dependencies"],
  [".venv", "virtual environment"],
  ["venv", "virtual environment"],
  ["__pycache__", "cache"],
  [".mypy_cache", "cache"],
  [".pytest_cache", "cache"],
  [".ruff_cache", "cache"],
  [".tox", "cache"],
  [".nox", "cache"],
  [".cache", "cache"],
  [".turbo", "cache"],
  [".next", "build output"],
  [".nuxt", "build output"],
  [".svelte-kit", "build output"],
]);

/** Names that are usually generated, or copied from elsewhere, but may as well be an application's own package. */
const UNLESS_OWN_CODE: ReadonlyMap<string, string> = new Map([
  ["dist", "build output"],
  ["build", "build output"],
  ["vendor", "dependencies"],
  ["third_party", "dependencies"],
]);

const OWN_CODE: ReadonlySet<string> = new Set(["__init__.py", "models.py", "apps.py", "urls.py"]);

/** Files that decide by being there, or by what they say, how folders are read. */
const DECISIVE: ReadonlySet<string> = new Set(["pyvenv.cfg", ".gitignore", ".aksaraignore"]);

/** Whether a change of a file can change which folders are read. */
export function isDecisive(name: string, folder: string | undefined): boolean {
  return DECISIVE.has(name) || (folder !== undefined && UNLESS_OWN_CODE.has(folder) && OWN_CODE.has(name));
}

/** Why a folder is not entered because of its name; null to look inside. */
export function reasonToSkipByName(name: string): string | null {
  return ALWAYS.get(name) ?? (name.endsWith(".egg-info") ? "build output" : null);
}

/** Why a folder is not entered because of what is in it; null when it is to be read. */
export function reasonToSkipByContent(name: string, entries: readonly FolderEntry[]): string | null {
  if (entries.some((entry) => entry.name === "pyvenv.cfg")) return "virtual environment";
  const reason = UNLESS_OWN_CODE.get(name);
  return reason === undefined || entries.some((entry) => OWN_CODE.has(entry.name)) ? null : reason;
}
