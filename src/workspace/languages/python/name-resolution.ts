import { Ledger, Memo } from "../../memo.ts";
import { compareText } from "../../source.ts";
import type { PythonImport } from "./module.ts";

/** What one file contributes to the names of the workspace. */
export interface PythonNames {
  readonly imports: readonly PythonImport[];
  /** Names that the file itself binds at its top level: classes, functions, assignments. */
  readonly defines: ReadonlySet<string>;
}

/** The imports of a file by the first part of the name that they bind, and its star imports. */
interface BoundImports {
  readonly byHead: ReadonlyMap<string, readonly PythonImport[]>;
  readonly starred: readonly PythonImport[];
}

/** An import that only one root explains, and the module that it then means. */
interface Vote {
  readonly root: string;
  readonly path: string;
}

/** What a dotted name stands for. */
export type ResolvedName =
  /** A top-level name of a file of the workspace, and what follows it: `Product.Status` → name "Product", rest ["Status"]. */
  | {
      readonly kind: "definition";
      readonly uri: string;
      readonly name: string;
      readonly rest: readonly string[];
    }
  /** A module or package of the workspace; `uri` is null for a folder whose `__init__.py` says nothing. */
  | { readonly kind: "module"; readonly path: string; readonly uri: string | null }
  /** Something outside of the workspace, with its full dotted name. */
  | { readonly kind: "external"; readonly name: string };

/**
 * Finds what a name of a Python file stands for: through imports, re-exports and star imports, to the file that
 * defines it. Import roots are not configured: they are learnt from where the imports of the workspace lead.
 */
export class PythonNameResolver {
  readonly #files: Pick<ReadonlyMap<string, PythonNames>, "get" | "has" | "keys">;
  /** Module path ("src/catalog/models") → uri, null for a folder without a known `__init__.py`. */
  readonly #modules = new Map<string, string | null>();
  /** Every dotted suffix of a module path ("catalog.models", "models") → module paths. */
  readonly #suffixes = new Map<string, string[]>();
  /** Files directly inside of a package, by the path of the package. */
  readonly #children = new Map<string, string[]>();
  /** Import roots that only explain an import of a file. */
  readonly #voted: Memo<readonly Vote[]>;
  /** Import root → number of imports that can only be explained by it. */
  readonly #votes: Memo<ReadonlyMap<string, number>>;
  /** Names that files bind at their top level; a cycle leads to nothing. */
  readonly #members: Memo<ResolvedName | null>;
  readonly #bindings: Memo<BoundImports>;
  /** Paths of modules as files name them, by file. */
  readonly #paths: Memo<string | null>;
  readonly #resolved: Memo<ResolvedName | null>;

