import * as vscode from "vscode";
import type { ErrorCode } from "../../errors.ts";

/** Why nothing is sent to a provider. */
export interface RunRefusal {
  readonly error_code: ErrorCode;
  /** One sentence or two for a person, in the person's language. */
  readonly error: string;
}

/** Whether a pack can be run, as far as can be told without asking any server. */
export interface RunAccess {
  /** Null when it can. */
  readonly refusal: RunRefusal | null;
  /** Who would answer; null when nobody would, or it takes a call to find out. */
  readonly provider: string | null;
  /** Null when only the provider knows. */
  readonly model: string | null;
}

/** What holds before anybody looked at the configuration. */
export function unknownAccess(): RunAccess {
  return {
    refusal: trustRefusal() ?? {
      error_code: "AI_HUB_NOT_CONFIGURED",
      error: vscode.l10n.t("No AI provider is configured. The pack can be copied as it is."),
    },
    provider: null,
    model: null,
  };
}

/** Trust comes before everything else. */
export function trustRefusal(): RunRefusal | null {
  if (vscode.workspace.isTrusted) return null;
  return {
    error_code: "WORKSPACE_UNTRUSTED",
    error: vscode.l10n.t("This folder is in Restricted Mode. The pack can be copied as it is."),
  };
}
