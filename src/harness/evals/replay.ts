import { AksaraError } from "../../errors.ts";
import type { ExecutionServices } from "../../execution/execution-services.ts";
import { EMPTY_HUB } from "../../execution/hub/ai-hub.ts";
import type { Script } from "../../providers/connectors/script.ts";
import { ScriptedConnector } from "../../providers/connectors/scripted-connector.ts";

/** The provider whose answers stand in a file. */
export const SCRIPTED = "scripted";

/** @throws WORKSPACE_UNTRUSTED: in such a workspace packs can be built, nothing else */
export function demandTrust({ trusted }: Pick<ExecutionServices, "trusted">): void {
  if (trusted) return;
  throw new AksaraError(
    "WORKSPACE_UNTRUSTED",
    "The workspace is not trusted: packs can be looked at, nothing is run.",
    {
      hint: "Trust the workspace if you know where it comes from, then run again.",
    },
  );
}

/**
 * Execution that reaches nothing: every answer comes from a recording, whatever the hub or the environment say.
 * `scriptOf`: the answers for a provider's name; null where nothing was recorded.
 */
export function replayed(
  services: ExecutionServices,
  scriptOf: (provider: string) => Script | null,
): ExecutionServices {
  return {
    ...services,
    hub: async () => EMPTY_HUB,
    environment: {},
    credentials: { get: async () => null },
    traces: null,
    connect: async ({ name }) => {
      const script = scriptOf(name);
      if (script) return new ScriptedConnector(async () => script, script.model ?? SCRIPTED);
      throw new AksaraError(
        "AI_HUB_NOT_CONFIGURED",
        `Nothing was recorded of ${name}, and a replay asks nobody else.`,
      );
    },
  };
}
