import { resolve } from "node:path";
import type { StudioWorkspace } from "../../shared/studio-workspace.ts";
import type { CliContext, CliOption, ParsedArguments } from "../context.ts";
import { UsageError } from "../output.ts";

/** How a command line names another schema than that of the workspace. */
export const SCHEMA_OPTIONS: Readonly<Record<string, CliOption>> = {
  schema: {
    type: "string",
    value: "F",
    summary: "a dump in place of the workspace's schema: pg_dump --schema-only, structure.sql",
  },
  url: {
    type: "string",
    value: "URL",
    summary: "a PostgreSQL database in place of it: schema and statistics are read, and no value",
  },
};

/**
 * Opens the workspace with the schema that a command line names, else with its own.
 * @throws UsageError, and what reading the dump or the database throws
 */
export async function openOnSchema(args: ParsedArguments, context: CliContext): Promise<StudioWorkspace> {
  const [file, url] = [args.string("schema"), args.string("url")];
  if (file !== undefined && url !== undefined)
    throw new UsageError("--schema and --url name two different schemas.");
  if (file === undefined && url === undefined) return await context.openWorkspace();
  const { schemaOfDatabase, schemaOfDump } = await import("../../shared/given-schema.ts");
  const given =
    url === undefined ? await schemaOfDump(resolve(file ?? "")) : await schemaOfDatabase(url, context.signal);
  return await context.openWorkspace(given);
}
