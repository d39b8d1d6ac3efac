import { ProviderError, type ProviderErrorKind } from "../provider-error.ts";
import { listIn, recordIn, textIn } from "../wire/json.ts";
import { retryAfterMs } from "./retry-after.ts";
import { type Redact, wordsOfHtml } from "./snippet.ts";

/** An answer that says no, as it came. */
export interface FailedAnswer {
  readonly provider: string;
  /** Null for an error inside a stream that began well. */
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly model: string | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What the vendors' error objects have in common. */
interface Said {
  readonly message: string;
  /** Their names for the kind of error, joined. */
  readonly names: string;
  /** A status inside the object (OpenRouter, Google). */
  readonly code: number | null;
  readonly requestId: string | null;
}

const CONTEXT =
  /context[ _]?(?:length|window|size|limit)|maximum (?:context|prompt|input)|max_prompt_tokens|(?:prompt|input|request) (?:is|was) too (?:long|large)|too many (?:input )?tokens|input token count|reduce the (?:length|prompt)|string_above_max_length|request_too_large|request too large|payload too large/i;
const QUOTA =
  /insufficient[_ ](?:quota|balance|credits?|funds)|credit balance|out of credits|billing|payment required|exceeded your current quota|(?:daily|monthly) (?:quota|limit)|per[_ ]?day|quota_exceeded|spend(?:ing)?[_ ]limit/i;
const FILTER =
  /content[_ ]?(?:filter|policy|management)|responsible ?ai|moderation|prohibited_content|safety (?:system|settings|reasons)|\bsafety\b|blocklist|flagged/i;
const MODEL =
  /model[_ ]not[_ ]found|deploymentnotfound|no such model|(?:unknown|invalid) model|model_not_exist|\bmodels?\b.{0,160}?(?:not (?:be )?found|(?:does|do) not exist|not exist|not supported|not available|not a valid|try pulling)|no endpoints found/i;
const KEY =
  /(?:invalid|incorrect|missing|expired|no)[ _](?:x-)?api[ _-]?key|api[ _-]?key (?:not valid|is invalid|expired|not found)|authentication|unauthori[sz]ed|unauthenticated|invalid_api_key/i;
const PERMISSION = /permission|forbidden|not allowed|access denied|location is not supported/i;
const OVERLOADED = /overloaded|unavailable|over capacity|server is busy|try again later/i;
const LIMIT = /rate[_ -]?limit|too many requests|resource_exhausted|throttl/i;
const SERVER = /server_error|internal|api_error|upstream|bad gateway/i;

/** Says which kind of failure an answer is. Statuses first where they are clear, the vendor's words where not. */
export function answerError(answer: FailedAnswer, redact: Redact): ProviderError {
  const payload = parse(answer.body);
  const said = sayingOf(payload, answer);
  const status = answer.status ?? said.code;
  const waitMs = retryAfterMs(answer.headers, payload, answer.now);
  const kind = kindOf(status, `${said.names} ${said.message}`, payload, waitMs);
  const hint = hintOf(kind, status, answer);
  return new ProviderError({
    kind,
    provider: answer.provider,
    message: redact(messageOf(said.message, status)),
    ...(hint === null ? {} : { hint }),
    status: answer.status,
    requestId: requestIdOf(answer.headers, said, redact),
    retryAfterMs: waitMs,
    retryable: mayRetry(kind, status, answer.headers["x-should-retry"]),
  });
}

function kindOf(
  status: number | null,
  words: string,
  payload: unknown,
  waitMs: number | null,
): ProviderErrorKind {
  if (status === 429 || (status === null && LIMIT.test(words))) return limitKind(words, payload, waitMs);
  if (status === 402 || (isRefusal(status) && /credit balance|insufficient[_ ]balance/i.test(words))) {
    return "quota_exhausted";
  }
  if (status === 413 || (isRefusal(status) && CONTEXT.test(words))) return "context_length";
  if (status === 401) return "auth";
  if (status === 404) return MODEL.test(words) ? "model_not_found" : "invalid_request";
  if (status === 407) return "proxy";
  if (status === 408) return "timeout_first_byte";
  if (isRefusal(status)) return refusalKind(status, words);
  if (status === 409) return "unknown";
  if (status !== null && [502, 503, 504, 529].includes(status)) return "overloaded";
  return OVERLOADED.test(words) ? "overloaded" : "unknown";
}

/** Statuses with which providers refuse what was asked; null: an error object in a stream. */
function isRefusal(status: number | null): boolean {
  return status === null || status === 400 || status === 403 || status === 422 || status === 200;
}

function refusalKind(status: number | null, words: string): ProviderErrorKind {
  if (FILTER.test(words)) return "content_filter";
  if (KEY.test(words)) return "auth";
  if (MODEL.test(words)) return "model_not_found";
  if (status === 403 || (status === null && PERMISSION.test(words))) return "permission";
  if (status === null || status === 200) {
    if (OVERLOADED.test(words)) return "overloaded";
    return SERVER.test(words) || !/invalid/i.test(words) ? "unknown" : "invalid_request";
  }
  return "invalid_request";
}

/**
 * Waiting a moment helps against a rate, not against an empty purse. Google says "exceeded your current quota" for both;
 * there the ids of the quotas tell, and that it names a delay.
 */
function limitKind(words: string, payload: unknown, waitMs: number | null): ProviderErrorKind {
  const quotas = listIn(recordIn(recordIn(payload).error).details)
    .flatMap((detail) => listIn(recordIn(detail).violations))
    .map((violation) => textIn(recordIn(violation).quotaId) ?? "");
  if (quotas.length > 0) return quotas.some((id) => /PerDay/i.test(id)) ? "quota_exhausted" : "rate_limit";
  if (!QUOTA.test(words)) return "rate_limit";
  return waitMs !== null && /exceeded your current quota/i.test(words) && !/insufficient_quota/i.test(words)
    ? "rate_limit"
    : "quota_exhausted";
}

function mayRetry(kind: ProviderErrorKind, status: number | null, advice: string | undefined): boolean {
  if (kind === "quota_exhausted") return false;
  if (advice === "false") return false;
  if (advice === "true" || kind === "rate_limit" || kind === "overloaded") return true;
  if (status === 408 || status === 409) return true;
  return kind === "unknown" && (status === null || (status >= 500 && status !== 501 && status !== 505));
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function sayingOf(payload: unknown, answer: FailedAnswer): Said {
  const root = recordIn(Array.isArray(payload) ? payload[0] : payload);
  const inner = recordIn(root.error ?? recordIn(root.response).error);
  const plain = textIn(root.error) ?? textIn(root.message) ?? textIn(root.detail) ?? detailOf(root.detail);
  const code = typeof inner.code === "number" ? inner.code : typeof root.code === "number" ? root.code : null;
  const names = [inner.type, inner.code, inner.status, recordIn(inner.innererror).code, root.code, root.type]
    .filter((name) => typeof name === "string")
    .join(" ");
  const raw = textIn(recordIn(inner.metadata).raw);
  const message = [textIn(inner.message) ?? plain, raw].filter((text) => text !== null).join(": ");
  return {
    message: message !== "" ? message : payload === null ? plainBody(answer) : "",
    names,
    code: code !== null && code >= 400 && code < 600 ? code : null,
    requestId: textIn(root.request_id),
  };
}

/** What FastAPI servers say: a list of what was wrong where. */
function detailOf(detail: unknown): string | null {
  const said = listIn(detail).flatMap((each) => textIn(recordIn(each).msg) ?? []);
  return said.length > 0 ? said.join("; ") : null;
}

function plainBody(answer: FailedAnswer): string {
  return /^\s*<|text\/html/i.test(answer.body.slice(0, 200)) ||
    /html/.test(answer.headers["content-type"] ?? "")
    ? wordsOfHtml(answer.body)
    : answer.body;
}

function messageOf(said: string, status: number | null): string {
  if (said.trim() !== "") return status === null ? said : `${said} (HTTP ${status})`;
  return status === null
    ? "The provider reported an error without a word."
    : `HTTP ${status} without a word.`;
}

function hintOf(kind: ProviderErrorKind, status: number | null, answer: FailedAnswer): string | null {
  switch (kind) {
    case "auth":
      return "Check the key, and that it belongs to this provider.";
    case "permission":
      return "The key is known, but may not do this.";
    case "quota_exhausted":
      return "The account's quota or credit is used up; waiting a moment does not help.";
    case "context_length":
      return "Send less: a smaller token budget, or a model with a larger window.";
    case "model_not_found":
      return answer.model === null ? null : `The provider does not offer "${answer.model}".`;
    case "invalid_request":
      return status === 404 ? "Nothing is served at this path: check base_url." : null;
    default:
      return null;
  }
}

function requestIdOf(headers: Readonly<Record<string, string>>, said: Said, redact: Redact): string | null {
  const names = ["request-id", "x-request-id", "apim-request-id", "x-goog-request-id", "cf-ray"];
  const id = names.map((name) => headers[name]).find((value) => value !== undefined && value !== "");
  const found = id ?? said.requestId;
  return found === null || found === undefined ? null : redact(found.slice(0, 128));
}
