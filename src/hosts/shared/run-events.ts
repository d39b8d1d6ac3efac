import type { FlowOptions } from "../../execution/execute-flow.ts";
import type { FlowRun, RunEvent } from "../../protocol/execution.ts";

/** What a run tells while it goes on. */
export type RunHooks = Required<Pick<FlowOptions, "onPack" | "onProgress" | "onDelta">>;

/** Starts a run and tells what happens as numbered events; the last one is its result. */
export async function runEvents(
  start: (hooks: RunHooks) => Promise<FlowRun>,
  send: (event: RunEvent) => void,
): Promise<FlowRun> {
  let seq = 0;
  const result = await start({
    onPack: (prompt_pack) => send({ type: "pack", seq: ++seq, prompt_pack }),
    onProgress: ({ stage, message }) => send({ type: "progress", seq: ++seq, stage, message }),
    onDelta: (delta) => send({ type: "text", seq: ++seq, delta }),
  });
  send({ type: "complete", seq: ++seq, result });
  return result;
}
