import * as z from "zod";
import { AksaraError, isAksaraError, throwIfCancelled } from "../../errors.ts";
import { decode } from "../../workspace/index/decode.ts";
import { IgnoreRules } from "../../workspace/index/ignore-rules.ts";
import { walkFiles } from "../files/file-walk.ts";
import { defineTool } from "./tool.ts";

const MOST_MATCHES = 200;
const LONGEST_LINE = 300;
const LARGEST_SEARCHED = 1_000_000;

export const searchFilesTool = defineTool({
  name: "search_files",
  description:
    "Finds lines that contain a text, in the files that list_files lists. Gives file, line and text.",
  input: z.strictObject({
    text: z.string().min(1).max(500).describe("taken as it is, not as a pattern"),
    path: z.string().default("").describe("a folder; the workspace folder when empty"),
    files: z.string().default("").describe("only these, as in .gitignore: *.py, tests/**"),
    ignore_case: z.boolean().default(false),
  }),
  execute: async ({ text, path, files: pattern, ignore_case: ignoreCase }, { files, signal }) => {
    const { entries, secrets } = await walkFiles(files, path, 40, signal);
    const only = pattern === "" ? null : new IgnoreRules(pattern);
    const wanted = ignoreCase ? text.toLowerCase() : text;
    const found: string[] = [];
    let more = 0;
    for (const { uri, kind } of entries) {
      throwIfCancelled(signal);
      if (kind !== "file" || (only && only.decide(uri, false) !== true)) continue;
      const content = await files.find(uri).catch((error: unknown) => {
        // What is kept from reading is not searched either, and a file may be gone by now.
        if (isAksaraError(error)) return null;
        throw error;
      });
      if (content === null || content.bytes.length > LARGEST_SEARCHED) continue;
      const decoded = decode(content.bytes);
      if (decoded.kind === "binary") continue;
      for (const [at, line] of decoded.text.split("\n").entries()) {
        if (!(ignoreCase ? line.toLowerCase() : line).includes(wanted)) continue;
        if (found.length < MOST_MATCHES)
          found.push(`${uri}:${at + 1}: ${line.trim().slice(0, LONGEST_LINE)}`);
        else more++;
      }
    }
    if (found.length === 0) throw nothingFound(text, secrets);
    return { output: more > 0 ? `${found.join("\n")}\n[${more} more lines]` : found.join("\n") };
  },
});

function nothingFound(text: string, secrets: number): AksaraError {
  return new AksaraError("CONTEXT_NOT_FOUND", `No line contains ${JSON.stringify(text)}.`, {
    hint:
      secrets > 0
        ? `${secrets} files were not searched: they may hold secrets.`
        : "Try a shorter text, or ignore_case.",
  });
}
