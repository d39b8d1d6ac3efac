import { randomBytes } from "node:crypto";
import { createRequestStateCodec, type RequestStateCodec } from "@modelcontextprotocol/server";
import { WorkspaceFiles } from "../../agent/files/workspace-files.ts";
import type { Tool } from "../../agent/tools/tool.ts";
import type { AgentAccess } from "../shared/agent-access.ts";
import type { StudioWorkspace } from "../shared/studio-workspace.ts";
import { AgentTools } from "./agent-tools.ts";
import { catalogResources } from "./catalog-resources.ts";
import { flowPrompts, flowTools, packBuilder } from "./flow-surface.ts";
import type { McpSurface } from "./surface.ts";

export interface WorkspaceSurfaceOptions {
  readonly workspace: StudioWorkspace;
  readonly access: AgentAccess;
  /** The agent's tools to show. */
  readonly tools: readonly Tool[];
  readonly allowWrites: boolean;
  readonly allowSystemTools: boolean;
}

/** For how long, in milliseconds, what was read of the workspace counts as new. */
const FRESH_MS = 1_000;
/** Seconds; longer than a question waits for its answer. */
const STATE_SECONDS = 15 * 60;

const INSTRUCTIONS = `Facts about the backend in this workspace: models, routes, queries, migrations and issues, read from its source.
list_ and describe_ tools give the facts; flow_ tools give the facts for one task as a document; catalog resources give single objects as JSON.
Tools that change something ask a person first, and are refused where nobody can be asked.`;

/** What a workspace shows to other programs: the agent's tools, its actions, its catalog. */
export function workspaceSurface(
  options: WorkspaceSurfaceOptions,
): McpSurface & { dispose(): Promise<void> } {
  const { workspace, access, tools, allowWrites, allowSystemTools } = options;
  const freshen = freshener(workspace);
  const agent = new AgentTools(tools, {
    workspace,
    sql: access.sql,
    seen: { files: new WorkspaceFiles(workspace.roots, false), blobs: access.store.blobs },
    runtime: access.runtime,
    allowWrites,
    allowSystemTools,
    freshen,
  });
  const build = packBuilder(workspace, freshen);
  const actions = async () => (await workspace.actions()).actions;
  return {
    instructions: INSTRUCTIONS,
    tools: async () => [...agent.tools, ...flowTools(await actions(), build)],
    prompts: async () => flowPrompts(await actions(), build, async () => (await workspace.view()).catalog),
    resources: catalogResources(workspace, freshen),
    dispose: () => agent.dispose(),
  };
}

/** Lets the workspace look at its files again, once in a while. */
function freshener(workspace: StudioWorkspace): () => void {
  let last = Date.now();
  return () => {
    const now = Date.now();
    if (now - last < FRESH_MS) return;
    last = now;
    workspace.refresh();
  };
}

/** Signs what clients carry between the rounds of a call, with a key that lives as long as the process. */
export function signedStates(): RequestStateCodec {
  return createRequestStateCodec({
    key: randomBytes(32),
    ttlSeconds: STATE_SECONDS,
    bind: ({ mcpReq }) => mcpReq.method,
  });
}
