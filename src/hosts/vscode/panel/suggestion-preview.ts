import type { Suggestion } from "../../../protocol/execution.ts";

const LANGUAGES: Readonly<Record<Suggestion["language"], string>> = {
  sql: "sql",
  diff: "diff",
  text: "markdown",
};

/** A suggestion as a document a person can read, change and save: what it is first, then what to apply, then the way back. */
export function previewText(suggestion: Suggestion): { readonly language: string; readonly content: string } {
  const { language, statements, rollback, title, reason, verdict, proof } = suggestion;
  const about = [
    `${suggestion.id}: ${title}`,
    ...reason.split("\n"),
    `${verdict}${proof ? `: ${proof.summary}` : ""}`,
  ];
  const comment = (line: string): string => (language === "sql" ? `-- ${line}` : line);
  const blocks = [
    about.map(comment).join("\n"),
    statements.map((statement) => terminated(statement, language)).join("\n\n"),
    ...(rollback.length === 0
      ? []
      : // Commented out: whoever runs the whole document must not undo it at once.
        [["rollback:", ...rollback.flatMap((step) => step.split("\n"))].map(comment).join("\n")]),
  ];
  return { language: LANGUAGES[language], content: `${blocks.join("\n\n")}\n` };
}

function terminated(statement: string, language: Suggestion["language"]): string {
  const text = statement.trim();
  return language === "sql" && !text.endsWith(";") ? `${text};` : text;
}
