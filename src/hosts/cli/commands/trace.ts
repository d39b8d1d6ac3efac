import { AksaraError } from "../../../errors.ts";
import { UndiciTransport } from "../../../providers/transport/undici-transport.ts";
import { forgetRuns } from "../../../records/forget-runs.ts";
import { otlpOf } from "../../../records/otlp.ts";
import { type RunTrace, RunTraceStore } from "../../../records/run-trace.ts";
import type { SpanContent } from "../../../records/span-content.ts";
import type { Trace } from "../../../records/trace.ts";
import { outlineOf } from "../../../records/trace-outline.ts";
import type { Store } from "../../../storage/store.ts";
import { openAgentServices } from "../../shared/agent-access.ts";
import { distDirectory } from "../../shared/dist-directory.ts";
import { documentText } from "../../shared/document-text.ts";
import { KeptTraces, type ListedTrace } from "../../shared/kept-traces.ts";
import { otlpDestination, sendOtlp } from "../../shared/send-otlp.ts";
import { traceFolder } from "../../shared/state-directory.ts";
import type { CliContext, CliGroup, CliLeaf, ParsedArguments } from "../context.ts";
import { columns, dim, EXIT, paint, type Terminal, UsageError } from "../output.ts";

const MOST = 20;
const STATUSES = ["complete", "error", "interrupted", "running"] as const;
const DAY_MS = 86_400_000;

const CONTENT = {
  type: "boolean",
  summary: "with what was said: prompts, inputs and outputs, without secrets",
} as const;

const list: CliLeaf = {
  type: "leaf",
  summary: "the latest runs of agents and of flows",
  positionals: "",
  options: {
    limit: { type: "string", value: "N", summary: `most of them (${MOST})` },
    status: { type: "string", value: "S", summary: STATUSES.join(", ") },
    agent: { type: "string", value: "NAME", summary: "asked of this agent, or of this action" },
    thread: { type: "string", value: "ID", summary: "of this conversation with a runtime" },
    text: { type: "string", value: "T", summary: "in what was asked, or in the id" },
  },
  run: async (args, context) => {
    const limit = wholeNumber(args.string("limit") ?? String(MOST), "--limit");
    const wanted = args.string("status");
    const status = STATUSES.find((each) => each === wanted);
    if (wanted !== undefined && status === undefined)
      throw new UsageError(`--status is one of ${STATUSES.join(", ")}.`);
    const [agent, threadId, text] = [args.string("agent"), args.string("thread"), args.string("text")];
    return await withKept(context, async ({ traces }) => {
      const rows = (await traces.list({ status, agent, threadId, text }, limit)).map(rowOf);
      const { terminal, options } = context;
      if (options.format === "json") terminal.out(documentText({ traces: rows }));
      else if (rows.length === 0) terminal.out("There is no such run here.\n");
      else
        terminal.out(
          `${columns(rows.map(({ startedAt, kind, status, what, id }) => [startedAt, kind, status, what, id]))}\n`,
        );
      return EXIT.ok;
    });
  },
};

const show: CliLeaf = {
  type: "leaf",
  summary: "one run: who did what, and how long it took",
  positionals: "ID",
  options: { content: CONTENT },
  run: async (args, context) => {
    const id = idOf(args);
    return await withKept(context, async ({ traces }) => {
      const { terminal, options } = context;
      const flow = await traces.flow(id);
      if (flow) {
        terminal.out(options.format === "json" ? documentText(flow) : flowText(flow));
        return EXIT.ok;
      }
      const trace = await traces.open(id);
      if (!trace) throw unknown(id);
      const contents = args.flag("content") ? await traces.contents(trace.traceId) : NO_CONTENTS;
      terminal.out(
        options.format === "json"
          ? documentText(withContents(trace, contents))
          : traceText(trace, contents, terminal),
      );
      return EXIT.ok;
    });
  },
};

const exported: CliLeaf = {
  type: "leaf",
  summary: "one run as OpenTelemetry's OTLP JSON, or to a collector",
  positionals: "ID",
  options: {
    otlp: {
      type: "string",
      value: "URL",
      summary: "send it to this collector; OTEL_EXPORTER_OTLP_HEADERS has its headers",
    },
    content: CONTENT,
  },
  run: async (args, context) => {
    const id = idOf(args);
    const address = args.string("otlp");
    const destination = address === undefined ? null : otlpDestination(address, process.env);
    return await withKept(context, async ({ traces }) => {
      const trace = await traces.open(id);
      if (!trace) throw unknown(id);
      const document = otlpOf(
        trace,
        args.flag("content") ? await traces.contents(trace.traceId) : NO_CONTENTS,
      );
      if (destination === null) {
        context.terminal.out(documentText(document));
        return EXIT.ok;
      }
      const transport = new UndiciTransport({ environment: process.env });
      try {
        await sendOtlp(document, destination, transport, context.signal);
      } finally {
        await transport.dispose();
      }
      const sent = { sent: trace.spans.length, to: destination.url.host };
      context.terminal.out(
        context.options.format === "json"
          ? documentText(sent)
          : `${sent.sent} spans were sent to ${sent.to}.\n`,
      );
      return EXIT.ok;
    });
  },
};

