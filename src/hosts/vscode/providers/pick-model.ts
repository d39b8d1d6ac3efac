import * as vscode from "vscode";
import { isAksaraError } from "../../../errors.ts";
import type { ExecutionServices } from "../../../execution/execution-services.ts";
import { listSetups, type ProviderSetup, readiness } from "../../../execution/provider-setup.ts";
import type { ProviderKey } from "../../../providers/provider-key.ts";

export interface PickedModel {
  readonly provider: string;
  readonly model: string;
}

interface Item extends vscode.QuickPickItem {
  readonly choice?: PickedModel;
}

interface Ready {
  readonly setup: ProviderSetup;
  readonly key: ProviderKey | null;
  /** Somebody named it, so its silence is worth a word. */
  readonly expected: boolean;
}

/** How long one provider may take to list its models, in milliseconds. */
const PATIENCE_MS = 10_000;

/** Lets a person pick a model of any provider that can be used now; all are asked what they have. */
export async function pickRunModel(services: ExecutionServices): Promise<PickedModel | null> {
  return await pick(services, await readyProviders(services), vscode.l10n.t("Run with…"));
}

/** The same for one provider. */
export async function pickModelOf(
  services: ExecutionServices,
  provider: string,
): Promise<PickedModel | null> {
  const ready = (await readyProviders(services)).filter(({ setup }) => setup.name === provider);
  return await pick(services, ready, vscode.l10n.t("Default model of {0}", provider));
}

async function pick(
  services: ExecutionServices,
  providers: readonly Ready[],
  placeholder: string,
): Promise<PickedModel | null> {
  const closing = new AbortController();
  const quickPick = vscode.window.createQuickPick<Item>();
  quickPick.placeholder = placeholder;
  quickPick.matchOnDescription = true;
  quickPick.busy = true;
  const lists: Item[][] = providers.map(() => []);
  const only = providers.length === 1 ? providers[0]?.setup.name : undefined;
  const show = (): void => {
    const typed = quickPick.value.trim();
    const known = lists.flat();
    // Not every server lists what it has.
    const own: Item[] =
      only !== undefined && typed !== "" && !known.some((item) => item.label === typed)
        ? [{ label: typed, description: vscode.l10n.t("as typed"), choice: { provider: only, model: typed } }]
        : [];
    quickPick.items = [...known, ...own];
  };
  quickPick.onDidChangeValue(show);
  const asked = providers.map(async (provider, index) => {
    lists[index] = await itemsOf(provider, services, closing.signal);
    if (!closing.signal.aborted) show();
  });
  void Promise.allSettled(asked).then(() => {
    if (closing.signal.aborted) return;
    quickPick.busy = false;
    if (lists.every((list) => list.length === 0))
      quickPick.placeholder = vscode.l10n.t("No provider that is configured lists a model.");
  });
  try {
    return await new Promise<PickedModel | null>((resolve) => {
      quickPick.onDidAccept(() => {
        const choice = quickPick.selectedItems[0]?.choice;
        if (choice) resolve(choice);
      });
      quickPick.onDidHide(() => resolve(null));
      quickPick.show();
    });
  } finally {
    closing.abort();
    quickPick.dispose();
  }
}

async function itemsOf(
  { setup, key, expected }: Ready,
  services: ExecutionServices,
  signal: AbortSignal,
): Promise<Item[]> {
  const head: Item = { label: setup.name, kind: vscode.QuickPickItemKind.Separator };
  try {
    const connector = await services.connect(setup, key);
    const models = await connector.listModels(AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]));
    const named = setup.config.model ?? connector.defaultModel;
    const all = named === null || models.includes(named) ? models : [named, ...models];
    if (all.length === 0) return [];
    return [
      head,
      ...all.map(
        (model): Item => ({
          label: model,
          ...(model === named ? { description: vscode.l10n.t("default") } : {}),
          choice: { provider: setup.name, model },
        }),
      ),
    ];
  } catch (error) {
    if (!isAksaraError(error)) throw error;
    return expected
      ? [head, { label: `$(error) ${error.code}`, detail: error.message, alwaysShow: true }]
      : [];
  }
}

async function readyProviders(services: ExecutionServices): Promise<readonly Ready[]> {
  const setups = listSetups(await services.hub(), services.environment);
  const found: Ready[] = [];
  for (const setup of setups) {
    if (!setup.inHub && (setup.kind === "noop" || setup.kind === "scripted")) continue;
    const state = await readiness(setup, services.credentials, services.environment);
    if (state.ready) found.push({ setup, key: state.key, expected: setup.inHub || state.key !== null });
  }
  return found;
}
