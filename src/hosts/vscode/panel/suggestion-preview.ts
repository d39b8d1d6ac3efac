import type { Suggestion } from "../../../protocol/execution.ts";

const LANGUAGES: Readonly<Record<Suggestion["language"], string>> = {
  sql: "sql",
  diff: "diff",
  text: "markdown",
};

/** A suggestion as a document a person can read, change and save: what it is first, then what to apply, then the way back. */
export function previewText(suggestion: Suggestion): { readonly language: string; readonly content: string } {
  const { language, statements, rollback, title, reason, verdict, proof } = suggestion;
  // A model wrote these: a line break in them must not end the comment they stand in.
  const about = linesOf(
    `${suggestion.id}: ${title}\n${reason}\n${verdict}${proof ? `: ${proof.summary}` : ""}`,
  );
  const comment = (line: string): string => (language === "sql" ? `-- ${line}` : line);
  const blocks = [
    about.map(comment).join("\n"),
    statements.map((statement) => terminated(statement, language)).join("\n\n"),
    ...(rollback.length === 0
      ? []
      : // Commented out: whoever runs the whole document must not undo it at once.
        [["rollback:", ...rollback.flatMap(linesOf)].map(comment).join("\n")]),
  ];
  return { language: LANGUAGES[language], content: `${blocks.join("\n\n")}\n` };
}

function linesOf(text: string): readonly string[] {
  return text.split(/[\r\n\u2028\u2029]+/).filter((line) => line !== "");
}

function terminated(statement: string, language: Suggestion["language"]): string {
  const text = statement.trim();
  return language === "sql" && !text.endsWith(";") ? `${text};` : text;
}
