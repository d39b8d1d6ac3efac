import * as z from "zod/mini";
import { actionDescriptorSchema, flowRequestSchema } from "./action.ts";
import { executionResultSchema } from "./execution.ts";
import { promptPackSchema } from "./prompt-pack.ts";
import { earlierRunSchema, MOST_COMPARED, runSummarySchema } from "./run-history.ts";
import { sourceRefSchema } from "./source.ts";

/** `answer` is there once the pack was run, `runs` once a run was kept, `plan` for queries, `locks` for migrations. */
export const FLOW_TABS = ["result", "answer", "runs", "plan", "locks", "prompt", "evidence", "json"] as const;
export type FlowTab = (typeof FLOW_TABS)[number];

/** Where a run stands. `confirming`: a person is asked whether the pack may be sent. */
export const RUN_STAGES = ["resolving", "confirming", "asking", "repairing", "verifying"] as const;
export type RunStage = (typeof RUN_STAGES)[number];

/** What survives a reload of the window, kept by the webview and handed to the serializer. */
export const flowPanelStateSchema = z.object({ request: flowRequestSchema, tab: z.enum(FLOW_TABS) });
export type FlowPanelState = z.infer<typeof flowPanelStateSchema>;

/** Everything the panel shows about one built pack. */
export const flowPanelPackSchema = z.object({
  request: flowRequestSchema,
  pack: promptPackSchema,
  /** Descriptor of the pack's own action, in the person's language; null when the action is unknown. */
  action: z.nullable(actionDescriptorSchema),
  /** Descriptors of the suggested next actions, in the person's language. */
  next: z.array(actionDescriptorSchema),
  /** The command line that prints the same document. */
  cli_command: z.string(),
  /** Null when "Run AI" is possible, else the reason it is not. */
  run_disabled: z.nullable(z.string()),
});
export type FlowPanelPack = z.infer<typeof flowPanelPackSchema>;

/** Host → panel. Numbered: a panel that was hidden or reloaded asks for everything after the last one it saw. */
export const flowPanelEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("loading"), seq: z.number(), title: z.string() }),
  z.object({ type: z.literal("pack"), seq: z.number(), view: flowPanelPackSchema }),
  /** The same prompts, built of the workspace of now: a pack that was stale no longer is, its inputs are today's. */
  z.object({ type: z.literal("pack-refreshed"), seq: z.number(), view: flowPanelPackSchema }),
  /** The catalog changed since the pack was built. */
  z.object({ type: z.literal("stale"), seq: z.number() }),
  /** The host could not build at all (no folder, crash); `code` is an ErrorCode. */
  z.object({
    type: z.literal("failed"),
    seq: z.number(),
    code: z.string(),
    message: z.string(),
    hint: z.nullable(z.string()),
  }),
  /** Ask the page to select a tab (from a command). */
  z.object({ type: z.literal("select-tab"), seq: z.number(), tab: z.enum(FLOW_TABS) }),
  /** Whether the pack can be run has changed: null when it can, else the reason it cannot. */
  z.object({ type: z.literal("run-access"), seq: z.number(), disabled: z.nullable(z.string()) }),
  /** `started_at`: milliseconds since 1970. `run` numbers the runs of this host. */
  z.object({ type: z.literal("run-started"), seq: z.number(), run: z.number(), started_at: z.number() }),
  /** Provider and model are null until they are found. */
  z.object({
    type: z.literal("run-progress"),
    seq: z.number(),
    run: z.number(),
    stage: z.enum(RUN_STAGES),
    provider: z.nullable(z.string()),
    model: z.nullable(z.string()),
  }),
  /** A part of the answer; `offset` is where it starts in the whole, so that hearing it twice changes nothing. */
  z.object({
    type: z.enum(["run-text", "run-reasoning"]),
    seq: z.number(),
    run: z.number(),
    offset: z.number(),
    text: z.string(),
  }),
  z.object({
    type: z.literal("run-finished"),
    seq: z.number(),
    run: z.number(),
    result: executionResultSchema,
  }),
  /** The kept runs of this action on this object, the newest first. */
  z.object({ type: z.literal("history"), seq: z.number(), runs: z.array(runSummarySchema) }),
  /** The kept runs that are looked at: one, two side by side, or none. */
  z.object({
    type: z.literal("history-opened"),
    seq: z.number(),
    runs: z.array(earlierRunSchema),
  }),
]);
export type FlowPanelEvent = z.infer<typeof flowPanelEventSchema>;

/** Panel → host. */
export const flowPanelMessageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), since: z.number() }),
  z.object({ type: z.literal("state"), state: flowPanelStateSchema }),
  z.object({
    type: z.literal("copy"),
    what: z.enum(["result", "system", "user", "pack", "json", "cli", "run"]),
  }),
  /** A text that only the page can tell apart: a code block of the rendered result. */
  z.object({ type: z.literal("copy-text"), text: z.string() }),
  z.object({ type: z.literal("open-source"), source: sourceRefSchema }),
  z.object({ type: z.literal("open-link"), href: z.string() }),
  z.object({ type: z.literal("run-action"), action_key: z.string() }),
  z.object({ type: z.literal("pick-candidate"), name: z.string() }),
  z.object({ type: z.literal("rebuild") }),
  z.object({ type: z.literal("run-ai") }),
  /** Run once more with a model that the person picks. */
  z.object({ type: z.literal("run-with") }),
  z.object({ type: z.literal("cancel-run") }),
  /** Show the statements of a suggestion as a document of their own; nothing is applied. */
  z.object({
    type: z.literal("open-suggestion"),
    id: z.string(),
    /** Of the earlier run that it stands in; null for the run that is shown. */
    trace_id: z.nullable(z.string()),
  }),
  /** Look again which runs were kept: another host may have made some. */
  z.object({ type: z.literal("list-runs") }),
  /** Look at kept runs; none closes what is looked at. */
  z.object({
    type: z.literal("open-runs"),
    trace_ids: z.array(z.string()).check(z.maxLength(MOST_COMPARED)),
  }),
  /** Keep a run as a case of an eval. */
  z.object({ type: z.literal("save-eval"), trace_id: z.string() }),
  /** What happened in a kept run, span by span. */
  z.object({ type: z.literal("show-trace"), trace_id: z.string() }),
  z.object({ type: z.literal("open-hub") }),
  /** Take what the pack is about to the chat. */
  z.object({ type: z.literal("ask-agent") }),
  z.object({ type: z.literal("close") }),
  /** The page threw: shown in the output channel, never swallowed. */
  z.object({ type: z.literal("page-error"), message: z.string() }),
]);
export type FlowPanelMessage = z.infer<typeof flowPanelMessageSchema>;

/** Data the host puts into the page at creation, as a JSON data block `#aksara-boot`. */
export const flowPanelBootSchema = z.object({
  /** Translations: English text → text in the person's language. */
  strings: z.record(z.string(), z.string()),
  state: z.nullable(flowPanelStateSchema),
});
export type FlowPanelBoot = z.infer<typeof flowPanelBootSchema>;
