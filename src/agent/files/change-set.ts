import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, open, rename, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AksaraError } from "../../errors.ts";
import type { FileChange, Preview } from "../../protocol/agent.ts";
import type { Blobs } from "../../storage/store.ts";
import { sha256 } from "../../workspace/hash.ts";
import { unifiedDiff } from "./unified-diff.ts";
import type { FileContent, WorkspaceFiles } from "./workspace-files.ts";

/** What a file is to become. */
export interface PlannedChange {
  readonly uri: string;
  /** As it was when the change was planned; null when there was none. */
  readonly before: FileContent | null;
  /** Null deletes it. */
  readonly after: Buffer | null;
}

type DiffPreview = Extract<Preview, { kind: "diff" }>;

export function fileChanges(planned: readonly PlannedChange[]): readonly FileChange[] {
  return planned.map(({ uri, before, after }) => ({
    uri,
    before: before?.hash ?? null,
    after: after === null ? null : sha256(after),
  }));
}

export function changesPreview(planned: readonly PlannedChange[]): DiffPreview {
  return {
    kind: "diff",
    files: planned.map(({ uri, before, after }) => ({
      uri,
      change: before === null ? "create" : after === null ? "delete" : "modify",
      diff: unifiedDiff(uri, before?.bytes.toString("utf8") ?? null, after?.toString("utf8") ?? null),
      before: before?.hash ?? null,
      after: after === null ? null : sha256(after),
    })),
  };
}

/** The same of changes whose contents are kept, so that a person can be shown them whole and choose some. */
export function divisiblePreview(planned: readonly PlannedChange[]): DiffPreview {
  return { ...changesPreview(planned), divisible: true };
}

/** Keeps what files were and will be, so that a set can be finished or taken back by anybody, also tomorrow. */
export async function keepContents(planned: readonly PlannedChange[], blobs: Blobs): Promise<void> {
  for (const { before, after } of planned) {
    if (before) await blobs.put(before.bytes, true);
    if (after) await blobs.put(after, true);
  }
}

/**
 * Makes a set of changes: all of them, or none. Every file must still be what it was when the set was planned; the
 * contents of the set are kept first.
 * @throws EDIT_CONFLICT, PATH_REFUSED, SECRET_REFUSED
 */
export async function applyChanges(
  planned: readonly PlannedChange[],
  files: WorkspaceFiles,
  blobs: Blobs,
): Promise<void> {
  for (const change of planned) await demandUnchanged(change, files);
  await keepContents(planned, blobs);
  if (files.overlay) {
    for (const { uri, after } of planned) files.holdBack(uri, after);
    return;
  }
  const done: PlannedChange[] = [];
  try {
    for (const change of planned) {
      await writeChange(change, files);
      done.push(change);
    }
  } catch (error) {
    for (const { uri, before, after } of done.reverse())
      await writeChange(
        { uri, before: await files.find(uri), after: before?.bytes ?? null, expected: after },
        files,
      );
    throw error;
  }
}

/** What became of a set whose process died in the middle: what is missing of it is made up for, or all is taken back. */
export async function settleChanges(
  changes: readonly FileChange[],
  files: WorkspaceFiles,
  blobs: Blobs,
): Promise<"done" | "not-run" | "unknown"> {
  const states: ("before" | "after" | "other")[] = [];
  for (const { uri, before, after } of changes) {
    const hash = (await files.find(uri))?.hash ?? null;
    states.push(hash === after ? "after" : hash === before ? "before" : "other");
  }
  if (states.every((state) => state === "after")) return "done";
  if (states.every((state) => state === "before")) return "not-run";
  if (states.includes("other")) return "unknown";
  for (const [index, { uri, after }] of changes.entries()) {
    if (states[index] === "after") continue;
    const content = after === null ? null : await blobs.get(after);
    if (after !== null && content === null) return "unknown";
    await writeChange(
      { uri, before: await files.find(uri), after: content === null ? null : Buffer.from(content) },
      files,
    );
  }
  return "done";
}

async function demandUnchanged({ uri, before }: PlannedChange, files: WorkspaceFiles): Promise<void> {
  const now = await files.find(uri);
  if ((now?.hash ?? null) === (before?.hash ?? null)) return;
  throw new AksaraError("EDIT_CONFLICT", `${uri} has changed meanwhile. Nothing was changed.`, {
    hint: "Read the file again.",
  });
}

interface Write extends PlannedChange {
  /** What the file must be now, when that is not `before`. */
  readonly expected?: Buffer | null;
}

/** Writes one file so that a reader sees the old content or the new, never a part. A new file never replaces one. */
async function writeChange({ uri, before, after, expected }: Write, files: WorkspaceFiles): Promise<void> {
  const place = await files.place(uri);
  if (expected !== undefined) {
    const now = await files.find(uri);
    if ((now?.hash ?? null) !== (expected === null ? null : sha256(expected)))
      throw new AksaraError("EDIT_CONFLICT", `${uri} was changed while a set of changes was taken back.`);
  }
  if (after === null) {
    await rm(place.path, { force: true });
    return;
  }
  const made = await makeFolders(dirname(place.path));
  const temporary = join(
    dirname(place.path),
    `.${basename(place.path)}.${randomBytes(6).toString("hex")}.tmp`,
  );
  try {
    const mode = before === null ? 0o666 : (await stat(place.path)).mode & 0o7777;
    const file = await open(temporary, "wx", before === null ? 0o666 : 0o600);
    try {
      await file.writeFile(after);
      await file.datasync();
    } finally {
      await file.close();
    }
    if (before !== null) await chmod(temporary, mode);
    if (before === null) {
      await link(temporary, place.path);
      await rm(temporary);
    } else await rename(temporary, place.path);
  } catch (error) {
    await rm(temporary, { force: true });
    for (const folder of made) await rmdir(folder).catch(() => undefined);
    if ((error as NodeJS.ErrnoException).code === "EEXIST")
      throw new AksaraError("EDIT_CONFLICT", `${uri} was made by somebody else meanwhile.`, { cause: error });
    throw error;
  }
}

/** Makes the folders that are missing; gives those it made, the innermost first. */
async function makeFolders(folder: string): Promise<readonly string[]> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return [];
  const made: string[] = [];
  for (let at = folder; at.length >= first.length; at = dirname(at)) made.push(at);
  return made;
}
