import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { z } from "zod/mini";
import { isCancelled } from "../../errors.ts";
import { pageStrings } from "./page-strings.ts";
import { renderWebviewHtml } from "./webview-html.ts";

export interface WebviewPage<Message> {
  readonly extensionUri: vscode.Uri;
  /** Of the page below `webview/`; its messages go by it in the log. */
  readonly name: string;
  readonly messages: z.ZodMiniType<Message>;
  /** Data for the page beside the texts. */
  readonly boot?: Readonly<Record<string, unknown>>;
  readonly handle: (message: Message) => Promise<void>;
  readonly log: vscode.LogOutputChannel;
}

/**
 * Shows a page in a webview, which may load the extension's own files alone, and hears what it posts: a message that
 * is not one of the page's goes to the log, a failure to the person. Ends its listening when disposed.
 */
export function showPage<Message>(
  webview: vscode.Webview,
  { extensionUri, name, messages, boot, handle, log }: WebviewPage<Message>,
): vscode.Disposable {
  const below = (folder: string) => vscode.Uri.joinPath(extensionUri, folder);
  webview.options = { enableScripts: true, localResourceRoots: [below("dist"), below("media")] };
  const listening = webview.onDidReceiveMessage((raw: unknown) => {
    const parsed = messages.safeParse(raw);
    if (!parsed.success) {
      log.warn(
        `a message of the page "${name}" was refused: ${parsed.error.issues[0]?.message ?? "not valid"}`,
      );
      return;
    }
    handle(parsed.data).catch((error: unknown) => {
      if (isCancelled(error)) return;
      log.error(error instanceof Error ? error : String(error));
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    });
  });
  const resource = (file: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "dist", "webview", file)).toString();
  webview.html = renderWebviewHtml({
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString("base64url"),
    scriptUri: resource(`${name}.js`),
    styleUris: [resource(`${name}.css`)],
    title: "Aksara",
    lang: vscode.env.language,
    boot: { ...boot, strings: pageStrings() },
  });
  return listening;
}
