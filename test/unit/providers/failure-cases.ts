// Synthetic answers, written by hand after what the vendors publish and what their servers are known to say.
import type { ErrorCode } from "../../../src/errors.ts";
import type { ProviderErrorKind } from "../../../src/providers/provider-error.ts";
import { type Answer, plain } from "../../support/provider-server.ts";

/** An answer that says no, and what we make of it. */
export interface FailureCase {
  readonly name: string;
  readonly answer: Answer;
  readonly kind: ProviderErrorKind;
  readonly code: ErrorCode;
  /** Requests that reach the server. */
  readonly tries: number;
  readonly says?: RegExp;
}

const openai = (message: string, type: string, code: string | null = null) =>
  JSON.stringify({ error: { message, type, param: null, code } });
const google = (status: string, message: string, details: unknown[] = []) =>
  JSON.stringify({ error: { code: 429, message, status, details } });

export const FAILURE_CASES: readonly FailureCase[] = [
  {
    name: "401",
    answer: plain(401, openai("Incorrect API key", "invalid_request_error", "invalid_api_key")),
    kind: "auth",
    code: "AUTH_FAILED",
    tries: 1,
  },
  {
    name: "403",
    answer: plain(403, openai("Project may not use this", "permission_error")),
    kind: "permission",
    code: "AUTH_FAILED",
    tries: 1,
  },
  {
    name: "404 of a model",
    answer: plain(
      404,
      openai(
        "The model `x` does not exist or you do not have access to it.",
        "invalid_request_error",
        "model_not_found",
      ),
    ),
    kind: "model_not_found",
    code: "MODEL_NOT_FOUND",
    tries: 1,
  },
  {
    name: "404 of a model (Ollama)",
    answer: plain(404, '{"error":"model \\"x\\" not found, try pulling it first"}'),
    kind: "model_not_found",
    code: "MODEL_NOT_FOUND",
    tries: 1,
  },
  {
    name: "404 of an Azure deployment",
    answer: plain(
      404,
      '{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}',
    ),
    kind: "model_not_found",
    code: "MODEL_NOT_FOUND",
    tries: 1,
  },
  {
    name: "404 of a path",
    answer: plain(404, "404 page not found"),
    kind: "invalid_request",
    code: "INVALID_REQUEST",
    tries: 1,
    says: /404/,
  },
  {
    name: "400",
    answer: plain(400, openai("Invalid type for 'messages'", "invalid_request_error")),
    kind: "invalid_request",
    code: "INVALID_REQUEST",
    tries: 1,
  },
  {
    name: "400 with a Google key",
    answer: plain(
      400,
      '{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}',
    ),
    kind: "auth",
    code: "AUTH_FAILED",
    tries: 1,
  },
  {
    name: "402",
    answer: plain(402, openai("Insufficient Balance", "unknown_error")),
    kind: "quota_exhausted",
    code: "QUOTA_EXHAUSTED",
    tries: 1,
  },
  {
    name: "400 without credit (Anthropic)",
    answer: plain(
      400,
      '{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}',
    ),
    kind: "quota_exhausted",
    code: "QUOTA_EXHAUSTED",
    tries: 1,
  },
  { name: "408", answer: plain(408, ""), kind: "timeout_first_byte", code: "PROVIDER_TIMEOUT", tries: 5 },
  {
    name: "409",
    answer: plain(409, openai("conflict", "conflict")),
    kind: "unknown",
    code: "PROVIDER_ERROR",
    tries: 5,
  },
  {
    name: "413",
    answer: plain(
      413,
      '{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}',
    ),
    kind: "context_length",
    code: "CONTEXT_OVERFLOW",
    tries: 1,
  },
  {
    name: "422",
    answer: plain(422, '{"detail":[{"loc":["body","model"],"msg":"field required"}]}'),
    kind: "invalid_request",
    code: "INVALID_REQUEST",
    tries: 1,
    says: /field required/,
  },
  {
    name: "429",
    answer: plain(429, openai("Rate limit reached for requests", "requests", "rate_limit_exceeded"), {
      "retry-after": "1",
    }),
    kind: "rate_limit",
    code: "RATE_LIMITED",
    tries: 5,
  },
  {
    name: "429 with the quota gone (OpenAI)",
    answer: plain(
      429,
      openai(
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        "insufficient_quota",
      ),
    ),
    kind: "quota_exhausted",
    code: "QUOTA_EXHAUSTED",
    tries: 1,
  },
  {
    name: "429 of a minute (Google)",
    answer: plain(
      429,
      google(
        "RESOURCE_EXHAUSTED",
        "You exceeded your current quota, please check your plan and billing details.",
        [{ violations: [{ quotaId: "GenerateRequestsPerMinutePerProject" }] }, { retryDelay: "2s" }],
      ),
    ),
    kind: "rate_limit",
    code: "RATE_LIMITED",
    tries: 5,
  },
  {
    name: "429 of a day (Google)",
    answer: plain(
      429,
      google("RESOURCE_EXHAUSTED", "You exceeded your current quota.", [
        { violations: [{ quotaId: "GenerateRequestsPerDayPerProject" }] },
      ]),
    ),
    kind: "quota_exhausted",
    code: "QUOTA_EXHAUSTED",
    tries: 1,
  },
  {
    name: "429 for an hour",
    answer: plain(429, openai("Rate limit reached", "tokens"), { "retry-after": "3600" }),
    kind: "rate_limit",
    code: "RATE_LIMITED",
    tries: 1,
  },
  {
    name: "500",
    answer: plain(500, openai("The server had an error", "server_error")),
    kind: "unknown",
    code: "PROVIDER_ERROR",
    tries: 5,
  },
  {
    name: "500 that advises against",
    answer: plain(500, "", { "x-should-retry": "false" }),
    kind: "unknown",
    code: "PROVIDER_ERROR",
    tries: 1,
  },
  { name: "503", answer: plain(503, "{}"), kind: "overloaded", code: "PROVIDER_OVERLOADED", tries: 5 },
  {
    name: "529",
    answer: plain(529, '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'),
    kind: "overloaded",
    code: "PROVIDER_OVERLOADED",
    tries: 5,
    says: /Overloaded/,
  },
  {
    name: "an HTML page with 502",
    answer: plain(
      502,
      "<html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>",
      { "content-type": "text/html" },
    ),
    kind: "overloaded",
    code: "PROVIDER_OVERLOADED",
    tries: 5,
    says: /^502 Bad Gateway: nginx/,
  },
  {
    name: "an HTML page with 200",
    answer: plain(200, "<!doctype html><title>Sign in</title>", { "content-type": "text/html" }),
    kind: "protocol",
    code: "MALFORMED_PROVIDER_RESPONSE",
    tries: 1,
  },
  {
    name: "an empty body with 200",
    answer: plain(200, ""),
    kind: "protocol",
    code: "MALFORMED_PROVIDER_RESPONSE",
    tries: 1,
    says: /empty/,
  },
  {
    name: "an error as plain JSON with 200",
    answer: plain(200, openai("The model is overloaded", "overloaded")),
    kind: "overloaded",
    code: "PROVIDER_OVERLOADED",
    tries: 5,
  },
  {
    name: "a filter (Azure)",
    answer: plain(
      400,
      '{"error":{"code":"content_filter","message":"The response was filtered due to the prompt triggering content management policy."}}',
    ),
    kind: "content_filter",
    code: "CONTENT_FILTERED",
    tries: 1,
  },
  {
    name: "a reset before the answer",
    answer: (response) => void response.socket?.resetAndDestroy(),
    kind: "network",
    code: "PROVIDER_UNREACHABLE",
    tries: 5,
  },
];

/** What the vendors say when a prompt is too long; texts shortened. */
export const TOO_LONG: readonly string[] = [
  openai(
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 150000 tokens.",
    "invalid_request_error",
    "context_length_exceeded",
  ),
  openai(
    "Input tokens exceed the configured limit. Your input exceeds the context window of this model.",
    "invalid_request_error",
  ),
  '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}',
  '{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 190000 + 64000 > 200000, decrease input length or `max_tokens`"}}',
  '{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}',
  '{"object":"error","message":"This model\'s maximum context length is 4096 tokens. Please reduce the length of the messages.","type":"BadRequestError","code":400}',
  '{"error":{"code":400,"message":"request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it","type":"exceed_context_size_error"}}',
  '{"error":"input is too long: exceeds the context length"}',
  '{"object":"error","message":"Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length","type":"invalid_request_prompt"}',
  '{"error":"This model\'s maximum prompt length is 131072 but the request contains 200000 tokens."}',
];
