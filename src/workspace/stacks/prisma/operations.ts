import type { Query } from "../../ir/query.ts";

/** What a delegate of the client can do, and the SQL statement it becomes. Source: the reference of Prisma Client. */
const OPERATIONS: Readonly<Record<string, Query["operation"]>> = {
  findUnique: "select",
  findUniqueOrThrow: "select",
  findFirst: "select",
  findFirstOrThrow: "select",
  findMany: "select",
  count: "select",
  aggregate: "select",
  groupBy: "select",
  findRaw: "select",
  aggregateRaw: "select",
  create: "insert",
  createMany: "insert",
  createManyAndReturn: "insert",
  upsert: "insert",
  update: "update",
  updateMany: "update",
  updateManyAndReturn: "update",
  delete: "delete",
  deleteMany: "delete",
};

export const PRISMA_OPERATIONS: ReadonlySet<string> = new Set(Object.keys(OPERATIONS));

/** Words that other libraries use for their repositories too. */
export const COMMON_OPERATIONS: ReadonlySet<string> = new Set([
  "create",
  "update",
  "delete",
  "count",
  "aggregate",
  "upsert",
  "createMany",
  "updateMany",
  "deleteMany",
]);

export function operationOf(name: string): Query["operation"] {
  return OPERATIONS[name] ?? "other";
}

/** The statement that a SQL text starts with. */
export function operationOfSql(sql: string): Query["operation"] {
  const text = sql.replace(/^(?:\s|\(|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, "").toLowerCase();
  const verb = /^[a-z]+/.exec(text)?.[0] ?? "";
  switch (verb) {
    case "select":
    case "insert":
    case "update":
    case "delete":
      return verb;
    case "with": {
      const main =
        /\)\s*(select|insert|update|delete)\b(?![\s\S]*\)\s*(?:select|insert|update|delete)\b)/.exec(text);
      return (main?.[1] as Query["operation"] | undefined) ?? "select";
    }
    case "create":
    case "alter":
    case "drop":
    case "truncate":
    case "comment":
      return "ddl";
    default:
      return "other";
  }
}

/** Names of tables in a SQL text, as written without quotes, in order of appearance. */
export function tablesOfSql(sql: string): readonly string[] {
  const plain = sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, " ");
  const name = String.raw`((?:["\`]?[A-Za-z_][\w$]*["\`]?\.)?["\`]?[A-Za-z_][\w$]*["\`]?)`;
  const pattern = new RegExp(String.raw`\b(?:from|join|into|update|table)\s+(?:only\s+)?${name}`, "gi");
  const common = new Set(
    [
      ...plain.matchAll(
        /(?:\bwith\s+(?:recursive\s+)?|,\s*)"?(\w+)"?\s*(?:\([^)]*\)\s*)?as\s*(?:not\s+)?(?:materialized\s+)?\(/gi,
      ),
    ].map((match) => match[1]?.toLowerCase() ?? ""),
  );
  const tables = [...plain.matchAll(pattern)]
    // `extract(day FROM x)` and `FOR UPDATE OF x` name no table.
    .filter(
      (match) =>
        !/\bextract\s*\(\s*\w+\s+$|\b(?:distinct|for(?:\s+no\s+key)?|do|on)\s+$/i.test(
          plain.slice(0, match.index),
        ),
    )
    .map((match) => (match[1] ?? "").replace(/["`]/g, ""))
    .filter(
      (table) =>
        !common.has(table.toLowerCase()) && !/^(?:lateral|select|unnest|set|generate_series)$/i.test(table),
    );
  return [...new Set(tables)];
}
