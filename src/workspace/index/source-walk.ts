import { throwIfCancelled } from "../../errors.ts";
import { languageOf } from "../languages/language-of.ts";
import { isSecretFile } from "../secret-files.ts";
import { compareText } from "../source.ts";
import type { LanguageId } from "../stacks/stack.ts";
import { Breather } from "./breather.ts";
import {
  codeOf,
  type Eventually,
  type FileStat,
  type FileSystem,
  type FolderEntry,
  isMissing,
} from "./file-system.ts";
import { IgnoreRules } from "./ignore-rules.ts";
import { reasonToSkipByContent, reasonToSkipByName } from "./skipped-folders.ts";

/** Larger files are data or generated code, not declarations. */
export const MAX_FILE_BYTES = 1_000_000;

export interface WorkspaceRoot {
  /** Prefix of the uris in a workspace of several folders. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

export interface WalkedFile {
  readonly uri: string;
  readonly path: string;
  readonly language: LanguageId;
  readonly size: number;
  readonly mtimeMs: number;
  readonly changedMs: number;
}

/** A file, or with a slash at its end a folder, that was left out; `./` is the only workspace folder itself. */
export interface SkippedEntry {
  readonly uri: string;
  readonly reason: string;
}

export interface WalkResult {
  /** In bytewise order of uri. */
  readonly files: readonly WalkedFile[];
  readonly skipped: readonly SkippedEntry[];
}

/** What became of one uri: a file to read, something left out (with the uri of what was), or nothing there. */
export type Found =
  | { readonly kind: "file"; readonly file: WalkedFile }
  | { readonly kind: "skipped"; readonly entry: SkippedEntry }
  | { readonly kind: "absent" }
  /** A folder, or something in a folder that is gone: only a whole walk can tell. */
  | { readonly kind: "unclear" };

/** A folder on the way down, with the ignore files that hold in it, the nearest last. */
interface Place {
  readonly uri: string;
  readonly path: string;
  readonly ignores: readonly { readonly depth: number; readonly rules: IgnoreRules }[];
}

/**
 * Finds the source files of a workspace: deterministic, without following links, reporting what it leaves out.
 * Gives way to other work while it runs.
 */
export class SourceWalk {
  readonly #fs: FileSystem;
  readonly #roots: readonly WorkspaceRoot[];
  readonly #languages: ReadonlySet<LanguageId>;

  constructor(fileSystem: FileSystem, roots: readonly WorkspaceRoot[], languages: ReadonlySet<LanguageId>) {
    this.#fs = fileSystem;
    this.#roots = roots;
    this.#languages = languages;
  }

