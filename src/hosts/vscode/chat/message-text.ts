/** Stands between what a person said and what it is about, in the text that the agent gets. */
const MARK = "\n\nThis is about:\n- ";

/** A message as the agent gets it. Each line of `attached` names something that its tools can look up. */
export function messageText(text: string, attached: readonly string[]): string {
  return attached.length === 0 ? text : `${text}${MARK}${attached.join("\n- ")}`;
}

/** The same taken apart again. */
export function readMessage(task: string): { readonly text: string; readonly attached: string[] } {
  const at = task.lastIndexOf(MARK);
  if (at < 0) return { text: task, attached: [] };
  return { text: task.slice(0, at), attached: task.slice(at + MARK.length).split("\n- ") };
}
