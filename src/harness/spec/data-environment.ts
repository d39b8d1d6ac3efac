import * as z from "zod";
import { AksaraError } from "../../errors.ts";
import { problemsOf, specError } from "./spec-error.ts";
import { inSpellingOf } from "./spelling.ts";
import type { TenantIdentity } from "./tenant.ts";

const KvSchema = z.union([
  z.strictObject({ kind: z.literal("memory") }),
  z.strictObject({ kind: z.enum(["sqlite"]), path: z.string().min(1).optional() }),
  z.strictObject({ kind: z.enum(["postgres", "redis"]), url: z.string().min(1) }),
]);

const TargetDatabaseSchema = z.strictObject({
  kind: z.enum(["sqlite", "postgres", "mysql"]),
  url: z.string().min(1).optional(),
  path: z.string().min(1).optional(),
  schema: z.string().min(1).optional(),
});

/** What people say about tables, columns and metrics. */
export const CatalogEntrySchema = z.strictObject({
  /** `orders`, `orders.total`, or the name of a metric. */
  name: z.string().min(1),
  kind: z.enum(["table", "column", "metric"]).default("table"),
  description: z.string(),
  aliases: z.array(z.string().min(1)).default([]),
});
export type CatalogEntry = z.output<typeof CatalogEntrySchema>;

const CatalogSchema = z.union([
  z.strictObject({ kind: z.literal("empty") }),
  z.strictObject({ kind: z.literal("inline"), entries: z.array(CatalogEntrySchema).default([]) }),
  z.strictObject({ kind: z.literal("sqlite"), path: z.string().min(1) }),
  z.strictObject({ kind: z.literal("postgres"), url: z.string().min(1) }),
]);

/** What the toolkits work on, besides the workspace. */
export const DataEnvironmentSchema = z.strictObject({
  tenantId: z.string().min(1).optional(),
  workspaceId: z.string().min(1).optional(),
  kv: KvSchema.optional(),
  targetDatabase: TargetDatabaseSchema.optional(),
  targetDatabaseUrl: z.string().min(1).optional(),
  targetDatabaseSchema: z.string().min(1).optional(),
  catalog: CatalogSchema.optional(),
  catalogSearch: z
    .strictObject({
      indexPath: z.string().min(1).optional(),
      rebuildOnStart: z.boolean().default(false),
      writeThrough: z.boolean().default(true),
    })
    .optional(),
});
export type DataEnvironment = z.output<typeof DataEnvironmentSchema>;

/** For tests: every turn of every model gives one text. */
export const TestingConfigSchema = z.strictObject({ mockResponse: z.string() });
export type TestingConfig = z.output<typeof TestingConfigSchema>;

/**
 * A data environment that fits its tenant; the short form of the database's address is part of it.
 * @throws SPEC_INVALID, TENANT_MISMATCH
 */
export function readDataEnvironment(
  input: unknown,
  databaseUrl: string | undefined,
  tenant: TenantIdentity,
): DataEnvironment {
  const parsed = DataEnvironmentSchema.safeParse(inSpellingOf(DataEnvironmentSchema, input ?? {}));
  if (!parsed.success)
    throw specError(
      problemsOf(parsed.error).map(({ path, message }) => ({ path: ["dataEnvironment", ...path], message })),
    );
  const { data } = parsed;
  if (data.tenantId !== undefined && data.tenantId !== tenant.resourceId)
    throw new AksaraError(
      "TENANT_MISMATCH",
      `dataEnvironment.tenantId: expected "${tenant.resourceId}", the tenant of the spec, not "${data.tenantId}".`,
    );
  if (data.catalog?.kind === "sqlite" || data.catalog?.kind === "postgres")
    throw specError([
      {
        path: ["dataEnvironment", "catalog", "kind"],
        message: `expected empty or inline: descriptions are not read from ${data.catalog.kind}.`,
      },
    ]);
  const url = data.targetDatabaseUrl ?? databaseUrl;
  if (url !== undefined && data.targetDatabase !== undefined)
    throw specError([
      {
        path:
          data.targetDatabaseUrl === undefined
            ? ["targetDatabaseUrl"]
            : ["dataEnvironment", "targetDatabaseUrl"],
        message: "expected either an address or the descriptor dataEnvironment.targetDatabase, not both.",
      },
    ]);
  if (
    databaseUrl !== undefined &&
    data.targetDatabaseUrl !== undefined &&
    databaseUrl !== data.targetDatabaseUrl
  )
    throw specError([
      {
        path: ["targetDatabaseUrl"],
        message: "expected the same address as dataEnvironment.targetDatabaseUrl.",
      },
    ]);
  return url === undefined ? data : { ...data, targetDatabaseUrl: url };
}

/** @throws SPEC_INVALID */
export function readTesting(input: unknown): TestingConfig | null {
  if (input === undefined || input === null) return null;
  const parsed = TestingConfigSchema.safeParse(inSpellingOf(TestingConfigSchema, input));
  if (parsed.success) return parsed.data;
  throw specError(
    problemsOf(parsed.error).map(({ path, message }) => ({ path: ["testing", ...path], message })),
  );
}
