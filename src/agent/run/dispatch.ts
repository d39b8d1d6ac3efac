import { classOfCall } from "../tools/tool.ts";
import { runCall } from "./run-call.ts";
import type { RunParts } from "./run-parts.ts";
import type { CallState } from "./run-state.ts";

/** Reads that go on at once. */
const MOST_PARALLEL = 8;

/**
 * Runs the calls of one answer: reads that stand together at the same time, everything else alone and in order. Whatever
 * happens to one, the others get their results.
 * @throws the first failure that ends the run, when none is on its way any more
 */
export async function dispatch(calls: readonly CallState[], run: RunParts): Promise<void> {
  for (const group of groupsOf(calls, run)) {
    const failures: unknown[] = [];
    await inLanes(group, async (call) => {
      await runCall(call, run).catch((error: unknown) => failures.push(error));
    });
    if (failures.length > 0) throw failures[0];
  }
}

function groupsOf(calls: readonly CallState[], run: RunParts): readonly (readonly CallState[])[] {
  const groups: CallState[][] = [];
  let reads: CallState[] | null = null;
  for (const call of calls) {
    const isRead = onlyReads(call, run);
    if (isRead && reads) reads.push(call);
    else {
      const group = [call];
      groups.push(group);
      reads = isRead ? group : null;
    }
  }
  return groups;
}

function onlyReads(call: CallState, run: RunParts): boolean {
  const tool = run.tools.find(({ name }) => name === call.tool);
  if (tool?.class !== "read") return false;
  if (!tool.classOf) return true;
  const parsed = tool.input.safeParse(call.input);
  return parsed.success && classOfCall(tool, parsed.data) === "read";
}

async function inLanes(calls: readonly CallState[], work: (call: CallState) => Promise<void>): Promise<void> {
  const [only] = calls;
  if (only && calls.length === 1) return await work(only);
  let next = 0;
  const lane = async () => {
    for (let call = calls[next++]; call; call = calls[next++]) await work(call);
  };
  await Promise.all(Array.from({ length: Math.min(MOST_PARALLEL, calls.length) }, lane));
}
