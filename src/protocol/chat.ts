import * as z from "zod/mini";
import { FLOW_KINDS } from "./action.ts";
import {
  agentFindingSchema,
  agentUsageSchema,
  approvalAnswerSchema,
  approvalRequestSchema,
  decisionSchema,
  TOOL_CLASSES,
} from "./agent.ts";
import { sourceRefSchema } from "./source.ts";

/** Modes that a person chooses between in the chat; the agent knows one more, of single tasks. */
export const CHAT_MODES = ["ask", "supervised", "autonomous"] as const;
export type ChatMode = (typeof CHAT_MODES)[number];

/** What became of a call of a tool. `asking`: it waits for a person. `unknown`: nobody can tell whether it happened. */
export const CALL_STATES = ["running", "asking", "done", "failed", "refused", "unknown"] as const;
export type ChatCallState = (typeof CALL_STATES)[number];

/** How a turn ended. `open`: its process went away, or is another one, and nothing says how it ends. */
export const TURN_ENDS = ["complete", "failed", "stopped", "limit", "open"] as const;
export type TurnEnd = (typeof TURN_ENDS)[number];

/** How far a plan has come. `stopped`: nobody goes on with it just now. */
export const PLAN_PROGRESS = ["executing", "completed", "failed", "stopped"] as const;
export const STEP_STATES = ["pending", "running", "done", "failed", "skipped"] as const;
export type ChatStepState = (typeof STEP_STATES)[number];

const place = {
  /** Unique in a thread. */
  id: z.string(),
  /** Where it stands in the thread: grows from top to bottom, with gaps. */
  order: z.number(),
  /** The run that it belongs to, which is one turn of the thread and names its trace. */
  run: z.string(),
  /** The call that handed a task to another agent, whose doing this is; absent for the one that was asked. */
  within: z.optional(z.string()),
  /** That other agent, with the way to it: `coordinator/planner`. */
  agent: z.optional(z.string()),
};

/** A question to a person, and how it was answered; null while it waits. */
export const chatApprovalSchema = z.object({
  request: approvalRequestSchema,
  answer: z.nullable(approvalAnswerSchema),
});
export type ChatApproval = z.infer<typeof chatApprovalSchema>;

/** One thing that stands in a thread. A later one of the same id takes its place. */
export const chatItemSchema = z.discriminatedUnion("kind", [
  z.object({
    ...place,
    kind: z.literal("user"),
    text: z.string(),
    /** What the message is about, as lines for people: `model catalog.Product (catalog/models.py:12)`. */
    attached: z.array(z.string()),
    /** What a command of the chat added for the model; null where none did. */
    prompt: z.nullable(z.string()),
  }),
  /** The answer of the model, or its reasoning; grows by `text` events while `going`. */
  z.object({ ...place, kind: z.literal("text"), text: z.string(), going: z.boolean() }),
  z.object({ ...place, kind: z.literal("thinking"), text: z.string(), going: z.boolean() }),
  z.object({
    ...place,
    kind: z.literal("call"),
    /** As the agent names it within its run. */
    call: z.string(),
    tool: z.string(),
    /** Null for a tool that was never decided about. */
    class: z.nullable(z.enum(TOOL_CLASSES)),
    input: z.unknown(),
    state: z.enum(CALL_STATES),
    decision: z.nullable(decisionSchema),
    approval: z.nullable(chatApprovalSchema),
    /** The beginning of what the model read as its result; "" while there is none. */
    output: z.string(),
    /** Characters of the output that are not shown. */
    hidden: z.number(),
    errorCode: z.nullable(z.string()),
    durationMs: z.nullable(z.number()),
    /** Files it changed. */
    changed: z.array(z.string()),
    /** Its changes were taken back. */
    undone: z.boolean(),
    /** Some of them were. */
    undonePart: z.optional(z.boolean()),
  }),
  /** An approved plan, while it is carried out and afterwards. */
  z.object({
    ...place,
    kind: z.literal("plan"),
    /** By which the agents know it. */
    plan: z.string(),
    goal: z.string(),
    state: z.enum(PLAN_PROGRESS),
    steps: z.array(
      z.object({
        /** From 1. */
        number: z.number(),
        /** One of the kinds that the plan is made of, with its `type`. */
        action: z.record(z.string(), z.unknown()),
        state: z.enum(STEP_STATES),
        /** The first line of what came of it; "" while there is nothing. */
        output: z.string(),
      }),
    ),
  }),
  /** A word of the runtime to the model that a person should know of. */
  z.object({
    ...place,
    kind: z.literal("notice"),
    notice: z.enum(["budget", "loop", "compacted"]),
  }),
  z.object({
    ...place,
    kind: z.literal("end"),
    end: z.enum(TURN_ENDS),
    code: z.nullable(z.string()),
    message: z.nullable(z.string()),
    hint: z.nullable(z.string()),
    created: z.array(z.string()),
    modified: z.array(z.string()),
    deleted: z.array(z.string()),
    suggestions: z.array(z.string()),
    findings: z.array(agentFindingSchema),
    usage: z.nullable(agentUsageSchema),
    durationMs: z.nullable(z.number()),
    provider: z.string(),
    model: z.string(),
    /** Another process works on it just now. */
    elsewhere: z.boolean(),
    /** What it changed in files was taken back. */
    undone: z.boolean(),
  }),
]);
export type ChatItem = z.infer<typeof chatItemSchema>;
export type ChatItemOf<Kind extends ChatItem["kind"]> = Extract<ChatItem, { kind: Kind }>;

