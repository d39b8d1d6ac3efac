import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Frame } from "playwright-core";
import type { ScriptInput } from "../../../src/providers/connectors/script.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres-server.ts";
import type { Workbench } from "../../support/workbench.ts";
import { beginChat, openChat, say, useScript } from "./chat-window.ts";
import { openShop, sharedSession } from "./shop-window.ts";

const PASSWORD = "lamplight-4711";
const QUERY = { table: "teas", order_by: "name" };

const ANSWERS: ScriptInput["answers"] = [
  { when: { last: "Which teas" }, repeat: true, steps: [{ tool: "query_records", input: QUERY }] },
  { when: { tool_result: "query_records" }, repeat: true, steps: [{ text: "I have looked." }] },
];

describe("databases that a person connects in the editor", function () {
  this.timeout(120_000);
  let postgres: TestPostgres | null = null;
  let workbench: Workbench;
  let frame: Frame;

  before(async function () {
    this.timeout(20 * 60_000);
    postgres = await startPostgres();
    if (!postgres) return this.skip();
    await postgres.run(`CREATE ROLE taster LOGIN PASSWORD '${PASSWORD}'`);
    await postgres.run("CREATE TABLE teas (name text PRIMARY KEY); INSERT INTO teas VALUES ('darjeeling')");
    await postgres.run("GRANT ALL ON teas TO taster");
    workbench = await openShop();
    await useScript(workbench, ANSWERS);
    frame = await openChat(workbench);
    await frame.getByRole("heading", { name: "Ask about your backend" }).waitFor();
  });
  after(async () => {
    await workbench?.close();
    await postgres?.stop();
  });

  const address = (password: string) => {
    const url = new URL(postgres?.url() ?? "");
    url.username = "taster";
    url.password = password;
    return url.href;
  };
  const input = () => workbench.page.locator(".quick-input-widget input.input");
  const dialog = () => workbench.page.locator(".monaco-dialog-box");
  const prompt = (text: string) => workbench.page.locator(".quick-input-widget", { hasText: text }).waitFor();

  async function enter(asked: string, text: string): Promise<void> {
    await prompt(asked);
    await input().fill(text);
    await input().press("Enter");
  }

  it("A15 E09 tries the address, says in the server's own words what is wrong, and takes the right one; reading only at first", async () => {
    await workbench.runCommand("Aksara: Connect Database…");
    await enter("What agents call it", "1 shop");
    // What is wrong stands in place of the prompt.
    await enter("A letter first", "shop");
    await prompt("kept in the secret storage");
    assert.equal(await input().getAttribute("type"), "password");
    await input().fill("mysql://root@localhost/shop");
    await enter("no driver is part of this", address("wrong"));
    await workbench.quickPickRow("Read rows only").waitFor();
    await workbench.page.keyboard.press("Enter");
    await dialog().getByText('password authentication failed for user "taster"').waitFor();
    await workbench.screenshot("database-refused");
    await dialog().getByRole("button", { name: "Correct…" }).click();
    await enter("kept in the secret storage", address(PASSWORD));
    await workbench.choose("Read rows only");
    await workbench.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
    await told("Agents of this folder may read rows of postgresql://");
  });

  /** Waits for a message: toasts come late or never where a test drives the window. */
  async function told(words: string): Promise<void> {
    for (let tries = 0; tries < 20; tries++)
      if ((await workbench.notifications()).some((message) => message.includes(words))) return;
    throw new Error(`nobody said "${words}"`);
  }

  it("A15 the chat reads its rows, also after a reload", async () => {
    await workbench.reload();
    frame = await openChat(workbench);
    await beginChat(workbench, frame);
    // Who only asks is answered by one agent, with the rows at hand.
    await frame.getByRole("combobox", { name: "Mode" }).selectOption("ask");
    await say(frame, "Which teas are there?");
    await frame.getByText("I have looked.").waitFor();
    await frame.locator("aksara-tool-card").first().getByRole("button").first().click();
    await frame.getByText("darjeeling").first().waitFor();
    await workbench.screenshot("database-read");
  });

  it("E09 the password is in no file of the workspace, and in none that the editor's server keeps", async () => {
    const { server } = await sharedSession();
    const files = (await Promise.all([workbench.folder ?? "", server.dataFolder].map(filesBelow))).flat();
    assert.ok(files.some((file) => /state\.sqlite|\.jsonl$|agent/.test(file)));
    for (const file of files) assert.ok(!(await readFile(file)).includes(PASSWORD), file);
    assert.ok(!server.output.includes(PASSWORD));
  });

  it("A15 E09 it is listed, tried and forgotten; then nobody reaches it, whatever a file of the folder says", async () => {
    const choose = async (action: string) => {
      await workbench.runCommand("Aksara: Manage Databases…");
      await workbench.page.getByPlaceholder("Databases that agents of this folder may use").waitFor();
      await workbench.choose("shop");
      await workbench.choose(action);
    };
    await choose("Test Connection");
    await told("shop can be opened.");
    await choose("Forget");
    await told("its address is forgotten");
    const file = path.join(workbench.folder ?? "", ".aksara/databases.json");
    await writeFile(file, JSON.stringify({ version: 1, databases: { shop: {} } }));
    await beginChat(workbench, frame);
    await say(frame, "Which teas are there?");
    await frame.getByText("I have looked.").waitFor();
    await frame.locator("aksara-tool-card").getByText("NO_DATABASE").waitFor();
  });
});

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}
