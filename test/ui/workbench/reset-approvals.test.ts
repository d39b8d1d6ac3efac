import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Frame } from "playwright-core";
import type { ScriptInput } from "../../../src/providers/connectors/script.ts";
import type { Workbench } from "../../support/workbench.ts";
import { chatFrame, openChat, say, useScript } from "./chat-window.ts";
import { openShop } from "./shop-window.ts";

const TOOL = `export default {
  name: "brew",
  description: "Brews tea.",
  inputSchema: { type: "object", properties: {} },
  class: "read",
  risk: "low",
  execute: async () => "It is brewed.",
};
`;

const ANSWERS: ScriptInput["answers"] = [
  { when: { last: "Brew" }, repeat: true, steps: [{ tool: "brew", input: {} }] },
  { when: { tool_result: "brew" }, repeat: true, steps: [{ text: "That is all." }] },
];

describe("Reset Approvals", function () {
  this.timeout(120_000);
  let workbench: Workbench;
  let frame: Frame;

  before(async function () {
    this.timeout(20 * 60_000);
    workbench = await openShop();
    const tools = path.join(workbench.folder ?? "", ".aksara/tools");
    await mkdir(tools, { recursive: true });
    await writeFile(path.join(tools, "brew.mjs"), TOOL);
    await useScript(workbench, ANSWERS);
    frame = await openChat(workbench);
    await frame.getByRole("heading", { name: "Ask about your backend" }).waitFor();
  });
  after(() => workbench?.close());

  const question = () => workbench.page.locator(".monaco-dialog-box");
  const asksForTool = () => question().getByText("wants to be a tool of the agent").waitFor();

  it("A17b a tool of a file is asked about once, and a yes outlives the window", async () => {
    await say(frame, "Brew tea");
    await asksForTool();
    await question().getByRole("button", { name: "Allow" }).click();
    await frame.getByText("That is all.").waitFor();
    await workbench.reload();
    frame = await chatFrame(workbench);
    await say(frame, "Brew more");
    await frame.getByText("That is all.").nth(1).waitFor();
  });

  it("A17b A07 Reset Approvals takes the yes to the file back: it is asked about again", async () => {
    await workbench.runCommand("Aksara: Reset Approvals");
    await question().getByText("Take back all approvals").waitFor();
    await question().getByRole("button", { name: "Take Back" }).click();
    await workbench.page.locator(".statusbar-item", { hasText: "Approvals taken back: 1" }).waitFor();
    await workbench.reload();
    await asksForTool();
    await question().getByRole("button", { name: "Cancel" }).click();
  });
});
