import * as z from "zod/mini";
import { agentUsageSchema } from "./agent.ts";

/** `approval`: a person is waited for. `pause`: the run lay, interrupted, until somebody let it go on. */
export const SPAN_KINDS = ["flow", "agent", "model", "tool", "approval", "pause"] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

/** A part of a run as a row of the waterfall. Times are milliseconds after the trace began. */
export const traceRowSchema = z.object({
  id: z.string(),
  /** Null for what nothing known is above. */
  parent: z.nullable(z.string()),
  depth: z.number(),
  kind: z.enum(SPAN_KINDS),
  /** The agent, model, tool or action; "" where the kind says it all. */
  name: z.string(),
  /** Whose work it is, with the way to it: `lead/clerk`. */
  agent: z.string(),
  start: z.number(),
  /** Null for what has not ended. */
  end: z.nullable(z.number()),
  failed: z.boolean(),
  errorCode: z.nullable(z.string()),
  /** Null where the span used none by itself, or nobody said. */
  tokens: z.nullable(z.object({ input: z.number(), output: z.number() })),
  costUsd: z.nullable(z.number()),
  /** As they are exported, in their order. */
  attributes: z.array(z.tuple([z.string(), z.string()])),
});
export type TraceRow = z.infer<typeof traceRowSchema>;

export const traceViewSchema = z.object({
  id: z.string(),
  /** The first line of what was asked. */
  title: z.string(),
  agent: z.string(),
  thread: z.nullable(z.string()),
  /** Milliseconds since 1970. */
  startedAt: z.number(),
  /** Milliseconds from beginning to end. */
  duration: z.number(),
  status: z.enum(["complete", "error", "interrupted", "running"]),
  errorCode: z.nullable(z.string()),
  usage: z.nullable(agentUsageSchema),
  /** When nothing went on but that a person was waited for, from and to, in order. */
  waits: z.array(z.tuple([z.number(), z.number()])),
  /** As a tree, read from top to bottom. */
  rows: z.array(traceRowSchema),
});
export type TraceView = z.infer<typeof traceViewSchema>;

/** What is told of a span once somebody asks. */
export const spanDetailSchema = z.object({
  id: z.string(),
  /** Why the call was allowed, refused or asked for; null where nothing was decided. */
  why: z.nullable(z.string()),
  /** What was said, as JSON values; null where the person has not asked for it to be in traces. */
  content: z.nullable(z.object({ input: z.unknown(), output: z.unknown() })),
});
export type SpanDetail = z.infer<typeof spanDetailSchema>;

/** Host → page. Numbered; a later one of a type takes the place of those before it. */
export const tracePanelEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("loading"), seq: z.number() }),
  z.object({ type: z.literal("trace"), seq: z.number(), view: traceViewSchema }),
  /** There is none, or it cannot be read: for a person. */
  z.object({ type: z.literal("failed"), seq: z.number(), message: z.string() }),
  z.object({ type: z.literal("detail"), seq: z.number(), detail: spanDetailSchema }),
  /** A span that a person wants to look at, met once. */
  z.object({ type: z.literal("select"), seq: z.number(), id: z.string() }),
]);
export type TracePanelEvent = z.infer<typeof tracePanelEventSchema>;

/** What the page keeps over reloads, and its host reads it back from. */
export const tracePanelStateSchema = z.object({ trace: z.string() });
export type TracePanelState = z.infer<typeof tracePanelStateSchema>;

/** Page → host. */
export const tracePanelMessageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), since: z.number() }),
  z.object({ type: z.literal("ask-detail"), id: z.string() }),
  z.object({ type: z.literal("selected") }),
  z.object({ type: z.literal("refresh") }),
  z.object({ type: z.literal("pick") }),
  z.object({ type: z.literal("export") }),
  z.object({ type: z.literal("open-setting") }),
  z.object({ type: z.literal("copy-text"), text: z.string() }),
  z.object({ type: z.literal("open-hub") }),
  z.object({ type: z.literal("close") }),
  /** The page threw: shown in the output channel, never swallowed. */
  z.object({ type: z.literal("page-error"), message: z.string() }),
]);
export type TracePanelMessage = z.infer<typeof tracePanelMessageSchema>;

/** Data the host puts into the page at creation, as a JSON data block `#aksara-boot`. */
export const tracePanelBootSchema = z.object({
  /** Translations: English text → text in the person's language. */
  strings: z.record(z.string(), z.string()),
});
