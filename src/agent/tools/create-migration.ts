import type * as z from "zod";
import { AksaraError } from "../../errors.ts";
import { planWrite } from "../files/plan-edit.ts";
import { divisibleIntent, makeChanges, settleEdit } from "./edit-intent.ts";
import { migrationInput, suggestionFor, suggestionText } from "./suggest-migration.ts";
import { defineTool, type ToolContext } from "./tool.ts";

async function plan(given: z.output<typeof migrationInput>, context: ToolContext) {
  const suggestion = await suggestionFor(given, context);
  if (suggestion.files.length === 0)
    throw new AksaraError(
      "TOOL_FAILED",
      "The migrations make what the models describe: there is nothing to write.",
    );
  if (suggestion.check.verdict === "refuted")
    throw new AksaraError(
      "TOOL_FAILED",
      `The migration was tried and is not right, so it was not written.\n${suggestionText(suggestion)}`,
      {
        hint: "Write the parts that hold with write_file, or correct the models.",
      },
    );
  const planned = [];
  for (const { uri, content } of suggestion.files)
    planned.push(await planWrite(context.files, context.blobs, uri, content));
  return { suggestion, planned };
}

export const createMigrationTool = defineTool({
  name: "create_migration",
  description:
    "Writes the migration that suggest_migration gives, after it was tried in a database without data and a person approved it.",
  input: migrationInput,
  class: "write",
  timeoutSeconds: 120,
  intend: async (given, context) => divisibleIntent((await plan(given, context)).planned),
  execute: async (given, context) => {
    const { planned, suggestion } = await plan(given, context);
    const made = await makeChanges(planned, context);
    const notes = suggestion.notes.map((note) => `\n- ${note}`).join("");
    return { ...made, output: `${String(made.output)}\nIt was ${suggestion.check.verdict}.${notes}` };
  },
  settle: settleEdit,
});
