import type { ModelMessage } from "../../providers/model-stream.ts";
import { sizeOf, textOf } from "./message-size.ts";
import type { CallState, RunState } from "./run-state.ts";

/** Of what a context may hold, so much is used before it is made smaller, and so much is left of it then. */
const FULL = 0.9;
const KEPT = 0.5;
/** Lines of a digest. */
const MOST_LINES = 80;

export interface Compaction {
  readonly keepFrom: number;
  readonly digest: string;
}

/**
 * What to drop when a conversation outgrows what the model reads; null while it fits, or when nothing can go. The task
 * stays; the oldest messages go, never a call without its result, and a digest of what was done takes their place.
 */
export function compactionOf(
  state: RunState,
  fixedTokens: number,
  maxInputTokens: number,
  force = false,
): Compaction | null {
  const { messages } = state;
  const total = fixedTokens + state.contextTokens;
  if (!force && total <= maxInputTokens * FULL) return null;
  const target = Math.min(maxInputTokens * KEPT, total * KEPT);
  let left = total;
  let keepFrom = 1;
  for (let at = 1; at < messages.length; at++) {
    const message = messages[at];
    if (!message) break;
    left -= sizeOf(message);
    if (at + 1 < messages.length && isBoundary(messages, at + 1)) {
      keepFrom = at + 1;
      if (left <= target) break;
    }
  }
  if (keepFrom <= 1) return null;
  // The digest of an earlier time alone is not worth another.
  if (keepFrom === 2 && messages[1]?.role === "user") return null;
  return { keepFrom, digest: digestOf(state, messages.slice(1, keepFrom)) };
}

/** Whether a conversation may begin at a message: not with the results of calls that went before. */
function isBoundary(messages: readonly ModelMessage[], at: number): boolean {
  return messages[at]?.role === "assistant";
}

/** What takes the place of a whole conversation: what was said and done in it, and its last answer in full. */
export function digestOfConversation(states: readonly RunState[]): string {
  const last = states.findLast(({ text }) => text !== "");
  return [
    "Earlier parts of this conversation were left out to make room. What happened in them:",
    ...states.flatMap((state) => digestLines(state, state.messages)).slice(-MOST_LINES),
    ...(last ? ["Your last answer was:", last.text] : []),
    "Read again what you need in full.",
  ].join("\n");
}

function digestOf(state: RunState, dropped: readonly ModelMessage[]): string {
  return [
    "Earlier parts of this conversation were left out to make room. What happened in them:",
    ...digestLines(state, dropped).slice(-MOST_LINES),
    ...(state.plan === null ? [] : [`The approved plan: ${JSON.stringify(state.plan)}`]),
    "The task, the rules and what follows are complete. Read again what you need in full.",
  ].join("\n");
}

function digestLines(state: RunState, dropped: readonly ModelMessage[]): readonly string[] {
  const calls = new Map(state.calls.map((call) => [call.id, call]));
  const lines: string[] = [];
  for (const message of dropped) {
    if (message.role === "user") lines.push(...earlierLines(textOf(message)));
    if (message.role !== "assistant") continue;
    for (const item of message.content) {
      if (item.type === "text" && item.text.trim() !== "") lines.push(`- you said: ${short(item.text, 300)}`);
      if (item.type === "tool-call") lines.push(callLine(calls.get(item.id), item.name, item.input));
    }
  }
  return lines;
}

function earlierLines(text: string): readonly string[] {
  return text.startsWith("Earlier parts of this conversation")
    ? text.split("\n").filter((line) => line.startsWith("- "))
    : [`- you were told: ${short(text, 300)}`];
}

function callLine(call: CallState | undefined, name: string, input: unknown): string {
  const result = call?.result;
  const files = result?.changes.map(({ uri }) => uri) ?? [];
  const became =
    result == null
      ? "has no result yet"
      : files.length > 0 && !result.isError
        ? `changed ${files.join(", ")}`
        : `${result.isError ? "failed" : "gave"}: ${short(result.output, 160)}`;
  return `- ${name}(${short(JSON.stringify(input) ?? "", 160)}) ${became}`;
}

function short(text: string, most: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= most ? line : `${line.slice(0, most)}…`;
}