  /** @param files what each file contributes; which files there are must not change */
  constructor(
    files: Pick<ReadonlyMap<string, PythonNames>, "get" | "has" | "keys">,
    ledger: Ledger = new Ledger(false),
  ) {
    this.#files = files;
    for (const uri of files.keys()) this.#addFile(uri);
    for (const [path] of this.#modules) this.#addSuffixes(path);
    this.#voted = new Memo(ledger, (uri) => this.#votesOf(uri));
    this.#votes = new Memo(ledger, () => this.#countVotes());
    this.#members = new Memo(
      ledger,
      (uri, name) => this.#bound(uri, name),
      () => null,
    );
    this.#bindings = new Memo(ledger, (uri) => boundImports(files.get(uri)?.imports ?? []));
    this.#paths = new Memo(ledger, (uri, name) =>
      name.startsWith(".") ? this.#relativePath(name, uri) : this.#absolutePath(name, uri),
    );
    this.#resolved = new Memo(ledger, (uri, dotted) => {
      const [head = "", ...rest] = dotted.split(".");
      const start = this.#members.get(uri, head);
      return start && this.#descend(start, rest);
    });
  }

  /** What `dotted` means where it is written in the file; null when nothing of that name is bound there. */
  resolve(uri: string, dotted: string): ResolvedName | null {
    return this.#resolved.get(uri, dotted);
  }

  /** What `dotted` means by the file's imports alone: before the file binds the name itself. */
  resolveImported(uri: string, dotted: string): ResolvedName | null {
    const [head = "", ...rest] = dotted.split(".");
    const start = this.#files.has(uri) ? this.#boundByImport(uri, head) : null;
    return start && this.#descend(start, rest);
  }

  /** What `dotted` means where the imports of a function stand before those of its file. */
  resolveWithin(uri: string, imports: readonly PythonImport[], dotted: string): ResolvedName | null {
    const [head = "", ...rest] = dotted.split(".");
    for (const item of imports) {
      const start = this.#imported(uri, item, head);
      if (start) return this.#descend(start, rest);
    }
    return this.resolve(uri, dotted);
  }

  /** The module that an absolute (`a.b`) or relative (`..b`) module name leads to from a file; null when it is external. */
  module(name: string, fromUri: string): { readonly path: string; readonly uri: string | null } | null {
    const path = this.#paths.get(fromUri, name);
    return path === null ? null : { path, uri: this.#modules.get(path) ?? null };
  }

  /** What an absolute dotted path, such as one in a setting, leads to from a file: a module, or a name in one. */
  resolvePath(dotted: string, fromUri: string): ResolvedName {
    const parts = dotted.split(".");
    for (let length = parts.length; length > 0; length--) {
      const path = this.#paths.get(fromUri, parts.slice(0, length).join("."));
      if (path === null) continue;
      const found = this.#descend(
        { kind: "module", path, uri: this.#modules.get(path) ?? null },
        parts.slice(length),
      );
      if (found) return found;
    }
    return { kind: "external", name: dotted };
  }

  /** Dotted name of a file as the rest of the workspace imports it. */
  moduleName(uri: string): string {
    const path = modulePathOf(uri);
    let best = path;
    let bestVotes = -1;
    for (const [root, votes] of this.#votes.get()) {
      if (!isInside(path, root) || votes <= bestVotes) continue;
      bestVotes = votes;
      best = root === "" ? path : path.slice(root.length + 1);
    }
    return best.replaceAll("/", ".");
  }

  #addFile(uri: string): void {
    const path = modulePathOf(uri);
    if (path !== "") this.#modules.set(path, uri);
    const children = this.#children.get(parentOf(path));
    if (children) children.push(uri);
    else this.#children.set(parentOf(path), [uri]);
    for (let folder = parentOf(path); folder !== ""; folder = parentOf(folder)) {
      if (this.#modules.has(folder)) {
        if (this.#modules.get(folder) === null) break;
        continue;
      }
      this.#modules.set(folder, null);
    }
  }

  #addSuffixes(path: string): void {
    let suffix = "";
    for (const part of path.split("/").reverse()) {
      suffix = suffix === "" ? part : `${part}.${suffix}`;
      const list = this.#suffixes.get(suffix);
      if (list) list.push(path);
      else this.#suffixes.set(suffix, [path]);
    }
  }

  #countVotes(): ReadonlyMap<string, number> {
    const votes = new Map<string, number>();
    const byPath = new Map<string, Map<string, number>>();
    for (const uri of this.#files.keys()) {
      for (const { root, path } of this.#voted.get(uri)) {
        votes.set(root, (votes.get(root) ?? 0) + 1);
        const voters = byPath.get(path) ?? new Map<string, number>();
        byPath.set(path, voters.set(root, (voters.get(root) ?? 0) + 1));
      }
    }
    for (const root of rootsByChance(byPath)) votes.delete(root);
    return votes;
  }

  #votesOf(uri: string): readonly Vote[] {
    const seen = new Set<string>();
    const voted: Vote[] = [];
    for (const { module } of this.#files.get(uri)?.imports ?? []) {
      if (module.startsWith(".") || !module.includes(".") || seen.has(module)) continue;
      seen.add(module);
      const [root, other] = this.#roots(module, uri).inside;
      if (root !== undefined && other === undefined)
        voted.push({ root, path: join(root, module.replaceAll(".", "/")) });
    }
    return voted;
  }

  /** Folders that `dotted` could be imported from, those around the importing file apart from the others. */
  #roots(dotted: string, fromUri: string): { inside: string[]; outside: string[] } {
    const inside: string[] = [];
    const outside: string[] = [];
    for (const path of this.#suffixes.get(dotted) ?? []) {
      const root = path.length === dotted.length ? "" : path.slice(0, path.length - dotted.length - 1);
      if (isInside(fromUri, root)) inside.push(root);
      else outside.push(root);
    }
    return { inside, outside };
  }

  #absolutePath(name: string, fromUri: string): string | null {
    const root = this.#chooseRoot(name, fromUri);
    return root === null ? null : join(root, name.replaceAll(".", "/"));
  }

  #chooseRoot(name: string, fromUri: string): string | null {
    const { inside, outside } = this.#roots(name, fromUri);
    const single = !name.includes(".");
    const folder = parentOf(fromUri);
    // A lone name such as `json` or `signals` next to the file is the standard library's unless the folder is a root,
    // or the importing file itself is inside of what it imports: `shop/web/flask` is not `flask` where `shop` is imported.
    const usable = (root: string) =>
      !single ||
      this.#isRoot(root) ||
      (isInside(fromUri, join(root, name)) && !this.#isBelowRoot(root)) ||
      (root === folder && !this.#isBelowRoot(folder));
    const near = inside.filter(usable);
    const far = outside.filter((root) => this.#isRoot(root));
    return this.#best(near.length > 0 ? near : far);
  }

  /** Known from imports that lead through it, or from the script that runs the project. */
  #isRoot(root: string): boolean {
    return this.#votes.get().has(root) || this.#files.has(join(root, "manage.py"));
  }

  #isBelowRoot(folder: string): boolean {
    for (let above = folder; above !== ""; ) {
      above = parentOf(above);
      if (this.#isRoot(above)) return true;
    }
    return false;
  }

  #best(roots: readonly string[]): string | null {
    const votes = this.#votes.get();
    const [first = null] = [...roots].sort(
      (a, b) => (votes.get(b) ?? 0) - (votes.get(a) ?? 0) || b.length - a.length || compareText(a, b),
    );
    return first;
  }

  #relativePath(name: string, fromUri: string): string | null {
    const dots = name.length - name.replace(/^\.+/, "").length;
    let folder = parentOf(fromUri);
    for (let up = 1; up < dots; up++) folder = parentOf(folder);
    const rest = name.slice(dots).replaceAll(".", "/");
    const path = rest === "" ? folder : join(folder, rest);
    return path === "" || this.#modules.has(path) ? path : null;
  }

  #bound(uri: string, name: string): ResolvedName | null {
    const file = this.#files.get(uri);
    if (!file) return null;
    if (file.defines.has(name)) return { kind: "definition", uri, name, rest: [] };
    return this.#boundByImport(uri, name);
  }

  #boundByImport(uri: string, name: string): ResolvedName | null {
    const { byHead, starred } = this.#bindings.get(uri);
    let external: ResolvedName | null = null;
    for (const item of byHead.get(name) ?? []) {
      const found = this.#imported(uri, item, name);
      if (found && found.kind !== "external") return found;
      external ??= found;
    }
    return external ?? this.#starred(uri, starred, name);
  }

  #imported(uri: string, item: PythonImport, name: string): ResolvedName | null {
    if (item.name !== null) {
      return item.alias === name ? this.#memberOf(item.module, item.name, uri) : null;
    }
    if (item.alias === name && item.module !== name && !item.module.startsWith(`${name}.`)) {
      return this.#moduleOrExternal(item.module, uri);
    }
    // `import a.b.c` binds `a`; the rest of the path is written out where it is used.
    const binds = item.alias === name || item.alias.startsWith(`${name}.`);
    return binds ? this.#moduleOrExternal(name, uri) : null;
  }

  #starred(uri: string, imports: readonly PythonImport[], name: string): ResolvedName | null {
    if (name.startsWith("_")) return null;
    let external: ResolvedName | null = null;
    for (const item of imports) {
      const path = this.#paths.get(uri, item.module);
      if (path === null) {
        if (!item.module.startsWith(".")) external ??= { kind: "external", name: `${item.module}.${name}` };
        continue;
      }
      const target = this.#modules.get(path);
      const found = target ? this.#members.get(target, name) : null;
      if (found) return found;
    }
    return external;
  }

  #moduleOrExternal(module: string, uri: string): ResolvedName {
    const path = this.#paths.get(uri, module);
    if (path === null) return { kind: "external", name: module };
    return { kind: "module", path, uri: this.#modules.get(path) ?? null };
  }

  #memberOf(module: string, name: string, uri: string): ResolvedName | null {
    const path = this.#paths.get(uri, module);
    if (path !== null) return this.#memberOfPath(path, name);
    return { kind: "external", name: `${module}.${name}` };
  }

  #memberOfPath(path: string, name: string): ResolvedName | null {
    const uri = this.#modules.get(path) ?? null;
    const own = uri === null ? null : this.#members.get(uri, name);
    if (own) return own;
    const child = join(path, name);
    const childUri = this.#modules.get(child);
    if (childUri !== undefined) return { kind: "module", path: child, uri: childUri };
    return uri === null ? this.#handedOn(path, name) : null;
  }

  /**
   * A package whose `__init__.py` is not among the files may hand on what its modules define: mostly it holds nothing
   * but such imports. It is believed where exactly one module of the package defines the name.
   */
  #handedOn(path: string, name: string): ResolvedName | null {
    const defining = (this.#children.get(path) ?? []).filter((uri) =>
      this.#files.get(uri)?.defines.has(name),
    );
    const [uri] = defining;
    return uri !== undefined && defining.length === 1 ? { kind: "definition", uri, name, rest: [] } : null;
  }

  #descend(start: ResolvedName, rest: readonly string[]): ResolvedName | null {
    let current: ResolvedName | null = start;
    for (const part of rest) {
      if (current === null) return null;
      if (current.kind === "module") current = this.#memberOfPath(current.path, part);
      else if (current.kind === "external") current = { kind: "external", name: `${current.name}.${part}` };
      else current = { ...current, rest: [...current.rest, part] };
    }
    return current;
  }
}

