import * as vscode from "vscode";
import { isAksaraError } from "../../../errors.ts";
import type { ExecutionServices } from "../../../execution/execution-services.ts";
import { hubStatus } from "../../../execution/hub/hub-status.ts";
import { listSetups, readiness } from "../../../execution/provider-setup.ts";
import { isProviderKind } from "../../../providers/provider-descriptors.ts";
import type { Studio } from "../studio.ts";
import { type FoundModels, type HubRow, hubRows } from "./hub-rows.ts";

/** What is asked whether it is there, and answers runs without being configured when it is. */
const ASKED = ["ollama", "lmstudio", "vscode-lm"];

/** How long a server on this machine may take to say that it is there, in milliseconds. */
const PATIENCE_MS = 1500;

/** Reads the rows of the hub, asking local servers and the editor whether they have models. */
export async function readHub(studio: Studio, signal: AbortSignal): Promise<readonly HubRow[]> {
  const services = (await studio.workspace()).execution();
  const found = services.trusted ? await findModels(services, signal) : [];
  await studio.refreshAccess(namesOf(found));
  const { providers, resolution } = await hubStatus(services, signal);
  const { keys } = await studio.providers();
  const stored = new Set<string>();
  for (const { name, kind, base_url: url } of providers) {
    if (url !== null && isProviderKind(kind) && (await keys.get(new URL(url).origin, kind))) stored.add(name);
  }
  const facts = {
    providers: providers.filter(({ in_hub, kind }) => in_hub || !["noop", "scripted"].includes(kind)),
    resolution,
    found,
    stored,
    trusted: services.trusted,
  };
  return hubRows(facts, {
    runAi: vscode.l10n.t("Run AI"),
    others: vscode.l10n.t("More providers"),
    restricted: vscode.l10n.t("off in Restricted Mode"),
    inUse: vscode.l10n.t("in use"),
    ready: vscode.l10n.t("ready"),
    notSetUp: vscode.l10n.t("not set up"),
    models: (count) => vscode.l10n.t("{0} models", count),
    keyFrom: (source) => vscode.l10n.t("key from {0}", source),
    titles: {
      "openai-compatible": vscode.l10n.t("OpenAI-compatible server"),
      llamacpp: vscode.l10n.t("llama.cpp server"),
      http: vscode.l10n.t("Custom HTTP endpoint"),
      "vscode-lm": vscode.l10n.t("Language models of the editor"),
      scripted: vscode.l10n.t("Scripted replay"),
      noop: vscode.l10n.t("No model"),
    },
    failures: { AI_HUB_NOT_CONFIGURED: vscode.l10n.t("no provider is configured") },
    sources: {
      override: vscode.l10n.t("your choice"),
      pack: vscode.l10n.t("named by the action"),
      hub: vscode.l10n.t("named by .aksara/aihub.json"),
      default: vscode.l10n.t("the first that is configured"),
    },
  });
}

/** Names of the providers that answer runs without being configured, and are there: each is asked. */
export async function findPresent(
  services: ExecutionServices,
  signal: AbortSignal,
): Promise<readonly string[]> {
  return services.trusted ? namesOf(await findModels(services, signal)) : [];
}

function namesOf(found: readonly FoundModels[]): readonly string[] {
  return found.map(({ provider }) => provider);
}

async function findModels(services: ExecutionServices, signal: AbortSignal): Promise<readonly FoundModels[]> {
  const setups = listSetups(await services.hub(), services.environment).filter(
    ({ inHub, kind }) => !inHub && ASKED.includes(kind),
  );
  const answers = await Promise.all(
    setups.map(async (setup): Promise<FoundModels | null> => {
      const state = await readiness(setup, services.credentials, services.environment);
      if (!state.ready) return null;
      try {
        const connector = await services.connect(setup, state.key);
        const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
        const { length } = await connector.listModels(patience);
        return length > 0 ? { provider: setup.name, models: length } : null;
      } catch (error) {
        if (!isAksaraError(error)) throw error;
        // Not running is the usual case.
        return null;
      }
    }),
  );
  return answers.filter((answer) => answer !== null);
}
