import * as z from "zod";
import { AksaraError } from "../../errors.ts";
import { decode } from "../../workspace/index/decode.ts";
import { type MigrationSuggestion, suggestMigration } from "../migrations/suggest-migration.ts";
import { defineTool, type ToolContext } from "./tool.ts";

export const migrationInput = z.strictObject({
  path: z.string().default("").describe("only models in files whose path begins so: an app, a service"),
  name: z.string().min(1).max(60).optional().describe("words for the file's name: add_slug"),
});

export const suggestMigrationTool = defineTool({
  name: "suggest_migration",
  description:
    "Compares the models with what the migrations make and gives the migration that is missing, in the project's own form, with the way back; it was tried in a database without data. Nothing is written.",
  input: migrationInput,
  timeoutSeconds: 120,
  outputBudget: 40_000,
  execute: async (given, context) => ({ output: suggestionText(await suggestionFor(given, context)) }),
});

/** @throws TOOL_FAILED where this host has no lab */
export async function suggestionFor(
  { path, name }: z.output<typeof migrationInput>,
  { workspace, files, signal }: ToolContext,
): Promise<MigrationSuggestion> {
  const { trial } = workspace;
  if (!trial) throw new AksaraError("TOOL_FAILED", "This host has no database lab to compare schemas in.");
  const { catalog } = await workspace.view(signal);
  return await suggestMigration({
    catalog,
    trial,
    path,
    name: name ?? null,
    today: new Date().toISOString().slice(0, 10),
    signal,
    readText: async (uri) => {
      const decoded = decode((await files.read(uri)).bytes);
      return decoded.kind === "binary" ? "" : decoded.text;
    },
  });
}

export function suggestionText(suggestion: MigrationSuggestion): string {
  const { changes, framework, files, reverse, notes, check } = suggestion;
  const list = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join("\n");
  if (changes.length === 0)
    return [`The migrations make what the models describe (${framework}).`, list(notes)]
      .filter((part) => part !== "")
      .join("\n");
  const verdicts = {
    verified: "It was applied to an empty database: it ends at the schema that the models describe.",
    refuted: "Tried on an empty database, it does not end at the schema that the models describe:",
    unverified: "Part of it is not known as SQL, so it was not tried whole:",
  } as const;
  return [
    `${framework}: the models are ahead of the migrations.\n${list(changes)}`,
    ...files.map(({ uri, content }) => `### ${uri}\n\`\`\`\n${content}\`\`\``),
    ...(reverse === null ? [] : [`### The way back\n\`\`\`sql\n${reverse}\`\`\``]),
    [verdicts[check.verdict], list(check.lines)].filter((part) => part !== "").join("\n"),
    ...(notes.length === 0 ? [] : [`To know:\n${list(notes)}`]),
  ].join("\n\n");
}
