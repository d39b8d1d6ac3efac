/** What can be typed behind a slash, besides the actions: done at once, or said in another way. */
export const CHAT_WORDS = ["plan", "undo", "compact", "export"] as const;
export type ChatWord = (typeof CHAT_WORDS)[number];

/** Goes with a message that begins with `/plan`. */
export const PLAN_FIRST =
  "Propose a plan before you change anything: look at what it takes, then call propose_plan with the goal and the steps. Go on only by a plan that was approved.";

/** A message that is a command. */
export interface TypedCommand {
  readonly name: string;
  /** What stands behind it. */
  readonly words: string;
}

/** The command that a message begins with; null for any other message. A path, `/api/orders`, is none. */
export function commandIn(text: string): TypedCommand | null {
  const [, name, words = ""] = /^\/([A-Za-z_][\w-]*)(?:\s+([\s\S]*))?$/.exec(text) ?? [];
  // A mention that was begun and left names nothing.
  return name === undefined ? null : { name, words: words.replace(/@[a-z]+:\s*$/, "").trim() };
}

export function asChatWord(name: string): ChatWord | null {
  return CHAT_WORDS.find((word) => word === name) ?? null;
}