/** What the chat does just now. */
export const chatActivitySchema = z.discriminatedUnion("state", [
  z.object({ state: z.literal("idle") }),
  /** A message was sent and no record of it is written yet. `text` is null when a run goes on. */
  z.object({ state: z.literal("starting"), text: z.nullable(z.string()) }),
  z.object({
    state: z.literal("working"),
    /** Milliseconds since 1970. */
    startedAt: z.number(),
    iteration: z.number(),
    maxIterations: z.number(),
    /** A person must answer before it goes on. */
    waiting: z.boolean(),
    stopping: z.boolean(),
  }),
]);
export type ChatActivity = z.infer<typeof chatActivitySchema>;

/** What a thread has used so far. */
export const chatUsageSchema = z.object({
  ...agentUsageSchema.shape,
  /** Tokens that the model read last: how full its window is. Null before it was asked. */
  context: z.nullable(z.number()),
});
export type ChatUsage = z.infer<typeof chatUsageSchema>;

/** Something of the workspace that the next message is about. */
export const chatAttachmentSchema = z.object({
  /** What the agent is told, in one line: `model catalog.Product (catalog/models.py:12)`. */
  line: z.string(),
  /** What a person reads. */
  label: z.string(),
  kind: z.enum([...FLOW_KINDS, "file", "selection"]),
  /** How a message names it, `@model:catalog.Product`; null for what has no name. */
  mention: z.nullable(z.string()),
});
export type ChatAttachment = z.infer<typeof chatAttachmentSchema>;

/** Whether a message can be sent, and who would answer. */
export const chatAccessSchema = z.object({
  state: z.enum(["looking", "ready", "no-folder", "untrusted", "no-provider"]),
  /** What exactly is missing, in the person's language; null when the state says it all. */
  reason: z.nullable(z.string()),
  /** Null when nobody would answer, or it takes a call to find out. */
  provider: z.nullable(z.string()),
  model: z.nullable(z.string()),
  /** The person chose this model, over the one of the AI Hub. */
  chosen: z.boolean(),
  mode: z.enum(CHAT_MODES),
});
export type ChatAccess = z.infer<typeof chatAccessSchema>;

/** A message that led to nothing: no run began. */
export const chatFailureSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.nullable(z.string()),
  /** What was to be sent; null when a run was to go on. */
  text: z.nullable(z.string()),
  /** The turn whose place it was to take; null for a new message. */
  from: z.nullable(z.string()),
});
export type ChatFailure = z.infer<typeof chatFailureSchema>;

/** Something that can stand where a person is typing. */
export const chatCompletionSchema = z.object({
  /** What takes the place of what was typed. */
  insert: z.string(),
  label: z.string(),
  detail: z.string(),
  icon: z.enum([...FLOW_KINDS, "file", "command"]),
  /** It is only the beginning: more is asked for behind it. */
  goesOn: z.boolean(),
});
export type ChatCompletion = z.infer<typeof chatCompletionSchema>;

/** A thread in the list. */
export const threadSummarySchema = z.object({
  id: z.string(),
  /** The beginning of its first message. */
  title: z.string(),
  /** ISO 8601, of the last thing that was written. */
  at: z.string(),
  turns: z.number(),
  /** A person is asked something, it works, it was left in the middle, or nothing of that. */
  state: z.enum(["asking", "working", "open", "done"]),
});
export type ThreadSummary = z.infer<typeof threadSummarySchema>;

