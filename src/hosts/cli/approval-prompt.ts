import type { Approver } from "../../agent/approvals/approver.ts";
import type { AskForToolFile } from "../../agent/tool-files/tool-files.ts";
import type { ApprovalAnswer, ApprovalRequest, ApprovalScope } from "../../protocol/agent.ts";
import type { LinePrompt } from "./line-prompt.ts";
import { bold, dim, paint, type Terminal } from "./output.ts";

/** Approvals at the prompt, one after the other. The end of the input rejects. */
export function promptApprover(prompt: LinePrompt, terminal: Terminal): Approver {
  let before: Promise<unknown> = Promise.resolve();
  return {
    ask: (request, signal) => {
      const answer = before.then(async () => {
        terminal.err(requestText(request, terminal));
        for (;;) {
          const line = await prompt.ask(choicesText(request), signal);
          if (line === null)
            return { outcome: "reject", feedback: "Nobody answered." } satisfies ApprovalAnswer;
          const read = readAnswer(line, request);
          if (typeof read !== "string") return read;
          terminal.err(`${read}\n`);
        }
      });
      before = answer.catch(() => undefined);
      return answer;
    },
  };
}

/** Asks at the prompt whether a file of the workspace may be a tool. The end of the input says no. */
export function promptForToolFile(prompt: LinePrompt, terminal: Terminal): AskForToolFile {
  return async ({ uri, hash, declares, changed }, signal) => {
    const { name, class: toolClass, risk } = declares;
    terminal.err(
      [
        `\n${bold(terminal, uri)} ${changed ? "has changed since you allowed it, and wants" : "wants"} to be a tool of the agent.`,
        `It says: name ${name ?? "?"}, class ${toolClass ?? "?"}, risk ${risk ?? "?"}. Read it first: it can do whatever you can.`,
        dim(terminal, `A yes is for exactly this content (${hash.slice(0, 16)}).`),
        "",
      ].join("\n"),
    );
    const line = await prompt.ask("Allow it? [y/N] > ", signal);
    return /^\s*(?:y|yes)\s*$/i.test(line ?? "");
  };
}

/** What is asked, as a person reads it. */
export function requestText(request: ApprovalRequest, terminal: Terminal): string {
  const { decision, tool } = request;
  const color = decision.risk === "high" ? "red" : decision.risk === "medium" ? "yellow" : "blue";
  const head =
    request.about === "failure"
      ? `\n${bold(terminal, `${tool} failed`)}`
      : `\n${bold(terminal, tool)} ${paint(terminal, color, `${decision.risk} risk`)}`;
  return `${[head, dim(terminal, decision.why), previewText(request, terminal)].filter((part) => part !== "").join("\n")}\n`;
}

function previewText({ preview, input }: ApprovalRequest, terminal: Terminal): string {
  switch (preview.kind) {
    case "diff":
      return preview.files.map(({ diff }) => paintDiff(diff, terminal)).join("\n");
    case "command":
      return `${preview.cwd === "" ? "" : `in ${preview.cwd}: `}${preview.command}`;
    case "sql":
      return [
        ...(preview.place === undefined ? [] : [`in ${preview.place}`]),
        preview.sql,
        ...(preview.parameters.length > 0 ? [`parameters: ${JSON.stringify(preview.parameters)}`] : []),
        ...(preview.rows === null ? [] : [`rows: ${preview.rows}`]),
        ...(preview.touched ?? []).map((row) => `  ${JSON.stringify(row)}`),
        ...(preview.notes ?? []),
      ].join("\n");
    case "plan":
    case "none":
      return JSON.stringify(input, null, 2);
  }
}

function paintDiff(diff: string, terminal: Terminal): string {
  return diff
    .trimEnd()
    .split("\n")
    .map((line) =>
      line.startsWith("+")
        ? paint(terminal, "green", line)
        : line.startsWith("-")
          ? paint(terminal, "red", line)
          : line,
    )
    .join("\n");
}

function choicesText({ about, scopes }: ApprovalRequest): string {
  if (about === "failure") return "[a]gain, [c]ontinue without it, [r]eject (stop the run) > ";
  const lasting = scopes.filter((scope) => scope !== "once");
  return [
    "[a]pprove",
    ...lasting.map((scope) => `a ${scope}`),
    "[e]dit {json}",
    "ask for [c]hanges TEXT",
    "[r]eject TEXT > ",
  ].join(", ");
}

/** The answer that a line means, or what is wrong with it. */
export function readAnswer(line: string, request: ApprovalRequest): ApprovalAnswer | string {
  const [, word = "", rest = ""] = /^\s*(\S*)\s*([\s\S]*?)\s*$/.exec(line) ?? [];
  const feedback = rest === "" ? {} : { feedback: rest };
  switch (word.toLowerCase()) {
    case "a":
    case "again":
    case "approve":
    case "y":
    case "yes": {
      if (rest === "") return { outcome: "approve", scope: "once" };
      const scope = request.scopes.find((each): each is ApprovalScope => each === rest);
      return scope ? { outcome: "approve", scope } : `An approval can be for: ${request.scopes.join(", ")}.`;
    }
    case "e":
    case "edit": {
      const partial = parseObject(rest);
      return partial ? { outcome: "revise", partial } : "Give the arguments to change as a JSON object.";
    }
    case "c":
    case "changes":
    case "continue":
      return { outcome: "revise", ...feedback };
    case "r":
    case "reject":
    case "n":
    case "no":
      return { outcome: "reject", ...feedback };
    default:
      return "Answer with a, e, c or r.";
  }
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
