import { createParser, type EventSourceParser } from "eventsource-parser";

/** Characters of one event that are kept; more is not an answer but an attack or a mistake. */
const LARGEST_EVENT = 16 * 1024 * 1024;

/** Cuts a stream of text into the data of its events. */
export interface Frames {
  /** @throws RangeError when one event is larger than anything sensible */
  feed(text: string): void;
  /** No more text: what has no end yet ends here. */
  end(): void;
}

export class SseFrames implements Frames {
  readonly #parser: EventSourceParser;
  #tooLarge = false;

  constructor(onData: (data: string) => void) {
    this.#parser = createParser({
      maxBufferSize: LARGEST_EVENT,
      onEvent: (event) => onData(event.data),
      onError: (error) => {
        if (error.type === "max-buffer-size-exceeded") this.#tooLarge = true;
      },
    });
  }

  feed(text: string): void {
    this.#parser.feed(text);
    if (this.#tooLarge) throw new RangeError("one event is larger than 16 MB");
  }

  end(): void {
    this.#parser.feed("\n\n");
  }
}

/** One JSON document a line. */
export class LineFrames implements Frames {
  readonly #onData: (data: string) => void;
  #fragments: string[] = [];
  #length = 0;

  constructor(onData: (data: string) => void) {
    this.#onData = onData;
  }

  feed(text: string): void {
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      this.#line(text.slice(start, end));
      start = end + 1;
    }
    if (start === text.length) return;
    this.#fragments.push(text.slice(start));
    this.#length += text.length - start;
    if (this.#length > LARGEST_EVENT) throw new RangeError("one line is larger than 16 MB");
  }

  end(): void {
    this.#line("");
  }

  #line(rest: string): void {
    const line = (this.#fragments.length === 0 ? rest : this.#fragments.join("") + rest).trim();
    this.#fragments = [];
    this.#length = 0;
    if (line !== "") this.#onData(line);
  }
}