/** Host → chat. Numbered: a view that was hidden or reloaded asks for everything after the last one it saw. */
export const chatEventSchema = z.discriminatedUnion("type", [
  /** Another thread is shown, with all that is in it; null and nothing for a new one. */
  z.object({
    type: z.literal("thread"),
    seq: z.number(),
    thread: z.nullable(z.string()),
    title: z.string(),
    items: z.array(chatItemSchema),
  }),
  z.object({ type: z.literal("item"), seq: z.number(), item: chatItemSchema }),
  z.object({ type: z.literal("item-gone"), seq: z.number(), id: z.string() }),
  /** A part of an item that is going; `offset` is where it starts in the whole, so that hearing it twice changes nothing. */
  z.object({
    type: z.literal("text"),
    seq: z.number(),
    id: z.string(),
    offset: z.number(),
    text: z.string(),
  }),
  z.object({ type: z.literal("activity"), seq: z.number(), activity: chatActivitySchema }),
  z.object({ type: z.literal("access"), seq: z.number(), access: chatAccessSchema }),
  z.object({ type: z.literal("failure"), seq: z.number(), failure: z.nullable(chatFailureSchema) }),
  z.object({ type: z.literal("usage"), seq: z.number(), usage: z.nullable(chatUsageSchema) }),
  /** Messages that are sent one after the other once the agent has answered. */
  z.object({ type: z.literal("queue"), seq: z.number(), texts: z.array(z.string()) }),
  /** What the next message is about. */
  z.object({ type: z.literal("attached"), seq: z.number(), attachments: z.array(chatAttachmentSchema) }),
  /** What fits what is being typed: an answer to the question of that number, maybe one of several. */
  z.object({
    type: z.literal("completions"),
    seq: z.number(),
    ask: z.number(),
    options: z.array(chatCompletionSchema),
  }),
  z.object({ type: z.literal("threads"), seq: z.number(), threads: z.array(threadSummarySchema) }),
  /** A wish of a command, met once. */
  z.object({
    type: z.literal("wish"),
    seq: z.number(),
    wish: z.enum(["focus", "show-threads"]),
  }),
]);
export type ChatEvent = z.infer<typeof chatEventSchema>;

/** Chat → host. */
export const chatMessageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), since: z.number() }),
  /**
   * While the agent works, a message waits for its turn. `from`: the turn that it takes the place of; what was said
   * before that turn goes on in a thread of its own.
   */
  z.object({ type: z.literal("send"), text: z.string(), from: z.nullable(z.string()) }),
  z.object({ type: z.literal("unqueue"), index: z.number() }),
  z.object({ type: z.literal("detach"), index: z.number() }),
  /** What could stand where a person types: behind `@`, or behind `/` at the beginning of the message. */
  z.object({
    type: z.literal("complete"),
    ask: z.number(),
    trigger: z.enum(["@", "/"]),
    query: z.string(),
  }),
  /** The message is about what this names: `@model:catalog.Product`. */
  z.object({ type: z.literal("mention"), text: z.string() }),
  /** Takes back what a turn changed in files. */
  z.object({ type: z.literal("undo"), run: z.string() }),
  z.object({ type: z.literal("stop") }),
  /** Go on with the last turn, which was stopped, failed or left. */
  z.object({ type: z.literal("resume") }),
  /** Go on with a plan that failed, at the step that did. */
  z.object({ type: z.literal("go-on-with-plan"), plan: z.string(), step: z.number() }),
  z.object({ type: z.literal("answer"), id: z.string(), answer: approvalAnswerSchema }),
  /** The files of a question, or what a step made of them, in the editor's own comparison. */
  z.object({ type: z.literal("review"), id: z.string() }),
  z.object({ type: z.literal("review-step"), id: z.string() }),
  z.object({ type: z.literal("new-thread") }),
  z.object({ type: z.literal("open-thread"), id: z.string() }),
  z.object({ type: z.literal("list-threads") }),
  /** Opens a thread as a document. */
  z.object({ type: z.literal("export-thread"), id: z.string() }),
  z.object({ type: z.literal("set-mode"), mode: z.enum(CHAT_MODES) }),
  z.object({ type: z.literal("pick-model") }),
  z.object({ type: z.literal("open-hub") }),
  z.object({ type: z.literal("manage-trust") }),
  z.object({ type: z.literal("open-folder") }),
  z.object({ type: z.literal("open-file"), uri: z.string() }),
  z.object({ type: z.literal("open-source"), source: sourceRefSchema }),
  z.object({ type: z.literal("open-link"), href: z.string() }),
  /** What happened in a turn, at one of its calls or from the beginning. */
  z.object({ type: z.literal("show-trace"), run: z.string(), call: z.nullable(z.string()) }),
  z.object({ type: z.literal("copy-text"), text: z.string() }),
  /** A block of code: at the cursor of the editor, or as a document of its own. */
  z.object({ type: z.literal("insert-code"), text: z.string() }),
  z.object({ type: z.literal("open-code"), text: z.string(), language: z.string() }),
  z.object({ type: z.literal("dismiss-failure") }),
  /** What a command wanted of the page was done. */
  z.object({ type: z.literal("wish-met") }),
  /** The page threw: shown in the output channel, never swallowed. */
  z.object({ type: z.literal("page-error"), message: z.string() }),
]);
export type ChatMessage = z.infer<typeof chatMessageSchema>;

/** What the page keeps over reloads: what was typed and not sent. */
export const chatPageStateSchema = z.object({ draft: z.string() });
export type ChatPageState = z.infer<typeof chatPageStateSchema>;

/** Data the host puts into the page at creation, as a JSON data block `#aksara-boot`. */
export const chatBootSchema = z.object({
  /** Translations: English text → text in the person's language. */
  strings: z.record(z.string(), z.string()),
});
