import { realpath } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { AksaraError } from "../../errors.ts";
import type { EvalArtifact } from "../../harness/evals/artifact.ts";
import { readArtifact } from "../../harness/evals/baseline.ts";
import { type EvalFile, parseEvalFile } from "../../harness/evals/eval-file.ts";
import type { WorkspaceRoot } from "../../workspace/index/workspace-index.ts";
import { isWithin } from "../../workspace/is-within.ts";
import { namesIn, readPlainFile } from "./plain-files.ts";

/** Where evals of a workspace lie, from its folder. */
export const EVAL_FOLDER = ".aksara/evals";
export const EVAL_ENDINGS: readonly string[] = [".json", ".yaml", ".yml"];
/** Megabytes: recordings hold what models said. */
const LARGEST_FILE = 16;

/** The eval files of all roots. */
export async function readEvalFiles(roots: readonly WorkspaceRoot[]): Promise<readonly EvalFile[]> {
  const files: EvalFile[] = [];
  for (const root of roots)
    for (const name of await namesIn(join(root.path, EVAL_FOLDER), EVAL_ENDINGS)) {
      const uri = `${roots.length > 1 ? `${root.name}/` : ""}${EVAL_FOLDER}/${name}`;
      files.push(await evalFileAt(join(root.path, EVAL_FOLDER, name), uri));
    }
  return files;
}

/** One file that somebody names. @throws CONTEXT_NOT_FOUND */
export async function readEvalFile(path: string): Promise<EvalFile> {
  return await evalFileAt(resolve(path), path);
}

async function evalFileAt(path: string, uri: string): Promise<EvalFile> {
  const read = await readPlainFile(path, LARGEST_FILE);
  if (read === null)
    throw new AksaraError("CONTEXT_NOT_FOUND", `There is no eval ${uri}.`, {
      hint: `Evals of a workspace lie in ${EVAL_FOLDER}.`,
    });
  if (read.text === null)
    return { uri, request: null, lines: [], problems: [{ uri, line: 0, message: read.why }] };
  return await parseEvalFile(uri, read.text);
}

/** The baseline that an eval names, in the folder of its workspace; null when it names none. @throws EVAL_REQUEST_INVALID */
export async function baselineOf(
  { request, uri }: EvalFile,
  roots: readonly WorkspaceRoot[],
): Promise<EvalArtifact | null> {
  const named = request?.baseline;
  if (named === undefined) return null;
  const root = roots.find(({ name }) => roots.length > 1 && uri.startsWith(`${name}/`)) ?? roots[0];
  const path = resolve(root?.path ?? "", named);
  if (!root || !(await isReallyWithin(path, root.path)))
    throw new AksaraError("EVAL_REQUEST_INVALID", `baseline: ${named} lies outside the workspace.`);
  return await readBaseline(path);
}

/** An artifact that was kept. @throws EVAL_REQUEST_INVALID */
export async function readBaseline(path: string): Promise<EvalArtifact> {
  const read = await readPlainFile(path, LARGEST_FILE);
  if (read?.text != null) return readArtifact(read.text, basename(path));
  throw new AksaraError(
    "EVAL_REQUEST_INVALID",
    read ? `${path}: ${read.why}` : `There is no baseline ${path}.`,
    {
      hint: "Write one with aksara eval FILE --write-baseline.",
    },
  );
}

async function isReallyWithin(path: string, root: string): Promise<boolean> {
  const real = await realpath(path).catch(() => path);
  return isWithin(real, await realpath(root));
}
