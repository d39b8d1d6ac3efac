import * as vscode from "vscode";
import type { TaskOptions } from "../../../agent/options.ts";
import { AksaraError, isAksaraError, isCancelled } from "../../../errors.ts";
import type { AgentEvent, AgentResult } from "../../../protocol/agent.ts";
import { actionPrompt } from "../action-prompt.ts";
import { ApprovalDesk } from "../approval/approval-desk.ts";
import { ApprovalPanel } from "../approval/approval-panel.ts";
import type { ChatAgents } from "../chat/chat-agents.ts";
import { loadChat } from "../chat/chat-view.ts";
import { reportFailure } from "../report-failure.ts";
import type { Studio } from "../studio.ts";

const LONGEST_TITLE = 80;

/** Answers in the editor's chat. A conversation there is one session of the agent, whatever is asked in between. */
export class ChatAnswerer implements vscode.Disposable {
  readonly #studio: Studio;
  readonly #desk: ApprovalDesk;
  #panel: ApprovalPanel | null = null;

  constructor(studio: Studio) {
    this.#studio = studio;
    this.#desk = new ApprovalDesk((desk) => {
      this.#panel = new ApprovalPanel(studio, desk);
      return this.#panel;
    });
  }

  dispose(): void {
    this.#desk.dispose();
  }

  showApprovals(): void {
    if (this.#desk.waiting.length > 0) this.#panel?.open();
  }

  /** Takes back what a run changed in files, and says what it did. */
  async undo(run: unknown): Promise<void> {
    if (typeof run !== "string") return;
    await reportFailure(this.#studio, async () => {
      const { runtime } = await (await this.#agents()).access();
      const { files } = await runtime.undo({ runId: run });
      void vscode.window.showInformationMessage(vscode.l10n.t("Restored: {0}", files.join(", ")));
    });
  }

  async answer(
    request: vscode.ChatRequest,
    context: vscode.ChatContext,
    stream: vscode.ChatResponseStream,
    token: vscode.CancellationToken,
  ): Promise<vscode.ChatResult> {
    const controller = new AbortController();
    const cancelling = token.onCancellationRequested(() => controller.abort());
    let session = sessionOf(context);
    try {
      const agents = await this.#agents();
      const { runtime } = await agents.access();
      const task = await this.#taskOf(request, controller.signal);
      session ??= (await runtime.startSession()).id;
      const options = await this.#optionsFor(agents, request, controller.signal);
      const result = await show(runtime.sendStream(session, task, options), stream);
      this.#showEnd(result, stream);
      const failed = !result.success && result.stopReason !== "cancelled";
      return {
        metadata: { session },
        ...(failed ? { errorDetails: { message: result.error ?? result.stopReason } } : {}),
      };
    } catch (error) {
      if (isCancelled(error)) return { metadata: { session } };
      this.#studio.log.error(error instanceof Error ? error : String(error));
      const message = error instanceof Error ? error.message : String(error);
      const hint = isAksaraError(error) && error.hint ? ` ${error.hint}` : "";
      return { metadata: { session }, errorDetails: { message: `${message}${hint}` } };
    } finally {
      cancelling.dispose();
    }
  }

  async #agents(): Promise<ChatAgents> {
    return await (await loadChat(this.#studio)).agents();
  }

  /** The model is the one that the person chose in this chat: it was shown to them, and nobody else is asked. */
  async #optionsFor(
    agents: ChatAgents,
    request: vscode.ChatRequest,
    signal: AbortSignal,
  ): Promise<TaskOptions> {
    const { tools } = await agents.access();
    const { model, prompt } = request;
    return {
      mode: "default",
      // Commands belong to a terminal, and a flow would go to the model of the AI Hub.
      tools: tools
        .list()
        .filter((tool) => tool.class !== "system" && tool.name !== "run_flow")
        .map(({ name }) => name),
      provider: "vscode-lm",
      model: `${model.vendor}/${model.id}`,
      signal,
      approver: this.#desk.approver(vscode.l10n.t("@aksara, asked in the chat: {0}", titleOf(prompt))),
    };
  }

  /** What was written; of a slash command the prompt of the action's pack, on the object that was named. */
  async #taskOf({ command, prompt }: vscode.ChatRequest, signal: AbortSignal): Promise<string> {
    if (command === undefined) return prompt;
    const workspace = await this.#studio.workspace();
    const action = (await workspace.actions()).actions.find(({ key }) => key === command);
    if (!action) throw new AksaraError("INVALID_ACTION", vscode.l10n.t("There is no action {0}.", command));
    return (await actionPrompt(this.#studio, action, prompt, signal)).prompt;
  }

  #showEnd(result: AgentResult, stream: vscode.ChatResponseStream): void {
    const changed = [...result.createdFiles, ...result.modifiedFiles];
    for (const uri of changed) {
      const file = this.#studio.fileUri(uri);
      if (file) stream.reference(file);
    }
    if (changed.length + result.deletedFiles.length > 0)
      stream.button({
        command: "aksara.undoRun",
        title: vscode.l10n.t("Undo Changes"),
        arguments: [result.runId],
      });
  }
}

/** Shows a run as it goes on. Gives what it came to. */
async function show(
  events: AsyncIterable<AgentEvent>,
  stream: vscode.ChatResponseStream,
): Promise<AgentResult> {
  let result: AgentResult | null = null;
  for await (const event of events) {
    switch (event.type) {
      case "text":
        stream.markdown(event.delta);
        break;
      case "action":
        stream.progress(vscode.l10n.t("Running {0}", event.tool));
        break;
      case "approval":
        stream.markdown(
          `\n\n${vscode.l10n.t("Waiting for your approval of `{0}`.", event.request.tool)}\n\n`,
        );
        stream.button({ command: "aksara.showApprovals", title: vscode.l10n.t("Show Approval") });
        break;
      case "complete":
      case "error":
      case "interrupted":
        result = event.result;
        break;
    }
  }
  if (!result) throw new Error("The run ended without a result.");
  return result;
}

/** The session of this conversation: the last answer of ours names it. */
function sessionOf({ history }: vscode.ChatContext): string | null {
  for (const turn of history.toReversed()) {
    if (!(turn instanceof vscode.ChatResponseTurn)) continue;
    const session: unknown = turn.result.metadata?.session;
    if (typeof session === "string") return session;
  }
  return null;
}

function titleOf(prompt: string): string {
  const line = prompt.replace(/\s+/g, " ").trim();
  return line.length <= LONGEST_TITLE ? line : `${line.slice(0, LONGEST_TITLE)}…`;
}
