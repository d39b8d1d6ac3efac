import { randomBytes } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { executionResultSchema } from "../protocol/execution.ts";
import { promptPackSchema } from "../protocol/prompt-pack.ts";
import { writeAtomically } from "../write-atomically.ts";

/** One run as it was: what was asked, what was answered, what became of it. Holds no secrets. */
export const runTraceSchema = z.object({
  version: z.literal(1),
  trace_id: z.string(),
  /** ISO 8601. */
  started_at: z.string(),
  /** Null for a pack that was run by itself. */
  flow_type: z.nullable(z.string()),
  prompt_pack: promptPackSchema,
  /** When the model was asked, call by call, ISO 8601; empty in traces of versions that did not note it. */
  calls: z.array(z.object({ started_at: z.string(), ended_at: z.string() })).default([]),
  /** A script of the `scripted` provider: replaying it against the same pack gives the same result. */
  script: z.record(z.string(), z.unknown()),
  result: executionResultSchema,
});
export type RunTrace = z.infer<typeof runTraceSchema>;

/** Older runs than these many are let go. */
const KEPT_RUNS = 500;

/** Traces of runs, one JSON file each, readable by their owner alone. */
export class RunTraceStore {
  readonly #folder: string;
  readonly #keep: number;

  /** `folder` is made when the first trace is saved. It must not lie in the workspace: that is not ours to write to. */
  constructor(folder: string, keep = KEPT_RUNS) {
    this.#folder = folder;
    this.#keep = keep;
  }

  /** @throws the error of the file system */
  async save(trace: RunTrace): Promise<void> {
    await writeAtomically(this.#path(trace.trace_id), `${JSON.stringify(trace, null, 2)}\n`);
    const ids = await this.list();
    await Promise.all(ids.slice(this.#keep).map((id) => rm(this.#path(id), { force: true })));
  }

  /** Ids, the newest first. */
  async list(): Promise<readonly string[]> {
    const names = await readdir(this.#folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    return names
      .flatMap((name) => /^([0-9a-f]{32})\.json$/.exec(name)?.[1] ?? [])
      .sort()
      .reverse();
  }

  /** Null when there is no such trace, or it is not one of ours. */
  async load(id: string): Promise<RunTrace | null> {
    const parsed = runTraceSchema.safeParse(await this.read(id));
    return parsed.success ? parsed.data : null;
  }

  /**
   * What the file of a trace holds, unchecked; null when there is none, or it is not JSON.
   * @throws the error of the file system
   */
  async read(id: string): Promise<unknown> {
    if (!/^[0-9a-f]{32}$/.test(id)) return null;
    const text = await readFile(this.#path(id), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    try {
      return text === null ? null : JSON.parse(text);
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

/** 32 hex digits, as OpenTelemetry wants them; the first twelve are the time, so that ids sort by it. */
export function newTraceId(now: number): string {
  return now.toString(16).padStart(12, "0") + randomBytes(10).toString("hex");
}
