type Part = "run-text" | "run-reasoning";

/** How long deltas are gathered, in milliseconds: a page paints no faster than its screen. */
const GATHER_MS = 24;

/** Gathers the deltas of an answer into few messages, each with its place in the whole. Its timer runs only while something waits. */
export class TextFlow {
  readonly #send: (type: Part, offset: number, text: string) => void;
  readonly #sent: Record<Part, string> = { "run-text": "", "run-reasoning": "" };
  readonly #waiting: Record<Part, string> = { "run-text": "", "run-reasoning": "" };
  #timer: NodeJS.Timeout | null = null;

  constructor(send: (type: Part, offset: number, text: string) => void) {
    this.#send = send;
  }

  /** The answer so far. */
  get answer(): string {
    return this.#sent["run-text"] + this.#waiting["run-text"];
  }

  add(type: Part, delta: string): void {
    this.#waiting[type] += delta;
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  /** Sends what still waits. */
  dispose(): void {
    if (this.#timer) this.#flush();
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    for (const type of ["run-reasoning", "run-text"] as const) {
      const text = this.#waiting[type];
      if (text === "") continue;
      const offset = this.#sent[type].length;
      this.#sent[type] += text;
      this.#waiting[type] = "";
      this.#send(type, offset, text);
    }
  }
}
