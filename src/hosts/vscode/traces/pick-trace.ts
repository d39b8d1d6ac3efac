import * as vscode from "vscode";
import type { KeptTraces, ListedTrace } from "../../shared/kept-traces.ts";

/** As many are offered; what is typed looks through all of them. */
const MOST = 2_000;

/** Lets the person choose one of the latest runs; null when they want none. */
export async function pickTrace(traces: KeptTraces): Promise<string | null> {
  const listed = await traces.list({}, MOST);
  if (listed.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("Nothing was run in this workspace yet."));
    return null;
  }
  const picked = await vscode.window.showQuickPick(
    listed.map((trace) => ({ ...rowOf(trace), id: trace.traceId })),
    {
      placeHolder: vscode.l10n.t("Choose a run to see what happened in it"),
      matchOnDescription: true,
      matchOnDetail: true,
    },
  );
  return picked?.id ?? null;
}

function rowOf({ kind, title, agent, conversation, status, startedAt, errorCode }: ListedTrace) {
  const when = new Date(startedAt).toLocaleString();
  const who =
    kind === "flow" ? vscode.l10n.t("flow") : kind === "runtime" ? `${agent}, ${conversation}` : agent;
  const icon = { complete: "pass", error: "error", interrupted: "circle-slash", running: "sync" }[status];
  return {
    label: `$(${icon}) ${title === "" ? agent : title}`,
    description: who,
    detail: [when, stateWords(status), errorCode].filter((part) => part !== null).join(" · "),
  };
}

function stateWords(status: ListedTrace["status"]): string {
  switch (status) {
    case "complete":
      return vscode.l10n.t("finished");
    case "error":
      return vscode.l10n.t("failed");
    case "interrupted":
      return vscode.l10n.t("interrupted");
    case "running":
      return vscode.l10n.t("not ended");
  }
}
