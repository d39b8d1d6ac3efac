import { AksaraError } from "../../../errors.ts";
import { latestTraces, readTrace } from "../../../records/kept-traces.ts";
import { otlpOf } from "../../../records/otlp.ts";
import { type RunTrace, RunTraceStore } from "../../../records/run-trace.ts";
import type { Span, Trace } from "../../../records/trace.ts";
import type { Store } from "../../../storage/store.ts";
import { openAgentServices } from "../../shared/agent-access.ts";
import { distDirectory } from "../../shared/dist-directory.ts";
import { documentText } from "../../shared/document-text.ts";
import { traceFolder } from "../../shared/state-directory.ts";
import type { CliContext, CliGroup, CliLeaf, ParsedArguments } from "../context.ts";
import { columns, dim, EXIT, paint, type Terminal, UsageError } from "../output.ts";

const MOST = 20;

/** What was kept of a workspace: journals of agents, and runs of flows; null where none are kept. */
interface Kept {
  readonly store: Store;
  readonly flows: RunTraceStore | null;
}

const list: CliLeaf = {
  type: "leaf",
  summary: "the latest runs of agents and of flows",
  positionals: "",
  options: { limit: { type: "string", value: "N", summary: `most of them (${MOST})` } },
  run: async (args, context) => {
    const limit = Number(args.string("limit") ?? MOST);
    if (!Number.isInteger(limit) || limit <= 0) throw new UsageError("--limit is a whole number above 0.");
    return await withKept(context, async ({ store, flows }) => {
      const traces = await latestTraces(store, limit);
      const runs = await latestFlows(flows, limit);
      const rows = [...traces.map(traceRow), ...runs.map(flowRow)]
        .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
        .slice(0, limit);
      const { terminal, options } = context;
      if (options.format === "json") terminal.out(documentText({ traces: rows }));
      else if (rows.length === 0) terminal.out("Nothing was run here yet.\n");
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
  options: {},
  run: async (args, context) => {
    const id = idOf(args);
    return await withKept(context, async ({ store, flows }) => {
      const trace = await traceIn(store, id);
      const { terminal, options } = context;
      if (trace) {
        terminal.out(options.format === "json" ? documentText(trace) : traceText(trace, terminal));
        return EXIT.ok;
      }
      const flow = await flows?.load(id);
      if (!flow) throw unknown(id);
      terminal.out(options.format === "json" ? documentText(flow) : flowText(flow));
      return EXIT.ok;
    });
  },
};

const exported: CliLeaf = {
  type: "leaf",
  summary: "one run of agents as OpenTelemetry's OTLP JSON",
  positionals: "ID",
  options: {},
  run: async (args, context) => {
    const id = idOf(args);
    return await withKept(context, async ({ store, flows }) => {
      const trace = await traceIn(store, id);
      if (!trace && (await flows?.load(id)))
        throw new AksaraError("INVALID_REQUEST", `${id} is the run of a flow: it has no spans.`, {
          hint: `aksara trace show ${id} --format json gives all that was kept of it.`,
        });
      if (!trace) throw unknown(id);
      context.terminal.out(documentText(otlpOf(trace)));
      return EXIT.ok;
    });
  },
};

export const traceCommand: CliGroup = {
  type: "group",
  summary: "what agents and flows did here",
  commands: { list, show, export: exported },
};

async function withKept(context: CliContext, use: (kept: Kept) => Promise<number>): Promise<number> {
  const workspace = await context.openWorkspace();
  const folder = traceFolder(workspace.roots.map(({ path }) => path));
  const { services, dispose } = await openAgentServices({ workspace, distDir: distDirectory() });
  try {
    return await use({ store: services.store, flows: folder === null ? null : new RunTraceStore(folder) });
  } finally {
    await dispose();
  }
}

function idOf(args: ParsedArguments): string {
  const [id, ...others] = args.positionals;
  if (id !== undefined && others.length === 0) return id;
  throw new UsageError('Name one run: "aksara trace list" lists them.');
}

/** Null for what is no id of ours, too: a name of a file is not looked for. */
async function traceIn(store: Store, id: string): Promise<Trace | null> {
  return /^[0-9a-f]{32}$/.test(id) ? await readTrace(store, id) : null;
}

async function latestFlows(flows: RunTraceStore | null, most: number): Promise<readonly RunTrace[]> {
  const ids = (await flows?.list()) ?? [];
  const loaded = await Promise.all(ids.slice(0, most).map((id) => flows?.load(id)));
  return loaded.flatMap((trace) => (trace ? [trace] : []));
}

interface Row {
  readonly startedAt: string;
  readonly kind: "agent" | "runtime" | "flow";
  readonly status: string;
  readonly what: string;
  readonly id: string;
}

function traceRow({ traceId, startedAt, status, agent, threadId }: Trace): Row {
  const what = threadId === null ? agent : `${agent}, thread ${threadId}`;
  return { startedAt, kind: threadId === null ? "agent" : "runtime", status, what, id: traceId };
}

function flowRow({ trace_id: id, started_at: startedAt, prompt_pack: pack, result }: RunTrace): Row {
  const what = [pack.action_key, pack.target?.name ?? ""].join(" ").trim();
  return { startedAt, kind: "flow", status: result.ok ? "complete" : "error", what, id };
}

function traceText({ spans, traceId, status }: Trace, terminal: Terminal): string {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const below = Map.groupBy(spans, ({ parentSpanId }) =>
    parentSpanId !== null && known.has(parentSpanId) ? parentSpanId : "",
  );
  const lines = (parent: string, depth: number): readonly string[] =>
    (below.get(parent) ?? []).flatMap((span) => [
      spanLine(span, depth, terminal),
      ...lines(span.spanId, depth + 1),
    ]);
  return `${dim(terminal, `${traceId} ${status}`)}\n${lines("", 0).join("\n")}\n`;
}

function spanLine(
  { name, status, startedAt, endedAt, attributes }: Span,
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
