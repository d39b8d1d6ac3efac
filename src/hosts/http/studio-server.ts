import type { IncomingMessage, ServerResponse } from "node:http";
import { isAksaraError } from "../../errors.ts";
import type { AgentAccess } from "../shared/agent-access.ts";
import { documentText } from "../shared/document-text.ts";
import type { StudioWorkspace } from "../shared/studio-workspace.ts";
import { AgentHost } from "./agent-host.ts";
import { checkRequest } from "./guard.ts";
import { Listener } from "./listener.ts";
import { openApiDocument } from "./openapi.ts";
import type { Exchange, Route, StudioEvent } from "./route.ts";
import { STUDIO_ROUTES } from "./studio-routes.ts";
import { TransportError } from "./transport-error.ts";

export interface StudioServerOptions {
  readonly workspace: StudioWorkspace;
  /** Opens the agents of the workspace; asked once, by the first request for one. */
  readonly openAgents: () => Promise<AgentAccess>;
  /** Absent: this machine alone. */
  readonly host?: string;
  /** 0 or absent: any that is free. */
  readonly port?: number;
  /** Version of the product, for the API's description. */
  readonly version: string;
  /** Hears of defects of ours; the client is told only that there was one. */
  readonly onCrash: (error: unknown) => void;
}

/** Runs at once; more are refused with 429. */
const MOST_RUNS = 4;

/** The HTTP API of one workspace. */
export class StudioServer {
  readonly #listener: Listener;
  readonly #options: StudioServerOptions;
  readonly #closing = new AbortController();
  readonly #openApi: string;
  readonly #agents: AgentHost;
  #runs = 0;

  private constructor(listener: Listener, options: StudioServerOptions) {
    this.#listener = listener;
    this.#options = options;
    this.#agents = new AgentHost(options.openAgents);
    this.#openApi = documentText(openApiDocument(STUDIO_ROUTES, options.version));
    listener.onRequest((request, response) => this.#serve(request, response));
  }

  /** @throws the error of the operating system: address in use, not allowed */
  static async start(options: StudioServerOptions): Promise<StudioServer> {
    return new StudioServer(await Listener.open(options.port ?? 0, options.host ?? "127.0.0.1"), options);
  }

  get url(): string {
    return this.#listener.origin;
  }

  /** Asked for in every request. */
  get token(): string {
    return this.#listener.gate.token;
  }

  /** Takes no more requests, cancels runs, waits for their last words, then hangs up. */
  async close(): Promise<void> {
    await this.#listener.close(async () => this.#closing.abort());
    await this.#agents.dispose();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    try {
      checkRequest(request, this.#listener.gate);
      await this.#answer(request, response, AbortSignal.any([gone.signal, this.#closing.signal]));
    } catch (error) {
      if (!response.headersSent) this.#refuse(response, error);
      else {
        this.#options.onCrash(error);
        response.end();
      }
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const path = new URL(request.url ?? "/", this.url).pathname;
    if (request.method === "GET" && path === "/openapi.json") {
      sendText(response, 200, this.#openApi);
      return;
    }
    const route = STUDIO_ROUTES.find((each) => each.path === path && each.method === request.method);
    if (!route)
      throw new TransportError(
        404,
        `There is no ${request.method} ${path}; GET /openapi.json lists what there is.`,
      );
    if (!route.isRun) {
      const document = await route.handle(this.#exchange(request, signal, null));
      sendText(response, 200, documentText(document));
    } else await this.#run(route, request, response, signal);
  }

  async #run(
    route: Route,
    request: IncomingMessage,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<void> {
    if (this.#runs >= MOST_RUNS)
      throw new TransportError(429, `${MOST_RUNS} runs are under way; try again when one has ended.`, {
        "retry-after": "1",
      });
    this.#runs++;
    try {
      const events = route.events !== null && acceptsEvents(request);
      const sendEvent = events ? (event: StudioEvent) => sendServerEvent(response, event) : null;
      const document = await route.handle(this.#exchange(request, signal, sendEvent));
      if (events) response.end();
      else sendText(response, 200, documentText(document));
    } finally {
      this.#runs--;
    }
  }

  #exchange(
    request: IncomingMessage,
    signal: AbortSignal,
    sendEvent: ((event: StudioEvent) => void) | null,
  ): Exchange {
    return { request, workspace: this.#options.workspace, agents: this.#agents, signal, sendEvent };
  }

  #refuse(response: ServerResponse, error: unknown): void {
    if (error instanceof TransportError) {
      sendText(response, error.status, failureText(error.code, error.message), error.headers);
    } else if (isAksaraError(error)) {
      sendText(response, 200, failureText(error.code, error.message));
    } else {
      this.#options.onCrash(error);
      sendText(response, 500, failureText("RUNTIME_ERROR", "Aksara failed. Its log says how."));
    }
  }
}

function failureText(code: string, message: string): string {
  return documentText({ ok: false, error_code: code, error: message });
}

function acceptsEvents(request: IncomingMessage): boolean {
  return (request.headers.accept ?? "")
    .split(",")
    .some((type) => type.trim().startsWith("text/event-stream"));
}

const HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...HEADERS, "content-type": "application/json; charset=utf-8", ...headers });
  response.end(text);
}

/** The stream begins with its first event: until then a refusal can still have its status. */
function sendServerEvent(response: ServerResponse, event: StudioEvent): void {
  if (!response.headersSent)
    response.writeHead(200, { ...HEADERS, "content-type": "text/event-stream; charset=utf-8" });
  response.write(`id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}
