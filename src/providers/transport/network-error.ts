import { ProviderError, type ProviderErrorKind } from "../provider-error.ts";

const DNS = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_NODATA", "EAI_NONAME", "EAI_FAIL"]);
const RESET = new Set([
  "ECONNRESET",
  "EPIPE",
  "ECONNABORTED",
  "UND_ERR_SOCKET",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
]);
const TIMEOUT_CONNECT = new Set(["UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT"]);
const TLS =
  /^ERR_TLS|^ERR_SSL|^CERT_|SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY|DECRYPT)|^DEPTH_ZERO|^HOSTNAME_MISMATCH$|^EPROTO$|^INVALID_CA$/;
/** Passing failures: the same request may well go through a moment later. */
const PASSING = new Set([...RESET, "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH"]);

interface Failure {
  readonly kind: ProviderErrorKind;
  readonly message: string;
  readonly hint?: string;
}

/**
 * Says what a socket, a resolver, TLS or a proxy reported, in our words. The error itself is not kept: libraries put
 * headers into theirs.
 */
export function networkError(error: unknown, provider: string, url: URL, answered: boolean): ProviderError {
  if (error instanceof ProviderError) return error;
  const code = codeOf(error);
  return new ProviderError({
    ...failureOf(code, wordsOf(error), url, answered, foreignAddress(error, url)),
    provider,
    retryable: PASSING.has(code),
  });
}

function failureOf(
  code: string,
  words: string,
  url: URL,
  answered: boolean,
  foreign: string | null,
): Failure {
  const { host } = url;
  if (foreign !== null) {
    return {
      kind: "proxy",
      message: `The proxy at ${foreign} cannot be reached (${code}).`,
      hint: "Check the proxy's address.",
    };
  }
  if (/proxy/i.test(words) || code === "UND_ERR_PRX_TLS" || code === "UND_ERR_PROXY_CONN") {
    return {
      kind: "proxy",
      message: `The proxy did not open a way to ${host}${statusIn(words)}.`,
      hint: "Check the proxy's address, user name and password.",
    };
  }
  if (DNS.has(code)) {
    return {
      kind: "dns",
      message: `The name ${url.hostname} could not be resolved (${code}).`,
      hint: "Check the address and the network.",
    };
  }
  if (TLS.test(code)) {
    return {
      kind: "tls",
      message: `The certificate or the TLS of ${host} was refused (${code}).`,
      hint: "If your network inspects traffic, trust its certificate authority (NODE_EXTRA_CA_CERTS, or the system's store).",
    };
  }
  if (TIMEOUT_CONNECT.has(code))
    return { kind: "timeout_connect", message: `No connection to ${host} (${code}).` };
  if (answered)
    return { kind: "interrupted", message: `The connection to ${host} broke during the answer (${code}).` };
  if (code === "ECONNREFUSED") {
    return {
      kind: "network",
      message: `Nothing listens at ${host} (${code}).`,
      hint: "Is the server running, and is the port right?",
    };
  }
  return { kind: "network", message: `The connection to ${host} failed (${code}).` };
}

/** The address that a dial failed at, when it has not the port of the URL: then it was the proxy's. */
function foreignAddress(error: unknown, url: URL): string | null {
  for (const each of causes(error)) {
    if (!("syscall" in each) || each.syscall !== "connect" || !("port" in each)) continue;
    const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
    const address = "address" in each ? String(each.address) : "";
    return each.port === port ? null : `${address}:${each.port}`;
  }
  return null;
}

/** The first code on the way down the causes; fetch wraps twice, several addresses make an aggregate. */
function codeOf(error: unknown): string {
  for (const each of causes(error)) {
    if ("code" in each && typeof each.code === "string") return each.code;
  }
  return error instanceof Error ? error.name : "unknown";
}

function wordsOf(error: unknown): string {
  return [...causes(error)].map((each) => each.message).join(" ");
}

function* causes(error: unknown): Iterable<Error> {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    yield current;
    current =
      current instanceof AggregateError && current.errors.length > 0 ? current.errors[0] : current.cause;
  }
}

function statusIn(words: string): string {
  const status = /\((\d{3})\)|\b(407)\b/.exec(words);
  return status === null ? "" : `: it answered ${status[1] ?? status[2]}`;
}

export function abortedError(provider: string): ProviderError {
  return new ProviderError({ kind: "aborted", provider, message: "The request was cancelled." });
}
