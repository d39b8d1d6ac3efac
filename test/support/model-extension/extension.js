import { appendFileSync } from "node:fs";
import * as vscode from "vscode";

/**
 * Models of the vendor `lantern`: `steady` answers what LANTERN_ANSWER says, in pieces; `slow` says its first words and
 * then waits until it is cancelled; `handy` writes a file with the tool it is offered, and says so; `broken` and `blocked` fail in their own words. What they are asked, and that they
 * were cancelled, is noted in the file LANTERN_LOG. The command "Lantern: Call a Tool" calls the tool that the file
 * `call.json` of the workspace names, and notes what it gives; "Lantern: Ask in the Chat" asks the editor's chat what the
 * file `ask.json` says, with the model that it names.
 */
export function activate(context) {
  context.subscriptions.push(
    vscode.lm.registerLanguageModelChatProvider("lantern", {
      provideLanguageModelChatInformation: () =>
        ["steady", "slow", "handy", "broken", "blocked"].map(informationOf),
      provideLanguageModelChatResponse: answer,
      provideTokenCount: async (_model, text) => String(text).length,
    }),
    vscode.commands.registerCommand("lantern.callTool", callTool),
    vscode.commands.registerCommand("lantern.ask", ask),
  );
}

async function readWish(name) {
  const [folder] = vscode.workspace.workspaceFolders;
  const file = vscode.Uri.joinPath(folder.uri, name);
  return JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
}

async function ask() {
  const { model, query } = await readWish("ask.json");
  const modelSelector = { vendor: "lantern", id: model };
  await vscode.commands.executeCommand("workbench.action.chat.open", { query, modelSelector });
}

async function callTool() {
  const { name, input } = await readWish("call.json");
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
    capabilities: { toolCalling: id === "handy" },
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
  if (model.id === "handy") {
    const results = messages
      .at(-1)
      .content.filter((part) => part instanceof vscode.LanguageModelToolResultPart);
    if (results.length === 0) {
      const input = { path: "notes.md", content: "# Notes\n\nWritten by lamplight.\n" };
      progress.report(new vscode.LanguageModelToolCallPart("call-1", "write_file", input));
      return;
    }
    say(
      `It is **done**: ${results
        .map(({ content }) => textOf(content))
        .join(" ")
        .slice(0, 60)}`,
    );
    return;
  }
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
