import { join } from "node:path";
import { AksaraError } from "../../errors.ts";
import { defaultRuntime } from "../../harness/default-runtime/default-runtime.ts";
import { type ParsedRuntimeFile, parseRuntimeFile } from "../../harness/runtime-file.ts";
import type { RuntimeSpec } from "../../harness/spec/runtime-spec.ts";
import type { WorkspaceRoot } from "../../workspace/index/workspace-index.ts";
import { readPlainFile } from "./plain-files.ts";

const FILES = [".aksara/runtime.json", ".aksara/runtime.yaml", ".aksara/runtime.yml"] as const;
/** Megabytes. */
const LARGEST_FILE = 1;

/**
 * The runtime that a workspace describes: the file of the first root that has one; null when none has. Links are not
 * followed; nothing is written.
 */
export async function readRuntimeFile(roots: readonly WorkspaceRoot[]): Promise<ParsedRuntimeFile | null> {
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
    return first.text === null
      ? refused(first.uri, first.why)
      : await parseRuntimeFile(first.uri, first.text);
  }
  return null;
}

/** The runtime of the workspace's own file, or the one that ships. @throws SPEC_INVALID for a file that is wrong */
export async function runtimeOfWorkspace(roots: readonly WorkspaceRoot[]): Promise<RuntimeSpec> {
  const file = await readRuntimeFile(roots);
  if (file === null) return defaultRuntime();
  if (file.spec) return file.spec;
  throw new AksaraError(
    "SPEC_INVALID",
    file.problems.map(({ uri, line, message }) => `${uri}:${line + 1}: ${message}`).join("\n"),
    { hint: "Correct the file, or remove it to work with the agents that ship." },
  );
}

function refused(uri: string, message: string): ParsedRuntimeFile {
  return { spec: null, problems: [{ uri, line: 0, message }] };
}
