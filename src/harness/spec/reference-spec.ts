import * as z from "zod";

/** A short view of a value, for those who do not need all of it. */
export type GlimpseCallback = (value: never) => unknown;

/** A kind of values that are kept and passed on by reference. */
export const ReferenceSpecSchema = z.strictObject({
  kind: z.string().min(1),
  description: z.string().default(""),
  glimpse: z
    .custom<GlimpseCallback>((value) => typeof value === "function", "expected a function")
    .optional(),
});
export type ReferenceSpec = z.output<typeof ReferenceSpecSchema>;
export type ReferenceSpecInput = z.input<typeof ReferenceSpecSchema>;
