import * as z from "zod";
import { planWrite } from "../files/plan-edit.ts";
import { divisibleIntent, makeChanges, settleEdit } from "./edit-intent.ts";
import { defineTool, type ToolContext } from "./tool.ts";

const input = z.strictObject({
  path: z.string().min(1).describe("relative to the workspace folder, with forward slashes"),
  content: z.string().describe("the whole file"),
});

const plan = async ({ path, content }: z.output<typeof input>, { files, blobs }: ToolContext) => [
  await planWrite(files, blobs, path, content),
];

export const writeFileTool = defineTool({
  name: "write_file",
  description:
    "Creates a file, or replaces the whole content of one that you have read. To change a part, patch_file is better.",
  input,
  class: "write",
  risk: "medium",
  intend: async (given, context) => divisibleIntent(await plan(given, context)),
  execute: async (given, context) => makeChanges(await plan(given, context), context),
  settle: settleEdit,
});
