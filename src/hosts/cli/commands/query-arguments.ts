import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { FlowContext } from "../../../protocol/action.ts";
import type { CliOption, ParsedArguments } from "../context.ts";
import { UsageError } from "../output.ts";

/** How a command line names a query. */
export const QUERY_OPTIONS: Readonly<Record<string, CliOption>> = {
  sql: { type: "string", value: "SQL", summary: "the SQL itself" },
  file: { type: "string", value: "F", summary: "a file that holds the SQL" },
  id: { type: "string", value: "ID", summary: "a query of the catalog" },
  dialect: { type: "string", value: "D", summary: "postgresql, mysql or sqlite" },
};

/** The query that a command line names. @throws UsageError */
export async function queryContext(args: ParsedArguments): Promise<FlowContext> {
  const [sql, file, id] = [args.string("sql"), args.string("file"), args.string("id")];
  if ([sql, file, id].filter((value) => value !== undefined).length !== 1) {
    throw new UsageError("Give the query by exactly one of --sql, --file and --id.");
  }
  const dialect = args.string("dialect");
  return {
    ...(id === undefined ? { sql: sql ?? (await readSql(file ?? "")) } : { query_id: id }),
    ...(dialect === undefined ? {} : { dialect }),
  };
}

async function readSql(file: string): Promise<string> {
  try {
    return await readFile(resolve(file), "utf8");
  } catch (error) {
    throw new UsageError(`Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
