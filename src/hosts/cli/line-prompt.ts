import { createInterface, type Interface } from "node:readline";
import { AksaraError } from "../../errors.ts";
import type { Terminal } from "./output.ts";

/** Asks a person in the terminal, line by line; the questions go to standard error, so that the answer can be piped. */
export class LinePrompt {
  readonly #terminal: Terminal;
  readonly #lines: Interface;
  readonly #waiting: ((line: string | null) => void)[] = [];
  readonly #ready: string[] = [];
  #closed = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#lines = createInterface({ input: process.stdin, terminal: false });
    this.#lines.on("line", (line) => {
      const next = this.#waiting.shift();
      if (next) next(line);
      else this.#ready.push(line);
    });
    this.#lines.on("close", () => {
      this.#closed = true;
      for (const next of this.#waiting.splice(0)) next(null);
    });
  }

  /** The next line; null at the end of the input. @throws CANCELLED */
  async ask(question: string, signal: AbortSignal): Promise<string | null> {
    this.#terminal.err(question);
    const ready = this.#ready.shift();
    if (ready !== undefined) return ready;
    if (this.#closed) return null;
    return await new Promise((resolve, reject) => {
      const answer = (line: string | null) => {
        signal.removeEventListener("abort", onAbort);
        resolve(line);
      };
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(answer), 1);
        reject(new AksaraError("CANCELLED", "The question was cancelled."));
      };
      if (signal.aborted) {
        onAbort();
        return;
      }
      signal.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(answer);
    });
  }

  dispose(): void {
    this.#lines.close();
    // A terminal that is still read from keeps the process alive.
    process.stdin.unref?.();
  }
}
