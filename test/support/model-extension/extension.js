import { appendFileSync } from "node:fs";
import * as vscode from "vscode";

/**
 * Models of the vendor `lantern`: `steady` answers what LANTERN_ANSWER says, in pieces; `slow` says its first words and
 * then waits until it is cancelled; `broken` and `blocked` fail in their own words. What they are asked, and that they
 * were cancelled, is noted in the file LANTERN_LOG. The command "Lantern: Call a Tool" calls the tool that the file
 * `call.json` of the workspace names, and notes what it gives.
 */
export function activate(context) {
  context.subscriptions.push(
    vscode.lm.registerLanguageModelChatProvider("lantern", {
      provideLanguageModelChatInformation: () => ["steady", "slow", "broken", "blocked"].map(informationOf),
      provideLanguageModelChatResponse: answer,
      provideTokenCount: async (_model, text) => String(text).length,
    }),
    vscode.commands.registerCommand("lantern.callTool", callTool),
  );
}

async function callTool() {
  const [folder] = vscode.workspace.workspaceFolders;
  const file = vscode.Uri.joinPath(folder.uri, "call.json");
  const { name, input } = JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
  try {
    const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
    note({ event: "called", tool: name, text: textOf(result.content) });
  } catch (error) {
    note({ event: "called", tool: name, error: error.message });
  }
}

function informationOf(id) {
  return {
    id,
    name: `Lantern ${id}`,
    family: "lantern",
    version: "1",
    maxInputTokens: 64_000,
    maxOutputTokens: 4_000,
    capabilities: { toolCalling: false },
  };
}

async function answer(model, messages, _options, progress, token) {
  note({
    event: "asked",
    model: model.id,
    messages: messages.map(({ role, content }) => [role, textOf(content)]),
  });
  if (model.id === "broken") throw new Error("The lantern is out of oil.");
  if (model.id === "blocked") throw vscode.LanguageModelError.Blocked("The lantern does not shine on that.");
  const say = (text) => progress.report(new vscode.LanguageModelTextPart(text));
  if (model.id === "slow") {
    say("## By lamplight\n\nThe first words.\n\n");
    await new Promise((resolve) => token.onCancellationRequested(resolve));
    note({ event: "cancelled", model: model.id });
    return;
  }
  for (const piece of (process.env.LANTERN_ANSWER ?? "Nothing to say.").match(/[\s\S]{1,20}/g) ?? []) {
    say(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function textOf(content) {
  return content.map((part) => part.value ?? "").join("");
}

function note(entry) {
  if (process.env.LANTERN_LOG) appendFileSync(process.env.LANTERN_LOG, `${JSON.stringify(entry)}\n`);
}