/** Sorted once a file, so that looking a name up does not walk the imports. */
function boundImports(imports: readonly PythonImport[]): BoundImports {
  const byHead = new Map<string, PythonImport[]>();
  const starred: PythonImport[] = [];
  for (const item of imports) {
    if (item.alias === "*" || item.name === "*") {
      starred.push(item);
      continue;
    }
    const dot = item.alias.indexOf(".");
    const head = dot < 0 ? item.alias : item.alias.slice(0, dot);
    const list = byHead.get(head);
    if (list) list.push(item);
    else byHead.set(head, [item]);
  }
  return { byHead, starred };
}

function modulePathOf(uri: string): string {
  const path = uri.replace(/\.pyi?$/, "");
  if (path === "__init__") return "";
  return path.endsWith("/__init__") ? path.slice(0, -"/__init__".length) : path;
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

function isInside(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

/**
 * `flask.wrappers` may be a module of `shop/web/flask` by chance: a folder is no root where what is imported through it
 * is mostly imported from further up.
 */
function rootsByChance(byPath: ReadonlyMap<string, ReadonlyMap<string, number>>): readonly string[] {
  const balance = new Map<string, number>();
  for (const voters of byPath.values()) {
    for (const [root, own] of voters) {
      let above = 0;
      for (const [other, votes] of voters) if (other !== root && isInside(root, other)) above += votes;
      balance.set(root, (balance.get(root) ?? 0) + own - above);
    }
  }
  return [...balance].flatMap(([root, rest]) => (rest < 0 ? [root] : []));
}
