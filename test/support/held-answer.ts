import { type Answer, plain } from "./provider-server.ts";

export interface HeldText {
  /** Told before the answer, as models that think do. */
  readonly reasoning?: string;
  /** Comes at once. */
  readonly first: string;
  /** Comes when it is let go on. */
  readonly second: string;
  /** Names of the models that the server lists. */
  readonly models?: readonly string[];
}

/** An answer in the form of OpenAI's chat that stops after its first part until it is let go on. */
export class HeldAnswer {
  /** The server was asked. */
  readonly asked: Promise<void>;
  readonly #released: Promise<void>;
  readonly #text: HeldText;
  #ask: () => void = () => undefined;
  #release: () => void = () => undefined;

  constructor(text: HeldText) {
    this.#text = text;
    this.asked = new Promise((resolve) => {
      this.#ask = resolve;
    });
    this.#released = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#release();
  }

  readonly answer: Answer = async (response, request) => {
    const { reasoning, first, second, models = ["shop-1"] } = this.#text;
    if (request.method === "GET")
      return plain(200, JSON.stringify({ data: models.map((id) => ({ id })) }))(response, request);
    response.writeHead(200, { "content-type": "text/event-stream" });
    if (reasoning !== undefined) response.write(chunk({ reasoning_content: reasoning }));
    response.write(chunk({ content: first }));
    this.#ask();
    await this.#released;
    response.write(chunk({ content: second }));
    response.write(chunk({}, "stop"));
    response.write(event({ choices: [], usage: { prompt_tokens: 1200, completion_tokens: 34 } }));
    response.end("data: [DONE]\n\n");
  };
}

function chunk(delta: Record<string, unknown>, finish: string | null = null): string {
  return event({ choices: [{ index: 0, delta, finish_reason: finish }] });
}

function event(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
