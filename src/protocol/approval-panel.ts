import * as z from "zod/mini";
import { approvalAnswerSchema, approvalRequestSchema } from "./agent.ts";

/** A question of an agent that works elsewhere than in the chat. */
export const waitingApprovalSchema = z.object({
  request: approvalRequestSchema,
  /** Who asks, and for whom: for a person. */
  from: z.string(),
});
export type WaitingApproval = z.infer<typeof waitingApprovalSchema>;

/** Host → panel. Numbered; a later one takes the place of those before it. */
export const approvalPanelEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("waiting"), seq: z.number(), waiting: z.array(waitingApprovalSchema) }),
]);
export type ApprovalPanelEvent = z.infer<typeof approvalPanelEventSchema>;

/** Panel → host. */
export const approvalPanelMessageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), since: z.number() }),
  z.object({ type: z.literal("answer"), id: z.string(), answer: approvalAnswerSchema }),
  /** The files of a question in the editor's own comparison. */
  z.object({ type: z.literal("review"), id: z.string() }),
  z.object({ type: z.literal("open-file"), uri: z.string() }),
  z.object({ type: z.literal("copy-text"), text: z.string() }),
  z.object({ type: z.literal("close") }),
  /** The page threw: shown in the output channel, never swallowed. */
  z.object({ type: z.literal("page-error"), message: z.string() }),
]);
export type ApprovalPanelMessage = z.infer<typeof approvalPanelMessageSchema>;

/** The page keeps nothing. */
export const approvalPanelStateSchema = z.object({});
export type ApprovalPanelState = z.infer<typeof approvalPanelStateSchema>;

/** Data the host puts into the page at creation, as a JSON data block `#aksara-boot`. */
export const approvalPanelBootSchema = z.object({
  /** Translations: English text → text in the person's language. */
  strings: z.record(z.string(), z.string()),
});
