import * as z from "zod";
import { walkFiles } from "../files/file-walk.ts";
import { defineTool } from "./tool.ts";

const MOST_LISTED = 1_000;

export const listFilesTool = defineTool({
  name: "list_files",
  description:
    "Lists files and folders of the workspace, without what is ignored, dependencies, and files that hold secrets.",
  input: z.strictObject({
    path: z.string().default("").describe("a folder; the workspace folder when empty"),
    depth: z.int().positive().max(20).default(3),
  }),
  execute: async ({ path, depth }, { files, signal }) => {
    const { entries, secrets, cut } = await walkFiles(files, path, depth, signal);
    const lines = entries.slice(0, MOST_LISTED).map(({ uri, kind }) => (kind === "folder" ? `${uri}/` : uri));
    if (entries.length > MOST_LISTED || cut)
      lines.push(`[${cut ? "many" : entries.length - MOST_LISTED} more; list a folder of it]`);
    if (secrets > 0) lines.push(`[${secrets} not named: they may hold secrets]`);
    return { output: lines.length === 0 ? "There is nothing to list." : lines.join("\n") };
  },
});
