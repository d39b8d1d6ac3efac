import * as z from "zod";
import { EvalArtifactSchema } from "./artifact.ts";

const attempt = EvalArtifactSchema.shape.cases.element.shape.attempts.element;

const evalEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("started"), name: z.string(), cases: z.array(z.string()), repeats: z.number() }),
  z.object({ type: z.literal("attempt-started"), caseId: z.string(), repeat: z.number() }),
  z.object({ type: z.literal("attempt-finished"), caseId: z.string(), attempt }),
  z.object({ type: z.literal("complete"), artifact: EvalArtifactSchema }),
]);
export type EvalEvent = z.infer<typeof evalEventSchema>;

/** An eval as it happens; `complete` is the last. */
export const EvalEventEnvelopeSchema = z.object({
  /** Grows with every event. */
  seq: z.number(),
  evalRunId: z.string(),
  event: evalEventSchema,
});
export type EvalEventEnvelope = z.infer<typeof EvalEventEnvelopeSchema>;
