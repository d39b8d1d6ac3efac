import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import type { AksaraApi } from "../../src/hosts/vscode/api.ts";
import type { FlowContext } from "../../src/protocol/action.ts";
import type { PromptPack } from "../../src/protocol/prompt-pack.ts";
import { resultFileVariable } from "../support/host/suite-events.ts";

/** The installed extension, whether it is active or not. */
export function extension(): vscode.Extension<AksaraApi> {
  const found = vscode.extensions.getExtension<AksaraApi>("aksara-studio.aksara-studio");
  assert.ok(found, "the extension is installed");
  return found;
}

/** The extension's API, activating it where it is not active. */
export async function api(): Promise<AksaraApi> {
  return await extension().activate();
}

/** Absolute path of the first open folder. */
export function root(): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  assert.ok(folder, "a folder is open");
  return folder;
}

/** Opens a file of the first folder with the cursor before a text. */
export async function openAt(file: string, text: string): Promise<vscode.TextEditor> {
  const editor = await vscode.window.showTextDocument(vscode.Uri.file(path.join(root(), file)));
  const offset = editor.document.getText().indexOf(text);
  assert.ok(offset >= 0, `${file} contains ${text}`);
  const position = editor.document.positionAt(offset);
  editor.selection = new vscode.Selection(position, position);
  return editor;
}

/** Runs an action's command as a menu, a lens or a person does, and gives what the panel then shows. */
export async function runFlow(action: string, ...argument: readonly unknown[]): Promise<PromptPack> {
  await vscode.commands.executeCommand(`aksara.flow.${action}`, ...argument);
  const pack = (await api()).currentPack();
  assert.ok(pack, `${action} shows a pack`);
  assert.equal(pack.action_key, action);
  return pack;
}

/** The catalog id behind a context. */
export async function idOf(kind: string, action: string, context: FlowContext): Promise<string> {
  const pack = await (await api()).buildPromptPack({ flow_type: kind, action_key: action, context });
  assert.ok(pack.target, pack.error ?? "the pack has a target");
  return pack.target.id;
}

/** Waits until something holds; the suite's time limit says when it never does. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  limitMs = 15_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) assert.fail(`waited in vain until ${what}`);
    await delay(50);
  }
}

/** Prints a line into the run's output. */
export function note(text: string): void {
  const file = process.env[resultFileVariable];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ event: "note", text })}\n`);
}
