import { parentPort, workerData } from "node:worker_threads";
import { AksaraError } from "../../errors.ts";
import type { ParserAssets } from "../languages/parser-assets.ts";
import { ParserShelf } from "../languages/parser-shelf.ts";
import type { Stack } from "../stacks/stack.ts";
import { FileExtractor, type FileOutcome } from "./extract-file.ts";
import type { ReadJob } from "./extractor.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { readFileFacts } from "./read-file.ts";

export interface WorkerData {
  readonly assets: ParserAssets;
}

export interface Batch {
  readonly id: number;
  readonly jobs: readonly ReadJob[];
}

export type WorkerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly id: number; readonly outcomes: readonly FileOutcome[] }
  /** Nothing can be read at all: a parser does not load. */
  | { readonly kind: "failed"; readonly reason: string };

/** The life of an extraction worker: answers batches of files until it is terminated. */
export function serveExtraction(stacks: readonly Stack[]): void {
  const port = parentPort;
  if (!port) throw new AksaraError("RUNTIME_ERROR", "The extraction worker was not started as a worker.");
  const { assets } = workerData as WorkerData;
  const extractor = new FileExtractor(stacks);
  const parsers = new ParserShelf(assets);
  const answer = async ({ id, jobs }: Batch): Promise<void> => {
    const outcomes: FileOutcome[] = [];
    for (const job of jobs) outcomes.push(await readFileFacts(nodeFileSystem, job, extractor, parsers));
    port.postMessage({ kind: "done", id, outcomes } satisfies WorkerMessage);
  };
  let turn: Promise<void> = Promise.resolve();
  port.on("message", (batch: Batch) => {
    turn = turn
      .then(() => answer(batch))
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        port.postMessage({ kind: "failed", reason } satisfies WorkerMessage);
      });
  });
  port.postMessage({ kind: "ready" } satisfies WorkerMessage);
}
