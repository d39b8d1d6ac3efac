import * as z from "zod";
import { problemsOf, specError } from "./spec-error.ts";
import { deeplyFrozen, type EitherSpelling, inSpellingOf } from "./spelling.ts";

/** Whose runtime it is. What one tenant keeps, no other sees. */
export const TenantIdentitySchema = z.strictObject({
  resourceId: z.string().min(1),
  version: z.union([z.string().min(1), z.number().transform(String)]),
});
export type TenantIdentity = z.output<typeof TenantIdentitySchema>;
export type TenantInput = EitherSpelling<z.input<typeof TenantIdentitySchema>>;

/** @throws SPEC_INVALID */
export function defineTenant(tenant: TenantInput): TenantIdentity {
  const parsed = TenantIdentitySchema.safeParse(inSpellingOf(TenantIdentitySchema, tenant));
  if (!parsed.success) throw specError(problemsOf(parsed.error), "The tenant");
  return deeplyFrozen(parsed.data);
}
