import { join } from "node:path";
import { AksaraError } from "../../errors.ts";
import { defaultRuntime } from "../../harness/default-runtime/default-runtime.ts";
import { type ParsedRuntimeFile, parseRuntimeFile } from "../../harness/runtime-file.ts";
import type { RuntimeSpec } from "../../harness/spec/runtime-spec.ts";
import { sha256 } from "../../workspace/hash.ts";
import type { WorkspaceRoot } from "../../workspace/index/workspace-index.ts";
import { readPlainFile } from "./plain-files.ts";

const FILES = [".aksara/runtime.json", ".aksara/runtime.yaml", ".aksara/runtime.yml"] as const;
/** Megabytes. */
const LARGEST_FILE = 1;

export interface FoundRuntimeFile extends ParsedRuntimeFile {
  readonly uri: string;
  /** SHA-256 of its text; "" where it could not be read. */
  readonly hash: string;
}

/**
 * The runtime that a workspace describes: the file of the first root that has one; null when none has. Links are not
 * followed; nothing is written.
 */
export async function readRuntimeFile(roots: readonly WorkspaceRoot[]): Promise<FoundRuntimeFile | null> {
  for (const root of roots) {
    const found: { readonly uri: string; readonly text: string | null; readonly why: string }[] = [];
    for (const file of FILES) {
      const uri = `${roots.length > 1 ? `${root.name}/` : ""}${file}`;
      const read = await readPlainFile(join(root.path, file), LARGEST_FILE);
      if (read !== null) found.push({ uri, ...read });
    }
    const [first, second] = found;
    if (!first) continue;
    if (second) return refused(second.uri, `There is ${first.uri} already: a workspace has one runtime.`);
    if (first.text === null) return refused(first.uri, first.why);
    return { ...(await parseRuntimeFile(first.uri, first.text)), uri: first.uri, hash: sha256(first.text) };
  }
  return null;
}

/** The runtime of the workspace's own file, or the one that ships. @throws SPEC_INVALID for a file that is wrong */
export async function runtimeOfWorkspace(roots: readonly WorkspaceRoot[]): Promise<RuntimeSpec> {
  const file = await readRuntimeFile(roots);
  return file === null ? defaultRuntime() : specOf(file);
}

/** The runtime of a file. @throws SPEC_INVALID with all that is wrong with it */
export function specOf({ spec, problems }: FoundRuntimeFile): RuntimeSpec {
  if (spec) return spec;
  throw new AksaraError(
    "SPEC_INVALID",
    problems.map(({ uri, line, message }) => `${uri}:${line + 1}: ${message}`).join("\n"),
    { hint: "Correct the file, or remove it to work with the agents that ship." },
  );
}

function refused(uri: string, message: string): FoundRuntimeFile {
  return { spec: null, problems: [{ uri, line: 0, message }], uri, hash: "" };
}
