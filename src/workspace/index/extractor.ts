import type { LanguageId } from "../stacks/stack.ts";
import type { FileOutcome } from "./extract-file.ts";

/** A file to read. */
export interface ReadJob {
  readonly uri: string;
  /** Absolute. */
  readonly path: string;
  readonly language: LanguageId;
  /** Bytes, for sharing work fairly. */
  readonly size: number;
  /** Hash of the bytes whose facts are known; null when there are none. */
  readonly knownHash: string | null;
}

/** Reads files and extracts their facts, here or elsewhere. */
export interface Extractor {
  /**
   * Hands over one outcome per job, in no particular order. After an abort nothing more is handed over.
   * @throws CANCELLED, RUNTIME_ERROR when a parser or a worker cannot be started
   */
  run(
    jobs: readonly ReadJob[],
    onOutcomes: (outcomes: readonly FileOutcome[]) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  dispose(): Promise<void>;
}