  /**
   * @param onFile hears of each file on the way, in no particular order
   * @throws CANCELLED
   */
  async walk(signal?: AbortSignal, onFile: (file: WalkedFile) => void = () => {}): Promise<WalkResult> {
    const files: WalkedFile[] = [];
    const skipped: SkippedEntry[] = [];
    const breather = new Breather(signal);
    for (const root of this.#roots) {
      const stack: Place[] = [{ uri: this.#prefixOf(root), path: root.path, ignores: [] }];
      for (let place = stack.pop(); place; place = stack.pop()) {
        if (breather.isDue()) await breather.pause();
        throwIfCancelled(signal);
        const entered = await this.#enter(place, place.path === root.path);
        if ("reason" in entered) {
          // A folder that was listed and is gone now was deleted meanwhile.
          if (entered.reason !== "missing" || place.path === root.path) {
            skipped.push({ uri: place.uri || "./", reason: entered.reason });
          }
          continue;
        }
        for (const entry of entered.entries) {
          const looked = this.#look(entered.place, entry);
          // To wait for what is there already takes as long as looking.
          const found = looked instanceof Promise ? await looked : looked;
          if (found === null) continue;
          if ("ignores" in found) stack.push(found);
          else if ("reason" in found) skipped.push(found);
          else {
            files.push(found);
            onFile(found);
          }
        }
      }
    }
    files.sort((a, b) => compareText(a.uri, b.uri));
    skipped.sort((a, b) => compareText(a.uri, b.uri));
    return { files, skipped };
  }

  /** Looks at one uri as `walk` would. */
  async find(uri: string): Promise<Found> {
    const root = this.#roots.find((candidate) => uri.startsWith(this.#prefixOf(candidate)));
    if (!root) return { kind: "absent" };
    const names = uri.slice(this.#prefixOf(root).length).split("/");
    let place: Place = { uri: this.#prefixOf(root), path: root.path, ignores: [] };
    for (const [at, name] of names.entries()) {
      const entered = await this.#enter(place, at === 0);
      if ("reason" in entered) {
        if (entered.reason === "missing") return { kind: "unclear" };
        return { kind: "skipped", entry: { uri: place.uri || "./", reason: entered.reason } };
      }
      const isLast = at === names.length - 1;
      const entry = entered.entries.find((candidate) => candidate.name === name);
      const found = entry ? await this.#look(entered.place, entry) : null;
      if (found === null) return { kind: isLast ? "absent" : "unclear" };
      if ("reason" in found) return { kind: "skipped", entry: found };
      if (!("ignores" in found)) return isLast ? { kind: "file", file: found } : { kind: "unclear" };
      place = found;
    }
    return { kind: "unclear" };
  }

  /** Prefix of the uris of a folder: "" for the only one. */
  #prefixOf(root: WorkspaceRoot): string {
    return this.#roots.length > 1 ? `${root.name}/` : "";
  }

  async #enter(
    place: Place,
    isRoot: boolean,
  ): Promise<
    { readonly entries: readonly FolderEntry[]; readonly place: Place } | { readonly reason: string }
  > {
    let entries: readonly FolderEntry[];
    try {
      entries = await this.#fs.list(place.path);
    } catch (error) {
      return { reason: isMissing(error) ? "missing" : `unreadable (${codeOf(error)})` };
    }
    if (!isRoot) {
      const name = place.uri.slice(place.uri.lastIndexOf("/", place.uri.length - 2) + 1, -1);
      const reason = reasonToSkipByContent(name, entries);
      if (reason !== null) return { reason };
    }
    const ignores = [...place.ignores];
    for (const name of [".gitignore", ".aksaraignore"]) {
      if (!entries.some((entry) => entry.name === name && entry.kind === "file")) continue;
      try {
        const bytes = await this.#fs.readBytes(this.#fs.join(place.path, name));
        ignores.push({ depth: place.uri.length, rules: new IgnoreRules(new TextDecoder().decode(bytes)) });
      } catch (error) {
        // What it protects is not known, so nothing here is read.
        if (!isMissing(error)) return { reason: `unreadable ${name} (${codeOf(error)})` };
      }
    }
    return { entries, place: ignores.length === place.ignores.length ? place : { ...place, ignores } };
  }

  #look(place: Place, entry: FolderEntry): Eventually<Place | SkippedEntry | WalkedFile | null> {
    const path = this.#fs.join(place.path, entry.name);
    const uri = place.uri + entry.name;
    if (entry.isSymlink) return this.#lookAtLink(uri, path, entry.name);
    if (entry.kind === "folder") {
      const folder = `${uri}/`;
      const reason = reasonToSkipByName(entry.name) ?? this.#otherRootAt(path) ?? ignoredBy(place, uri, true);
      return reason === null ? { uri: folder, path, ignores: place.ignores } : { uri: folder, reason };
    }
    if (entry.kind !== "file") return null;
    if (isSecretFile(entry.name)) return { uri, reason: "secret" };
    const language = this.#languageOf(entry.name);
    if (language === null) return null;
    const ignored = ignoredBy(place, uri, false);
    if (ignored !== null) return { uri, reason: ignored };
    const known = ({ size, mtimeMs, changedMs }: FileStat): SkippedEntry | WalkedFile =>
      size > MAX_FILE_BYTES
        ? { uri, reason: "too large" }
        : { uri, path, language, size, mtimeMs, changedMs };
    const refused = (error: unknown): SkippedEntry | null =>
      isMissing(error) ? null : { uri, reason: `unreadable (${codeOf(error)})` };
    try {
      const stat = this.#fs.stat(path);
      return stat instanceof Promise ? stat.then(known, refused) : known(stat);
    } catch (error) {
      return refused(error);
    }
  }

  /** What a link inside of the workspace leads to is read where it is, once; what is outside is not ours to read. */
  async #lookAtLink(uri: string, path: string, name: string): Promise<SkippedEntry | null> {
    let target: string;
    let isFolder: boolean;
    try {
      target = await this.#fs.realPath(path);
      isFolder = (await this.#fs.stat(path)).kind === "folder";
    } catch (error) {
      return this.#languageOf(name) === null ? null : { uri, reason: `broken link (${codeOf(error)})` };
    }
    if (!isFolder && this.#languageOf(name) === null) return null;
    const inside = await this.#isInside(target);
    return { uri: isFolder ? `${uri}/` : uri, reason: inside ? "link" : "link out of the workspace" };
  }

  async #isInside(path: string): Promise<boolean> {
    for (const root of this.#roots) {
      const real = await this.#fs.realPath(root.path);
      if (path === real || path.startsWith(this.#fs.join(real, "x").slice(0, -1))) return true;
    }
    return false;
  }

  #otherRootAt(path: string): string | null {
    return this.#roots.some((root) => root.path === path) ? "another workspace folder" : null;
  }

  #languageOf(name: string): LanguageId | null {
    const language = languageOf(name);
    return language !== null && this.#languages.has(language) ? language : null;
  }
}

function ignoredBy(place: Place, uri: string, isFolder: boolean): string | null {
  for (let at = place.ignores.length - 1; at >= 0; at--) {
    const file = place.ignores[at];
    const decision = file?.rules.decide(uri.slice(file.depth), isFolder) ?? null;
    if (decision !== null) return decision ? "ignored" : null;
  }
  return null;
}
