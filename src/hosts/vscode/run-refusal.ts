import * as vscode from "vscode";
import type { ErrorCode } from "../../errors.ts";

/** Why nothing is sent to a provider. */
export interface RunRefusal {
  readonly error_code: ErrorCode;
  /** One sentence or two for a person, in the person's language. */
  readonly error: string;
}

/** The reason why a pack cannot be run now; trust comes before everything else. */
export function runRefusal(): RunRefusal | null {
  if (!vscode.workspace.isTrusted) {
    return {
      error_code: "WORKSPACE_UNTRUSTED",
      error: vscode.l10n.t("This folder is in Restricted Mode. The pack can be copied as it is."),
    };
  }
  return {
    error_code: "AI_HUB_NOT_CONFIGURED",
    error: vscode.l10n.t("No AI provider is configured. The pack can be copied as it is."),
  };
}
