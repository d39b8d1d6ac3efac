import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  isInputRequiredResult,
  type McpRequestContext,
  McpServer,
  type McpServerFactory,
  ProtocolError,
  ProtocolErrorCode,
  type RequestStateCodec,
  ResourceNotFoundError,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { isAksaraError } from "../../errors.ts";
import { nearestNames } from "../../workspace/nearest-names.ts";
import type { McpCall, McpPrompt, McpSurface } from "./surface.ts";

/** Resources of one page of a list. */
const PAGE = 200;
const MOST_COMPLETIONS = 100;

export interface ServerOptions {
  readonly surface: McpSurface;
  readonly version: string;
  /** Signs what a client carries from one round of a call to the next. */
  readonly states: RequestStateCodec;
}

/** Makes the server of one connection, or of one request where a client keeps none. */
export function serverFactory(options: ServerOptions): McpServerFactory {
  return ({ era }) => buildServer(options, era);
}

/** A server that shows a surface. Nothing of the surface is looked at before it is asked for. */
export function buildServer(
  { surface, version, states }: ServerOptions,
  era: McpRequestContext["era"],
): McpServer {
  const mcp = new McpServer(
    { name: "aksara-studio", title: "Aksara Studio", version },
    {
      capabilities: {
        tools: {},
        prompts: {},
        // Who keeps no session cannot name what is to be watched.
        resources: era === "legacy" ? { subscribe: true } : {},
        completions: {},
        logging: {},
      },
      instructions: surface.instructions,
      requestState: { verify: (state, context) => states.verify(state, context) },
    },
  );
  const { server } = mcp;
  const callOf = (context: ServerContext): McpCall => ({
    context,
    states,
    capabilities: declaredCapabilities(context) ?? server.getClientCapabilities() ?? {},
  });

  server.setRequestHandler("tools/list", async () => ({
    tools: (await surface.tools()).map(({ listed }) => listed),
  }));
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const tools = await surface.tools();
    const tool = tools.find(({ listed }) => listed.name === params.name);
    if (!tool) throw unknown("tool", params.name, tools);
    const result = await tool.call(params.arguments ?? {}, callOf(context));
    return isInputRequiredResult(result)
      ? result
      : server.projectCallToolResult(result, tool.listed.outputSchema);
  });

  server.setRequestHandler("prompts/list", async () => ({
    prompts: (await surface.prompts()).map(({ listed }) => listed),
  }));
  server.setRequestHandler("prompts/get", async ({ params }, context) => {
    const prompt = await findPrompt(surface, params.name);
    const args = params.arguments ?? {};
    const missing = prompt.listed.arguments?.find(({ name, required }) => required && !args[name]);
    if (missing) throw invalid(`The prompt ${params.name} needs the argument "${missing.name}".`);
    return await prompt.get(args, callOf(context)).catch(refuse);
  });
  server.setRequestHandler("completion/complete", async ({ params: { ref, argument } }) => {
    const values =
      ref.type === "ref/prompt"
        ? await (await findPrompt(surface, ref.name)).complete(argument.name, argument.value)
        : [];
    return {
      completion: {
        values: values.slice(0, MOST_COMPLETIONS),
        total: values.length,
        hasMore: values.length > MOST_COMPLETIONS,
      },
    };
  });

  server.setRequestHandler("resources/list", async ({ params }, context) => {
    const all = await surface.resources.list(callOf(context));
    const from = cursorOf(params?.cursor);
    const next = from + PAGE;
    return {
      resources: all.slice(from, next),
      ...(next < all.length ? { nextCursor: String(next) } : {}),
    };
  });
  server.setRequestHandler("resources/templates/list", () => ({
    resourceTemplates: [...surface.resources.templates],
  }));
  server.setRequestHandler("resources/read", async ({ params }, context) => {
    const found = await surface.resources.read(params.uri, callOf(context)).catch(refuse);
    if (!found) throw new ResourceNotFoundError(params.uri);
    return found;
  });
  if (era === "legacy") serveSubscriptions(server, surface);
  return mcp;
}

function serveSubscriptions(server: McpServer["server"], { resources }: McpSurface): void {
  const watched = new Map<string, () => void>();
  server.setRequestHandler("resources/subscribe", ({ params: { uri } }) => {
    watched.get(uri)?.();
    watched.set(
      uri,
      resources.watch(uri, () => void server.sendResourceUpdated({ uri }).catch(() => undefined)),
    );
    return {};
  });
  server.setRequestHandler("resources/unsubscribe", ({ params: { uri } }) => {
    watched.get(uri)?.();
    watched.delete(uri);
    return {};
  });
  server.onclose = () => {
    for (const stop of watched.values()) stop();
    watched.clear();
  };
}

/** A client that keeps no session says with each request what it can do; the others said it when they began. */
function declaredCapabilities({ mcpReq }: ServerContext): ClientCapabilities | undefined {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {};
  return envelope[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined;
}

async function findPrompt(surface: McpSurface, name: string): Promise<McpPrompt> {
  const prompts = await surface.prompts();
  const prompt = prompts.find(({ listed }) => listed.name === name);
  if (!prompt) throw unknown("prompt", name, prompts);
  return prompt;
}

function unknown(
  what: string,
  name: string,
  all: readonly { readonly listed: { readonly name: string } }[],
): ProtocolError {
  const near = nearestNames(
    name,
    all.map(({ listed }) => listed.name),
  );
  return invalid(
    `There is no ${what} "${name}".${near.length > 0 ? ` Did you mean ${near.join(" or ")}?` : ""}`,
  );
}

function invalid(message: string, data?: Readonly<Record<string, unknown>>): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message, data);
}

/** What failed for a reason of ours, as the protocol says it. Defects stay what they are. */
function refuse(error: unknown): never {
  if (!isAksaraError(error)) throw error;
  const { code, message, hint, candidates } = error;
  throw invalid(hint === null ? message : `${message} ${hint}`, { error_code: code, candidates });
}

function cursorOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw invalid(`"${cursor}" is no cursor of this server.`);
}
