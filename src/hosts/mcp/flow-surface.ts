import type { CallToolResult, GetPromptResult, PromptArgument } from "@modelcontextprotocol/server";
import { AksaraError, isErrorCode } from "../../errors.ts";
import type { FlowAction } from "../../flows/actions/action.ts";
import type { FlowContext, FlowKind } from "../../protocol/action.ts";
import type { PromptPack } from "../../protocol/prompt-pack.ts";
import type { Catalog } from "../../workspace/catalog.ts";
import { documentText } from "../shared/document-text.ts";
import type { StudioWorkspace } from "../shared/studio-workspace.ts";
import { tellProgress } from "./progress.ts";
import type { McpPrompt, McpTool } from "./surface.ts";

/** An argument of a flow, as clients fill it in. */
interface Argument {
  readonly name: keyof FlowContext & string;
  readonly description: string;
  readonly required?: boolean;
}

const ARGUMENTS: Readonly<Record<FlowKind, readonly Argument[]>> = {
  model: [{ name: "model_name", description: "its name, or app.Name", required: true }],
  route: [
    { name: "method", description: "GET, POST, …", required: true },
    { name: "path", description: "the whole path, as it is mounted", required: true },
  ],
  query: [
    { name: "sql", description: "the SQL, where it is no query of the workspace" },
    { name: "query_id", description: "id of a query of the workspace" },
    { name: "dialect", description: "postgresql, sqlite, mysql, where the workspace does not say" },
  ],
  migration: [
    { name: "migration_id", description: "id of a migration of the workspace" },
    { name: "app", description: "its app, with its name" },
    { name: "name", description: "its name" },
  ],
  diagnostic: [{ name: "issue_id", description: "one issue; all of them when absent" }],
};

/** What of a pack a client can rely on; the document has more. */
const PACK_SCHEMA = {
  type: "object" as const,
  properties: {
    ok: { type: "boolean" },
    action_key: { type: "string" },
    risk: { type: "string" },
    system_prompt: { type: "string" },
    user_prompt: { type: "string" },
    result_markdown: { type: "string" },
    result_json: { type: "object" },
    suggested_next: { type: "array", items: { type: "string" } },
    error_code: { type: ["string", "null"] },
    error: { type: ["string", "null"] },
    fingerprint: { type: "string" },
  },
  required: ["ok", "action_key", "system_prompt", "user_prompt", "result_markdown", "error_code", "error"],
};

/** Each action as a tool that builds its prompt pack: facts, without asking a language model. */
export function flowTools(actions: readonly FlowAction[], build: BuildPack): readonly McpTool[] {
  return actions.map((action) => ({
    listed: {
      name: `flow_${action.key}`,
      title: action.title,
      description: `${action.description}. Gives the facts and the prompts for it as one document; asks no language model, changes nothing.`,
      inputSchema: {
        type: "object",
        properties: Object.fromEntries(
          ARGUMENTS[action.kind].map(({ name, description }) => [
            name,
            { type: "string" as const, description },
          ]),
        ),
        required: ARGUMENTS[action.kind].flatMap(({ name, required }) => (required ? [name] : [])),
        additionalProperties: false,
      },
      outputSchema: PACK_SCHEMA,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    call: async (input, call) => {
      const tell = await tellProgress(call, 1, action.title);
      const pack = await build(action, contextOf(action, input), call.context.mcpReq.signal);
      await tell(1);
      return packResult(pack);
    },
  }));
}

export type BuildPack = (
  action: FlowAction,
  context: FlowContext,
  signal: AbortSignal,
) => Promise<PromptPack>;

/** Builds packs of a workspace. */
export function packBuilder(workspace: StudioWorkspace, freshen: () => void): BuildPack {
  return (action, context, signal) => {
    freshen();
    return workspace.buildPack({ flow_type: action.kind, action_key: action.key, context }, { signal });
  };
}

/** Each action as a prompt: what would be sent to a language model. */
export function flowPrompts(
  actions: readonly FlowAction[],
  build: BuildPack,
  catalog: () => Promise<Catalog>,
): readonly McpPrompt[] {
  return actions.map((action) => ({
    listed: {
      name: action.key,
      title: action.title,
      description: action.description,
      arguments: ARGUMENTS[action.kind].map(
        ({ name, description, required }): PromptArgument => ({
          name,
          description,
          required: required ?? false,
        }),
      ),
    },
    get: async (args, call) => {
      const pack = await build(action, contextOf(action, args), call.context.mcpReq.signal);
      if (!pack.ok) throw failureOf(pack);
      return promptResult(action, pack);
    },
    complete: async (argument, begin) => valuesOf(action.kind, argument, begin, await catalog()),
  }));
}

function contextOf({ kind }: FlowAction, input: unknown): FlowContext {
  const given = (input ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    ARGUMENTS[kind].flatMap(({ name }) => {
      const value = given[name];
      return typeof value === "string" && value !== "" ? [[name, value]] : [];
    }),
  );
}

/** The document as every other surface gives it, byte for byte. */
function packResult(pack: PromptPack): CallToolResult {
  return {
    isError: !pack.ok,
    content: [{ type: "text", text: documentText(pack) }],
    structuredContent: pack,
  };
}

/** There is no role for a system prompt: it comes first. */
function promptResult({ description }: FlowAction, pack: PromptPack): GetPromptResult {
  return {
    description,
    messages: [pack.system_prompt, pack.user_prompt].map((text) => ({
      role: "user",
      content: { type: "text", text },
    })),
  };
}

function failureOf(pack: PromptPack): AksaraError {
  const code = pack.error_code !== null && isErrorCode(pack.error_code) ? pack.error_code : "RUNTIME_ERROR";
  return new AksaraError(code, pack.error ?? "The prompt cannot be built.", {
    ...(pack.hint === null ? {} : { hint: pack.hint }),
    candidates: pack.candidates,
  });
}

/** Values of an argument that contain what was typed; those that begin with it first. */
function valuesOf(kind: FlowKind, argument: string, typed: string, catalog: Catalog): readonly string[] {
  const wanted = typed.toLowerCase();
  const fitting = [...new Set(known(kind, argument, catalog))].filter((value) =>
    value.toLowerCase().includes(wanted),
  );
  const begins = (value: string) => (value.toLowerCase().startsWith(wanted) ? 0 : 1);
  return fitting.sort((a, b) => begins(a) - begins(b) || (a < b ? -1 : 1));
}

function known(kind: FlowKind, argument: string, catalog: Catalog): readonly string[] {
  switch (`${kind}.${argument}`) {
    case "model.model_name":
      return catalog.models.map(({ qualifiedName }) => qualifiedName);
    case "route.method":
      return catalog.routes.map(({ method }) => method);
    case "route.path":
      return catalog.routes.map(({ path }) => path);
    case "query.query_id":
      return catalog.queries.map(({ id }) => id);
    case "migration.migration_id":
      return catalog.migrations.map(({ id }) => id);
    case "migration.app":
      return catalog.migrations.map(({ app }) => app).filter((app) => app !== "");
    case "migration.name":
      return catalog.migrations.map(({ name }) => name);
    default:
      return [];
  }
}
