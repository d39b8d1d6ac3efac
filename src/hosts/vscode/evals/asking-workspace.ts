import * as vscode from "vscode";
import type { AgentWorkspace } from "../../../agent/workspace-port.ts";
import { AksaraError } from "../../../errors.ts";
import type { StudioWorkspace } from "../../shared/studio-workspace.ts";
import { agreeToEvaluate, destinationOf } from "../providers/send-consent.ts";

/** The workspace, with a question before anything of it is first sent to a model elsewhere. */
export function asking(workspace: StudioWorkspace, extension: vscode.ExtensionContext): AgentWorkspace {
  /** One question for all that go on at once. */
  const answers = new Map<string, Promise<boolean>>();
  return {
    roots: workspace.roots,
    trial: workspace.trial,
    view: (signal) => workspace.view(signal),
    buildPack: (request, options) => workspace.buildPack(request, options),
    run: (request, options) => workspace.run(request, options),
    refresh: (uris) => workspace.refresh(uris),
    execution: () => {
      const execution = workspace.execution();
      return {
        ...execution,
        connect: async (setup, key) => {
          const connector = await execution.connect(setup, key);
          const agree = async (model: string): Promise<void> => {
            const destination = destinationOf({ setup, model }, execution.environment);
            if (!destination) return;
            const { origin } = destination;
            const answer = answers.get(origin) ?? agreeToEvaluate(extension, destination);
            answers.set(origin, answer);
            if (!(await answer))
              throw new AksaraError("APPROVAL_REJECTED", vscode.l10n.t("Nothing was sent."));
          };
          return {
            kind: connector.kind,
            defaultModel: connector.defaultModel,
            capabilities: (model) => connector.capabilities(model),
            listModels: (signal) => connector.listModels(signal),
            stream: async function* (request, signal) {
              await agree(request.model);
              yield* connector.stream(request, signal);
            },
          };
        },
      };
    },
  };
}
