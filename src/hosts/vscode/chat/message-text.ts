/** Stand between the parts of a message, in the text that the agent gets. */
const ABOUT = "\n\nThis is about:\n- ";
const PROMPT = "\n\nThe prompt of this command:\n\n";

/** A message taken apart. */
export interface Message {
  /** What a person wrote. */
  readonly text: string;
  /** Each names something that the agent's tools can look up. */
  readonly attached: readonly string[];
  /** What a command of the chat adds for the model; null where none does. */
  readonly prompt: string | null;
}

/** A message as the agent gets it. */
export function messageText({ text, attached, prompt }: Message): string {
  const about = attached.length === 0 ? "" : `${ABOUT}${attached.join("\n- ")}`;
  return `${text}${about}${prompt === null ? "" : `${PROMPT}${prompt}`}`;
}

/** The same taken apart again. */
export function readMessage(task: string): Message {
  const end = task.indexOf(PROMPT);
  const prompt = end < 0 ? null : task.slice(end + PROMPT.length);
  const said = end < 0 ? task : task.slice(0, end);
  const at = said.lastIndexOf(ABOUT);
  if (at < 0) return { text: said, attached: [], prompt };
  return { text: said.slice(0, at), attached: said.slice(at + ABOUT.length).split("\n- "), prompt };
}
