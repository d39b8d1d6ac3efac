import type * as z from "zod/mini";
import { EventOrder } from "./event-order.ts";

/** What VS Code gives a webview's page; `acquireVsCodeApi` may be called once only. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

interface Numbered {
  readonly seq: number;
}

interface BaseMessage {
  readonly type: string;
}

export interface HostPortOptions<Event extends Numbered, State> {
  readonly events: z.ZodMiniType<Event>;
  readonly state: z.ZodMiniType<State>;
  readonly onEvent: (event: Event) => void;
}

/**
 * The page's line to the extension. Events are validated and put in order; whatever goes wrong in the page is sent
 * to the host as `page-error`, where it reaches the output channel.
 */
export class HostPort<Event extends Numbered, Message extends BaseMessage, State> {
  readonly #api = acquireVsCodeApi();
  readonly #order = new EventOrder();
  readonly #options: HostPortOptions<Event, State>;
  readonly #listening = new AbortController();

  constructor(options: HostPortOptions<Event, State>) {
    this.#options = options;
    const { signal } = this.#listening;
    window.addEventListener("message", (event) => this.#receive(event.data), { signal });
    window.addEventListener("error", (event) => this.reportError(event.error ?? event.message), { signal });
    window.addEventListener("unhandledrejection", (event) => this.reportError(event.reason), { signal });
  }

  /** Tells the host that the page listens, and asks for every event so far. */
  start(): void {
    this.#ask();
  }

  post(message: Message): void {
    this.#api.postMessage(message);
  }

  /** State kept across reloads of the window; null when there is none or it is of another version. */
  getState(): State | null {
    const parsed = this.#options.state.safeParse(this.#api.getState());
    return parsed.success ? parsed.data : null;
  }

  setState(state: State): void {
    this.#api.setState(state);
  }

  reportError(error: unknown): void {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#api.postMessage({ type: "page-error", message });
  }

  dispose(): void {
    this.#listening.abort();
  }

  #ask(): void {
    this.#api.postMessage({ type: "ready", since: this.#order.last });
  }

  #receive(data: unknown): void {
    const parsed = this.#options.events.safeParse(data);
    if (!parsed.success) {
      this.reportError(`An event from the host does not fit: ${parsed.error.message}`);
      return;
    }
    const verdict = this.#order.judge(parsed.data.seq);
    if (verdict === "take") this.#options.onEvent(parsed.data);
    if (verdict === "ask") this.#ask();
  }
}
