import { assertNever } from "../../../errors.ts";
import { code, codeBlock } from "../../../flows/pack/markdown.ts";
import { Redactor } from "../../../flows/pack/redaction.ts";
import type { ChatItem, ChatItemOf, ChatUsage } from "../../../protocol/chat.ts";

export const EXPORT_FORMATS = ["markdown", "json"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A thread as it is shown. */
export interface ShownThread {
  /** Null before a message was sent. */
  readonly thread: string | null;
  readonly title: string;
  readonly items: readonly ChatItem[];
  readonly usage: ChatUsage | null;
}

/** A thread as a document, without secrets and personal literals: also those that a person typed. */
export function exportThread(shown: ShownThread, format: ExportFormat): string {
  const redactor = new Redactor();
  // What one part gives away is replaced in all: everything is learned before anything is written.
  const safe = redactor.redactValue(redactor.learn({ version: 1, ...shown }));
  return format === "json" ? `${JSON.stringify(safe, null, 2)}\n` : markdownOf(safe);
}

function markdownOf({ title, items }: ShownThread): string {
  const parts = [`# ${title.replace(/\s+/g, " ").trim()}`, ...items.map(partOf)];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function partOf(item: ChatItem): string {
  switch (item.kind) {
    case "user":
      return userPart(item);
    case "text":
      return item.text;
    case "thinking":
      return item.text
        .split("\n")
        .map((line) => `> ${line}`.trimEnd())
        .join("\n");
    case "call":
      return callPart(item);
    case "plan":
      return planPart(item);
    case "notice":
      return `*${NOTICES[item.notice]}*`;
    case "end":
      return endPart(item);
    default:
      return assertNever(item);
  }
}

const NOTICES: Readonly<Record<ChatItemOf<"notice">["notice"], string>> = {
  budget: "The agent was told that most of its budget is used.",
  loop: "The agent was told that it is going round in circles.",
  compacted: "Older parts of the conversation were shortened here.",
};

function userPart({ text, attached, prompt }: ChatItemOf<"user">): string {
  const about = attached.map((line) => `- ${line}`).join("\n");
  const sent = prompt === null ? "" : `With the prompt of this command:\n\n${codeBlock(prompt)}`;
  return ["## You", text, about, sent].filter((part) => part !== "").join("\n\n");
}

function planPart({ goal, state, steps }: ChatItemOf<"plan">): string {
  const lines = steps.map((step) => {
    const { type, ...members } = step.action;
    return `${step.number}. ${type}: ${JSON.stringify(members)} (${step.state})`;
  });
  return [`**Plan** (${state}): ${goal}`, lines.join("\n")].join("\n\n");
}

function callPart({ agent, tool, input, state, output, hidden, changed }: ChatItemOf<"call">): string {
  const more = hidden === 0 ? "" : `${hidden} more characters are not shown.`;
  const files = changed.length === 0 ? "" : `Changed: ${changed.map(code).join(", ")}`;
  const said = output === "" ? "" : codeBlock(output);
  return [
    `**${code(tool)}** (${agent === undefined ? state : `${agent}, ${state}`})`,
    codeBlock(JSON.stringify(input, null, 2), "json"),
    said,
    more,
    files,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function endPart(item: ChatItemOf<"end">): string {
  const { created, modified, deleted, undone, suggestions, findings, message, usage, model } = item;
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? "" : `### ${title}\n\n${lines.map((line) => `- ${line}`).join("\n")}`;
  const files = [
    ...created.map((uri) => `${code(uri)} created`),
    ...modified.map((uri) => `${code(uri)} modified`),
    ...deleted.map((uri) => `${code(uri)} deleted`),
  ];
  const ended = item.end === "complete" ? "" : `*This turn ended: ${message ?? item.end}*`;
  const spent = usage === null ? "" : `*${model}, ${usage.totalTokens} tokens*`;
  return [
    list(undone ? "Changed files, taken back" : "Changed files", files),
    list(
      "Findings",
      findings.map(({ severity, issue, fix, location }) =>
        [`${issue} (${severity}${location === null ? "" : `, ${location}`})`, fix].filter(Boolean).join(": "),
      ),
    ),
    list("Suggestions", suggestions),
    ended,
    spent,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}
