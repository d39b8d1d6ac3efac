import { AksaraError, type ErrorCode } from "../../errors.ts";
import { redactText } from "../../flows/pack/redaction.ts";
import { type HttpTransport, REMOTE_TIMEOUTS } from "../../providers/transport/http-transport.ts";
import { isLoopback } from "../../providers/transport/proxy-options.ts";

/** How long a collector may take for all of it, in milliseconds. */
const TOTAL_MS = 60_000;
/** Of what a collector says, as much is repeated. */
const MOST_LETTERS = 300;
const MOST_BYTES = 64 * 1024;

export interface OtlpDestination {
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Where an address and the environment (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_EXPORTER_OTLP_TRACES_HEADERS`) send traces
 * to. An address without a path is a collector's: its traces go to `/v1/traces`.
 * @throws INVALID_REQUEST for what is no address, and for one that would carry a run over a network in the clear
 */
export function otlpDestination(address: string, environment: NodeJS.ProcessEnv): OtlpDestination {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new AksaraError("INVALID_REQUEST", `"${address}" is no address of a collector.`, {
      hint: "Give one such as https://collector.example/v1/traces.",
    });
  if (url.username !== "" || url.password !== "")
    throw new AksaraError("INVALID_REQUEST", "The address of a collector carries no user name.", {
      hint: "Give it as a header: OTEL_EXPORTER_OTLP_HEADERS=authorization=…",
    });
  if (url.protocol === "http:" && !isLoopback(url))
    throw new AksaraError("INVALID_REQUEST", `Traces are sent to ${url.host} over https only.`);
  if (url.pathname === "/") url.pathname = "/v1/traces";
  const { OTEL_EXPORTER_OTLP_HEADERS: all = "", OTEL_EXPORTER_OTLP_TRACES_HEADERS: own = "" } = environment;
  return { url, headers: { ...headersOf(all), ...headersOf(own) } };
}

/**
 * Sends a document of OTLP JSON to a collector.
 * @throws AUTH_FAILED, RATE_LIMITED, PROVIDER_ERROR, and the failures of the transport
 */
export async function sendOtlp(
  document: Record<string, unknown>,
  { url, headers }: OtlpDestination,
  transport: HttpTransport,
  signal: AbortSignal,
): Promise<void> {
  const response = await transport.send({
    provider: "OTLP",
    method: "POST",
    url,
    headers: { ...headers, "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(document),
    timeouts: { ...REMOTE_TIMEOUTS, total: TOTAL_MS },
    signal,
  });
  const said = await beginningOf(response.body);
  response.close();
  if (response.status >= 200 && response.status < 300) return demandWhole(said, url);
  throw new AksaraError(
    codeOf(response.status),
    `The collector at ${url.host} answered ${response.status}: ${redactText(said).slice(0, MOST_LETTERS).trim()}`,
    { hint: "OTEL_EXPORTER_OTLP_HEADERS carries what it wants as headers." },
  );
}

/** A collector may take a document and leave some of its spans. */
function demandWhole(said: string, { host }: URL): void {
  const rejected = Number(/"rejectedSpans"\s*:\s*"?(\d+)/.exec(said)?.[1] ?? 0);
  if (rejected > 0)
    throw new AksaraError(
      "PROVIDER_ERROR",
      `The collector at ${host} left ${rejected} spans: ${redactText(said).slice(0, MOST_LETTERS)}`,
    );
}

async function beginningOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_BYTES) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}

function codeOf(status: number): ErrorCode {
  if (status === 401 || status === 403) return "AUTH_FAILED";
  return status === 429 ? "RATE_LIMITED" : "PROVIDER_ERROR";
}

/** `name=value,name=value`, values percent-encoded, as OpenTelemetry writes headers in the environment. */
function headersOf(text: string): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const pair of text.split(",")) {
    const [name = "", ...rest] = pair.split("=");
    if (name.trim() !== "") headers[name.trim().toLowerCase()] = decoded(rest.join("=").trim());
  }
  return headers;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
