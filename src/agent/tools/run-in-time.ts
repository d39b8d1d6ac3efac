import { AksaraError } from "../../errors.ts";
import type { Tool, ToolContext } from "./tool.ts";

/** How long a tool may take to notice that it is to stop, in milliseconds. */
const GRACE_MS = 2_000;

/**
 * Runs a tool until it is done, its time is up, or the context's signal stops it; then gives it a moment to stop by
 * itself. The context that it gets has a signal of its own.
 * @throws TOOL_TIMEOUT, CANCELLED, and what the tool throws
 */
export function runInTime<Output>(
  tool: Pick<Tool, "name">,
  context: ToolContext,
  execute: (context: ToolContext) => Promise<Output>,
): Promise<Output> {
  const { signal, timeoutMs } = context;
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    let cut: AksaraError | null = null;
    let grace: NodeJS.Timeout | null = null;
    const stop = (error: AksaraError) => {
      if (cut) return;
      cut = error;
      controller.abort(signal.reason);
      grace = setTimeout(() => settle(() => reject(error)), GRACE_MS);
    };
    const onTimeout = () =>
      stop(new AksaraError("TOOL_TIMEOUT", `${tool.name} took longer than ${timeoutMs / 1000} seconds.`));
    const timer = Number.isFinite(timeoutMs) ? setTimeout(onTimeout, Math.min(timeoutMs, 2 ** 31 - 1)) : null;
    const onAbort = () => stop(new AksaraError("CANCELLED", `${tool.name} was stopped with the run.`));
    const settle = (end: () => void) => {
      if (timer) clearTimeout(timer);
      if (grace) clearTimeout(grace);
      signal.removeEventListener("abort", onAbort);
      end();
    };
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    // A tool that throws before its first await must not take the run with it.
    new Promise<Output>((done) => {
      done(execute({ ...context, signal: controller.signal }));
    }).then(
      (output) => settle(() => resolve(output)),
      (error: unknown) => settle(() => reject(cut ?? error)),
    );
  });
}
