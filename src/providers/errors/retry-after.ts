import { listIn, recordIn, textIn } from "../wire/json.ts";

type Headers = Readonly<Record<string, string>>;

/** Milliseconds the provider asked to wait, from its headers or from its body; null when it did not. */
export function retryAfterMs(headers: Headers, payload: unknown, now: number): number | null {
  return fromHeaders(headers, now) ?? fromDetails(payload);
}

function fromHeaders(headers: Headers, now: number): number | null {
  const milliseconds = numberIn(headers["retry-after-ms"]);
  if (milliseconds !== null) return milliseconds;
  const header = headers["retry-after"];
  const seconds = numberIn(header);
  if (seconds !== null) return Math.round(seconds * 1000);
  const date = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** Google says it in the body: `{"@type": "…RetryInfo", "retryDelay": "37.5s"}`. */
function fromDetails(payload: unknown): number | null {
  for (const detail of listIn(recordIn(recordIn(payload).error).details)) {
    const seconds = /^(\d+(?:\.\d+)?)s$/.exec(textIn(recordIn(detail).retryDelay) ?? "")?.[1];
    if (seconds !== undefined) return Math.round(Number(seconds) * 1000);
  }
  return null;
}

function numberIn(text: string | undefined): number | null {
  if (text === undefined || !/^\s*\d+(?:\.\d+)?\s*$/.test(text)) return null;
  return Number(text);
}
