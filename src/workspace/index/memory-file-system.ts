import type { FileStat, FileSystem, FolderEntry } from "./file-system.ts";

type Node =
  | { readonly kind: "file"; readonly bytes: Uint8Array; readonly mtimeMs: number }
  | { readonly kind: "folder"; readonly mtimeMs: number }
  | { readonly kind: "link"; readonly target: string; readonly mtimeMs: number };

const MAX_LINKS = 40;

/** A file system in memory with absolute POSIX paths, for tests and for workspaces that are not on a disk. */
export class MemoryFileSystem implements FileSystem {
  readonly isLocal = false;
  readonly #nodes = new Map<string, Node>([["/", { kind: "folder", mtimeMs: 0 }]]);
  readonly #unreadable = new Set<string>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Creates or replaces a file, and the folders above it. */
  write(path: string, content: string | Uint8Array): void {
    const real = this.#throughLinks(path);
    this.createFolder(parentOf(real));
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    this.#nodes.set(real, { kind: "file", bytes, mtimeMs: this.#now() });
  }

  createFolder(path: string): void {
    if (this.#nodes.has(path)) return;
    this.createFolder(parentOf(path));
    this.#nodes.set(path, { kind: "folder", mtimeMs: this.#now() });
  }

  link(path: string, target: string): void {
    this.createFolder(parentOf(path));
    this.#nodes.set(path, { kind: "link", target, mtimeMs: this.#now() });
  }

  /** Removes a file, a link or a folder with all that is in it. */
  remove(path: string): void {
    for (const key of [...this.#nodes.keys()]) if (isWithin(key, path)) this.#nodes.delete(key);
  }

  rename(from: string, to: string): void {
    this.createFolder(parentOf(to));
    for (const [key, node] of [...this.#nodes]) {
      if (!isWithin(key, from)) continue;
      this.#nodes.delete(key);
      this.#nodes.set(to + key.slice(from.length), node);
    }
  }

  /** Makes a file or folder fail with EACCES, as one without permission does. */
  forbid(path: string): void {
    this.#unreadable.add(path);
  }

  list(folder: string): readonly FolderEntry[] {
    const real = this.realPath(folder);
    this.#require(real, "folder");
    const prefix = real === "/" ? "/" : `${real}/`;
    const entries: FolderEntry[] = [];
    for (const [path, node] of this.#nodes) {
      if (path === "/" || !path.startsWith(prefix) || path.indexOf("/", prefix.length) !== -1) continue;
      const isSymlink = node.kind === "link";
      entries.push({
        name: path.slice(prefix.length),
        kind: node.kind === "link" ? "other" : node.kind,
        isSymlink,
      });
    }
    return entries;
  }

  stat(path: string): FileStat {
    const own = this.#nodes.get(this.#join(this.realPath(parentOf(path)), nameOf(path)));
    const target = this.#nodes.get(this.realPath(path));
    if (!own || !target || target.kind === "link") throw failure("ENOENT", path);
    const { mtimeMs } = target;
    const size = target.kind === "file" ? target.bytes.length : 0;
    return { size, mtimeMs, changedMs: mtimeMs, kind: target.kind, isSymlink: own.kind === "link" };
  }

  readBytes(path: string): Uint8Array {
    const node = this.#require(this.realPath(path), "file");
    return node.kind === "file" ? node.bytes : new Uint8Array();
  }

  realPath(path: string): string {
    const real = this.#throughLinks(path);
    if (!this.#nodes.has(real)) throw failure("ENOENT", path);
    return real;
  }

  join(folder: string, ...names: readonly string[]): string {
    return names.reduce((path, name) => this.#join(path, name), folder);
  }

  #join(folder: string, name: string): string {
    return folder === "/" ? `/${name}` : `${folder}/${name}`;
  }

  #require(path: string, kind: "file" | "folder"): Node {
    const node = this.#nodes.get(path);
    if (!node) throw failure("ENOENT", path);
    if (this.#unreadable.has(path)) throw failure("EACCES", path);
    if (node.kind !== kind) throw failure(kind === "folder" ? "ENOTDIR" : "EISDIR", path);
    return node;
  }

  /** The path with links resolved as far as there is something. */
  #throughLinks(path: string): string {
    let rest = path.split("/").filter((part) => part !== "");
    let real = "";
    let links = 0;
    for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
      if (name === ".") continue;
      if (name === "..") {
        real = real.slice(0, Math.max(0, real.lastIndexOf("/")));
        continue;
      }
      const node = this.#nodes.get(`${real}/${name}`);
      if (node?.kind !== "link") {
        real = `${real}/${name}`;
        continue;
      }
      if (++links > MAX_LINKS) throw failure("ELOOP", path);
      if (node.target.startsWith("/")) real = "";
      rest = [...node.target.split("/").filter((part) => part !== ""), ...rest];
    }
    return real === "" ? "/" : real;
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function parentOf(path: string): string {
  const at = path.lastIndexOf("/");
  return at <= 0 ? "/" : path.slice(0, at);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
