import * as vscode from "vscode";
import { environmentCredentials, firstCredential } from "../../../execution/credentials.ts";
import { HostFetchTransport } from "../../../providers/transport/host-fetch-transport.ts";
import { openProviderAccess, type ProviderAccess } from "../../shared/provider-access.ts";
import { EditorModels } from "./editor-models.ts";
import { SecretCredentials } from "./secret-credentials.ts";

/** Language models as this editor reaches them: its network, its secret storage, its own models. */
export interface EditorProviders {
  readonly access: ProviderAccess;
  /** The keys that people entered here; the environment's are read besides them. */
  readonly keys: SecretCredentials;
}

export function openEditorProviders(extension: vscode.ExtensionContext): EditorProviders {
  const keys = new SecretCredentials(extension.secrets, vscode.l10n.t("secret storage"));
  const models = new EditorModels();
  const access = openProviderAccess({
    credentials: firstCredential(keys, environmentCredentials(process.env)),
    environment: process.env,
    transport: new HostFetchTransport(),
    editorModels: async () => models,
  });
  return { access, keys };
}
