import * as vscode from "vscode";
import { assertNever } from "../../../errors.ts";
import { type ChatMessage, chatMessageSchema } from "../../../protocol/chat.ts";
import { openCheckedLink } from "../panel/open-link.ts";
import type { Studio } from "../studio.ts";
import { showPage } from "../webview-page.ts";
import type { ChatHost } from "./chat-host.ts";

/** The page of the chat in its view: what it shows comes from the host, what a person does there goes to it. */
export class ChatPage implements vscode.Disposable {
  readonly #studio: Studio;
  readonly #host: ChatHost;
  readonly #listening: vscode.Disposable;

  constructor(studio: Studio, host: ChatHost, view: vscode.WebviewView) {
    this.#studio = studio;
    this.#host = host;
    host.line.attach(view.webview);
    host.caller.watch(view);
    this.#listening = vscode.Disposable.from(
      showPage(view.webview, {
        extensionUri: studio.extension.extensionUri,
        name: "chat",
        messages: chatMessageSchema,
        handle: (message) => this.#handle(message),
        log: studio.log,
      }),
      // A page that is hidden is no more: nothing is worth sending to it. The next one asks for all.
      view.onDidChangeVisibility(() => host.line.attach(view.visible ? view.webview : null)),
    );
  }

  dispose(): void {
    this.#host.line.attach(null);
    this.#host.caller.watch(null);
    this.#listening.dispose();
  }

  async #handle(message: ChatMessage): Promise<void> {
    const host = this.#host;
    switch (message.type) {
      case "ready":
        return host.line.replay(message.since);
      case "send":
        return await host.submit(message.text, message.from);
      case "unqueue":
        return host.unqueue(message.index);
      case "detach":
        return host.detach(message.index);
      case "complete":
        return await host.composing.complete(message.ask, message.trigger, message.query);
      case "mention":
        return await host.composing.mention(message.text);
      case "export-thread":
        return await host.exportThread({ id: message.id });
      case "undo":
        return await host.undo(message.run);
      case "stop":
        return host.stop();
      case "resume":
        return await host.resume();
      case "go-on-with-plan":
        return await host.goOnWithPlan(message.plan, message.step);
      case "answer":
        return await host.answer(message.id, message.answer);
      case "review":
        return await host.review(message.id);
      case "review-step":
        return await host.reviewStep(message.id);
      case "new-thread":
        return await host.newThread();
      case "open-thread":
        return await host.openThread(message.id);
      case "list-threads":
        return await host.listThreads();
      case "set-mode":
        return await host.setMode(message.mode);
      case "pick-model":
        return await host.pickModel();
      case "wish-met":
        return host.line.forgetWish();
      case "dismiss-failure":
        return host.line.send({ type: "failure", failure: null });
      case "open-hub":
        await vscode.commands.executeCommand("aksara.openHub");
        return;
      case "manage-trust":
        await vscode.commands.executeCommand("workbench.trust.manage");
        return;
      case "open-folder":
        await vscode.commands.executeCommand("vscode.openFolder");
        return;
      case "open-file":
        return await this.#openFile(message.uri);
      case "open-source":
        return await this.#studio.reveal(message.source);
      case "open-link":
        return await openCheckedLink(message.href);
      case "show-trace":
        await vscode.commands.executeCommand("aksara.showTrace", { runId: message.run, call: message.call });
        return;
      case "copy-text":
        return await vscode.env.clipboard.writeText(message.text);
      case "insert-code":
        return await this.#insert(message.text);
      case "open-code":
        return await openCode(message.text, message.language);
      case "page-error":
        this.#studio.log.error(`chat: ${message.message}`);
        return;
      default:
        return assertNever(message);
    }
  }

  async #openFile(uri: string): Promise<void> {
    const file = this.#studio.fileUri(uri);
    if (file) await vscode.window.showTextDocument(file, { preview: true });
  }

  /** In place of what is selected; the person can undo it like anything they typed. */
  async #insert(text: string): Promise<void> {
    const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
    if (!editor) {
      void vscode.window.showInformationMessage(vscode.l10n.t("No editor is open to insert it into."));
      return;
    }
    const selections = editor.selections;
    await editor.edit((edit) => {
      for (const selection of selections) edit.replace(selection, text);
    });
    await vscode.window.showTextDocument(editor.document, editor.viewColumn);
  }
}

/** Languages as fences name them, where the editor calls them otherwise. */
const LANGUAGES: Readonly<Record<string, string>> = {
  py: "python",
  ts: "typescript",
  tsx: "typescriptreact",
  js: "javascript",
  jsx: "javascriptreact",
  sh: "shellscript",
  bash: "shellscript",
  shell: "shellscript",
  yml: "yaml",
  md: "markdown",
  postgresql: "sql",
};

async function openCode(content: string, fence: string): Promise<void> {
  const wanted = LANGUAGES[fence.toLowerCase()] ?? fence.toLowerCase();
  const known = (await vscode.languages.getLanguages()).includes(wanted);
  const document = await vscode.workspace.openTextDocument({
    content,
    ...(known ? { language: wanted } : {}),
  });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
}
