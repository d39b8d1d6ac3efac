/** What is being typed that could be completed. */
export interface Token {
  readonly trigger: "@" | "/";
  /** What stands behind the trigger. */
  readonly query: string;
  /** Both. */
  readonly text: string;
  /** Where it stands in the text. */
  readonly start: number;
  readonly end: number;
  /** A kind was named, or a command is asked for: the person looks for something, and has not just typed a word. */
  readonly isExplicit: boolean;
}

/** What ends at the cursor and could be completed: a mention, or a command at the beginning. Null where there is none. */
export function tokenAt(text: string, cursor: number): Token | null {
  const before = text.slice(0, cursor);
  const [command] = /^\/[\w-]*$/.exec(before) ?? [];
  if (command !== undefined) return tokenOf("/", command, 0);
  const mention = /(?<![^\s([{"'])@(?:[a-z]+:"[^"\n]*|[^\s"@]*)$/i.exec(before);
  return mention ? tokenOf("@", mention[0], mention.index) : null;
}

function tokenOf(trigger: "@" | "/", text: string, start: number): Token {
  const query = text.slice(1);
  const isExplicit = trigger === "/" || query.includes(":");
  return { trigger, query, text, start, end: start + text.length, isExplicit };
}
