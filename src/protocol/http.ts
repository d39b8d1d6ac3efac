import * as z from "zod/mini";
import { actionDescriptorSchema, flowContextSchema } from "./action.ts";

/** Body of `POST /studio/ai/flows/<kind>`: the action beside the arguments that name its target. */
export const flowBodySchema = z.extend(flowContextSchema, { action_key: z.string() });

/** Answer of `GET /studio/ai/flows/actions`. */
export const actionListSchema = z.object({ actions: z.array(actionDescriptorSchema), total: z.number() });
export type ActionList = z.infer<typeof actionListSchema>;

/** A request that did not reach its handler, or a handler that broke: 401, 403, 404, 413, 422, 429, 500. */
export const transportErrorSchema = z.object({
  ok: z.literal(false),
  error_code: z.string(),
  error: z.string(),
});
export type TransportErrorDocument = z.infer<typeof transportErrorSchema>;
