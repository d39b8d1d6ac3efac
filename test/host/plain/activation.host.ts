import assert from "node:assert/strict";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import { extension, note, root } from "../aksara.ts";

/** What a library that brings its own HTTP client could replace for everybody in the extension host. */
function globalNetwork(): readonly unknown[] {
  const dispatchers = ["undici.globalDispatcher.1", "undici.globalDispatcher.2"].map(
    (name) => (globalThis as Record<symbol, unknown>)[Symbol.for(name)],
  );
  return [globalThis.fetch, globalThis.WebSocket, ...dispatchers];
}

describe("activation in a folder without a backend", () => {
  let before: readonly unknown[];

  it("V01 opening the folder and a text file does not activate", async () => {
    assert.equal(extension().isActive, false, "before anything was opened");
    await vscode.window.showTextDocument(vscode.Uri.file(path.join(root(), "notes.md")));
    await vscode.commands.executeCommand("workbench.view.explorer");
    await delay(1000);
    assert.equal(extension().isActive, false, "after a markdown file was opened");
    assert.deepEqual(performance.getEntriesByName("aksara/activate/start"), []);
    // The first use makes the host's own client set up its dispatcher.
    await fetch("data:,");
    before = globalNetwork();
  });

  it("V01 the first command activates, and the bundle says how long that took", async () => {
    await vscode.commands.executeCommand("aksara.showLog");
    assert.equal(extension().isActive, true);
    const [start] = performance.getEntriesByName("aksara/activate/start");
    const [end] = performance.getEntriesByName("aksara/activate/end");
    assert.ok(start && end, "both marks are there");
    assert.ok(end.startTime >= start.startTime);
    note(`activate() took ${(end.startTime - start.startTime).toFixed(1)} ms`);
  });

  it("V02 every command of the manifest is registered, and every registered command is in the manifest", async () => {
    const { contributes } = extension().packageJSON as {
      contributes: { commands: { command: string }[]; views: Record<string, { id: string }[]> };
    };
    const declared = contributes.commands.map(({ command }) => command).sort();
    const views = Object.values(contributes.views).flatMap((list) => list.map(({ id }) => id));
    // VS Code adds these to every view by itself.
    const own = ["focus", "open", "removeView", "resetViewLocation", "toggleVisibility"];
    const ofViews = (command: string): boolean =>
      views.some((id) => own.some((name) => command === `${id}.${name}`));
    const registered = (await vscode.commands.getCommands(true))
      .filter((command) => command.startsWith("aksara."))
      .filter((command) => declared.includes(command) || !ofViews(command))
      .sort();
    assert.deepEqual(registered, declared);
  });

  it("V02 no text of the manifest is left without its translation", () => {
    const missing = JSON.stringify(extension().packageJSON.contributes).match(/"%[^"]+%"/g);
    assert.deepEqual(missing, null);
  });

  it("V10 every part of the installation works from the package", async function () {
    this.timeout(60_000);
    const results =
      await vscode.commands.executeCommand<{ name: string; ok: boolean; detail: string; ms: number }[]>(
        "aksara.runSelfCheck",
      );
    assert.ok(results.length >= 5, "the check looks at several parts");
    for (const { name, ms, detail } of results) note(`${name}: ${detail} (${ms} ms)`);
    assert.deepEqual(
      results.filter(({ ok }) => !ok),
      [],
    );
  });

  it("V10 loading everything leaves the host's network alone", () => {
    const after = globalNetwork();
    assert.equal(after.length, before.length);
    for (const [index, value] of after.entries())
      assert.ok(value === before[index], `entry ${index} is the same`);
  });
});
