import { matchPattern, type PathMapping, type ProjectConfig } from "./project-config.ts";

export type { ProjectConfig };

const EXTENSIONS = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".d.ts"];

/** Finds the file that an import specifier means, among the files that have facts. */
export class ModuleLocator {
  readonly #files: ReadonlyMap<string, unknown>;
  readonly #configs: ReadonlyMap<string, ProjectConfig>;
  /** Folder of a package of the workspace, by its name. */
  readonly #packages = new Map<string, string>();
  readonly #located = new Map<string, string | null>();

  constructor(files: ReadonlyMap<string, unknown>, configs: ReadonlyMap<string, ProjectConfig>) {
    this.#files = files;
    this.#configs = configs;
    for (const [uri, config] of configs) {
      if (config.kind === "package" && config.name !== "") this.#packages.set(config.name, folderOf(uri));
    }
  }

  /** Null when the specifier names no file of the workspace. */
  locate(from: string, specifier: string): string | null {
    const folder = folderOf(from);
    const key = `${folder}\n${specifier}`;
    const known = this.#located.get(key);
    if (known !== undefined) return known;
    const located = this.#locate(folder, specifier);
    this.#located.set(key, located);
    return located;
  }

  #locate(folder: string, specifier: string): string | null {
    if (specifier.startsWith(".")) return this.#file(joinPath(folder, specifier));
    return this.#mapped(folder, specifier) ?? this.#inPackage(specifier);
  }

  /** `paths` and `baseUrl` of the configurations above the file, `imports` of its package.json; the nearest first. */
  #mapped(from: string, specifier: string): string | null {
    for (let folder: string | null = from; folder !== null; folder = parentOf(folder)) {
      for (const name of ["tsconfig.json", "jsconfig.json", "tsconfig.base.json", "package.json"]) {
        const mapping = this.#mappingOf(joinPath(folder, name), new Set());
        const found = mapping && this.#tryMapping(mapping, specifier);
        if (found) return found;
      }
    }
    return null;
  }

  #mappingOf(uri: string, seen: Set<string>): PathMapping | null {
    const config = this.#configs.get(uri);
    if (!config || seen.has(uri)) return null;
    seen.add(uri);
    const folder = folderOf(uri);
    if (config.kind === "package") return { folder, baseUrl: null, paths: config.imports };
    if (config.paths.length > 0 || config.baseUrl !== null) {
      const base = config.baseUrl === null ? folder : joinPath(folder, config.baseUrl);
      return { folder: base, baseUrl: config.baseUrl, paths: config.paths };
    }
    for (const parent of config.extends) {
      const path = joinPath(folder, parent);
      const inherited =
        this.#mappingOf(path, seen) ??
        this.#mappingOf(`${path}.json`, seen) ??
        this.#mappingOf(`${path}/tsconfig.json`, seen);
      if (inherited) return inherited;
    }
    return null;
  }

  #tryMapping(mapping: PathMapping, specifier: string): string | null {
    const matches = mapping.paths
      .map(([pattern, targets]) => ({ targets, pattern, rest: matchPattern(pattern, specifier) }))
      .filter((match) => match.rest !== null)
      .sort((a, b) => b.pattern.length - a.pattern.length);
    for (const { targets, rest } of matches) {
      for (const target of targets) {
        const found = this.#file(joinPath(mapping.folder, target.replace("*", rest ?? "")));
        if (found) return found;
      }
    }
    return mapping.baseUrl === null ? null : this.#file(joinPath(mapping.folder, specifier));
  }

  #inPackage(specifier: string): string | null {
    const parts = specifier.split("/");
    const length = specifier.startsWith("@") ? 2 : 1;
    const folder = this.#packages.get(parts.slice(0, length).join("/"));
    if (folder === undefined) return null;
    const rest = parts.slice(length).join("/");
    if (rest !== "") return this.#file(joinPath(folder, rest)) ?? this.#file(joinPath(folder, `src/${rest}`));
    const config = this.#configs.get(joinPath(folder, "package.json"));
    const entries = config?.kind === "package" ? config.entries : [];
    for (const entry of [...entries, "src/index", "index", "src/main", "lib/index"]) {
      const found = this.#file(joinPath(folder, entry));
      if (found) return found;
    }
    return null;
  }

  #file(path: string): string | null {
    if (this.#files.has(path)) return path;
    const withoutExtension = path.replace(/\.(?:js|jsx|mjs|cjs)$/, "");
    for (const extension of EXTENSIONS) if (this.#files.has(path + extension)) return path + extension;
    if (withoutExtension !== path) {
      for (const extension of EXTENSIONS) {
        if (this.#files.has(withoutExtension + extension)) return withoutExtension + extension;
      }
    }
    for (const extension of EXTENSIONS) {
      const index = joinPath(path, `index${extension}`);
      if (this.#files.has(index)) return index;
    }
    return null;
  }
}

export function folderOf(uri: string): string {
  return uri.slice(0, Math.max(0, uri.lastIndexOf("/")));
}

function parentOf(folder: string): string | null {
  return folder === "" ? null : folderOf(folder);
}

/** Joins workspace-relative paths; `..` beyond the workspace folder is dropped. */
export function joinPath(folder: string, path: string): string {
  const parts: string[] = folder === "" ? [] : folder.split("/");
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
