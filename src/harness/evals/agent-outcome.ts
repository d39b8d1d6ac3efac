import { APPLY_STEP } from "../../agent/run/present-changes.ts";
import { AksaraError } from "../../errors.ts";
import type { AgentEvent, AgentResult, AgentUsage } from "../../protocol/agent.ts";
import type { MadeCall, Outcome } from "./outcome.ts";

/** What a request to agents came to, from its events. */
export class AgentOutcome {
  /** By run and call, in their order. */
  readonly #calls = new Map<string, MadeCall>();
  /** What each file was first and is last; hashes. */
  readonly #files = new Map<string, { readonly before: string | null; readonly after: string | null }>();
  readonly #usage = new Map<string, AgentUsage>();
  readonly #started = performance.now();
  #result: AgentResult | null = null;

  add(event: AgentEvent): void {
    switch (event.type) {
      case "action":
        if (event.tool !== APPLY_STEP)
          this.#call(`${event.runId} ${event.id}`, { tool: event.tool, input: event.input });
        return;
      case "approval": {
        const { about, callId, tool, input } = event.request;
        if (about === "tool" || about === "plan")
          this.#call(`${event.runId} ${callId}`, { tool, input, asked: true });
        return;
      }
      case "result":
        for (const { uri, before, after } of [...event.result.held, ...event.result.changes]) {
          const first = this.#files.get(uri);
          this.#files.set(uri, { before: first ? first.before : before, after });
        }
        return;
      case "usage":
        this.#usage.set(event.runId, event.usage);
        return;
      case "complete":
      case "error":
      case "interrupted":
        this.#result = event.result;
        return;
      default:
        return;
    }
  }

  /** @throws RUNTIME_ERROR before the end */
  result(): Outcome {
    const result = this.#result;
    if (!result) throw new AksaraError("RUNTIME_ERROR", "The run ended without a result.");
    const { [result.runId]: _, ...below } = Object.fromEntries(this.#usage);
    const usages = [result.usage, ...Object.values(below)];
    return {
      text: result.output,
      document: result,
      pack: null,
      execution: null,
      calls: [...this.#calls.values()],
      files: [...this.#files].flatMap(([uri, { before, after }]) => (before === after ? [] : [uri])),
      tokens: usages.reduce((sum, { totalTokens }) => sum + totalTokens, 0),
      costUsd: usages.some(({ costUsd }) => costUsd === null)
        ? null
        : usages.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0),
      elapsedMs: performance.now() - this.#started,
      traceId: result.traceId,
      failure: result.success
        ? null
        : {
            code: result.errorCode ?? "RUNTIME_ERROR",
            message: result.error ?? `It stopped: ${result.stopReason}.`,
          },
    };
  }

  #call(id: string, call: Omit<MadeCall, "asked"> & { readonly asked?: boolean }): void {
    const asked = call.asked ?? this.#calls.get(id)?.asked ?? false;
    this.#calls.set(id, { tool: call.tool, input: call.input, asked });
  }
}
