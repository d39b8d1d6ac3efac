import { SHIPPED_ACTIONS } from "../../../src/flows/actions/shipped.ts";
import { contextOf } from "../../../src/flows/context-of.ts";
import type { StudioWorkspace } from "../../../src/hosts/shared/studio-workspace.ts";
import type { FlowRequest } from "../../../src/protocol/action.ts";
import { type PromptPack, promptPackSchema } from "../../../src/protocol/prompt-pack.ts";

/** Requests for every shipped action over every object of a workspace, and over statements given by hand. */
export async function everyRequest(
  studio: StudioWorkspace,
  statements: readonly string[] = [],
): Promise<readonly FlowRequest[]> {
  const { catalog, findings } = await studio.view();
  const contexts = {
    model: catalog.models.map((model) => contextOf(model, catalog)),
    route: catalog.routes.map((route) => contextOf(route, catalog)),
    query: [
      ...catalog.queries.map((query) => contextOf(query, catalog)),
      ...statements.map((sql) => ({ sql })),
    ],
    migration: catalog.migrations.map((migration) => contextOf(migration, catalog)),
    diagnostic: [{}, ...findings.map((finding) => contextOf({ kind: "diagnostic", finding }, catalog))],
  };
  return SHIPPED_ACTIONS.flatMap((action) =>
    contexts[action.kind].map((context) => ({ flow_type: action.kind, action_key: action.key, context })),
  );
}

export async function buildAll(
  studio: StudioWorkspace,
  requests: readonly FlowRequest[],
): Promise<readonly PromptPack[]> {
  const packs: PromptPack[] = [];
  for (const request of requests) packs.push(promptPackSchema.parse(await studio.buildPack(request)));
  return packs;
}
