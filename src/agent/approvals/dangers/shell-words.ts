/** A shell text as simple commands; `unclear` names what keeps it from being only that. */
export interface ShellCommands {
  readonly commands: readonly (readonly string[])[];
  readonly unclear: readonly string[];
}

/**
 * Splits a text as a POSIX shell would, without expanding anything. Where a shell would compute a part of it (variables,
 * substitutions, here-documents), or write a file, that is said.
 */
export function shellCommands(text: string): ShellCommands {
  const commands: string[][] = [];
  const unclear = new Set<string>();
  let words: string[] = [];
  let word: string | null = null;
  const endWord = () => {
    if (word !== null) words.push(word);
    word = null;
  };
  const endCommand = () => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "\\") {
      const next = text[++at];
      if (next === undefined) unclear.add("a backslash at its end");
      else if (next !== "\n") word = (word ?? "") + next;
    } else if (char === "'") {
      const end = text.indexOf("'", at + 1);
      if (end === -1) return { commands, unclear: [...unclear, "a quote that is not closed"] };
      word = (word ?? "") + text.slice(at + 1, end);
      at = end;
    } else if (char === '"') {
      let inner = "";
      for (at++; at < text.length && text[at] !== '"'; at++) {
        const each = text[at] ?? "";
        if (each === "$" || each === "`") unclear.add("something that the shell computes");
        if (each === "\\" && /["\\$`]/.test(text[at + 1] ?? "")) at++;
        inner += text[at] ?? "";
      }
      if (at >= text.length) return { commands, unclear: [...unclear, "a quote that is not closed"] };
      word = (word ?? "") + inner;
    } else if (char === "$" || char === "`") {
      unclear.add("something that the shell computes");
      word = (word ?? "") + char;
    } else if (/[*?[\]]/.test(char)) {
      unclear.add("a pattern for names of files");
      word = (word ?? "") + char;
    } else if (char === "{" || char === "}") {
      unclear.add("braces");
      word = (word ?? "") + char;
    } else if (char === ">" || char === "<") {
      unclear.add(char === ">" ? "a redirection that writes a file" : "a redirection");
      endWord();
    } else if (char === "#" && word === null) {
      const end = text.indexOf("\n", at);
      at = end === -1 ? text.length : end - 1;
    } else if (/[;&|\n()]/.test(char)) {
      if (char === "(" || char === ")") unclear.add("a subshell");
      endCommand();
    } else if (/\s/.test(char)) endWord();
    else word = (word ?? "") + char;
  }
  endCommand();
  return { commands, unclear: [...unclear] };
}
