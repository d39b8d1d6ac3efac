import * as vscode from "vscode";
import { AksaraError, isErrorCode } from "../../../errors.ts";
import type { EvalRequest } from "../../../harness/evals/eval-request.ts";
import { recordedAgents } from "../../../harness/evals/record-agents.ts";
import { fileNameOf, recordedFlow } from "../../../harness/evals/record-flow.ts";
import { documentText } from "../../shared/document-text.ts";
import { EVAL_FOLDER } from "../../shared/eval-files.ts";
import { ApprovalDesk } from "../approval/approval-desk.ts";
import { ApprovalPanel } from "../approval/approval-panel.ts";
import { loadChat } from "../chat/chat-view.ts";
import type { FlowPanel } from "../panel/flow-panel.ts";
import { trustRefusal } from "../run-refusal.ts";
import type { Studio } from "../studio.ts";

/** Saves a run of a flow as an eval: the one that is named, or the one that the panel shows. */
export async function saveRunAsEval(
  studio: Studio,
  panel: FlowPanel,
  argument: unknown,
): Promise<string | null> {
  demandTrust();
  const { traceId } = (argument ?? {}) as { readonly traceId?: unknown };
  const id = typeof traceId === "string" ? traceId : panel.traceId;
  if (id === null) {
    void vscode.window.showInformationMessage(vscode.l10n.t("There is no run to save: run a pack first."));
    return null;
  }
  const { traces } = (await studio.workspace()).execution();
  const trace = await traces?.load(id);
  if (!trace) throw new AksaraError("RUN_NOT_FOUND", vscode.l10n.t("That run is no longer kept."));
  return await save(recordedFlow(trace), studio);
}

/** Saves the last turn of the chat that is shown as an eval. */
export async function saveChatAsEval(studio: Studio): Promise<string | null> {
  demandTrust();
  const host = await loadChat(studio);
  const { lastRun } = host;
  if (lastRun === null) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t("There is no turn to save: ask the agent first."),
    );
    return null;
  }
  const { store } = await (await host.agents()).access();
  return await save(await recordedAgents(store, lastRun), studio);
}

/** What was recorded is written like any file of a person's: shown first, made when they say so, and taken back by them. */
async function save(request: EvalRequest, studio: Studio): Promise<string | null> {
  const { roots } = await studio.workspace();
  const [root] = roots;
  if (!root) return null;
  const name = await freeName(fileNameOf(request), vscode.Uri.file(root.path));
  const path = `${roots.length > 1 ? `${root.name}/` : ""}${EVAL_FOLDER}/${name}`;
  const { runtime, tools } = await (await (await loadChat(studio)).agents()).access();
  const [writeFile] = tools.pick(["write_file"]);
  if (!writeFile) throw new RangeError("there is no write_file");
  const desk = new ApprovalDesk((own) => new ApprovalPanel(studio, own));
  try {
    const { result, runId } = await runtime.call(
      writeFile,
      { path, content: documentText(request) },
      {
        approver: desk.approver(vscode.l10n.t("Save as eval case")),
        allowWrites: true,
        allowSystemTools: false,
        askAlways: false,
        signal: new AbortController().signal,
        caller: "evals",
      },
    );
    const { errorCode, output, isError } = result;
    if (errorCode === "APPROVAL_REJECTED") return null;
    if (isError)
      throw new AksaraError(
        errorCode !== null && isErrorCode(errorCode) ? errorCode : "RUNTIME_ERROR",
        output,
      );
    await open(path, runId, studio);
    return path;
  } finally {
    desk.dispose();
  }
}

async function open(path: string, runId: string, studio: Studio): Promise<void> {
  const uri = studio.fileUri(path);
  if (uri) await vscode.window.showTextDocument(uri, { preview: false });
  const [run, undo] = [vscode.l10n.t("Run Evals"), vscode.l10n.t("Undo")];
  void vscode.window
    .showInformationMessage(
      vscode.l10n.t("Saved as {0}. It replays without asking anybody.", path),
      run,
      undo,
    )
    .then((answer) =>
      answer === run
        ? vscode.commands.executeCommand("aksara.runEval")
        : answer === undo
          ? vscode.commands.executeCommand("aksara.undoRun", runId)
          : undefined,
    );
}

/** A name that no file of the folder has. */
async function freeName(wanted: string, root: vscode.Uri): Promise<string> {
  const stem = wanted.replace(/\.json$/, "");
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${stem}-${number}.json`;
    const isTaken = await vscode.workspace.fs.stat(vscode.Uri.joinPath(root, EVAL_FOLDER, name)).then(
      () => true,
      () => false,
    );
    if (!isTaken) return name;
  }
}

function demandTrust(): void {
  const refusal = trustRefusal();
  if (refusal) throw new AksaraError(refusal.error_code, refusal.error);
}
