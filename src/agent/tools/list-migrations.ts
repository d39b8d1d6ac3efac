import * as z from "zod";
import { defineTool } from "./tool.ts";

export const listMigrations = defineTool({
  name: "list_migrations",
  description: "All migrations of the workspace: app, name, operations, file.",
  input: z.strictObject({ app: z.string().default("").describe("only of this app") }),
  execute: async ({ app }, { workspace, signal }) => {
    const { catalog } = await workspace.view(signal);
    const migrations = catalog.migrations.filter((migration) => app === "" || migration.app === app);
    if (migrations.length === 0) return { output: "No such migrations were found in this workspace." };
    return {
      output: migrations
        .map(
          ({ app: of, name, operations, uri }) =>
            `${of === "" ? name : `${of}.${name}`} · ${operations.map(({ summary }) => summary).join("; ")} · ${uri}`,
        )
        .join("\n"),
    };
  },
});
