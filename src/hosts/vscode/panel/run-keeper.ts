/** How much of an answer a crash may cost, in milliseconds. */
const KEEP_EVERY_MS = 2000;

/** Keeps an answer while it comes: at once when it begins, then every other moment. Its timer runs only while something is due. */
export class RunKeeper {
  readonly #keep: () => Promise<void>;
  #keptAt = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(keep: () => Promise<void>) {
    this.#keep = keep;
  }

  /** There is more than was kept. */
  due(): void {
    const wait = Math.max(0, this.#keptAt + KEEP_EVERY_MS - Date.now());
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#keptAt = Date.now();
      void this.#keep();
    }, wait);
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
