import * as z from "zod/mini";
import type { PromptPack } from "../../protocol/prompt-pack.ts";
import type { SqlDialect } from "../../workspace/ir/query.ts";

/** The query that the suggestions of a pack are about. */
export interface JudgedQuery {
  readonly sql: string;
  readonly dialect: SqlDialect;
}

const factsSchema = z.object({
  facts: z.object({
    sql: z.string(),
    dialect: z.enum(["postgresql", "mysql", "sqlite", "unknown"]),
  }),
});

/** Null for a pack about something else, and for a query that was not lowered to SQL. */
export function judgedQuery({
  kind,
  result_json: result,
}: Pick<PromptPack, "kind" | "result_json">): JudgedQuery | null {
  if (kind !== "query") return null;
  const read = factsSchema.safeParse(result);
  return read.success ? read.data.facts : null;
}
