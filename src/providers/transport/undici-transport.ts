/// <reference path="./undici-deep.d.ts" />
import tls from "node:tls";
import type { Agent, Dispatcher } from "undici";
import type { HttpRequest, HttpResponse, HttpTransport } from "./http-transport.ts";
import { abortedError, networkError } from "./network-error.ts";
import { isLoopback, type ProxyOptions, proxySettings } from "./proxy-options.ts";
import { UndiciExchange } from "./undici-exchange.ts";

interface Agents {
  readonly direct: Dispatcher;
  readonly proxied: Dispatcher;
}

/**
 * undici by its inner modules: its own sockets, proxy and certificates, and no trace in the process. Loaded on first
 * use. The transport of the command line and the server.
 */
export class UndiciTransport implements HttpTransport {
  readonly #options: ProxyOptions;
  #agents: Promise<Agents> | null = null;

  constructor(options: ProxyOptions) {
    this.#options = options;
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    if (request.signal.aborted) throw abortedError(request.provider);
    this.#agents ??= load(this.#options);
    const { direct, proxied } = await this.#agents.catch((error: unknown) => {
      this.#agents = null;
      throw networkError(error, request.provider, request.url, false);
    });
    return new UndiciExchange(request).start(isLoopback(request.url) ? direct : proxied);
  }

  async dispose(): Promise<void> {
    const loading = this.#agents;
    this.#agents = null;
    if (loading === null) return;
    const { direct, proxied } = await loading;
    await Promise.all([direct.destroy(), proxied.destroy()]);
  }
}

async function load(options: ProxyOptions): Promise<Agents> {
  const [{ default: DirectAgent }, { default: ProxiedAgent }, { default: ProxyPool }, { default: connect }] =
    await Promise.all([
      import("undici/lib/dispatcher/agent.js"),
      import("undici/lib/dispatcher/env-http-proxy-agent.js"),
      import("undici/lib/dispatcher/pool.js"),
      import("undici/lib/api/api-connect.js"),
    ]);
  const trust = {
    rejectUnauthorized: options.strictSsl ?? true,
    ...(options.ca === undefined || options.ca.length === 0
      ? {}
      : { ca: [...tls.getCACertificates("default"), ...options.ca] }),
  };
  const shared: Agent.Options = {
    // The exchange has timers of its own, which know what they waited for; this one only ends what nobody awaits.
    connect: { ...trust, timeout: 60_000 },
    connectTimeout: 60_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    // One socket for one answer: aborting it closes the socket and disturbs nobody else.
    allowH2: false,
  };
  return {
    direct: new DirectAgent(shared),
    proxied: new ProxiedAgent({
      ...shared,
      ...proxySettings(options),
      requestTls: trust,
      proxyTls: trust,
      // Tunnels are asked for with `connect`, which only undici's entry puts on its dispatchers.
      clientFactory: (origin, poolOptions) => Object.assign(new ProxyPool(origin, poolOptions), { connect }),
    }),
  };
}
