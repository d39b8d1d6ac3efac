import * as z from "zod";
import { SEVERITIES } from "../../protocol/finding.ts";
import { defineTool } from "./tool.ts";

export const getDiagnostics = defineTool({
  name: "get_diagnostics",
  description:
    "The findings of the deterministic rules about models, routes, queries and migrations of the workspace.",
  input: z.strictObject({
    severity: z.enum(SEVERITIES).optional().describe("only of this severity"),
    path: z.string().default("").describe("only in files whose path begins like this"),
  }),
  execute: async ({ severity, path }, { workspace, signal }) => {
    const { findings } = await workspace.view(signal);
    const wanted = findings.filter(
      (finding) =>
        (severity === undefined || finding.severity === severity) && finding.source.uri.startsWith(path),
    );
    if (wanted.length === 0) return { output: "No rule has found anything there." };
    return {
      output: wanted
        .map(({ rule, severity: how, message, source, fix }) =>
          [
            `${how} ${rule} ${source.uri}:${source.range.start.line + 1}: ${message}`,
            ...(fix === null ? [] : [`  fix: ${fix.replaceAll("\n", "\n  ")}`]),
          ].join("\n"),
        )
        .join("\n"),
    };
  },
});