const forget: CliLeaf = {
  type: "leaf",
  summary: "delete conversations in which nothing was done for a time",
  positionals: "",
  options: { "older-than": { type: "string", value: "DAYS", summary: "days since the last run" } },
  run: async (args, context) => {
    const given = args.string("older-than");
    if (given === undefined) throw new UsageError("--older-than says how many days.");
    const days = wholeNumber(given, "--older-than");
    return await withKept(context, async ({ store }) => {
      const count = await forgetRuns(store, new Date(Date.now() - days * DAY_MS).toISOString());
      context.terminal.out(
        context.options.format === "json"
          ? documentText({ forgotten: count })
          : `${count} runs were deleted.\n`,
      );
      return EXIT.ok;
    });
  },
};

export const traceCommand: CliGroup = {
  type: "group",
  summary: "what agents and flows did here",
  commands: { list, show, export: exported, forget },
};

interface Kept {
  readonly store: Store;
  readonly traces: KeptTraces;
}

async function withKept(context: CliContext, use: (kept: Kept) => Promise<number>): Promise<number> {
  const workspace = await context.openWorkspace();
  const folder = traceFolder(workspace.roots.map(({ path }) => path));
  const { services, dispose } = await openAgentServices({ workspace, distDir: distDirectory() });
  const { store } = services;
  try {
    return await use({
      store,
      traces: new KeptTraces(store, folder === null ? null : new RunTraceStore(folder)),
    });
  } finally {
    await dispose();
  }
}

function wholeNumber(text: string, option: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new UsageError(`${option} is a whole number above 0.`);
}

function idOf(args: ParsedArguments): string {
  const [id, ...others] = args.positionals;
  if (id !== undefined && others.length === 0) return id;
  throw new UsageError('Name one run: "aksara trace list" lists them.');
}

const NO_CONTENTS: ReadonlyMap<string, SpanContent> = new Map();

function rowOf({ traceId: id, kind, startedAt, status, agent, threadId, title }: ListedTrace) {
  const what = kind === "flow" ? title : threadId === null ? agent : `${agent}, thread ${threadId}`;
  return { startedAt, kind, status, what, id };
}

function withContents(trace: Trace, contents: ReadonlyMap<string, SpanContent>): object {
  if (contents.size === 0) return trace;
  return {
    ...trace,
    spans: trace.spans.map((span) => ({ ...span, content: contents.get(span.spanId) ?? null })),
  };
}

function traceText(
  { spans, traceId, status }: Trace,
  contents: ReadonlyMap<string, SpanContent>,
  terminal: Terminal,
): string {
  const lines = outlineOf(spans).flatMap(({ span, depth }) => [
    spanLine(span, depth, terminal),
    ...contentLines(contents.get(span.spanId), depth, terminal),
  ]);
  return `${dim(terminal, `${traceId} ${status}`)}\n${lines.join("\n")}\n`;
}

function contentLines(
  content: SpanContent | undefined,
  depth: number,
  terminal: Terminal,
): readonly string[] {
  const line = (word: string, value: unknown) =>
    value === null || value === undefined
      ? []
      : [`${"  ".repeat(depth + 2)}${dim(terminal, word)} ${JSON.stringify(value)}`];
  return content ? [...line("in", content.input), ...line("out", content.output)] : [];
}

function spanLine(
  { name, status, startedAt, endedAt, attributes }: Trace["spans"][number],
  depth: number,
  terminal: Terminal,
): string {
  const took = endedAt === null ? "not ended" : `${Date.parse(endedAt) - Date.parse(startedAt)} ms`;
  const error = attributes["error.type"];
  const facts = [took, ...(typeof error === "string" ? [error] : [])].join(", ");
  return `${"  ".repeat(depth)}${status === "error" ? paint(terminal, "red", name) : name} ${dim(terminal, `(${facts})`)}`;
}

function flowText({ prompt_pack: pack, result, started_at: startedAt }: RunTrace): string {
  const outcome = result.ok ? "complete" : `${result.error_code}: ${result.error}`;
  return `${startedAt} ${pack.action_key} ${pack.target?.name ?? ""}\n${result.provider} ${result.model}, ${Math.round(result.elapsed_ms)} ms, ${outcome}\n\n${result.response}\n`;
}

function unknown(id: string): AksaraError {
  return new AksaraError("RUN_NOT_FOUND", `There is no run ${id}.`, {
    hint: '"aksara trace list" lists those of this folder.',
  });
}
