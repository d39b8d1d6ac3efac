import { describeAction } from "../../../flows/actions/registry.ts";
import type { FlowContext, FlowKind } from "../../../protocol/action.ts";
import type { PromptPack } from "../../../protocol/prompt-pack.ts";
import { documentText } from "../../shared/document-text.ts";
import type { CliContext, CliGroup, CliLeaf, CliOption, ParsedArguments } from "../context.ts";
import { bold, columns, dim, EXIT, paint, type Terminal, UsageError } from "../output.ts";
import { QUERY_OPTIONS, queryContext } from "./query-arguments.ts";

const action: CliOption = { type: "string", value: "KEY", summary: "the action to build the pack of" };

export interface FlowCommand {
  readonly kind: FlowKind;
  readonly summary: string;
  readonly positionals: string;
  readonly options: Readonly<Record<string, CliOption>>;
  context(args: ParsedArguments): Promise<FlowContext>;
}

/** The arguments of each flow type; shared by `ai flows` and `ai run`. */
export const FLOW_COMMANDS: readonly FlowCommand[] = [
  {
    kind: "model",
    summary: "an action on a model",
    positionals: "NAME",
    options: {},
    context: async (args) => ({ model_name: only(args, "NAME", "a model's name") }),
  },
  {
    kind: "route",
    summary: "an action on a route",
    positionals: "METHOD:/path",
    options: {},
    context: async (args) => routeContext(only(args, "METHOD:/path", "a route")),
  },
  {
    kind: "query",
    summary: "an action on a query",
    positionals: "",
    options: { ...QUERY_OPTIONS, "no-explain": { type: "boolean", summary: "ask no planner" } },
    context: async (args) => ({
      ...(await queryContext(args)),
      ...(args.flag("no-explain") ? { include_explain: false } : {}),
    }),
  },
  {
    kind: "migration",
    summary: "an action on a migration",
    positionals: "",
    options: {
      app: { type: "string", value: "A", summary: "its app; alone: the newest of that app" },
      name: { type: "string", value: "N", summary: "its name, or its number" },
      id: { type: "string", value: "I", summary: "its id in the catalog" },
    },
    context: migrationContext,
  },
  {
    kind: "diagnostic",
    summary: "an action on the open issues, or on one",
    positionals: "",
    options: { "issue-id": { type: "string", value: "I", summary: "one issue" } },
    context: async (args) => {
      const id = args.string("issue-id");
      return id === undefined ? {} : { issue_id: id };
    },
  },
];

export const flowsCommand: CliGroup = {
  type: "group",
  summary: "build prompt packs",
  commands: {
    actions: {
      type: "leaf",
      summary: "list the actions",
      positionals: "",
      options: {},
      run: listActions,
    },
    ...Object.fromEntries(FLOW_COMMANDS.map((command) => [command.kind, leafOf(command)])),
  },
};

function leafOf(command: FlowCommand): CliLeaf {
  return {
    type: "leaf",
    summary: command.summary,
    positionals: command.positionals,
    options: { ...command.options, action },
    run: (args, context) => printPack(command, args, context),
  };
}

async function listActions(
  _args: ParsedArguments,
  { options, terminal, openWorkspace }: CliContext,
): Promise<number> {
  const workspace = await openWorkspace();
  const { problems } = await workspace.customActions();
  for (const problem of problems) terminal.err(`${problem.uri}:${problem.line + 1}: ${problem.message}\n`);
  const actions = (await workspace.actions()).actions.map(describeAction);
  if (options.format === "json") {
    terminal.out(documentText({ actions, total: actions.length }));
    return EXIT.ok;
  }
  const rows = actions.map((item) => [
    item.kind,
    bold(terminal, item.action_key),
    risk(terminal, item.risk),
    item.description,
  ]);
  terminal.out(
    `${columns([["KIND", "ACTION", "RISK", "DESCRIPTION"].map((head) => dim(terminal, head)), ...rows])}\n`,
  );
  return EXIT.ok;
}

async function printPack(command: FlowCommand, args: ParsedArguments, context: CliContext): Promise<number> {
  const key = args.string("action");
  if (key === undefined) throw new UsageError("--action KEY is missing.");
  const workspace = await context.openWorkspace();
  const request = { flow_type: command.kind, action_key: key, context: await command.context(args) };
  const pack = await workspace.buildPack(request, { signal: context.signal });
  const { terminal } = context;
  terminal.out(context.options.format === "json" ? documentText(pack) : packText(pack, terminal));
  return exitCodeOf(pack);
}

/** The exit code of a document: a wrong action or flow type is a wrong command line. */
export function exitCodeOf(document: { readonly ok: boolean; readonly error_code: string | null }): number {
  if (document.ok) return EXIT.ok;
  if (document.error_code === "CANCELLED") return EXIT.cancelled;
  const usage = document.error_code === "INVALID_ACTION" || document.error_code === "INVALID_FLOW_TYPE";
  return usage ? EXIT.usage : EXIT.negative;
}

/** The pack for a person: the facts, then both prompts, ready to be copied. */
function packText(pack: PromptPack, terminal: Terminal): string {
  if (!pack.ok) {
    const hint = pack.hint ? `\n${pack.hint}` : "";
    return `${paint(terminal, "red", pack.error_code ?? "error")}: ${pack.error}${hint}\n`;
  }
  const rule = dim(terminal, "─".repeat(72));
  return [
    pack.result_markdown,
    rule,
    `${bold(terminal, "System prompt")}\n`,
    pack.system_prompt,
    rule,
    `${bold(terminal, "User prompt")}\n`,
    pack.user_prompt,
    rule,
    dim(
      terminal,
      `${risk(terminal, pack.risk)} risk · about ${pack.token_estimate} tokens · ${pack.evidence.length} places cited · ${pack.fingerprint.slice(0, 16)}`,
    ),
    "",
  ].join("\n");
}

function risk(terminal: Terminal, level: string): string {
  return paint(terminal, level === "high" ? "red" : level === "medium" ? "yellow" : "green", level);
}

function only(args: ParsedArguments, form: string, what: string): string {
  const [first, ...rest] = args.positionals;
  if (first === undefined || rest.length > 0) throw new UsageError(`Name ${what}: ${form}.`);
  return first;
}

function routeContext(text: string): FlowContext {
  const match = /^([A-Za-z]+):(.*)$/.exec(text);
  if (text.startsWith("route:")) return { method: "", path: text };
  if (match) return { method: match[1] ?? "", path: match[2] ?? "" };
  if (text.startsWith("/")) return { method: "", path: text };
  throw new UsageError(`"${text}" is not a route: write METHOD:/path, for example GET:/api/orders/.`);
}

async function migrationContext(args: ParsedArguments): Promise<FlowContext> {
  const [id, app, name] = [args.string("id"), args.string("app"), args.string("name")];
  if (id === undefined && app === undefined && name === undefined) {
    throw new UsageError("Name the migration by --id, by --app and --name, or by --app alone.");
  }
  return {
    ...(id === undefined ? {} : { migration_id: id }),
    ...(app === undefined ? {} : { app }),
    ...(name === undefined ? {} : { name }),
  };
}
