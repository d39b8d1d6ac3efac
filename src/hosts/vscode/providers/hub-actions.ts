import * as vscode from "vscode";
import { AksaraError } from "../../../errors.ts";
import { checkProviders } from "../../../execution/hub/hub-status.ts";
import { findSetup, listSetups, type ProviderSetup, readiness } from "../../../execution/provider-setup.ts";
import { NEW_HUB, withActiveProvider, withModel } from "../../shared/hub-edits.ts";
import type { Studio } from "../studio.ts";
import { pickModelOf } from "./pick-model.ts";

/** What a person does in the AI Hub. The file is written only here, and only for what was asked. */
export class HubActions {
  readonly #studio: Studio;

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  /** Asks for a key and keeps it for the one origin that the question names. */
  async setKey(provider: string): Promise<void> {
    const { setup, origin } = await this.#place(provider);
    const key = await vscode.window.showInputBox({
      title: vscode.l10n.t("Key for {0}", provider),
      prompt: vscode.l10n.t("It is kept in the secret storage and sent only to {0}.", origin),
      password: true,
      ignoreFocusOut: true,
      validateInput: (value) =>
        value === "" || /^[\x21-\x7e]+$/.test(value.trim())
          ? undefined
          : vscode.l10n.t("A key has no spaces and no accents."),
    });
    if (!key?.trim()) return;
    const { keys } = await this.#studio.providers();
    await keys.set(origin, setup.kind, key);
    vscode.window.setStatusBarMessage(vscode.l10n.t("Key kept for {0}", origin), 4000);
    await this.#changed();
  }

  async removeKey(provider: string): Promise<void> {
    const { setup, origin } = await this.#place(provider);
    const { keys } = await this.#studio.providers();
    await keys.delete(origin, setup.kind);
    vscode.window.setStatusBarMessage(vscode.l10n.t("Key removed for {0}", origin), 4000);
    await this.#changed();
  }

  /** Lists the provider's models with the key that a run would use; its own words when that fails. */
  async testConnection(provider: string): Promise<void> {
    const services = (await this.#studio.workspace()).execution();
    if (!services.trusted)
      throw new AksaraError(
        "WORKSPACE_UNTRUSTED",
        vscode.l10n.t("This folder is in Restricted Mode: no provider is called."),
      );
    const [check] = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t("Asking {0}", provider),
        cancellable: true,
      },
      async (_progress, token) => {
        const abort = new AbortController();
        token.onCancellationRequested(() => abort.abort());
        return await checkProviders(services, abort.signal, provider);
      },
    );
    if (!check) return;
    if (!check.failure) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t("{0} answers and lists {1} models.", provider, check.models ?? 0),
      );
      return;
    }
    const { error, error_code: code, status, hint } = check.failure;
    // Most providers' words bear their status already.
    const what = status === null || error.includes(`HTTP ${status}`) ? code : `${code}, HTTP ${status}`;
    const setKey = vscode.l10n.t("Set Key…");
    void vscode.window
      .showErrorMessage(
        [`${provider}: ${error} (${what})`, hint ?? ""].filter(Boolean).join(" "),
        ...(check.base_url ? [setKey] : []),
      )
      .then((answer) => (answer === setKey ? this.setKey(provider) : undefined));
  }

  async chooseModel(provider: string): Promise<void> {
    const services = (await this.#studio.workspace()).execution();
    const picked = await pickModelOf(services, provider);
    if (!picked) return;
    const { kind } = findSetup(provider, listSetups(await services.hub(), services.environment));
    await this.#edit((text) => withModel(text, { name: provider, kind }, picked.model));
  }

  async use(provider: string): Promise<void> {
    await this.#edit((text) => withActiveProvider(text, provider));
  }

  /** Shows the hub file; where there is none, an empty one is made first. */
  async openFile(): Promise<void> {
    const uri = await this.#file();
    if ((await readText(uri)) === null) await writeText(uri, NEW_HUB);
    await vscode.window.showTextDocument(uri);
  }

  async #edit(change: (text: string) => string): Promise<void> {
    const uri = await this.#file();
    await writeText(uri, change((await readText(uri)) ?? NEW_HUB));
    await this.#changed();
  }

  /** The file of the first folder that has one, else the place for it in the first folder. */
  async #file(): Promise<vscode.Uri> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const files = folders.map((folder) => vscode.Uri.joinPath(folder.uri, ".aksara", "aihub.json"));
    for (const uri of files) if ((await readText(uri)) !== null) return uri;
    const [first] = files;
    if (first) return first;
    throw new AksaraError("CONTEXT_NOT_FOUND", vscode.l10n.t("No folder is open."));
  }

  async #place(provider: string): Promise<{ readonly setup: ProviderSetup; readonly origin: string }> {
    const { hub, credentials, environment } = (await this.#studio.workspace()).execution();
    const setup = findSetup(provider, listSetups(await hub(), environment));
    const { address } = await readiness(setup, credentials, environment);
    if (address !== null) return { setup, origin: new URL(address).origin };
    throw new AksaraError(
      "AI_HUB_NOT_CONFIGURED",
      vscode.l10n.t("{0} has no address yet: give it a base_url in .aksara/aihub.json.", provider),
    );
  }

  async #changed(): Promise<void> {
    await this.#studio.refreshConfiguration();
  }
}

async function readText(uri: vscode.Uri): Promise<string | null> {
  try {
    return Buffer.from(await vscode.workspace.fs.readFile(uri)).toString("utf8");
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === "FileNotFound") return null;
    throw error;
  }
}

async function writeText(uri: vscode.Uri, text: string): Promise<void> {
  await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(uri, ".."));
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text, "utf8"));
}
