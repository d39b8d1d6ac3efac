import * as z from "zod";
import { executionResultSchema } from "../protocol/execution.ts";
import { evidenceSchema } from "../protocol/prompt-pack.ts";
import type { EarlierRun, RunSummary } from "../protocol/run-history.ts";
import type { RunTraceStore } from "./run-trace.ts";

/** What runs are looked for by: the same action on the same object. */
export type RunSubject = Pick<RunSummary, "action_key" | "target_id">;

/** The earlier runs of a workspace, by whatever host they were made. Reads each trace once, when somebody first asks. */
export class RunHistory {
  readonly #store: RunTraceStore;
  /** Null for a trace that cannot be read: it will not be readable later. */
  #known = new Map<string, RunSummary | null>();

  constructor(store: RunTraceStore) {
    this.#store = store;
  }

  /**
   * Runs of one action on one object, the newest first.
   * @throws the error of the file system
   */
  async list({ action_key, target_id }: RunSubject): Promise<readonly RunSummary[]> {
    const before = this.#known;
    const known = new Map<string, RunSummary | null>();
    for (const id of await this.#store.list()) {
      const summary = before.get(id);
      known.set(id, summary === undefined ? summaryOf(await this.#store.read(id)) : summary);
    }
    this.#known = known;
    return [...known.values()].flatMap((summary) =>
      summary?.action_key === action_key && summary.target_id === target_id ? [summary] : [],
    );
  }

  /** Null when the trace is gone. */
  async open(id: string): Promise<EarlierRun | null> {
    const content = await this.#store.read(id);
    const summary = summaryOf(content);
    const parsed = wholeSchema.safeParse(content);
    if (summary === null || !parsed.success) return null;
    const { result, script, prompt_pack: pack } = parsed.data;
    // The first answer's: what a repair was thought about is nobody's question.
    const steps = script.answers[0]?.steps ?? [];
    const reasoning = steps.map((step) => step.reasoning ?? "").join("");
    return { summary, result, reasoning, evidence: pack.evidence };
  }
}

/** The few members of a trace that a line shows; checking all of it would cost more than reading it. */
const headSchema = z.object({
  trace_id: z.string(),
  started_at: z.iso.datetime(),
  prompt_pack: z.object({
    action_key: z.string(),
    fingerprint: z.string(),
    target: z.object({ id: z.string() }).nullable(),
  }),
  result: z.object({
    ok: z.boolean(),
    error_code: z.string().nullable(),
    truncated: z.boolean(),
    provider: z.string(),
    model: z.string(),
    tokens: z.object({
      prompt: z.number().nullable(),
      completion: z.number().nullable(),
      total: z.number().nullable(),
    }),
    elapsed_ms: z.number(),
    cost_usd: z.number().nullable(),
    suggestions: z.array(z.unknown()),
  }),
});

const wholeSchema = z.object({
  prompt_pack: z.object({ evidence: z.array(evidenceSchema) }),
  script: z.object({
    answers: z.array(z.object({ steps: z.array(z.object({ reasoning: z.string().optional() })) })),
  }),
  result: executionResultSchema,
});

function summaryOf(content: unknown): RunSummary | null {
  const parsed = headSchema.safeParse(content);
  if (!parsed.success) return null;
  const { trace_id, started_at, prompt_pack: pack, result } = parsed.data;
  return {
    trace_id,
    started_at: Date.parse(started_at),
    action_key: pack.action_key,
    target_id: pack.target?.id ?? null,
    fingerprint: pack.fingerprint,
    ...result,
    suggestions: result.suggestions.length,
  };
}
