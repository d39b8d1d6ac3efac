import * as z from "zod";

/** A store that the host opens. */
export const StorageFactorySpecSchema = z.strictObject({
  kind: z.string().min(1).describe("memory, sqlite, postgres or redis."),
  config: z.unknown().optional(),
});
export type StorageFactorySpec = z.output<typeof StorageFactorySpecSchema>;

/** Which store keeps what; absent: the one of the workspace. */
export const StorageFactoriesSchema = z.strictObject({
  kv: StorageFactorySpecSchema.optional().describe("Journals, threads, approvals and references."),
  plans: StorageFactorySpecSchema.optional(),
  memory: StorageFactorySpecSchema.optional().describe("What agents note."),
});
export type StorageFactories = z.output<typeof StorageFactoriesSchema>;
