import * as vscode from "vscode";
import type { Contribution } from "../contribution.ts";
import { EDITOR_CHAT_TOOLS, type EditorChatTool, editorToolName } from "./tool-names.ts";
import { toolWords } from "./tool-words.ts";

/**
 * Offers the tools that read the catalog to the editor's chat and to other extensions. What does the work is loaded with
 * the first call.
 */
export const registerLanguageModelTools: Contribution = ({ studio }) => {
  let caller: Promise<import("./tool-caller.ts").ToolCaller> | null = null;
  const load = () => {
    caller ??= import("./tool-caller.ts").then(({ ToolCaller }) => new ToolCaller(studio));
    return caller;
  };
  const registered = EDITOR_CHAT_TOOLS.map((name) =>
    vscode.lm.registerTool(editorToolName(name), toolOf(name, load)),
  );
  return vscode.Disposable.from(...registered, {
    dispose: () => void caller?.then((loaded) => loaded.dispose()),
  });
};

function toolOf(
  name: EditorChatTool,
  load: () => Promise<import("./tool-caller.ts").ToolCaller>,
): vscode.LanguageModelTool<unknown> {
  return {
    prepareInvocation: ({ input }) => {
      const { doing, question, sends } = toolWords(name, input);
      // What a model wrote is shown as text: it is no markdown of ours.
      return {
        invocationMessage: doing,
        confirmationMessages: { title: question, message: new vscode.MarkdownString().appendText(sends) },
      };
    },
    invoke: async ({ input }, token) => {
      const text = await (await load()).call(name, input, token);
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
    },
  };
}
