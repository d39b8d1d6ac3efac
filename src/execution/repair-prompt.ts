/** Asks for the structured part once more. The model sees its own answer before this. */
export function repairPrompt(problems: readonly string[]): string {
  return [
    "The structured part of your answer cannot be used:",
    ...problems.map((problem) => `- ${problem}`),
    "",
    "Reply with exactly one fenced code block labelled `json` that holds one object valid against the JSON Schema above, and nothing else. Keep what you said; claim nothing new. Where you have no value, leave the item out or say it under `unknowns`; do not make one up.",
  ].join("\n");
}
