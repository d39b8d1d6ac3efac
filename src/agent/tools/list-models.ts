import * as z from "zod";
import { defineTool } from "./tool.ts";

export const listModels = defineTool({
  name: "list_models",
  description: "All models of the workspace: name, table, file, number of fields.",
  input: z.strictObject({}),
  execute: async (_input, { workspace, signal }) => {
    const { catalog } = await workspace.view(signal);
    if (catalog.models.length === 0) return { output: "No models were found in this workspace." };
    return {
      output: catalog.models
        .map(
          ({ qualifiedName, table, uri, range, fields }) =>
            `${qualifiedName} · ${table === null ? "no table" : `table ${table}`} · ${fields.length} fields · ${uri}:${range.start.line + 1}`,
        )
        .join("\n"),
    };
  },
});
