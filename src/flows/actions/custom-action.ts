import * as z from "zod";
import { FLOW_KINDS, RISKS } from "../../protocol/action.ts";
import type { FlowAction } from "./action.ts";
import { SHIPPED_ACTIONS } from "./shipped.ts";

/** A workspace file that was meant to define an action and does not. */
export interface ActionProblem {
  readonly uri: string;
  /** Zero-based line to show it at. */
  readonly line: number;
  readonly message: string;
}

export type ParsedAction = { readonly action: FlowAction } | { readonly problem: ActionProblem };

const KEY = /^[a-z][a-z0-9_]{1,63}$/;

const frontMatterSchema = z.strictObject({
  key: z.string().regex(KEY, "a key is lower case letters, digits and _").optional(),
  kind: z.enum(FLOW_KINDS),
  title: z.string().min(1).max(80),
  description: z.string().min(1).max(300),
  risk: z.enum(RISKS),
  what_it_does: z.string().min(1),
  what_it_cannot_do: z.string().min(1),
  recommended_next: z.array(z.string()).default([]),
});

/**
 * Reads `.aksara/actions/<name>.md`: YAML front matter with the descriptor, then the system prompt. A file that is not
 * right gives a problem and no action; nothing is guessed.
 */
export async function parseCustomAction(uri: string, text: string): Promise<ParsedAction> {
  const problem = (line: number, message: string): ParsedAction => ({ problem: { uri, line, message } });
  const match = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)([\s\S]*)$/.exec(text);
  if (!match) return problem(0, "The file must begin with front matter between two lines of three dashes.");
  const [, header = "", body = ""] = match;
  const { parseDocument } = await import("yaml");
  const document = parseDocument(header, { logLevel: "silent" });
  const [syntax] = document.errors;
  if (syntax)
    return problem(
      (syntax.linePos?.[0].line ?? 1) as number,
      syntax.message.split("\n")[0] ?? "not valid YAML",
    );
  const parsed = frontMatterSchema.safeParse(document.toJS());
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const member = String(issue?.path[0] ?? "");
    return problem(
      lineOf(header, member),
      `${member ? `"${member}": ` : ""}${issue?.message ?? "not valid"}`,
    );
  }
  const { data } = parsed;
  const key = data.key ?? fileKey(uri);
  if (!KEY.test(key))
    return problem(0, `"${key}" cannot be a key: lower case letters, digits and _ only. Set "key".`);
  if (SHIPPED_ACTIONS.some((action) => action.key === key)) {
    return problem(lineOf(header, "key"), `The key "${key}" ships with Aksara Studio; choose another.`);
  }
  if (body.trim() === "")
    return problem(header.split("\n").length + 1, "The body is empty: it is the system prompt.");
  return {
    action: {
      key,
      kind: data.kind,
      title: data.title,
      description: data.description,
      risk: data.risk,
      whatItDoes: data.what_it_does,
      whatItCannotDo: data.what_it_cannot_do,
      suggestedNext: data.recommended_next,
      icon: "sparkle",
      origin: { kind: "file", uri, prompt: body.trim() },
    },
  };
}

/** Checks what one file cannot see: keys that two files define, and next actions that do not exist. */
export function checkCustomActions(parsed: readonly ParsedAction[]): {
  readonly actions: readonly FlowAction[];
  readonly problems: readonly ActionProblem[];
} {
  const problems = parsed.flatMap((item) => ("problem" in item ? [item.problem] : []));
  const actions: FlowAction[] = [];
  for (const item of parsed) {
    if ("problem" in item) continue;
    const { action } = item;
    const twin = actions.find((other) => other.key === action.key);
    const uri = action.origin.kind === "file" ? action.origin.uri : "";
    if (twin)
      problems.push({ uri, line: 0, message: `The key "${action.key}" is also defined by another file.` });
    else actions.push(action);
  }
  const kindOf = new Map([...SHIPPED_ACTIONS, ...actions].map((action) => [action.key, action.kind]));
  const sound = actions.filter((action) => {
    const wrong = action.suggestedNext.find((key) => kindOf.get(key) !== action.kind);
    if (wrong === undefined) return true;
    const uri = action.origin.kind === "file" ? action.origin.uri : "";
    problems.push({
      uri,
      line: 0,
      message: `"recommended_next" names "${wrong}", which is no action on a ${action.kind}.`,
    });
    return false;
  });
  return { actions: sound, problems };
}

function fileKey(uri: string): string {
  return uri
    .slice(uri.lastIndexOf("/") + 1)
    .replace(/\.md$/, "")
    .replaceAll("-", "_");
}

/** Zero-based line of a member of the front matter in the file; the first line when it is missing. */
function lineOf(header: string, member: string): number {
  const index = header.split("\n").findIndex((line) => line.startsWith(`${member}:`));
  return index < 0 ? 0 : index + 1;
}
