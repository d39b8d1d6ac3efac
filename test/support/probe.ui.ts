import assert from "node:assert/strict";
import path from "node:path";
import type { Frame } from "playwright-core";
import { packageExtension } from "./run-probe.ts";
import { openSession, type Session } from "./session.ts";
import type { ReleaseName } from "./vscode-server/release.ts";
import { runAxe, seriousFindings } from "./webview-frame.ts";
import { themeNames, type Workbench } from "./workbench.ts";

const probe = path.join(import.meta.dirname, "probe-extension");
const workspace = path.join(import.meta.dirname, "probe-workspace");
const vscode = (process.env.PROBE_VSCODE_RELEASE ?? "latest") as ReleaseName;

describe(`harness: a window of VS Code (${vscode})`, function () {
  this.timeout(90_000);
  let session: Session;
  let workbench: Workbench;

  before(async () => {
    session = await openSession({ vscode, extensionPath: probe, workspaceTrust: false });
    workbench = await session.open(workspace);
  });
  after(() => session.close());

  it("opens a file, puts the cursor and chooses from a submenu of the editor's menu", async () => {
    await workbench.openFile("notes.md");
    await workbench.putCursorAt("stand on");
    await workbench.page.getByText("Ln 3, Col 13").waitFor();
    await workbench.openEditorMenu("Probe");
    assert.deepEqual(await workbench.menuLabels(), ["Open Panel"]);
    await workbench.menuItem("Open Panel").click();
    const frame = await workbench.webview("Probe");
    assert.equal(await frame.locator("h1").textContent(), "Probe");
  });

  it("finds rows of a tree view", async () => {
    const row = await workbench.treeRow("Probe Rows", "second row");
    assert.ok(await row.isVisible());
  });

  it("runs axe inside a webview with a strict policy and sees what is wrong", async () => {
    const frame = await workbench.webview("Probe");
    assert.deepEqual(seriousFindings(await runAxe(frame)), []);
    await frame.evaluate("document.querySelector('button').replaceChildren()");
    assert.match(seriousFindings(await runAxe(frame)).join(), /button-name/);
  });

  it("shows every kind of theme", async () => {
    for (const name of themeNames) {
      await workbench.setTheme(name);
      await workbench.screenshot(`probe-${vscode}-${name}`);
    }
    await workbench.setTheme("dark");
  });

  it("keeps extension state and secrets over a reload", async () => {
    await workbench.runCommand("View: Close All Editors");
    await workbench.runCommand("Probe: Open Panel");
    const before = await workbench.webview("Probe");
    await before.locator("button").click();
    await before.getByText("kept").waitFor();
    await workbench.reload();
    await workbench.runCommand("Probe: Open Panel");
    const after = await workbench.webview("Probe");
    const state = await readState(after);
    assert.equal(state.global, "a value");
    assert.equal(state.workspace, "a value");
    assert.equal(state.secret, "a value");
  });

  it("gives another window storage of its own", async () => {
    const other = await session.open(workspace);
    await other.runCommand("Probe: Open Panel");
    const state = await readState(await other.webview("Probe"));
    assert.equal(state.secret, null);
    await other.close();
  });
});

describe(`harness: Restricted Mode, from a package (${vscode})`, function () {
  this.timeout(90_000);
  let session: Session;

  before(async () => {
    const vsix = [await packageExtension(probe, "probe-ui")];
    const settings = { "security.workspace.trust.startupPrompt": "always" };
    session = await openSession({ vscode, vsix, workspaceTrust: true, settings });
  });
  after(() => session.close());

  it("starts untrusted and becomes trusted when a person says so", async () => {
    const workbench = await session.open(workspace);
    await workbench.answerTrustPrompt(false);
    assert.equal(await isTrusted(workbench), false);
    await workbench.grantTrust();
    assert.equal(await isTrusted(workbench), true);
    await workbench.screenshot(`probe-${vscode}-trusted`);
    await workbench.close();
  });
});

async function isTrusted(workbench: Workbench): Promise<boolean> {
  await workbench.runCommand("View: Close All Editors");
  await workbench.runCommand("Probe: Open Panel");
  return (await readState(await workbench.webview("Probe"))).trusted;
}

interface ProbeState {
  readonly trusted: boolean;
  readonly secret: string | null;
  readonly global: string | null;
  readonly workspace: string | null;
}

async function readState(frame: Frame): Promise<ProbeState> {
  return JSON.parse((await frame.locator("pre").textContent()) ?? "") as ProbeState;
}
