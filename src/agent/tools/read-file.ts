import * as z from "zod";
import { AksaraError } from "../../errors.ts";
import { decode } from "../../workspace/index/decode.ts";
import { linesOf } from "../files/line-diff.ts";
import { defineTool } from "./tool.ts";

const MOST_LINES = 2_000;

export const readFileTool = defineTool({
  name: "read_file",
  description:
    "Reads a text file of the workspace, whole or from a line on. Secrets in it are replaced by [redacted:…]; files that are nothing but secrets are not read.",
  input: z.strictObject({
    path: z.string().min(1).describe("relative to the workspace folder, with forward slashes"),
    start_line: z.int().positive().default(1).describe("first line, counted from 1"),
    line_count: z.int().positive().max(MOST_LINES).default(MOST_LINES),
  }),
  outputBudget: 60_000,
  execute: async ({ path, start_line: start, line_count: count }, { files, blobs }) => {
    const { uri, bytes, hash } = await files.read(path);
    const decoded = decode(bytes);
    if (decoded.kind === "binary")
      throw new AksaraError("PATH_REFUSED", `${uri} is not a text file.`, { hint: "Read something else." });
    await blobs.put(bytes, false);
    const lines = linesOf(decoded.text);
    const page = lines.slice(start - 1, start - 1 + count);
    const reads = [{ uri, hash }];
    if (lines.length === 0) return { output: `${uri} is empty.`, reads };
    if (page.length === 0)
      return { output: `${uri} has ${lines.length} lines; there is no line ${start}.`, reads };
    const head = `${uri}, lines ${start} to ${start - 1 + page.length} of ${lines.length}\n`;
    return { output: head + page.join("").replaceAll("\r\n", "\n"), reads };
  },
});
