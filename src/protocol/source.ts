import * as z from "zod/mini";

export const positionSchema = z.object({ line: z.number(), character: z.number() });
export const rangeSchema = z.object({ start: positionSchema, end: positionSchema });

/** A place in the workspace: uri relative to the workspace folder, hash of the text in the range. */
export const sourceRefSchema = z.object({ uri: z.string(), range: rangeSchema, hash: z.string() });
export type SourceRefDocument = z.infer<typeof sourceRefSchema>;
