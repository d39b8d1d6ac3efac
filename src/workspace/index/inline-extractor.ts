import { throwIfCancelled } from "../../errors.ts";
import type { ParserAssets } from "../languages/parser-assets.ts";
import { ParserShelf } from "../languages/parser-shelf.ts";
import type { Stack } from "../stacks/stack.ts";
import { Breather } from "./breather.ts";
import { FileExtractor, type FileOutcome } from "./extract-file.ts";
import type { Extractor, ReadJob } from "./extractor.ts";
import type { FileSystem } from "./file-system.ts";
import { readFileFacts } from "./read-file.ts";

/** Extracts on the calling thread, giving way in between: for few files, where a worker would cost more than it saves. */
export class InlineExtractor implements Extractor {
  readonly #fs: FileSystem;
  readonly #extractor: FileExtractor;
  readonly #parsers: ParserShelf;

  constructor(fileSystem: FileSystem, stacks: readonly Stack[], assets: ParserAssets) {
    this.#fs = fileSystem;
    this.#extractor = new FileExtractor(stacks);
    this.#parsers = new ParserShelf(assets);
  }

  async run(
    jobs: readonly ReadJob[],
    onOutcomes: (outcomes: readonly FileOutcome[]) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const breather = new Breather(signal);
    for (const job of jobs) {
      if (breather.isDue()) await breather.pause();
      throwIfCancelled(signal);
      const outcome = await readFileFacts(this.#fs, job, this.#extractor, this.#parsers);
      throwIfCancelled(signal);
      onOutcomes([outcome]);
    }
  }

  dispose(): Promise<void> {
    return this.#parsers.dispose();
  }
}
