import assert from "node:assert/strict";
import { eventually } from "../../support/eventually.ts";
import { COMMAND_REQUEST, PATCH_REQUEST, SQL_REQUEST } from "../gallery/views/chat-items.ts";
import { PageSource } from "./page.ts";

const source = new PageSource();

/** The host's list of what waits. */
function waiting(...requests: readonly object[]): Record<string, unknown> {
  return { type: "waiting", seq: 2, waiting: requests.map((request) => ({ request, from: "Somebody" })) };
}

describe("the panel for approvals", function () {
  this.timeout(60_000);
  before(() => source.start());
  after(() => source.stop());
  afterEach(() => source.closePages());

  it("A07 several questions are answered each for itself", async () => {
    const test = await source.open("approval", "several");
    const card = test.page.locator("aksara-approval-card").nth(1);
    await card.getByRole("button", { name: "Reject", exact: true }).click();
    await card.getByRole("textbox").fill("Not on a Friday.");
    await card.getByRole("button", { name: "Reject", exact: true }).click();
    assert.deepEqual(await test.posted(), [
      { type: "answer", id: SQL_REQUEST.id, answer: { outcome: "reject", feedback: "Not on a Friday." } },
    ]);
  });

  it("A07 a question that was answered goes, and what was begun in another one stays", async () => {
    const test = await source.open("approval", "several");
    const cards = test.page.locator("aksara-approval-card");
    await cards.nth(2).getByRole("button", { name: "Ask for changes" }).click();
    await cards.nth(2).getByRole("textbox").fill("Only for");
    await test.send(waiting(COMMAND_REQUEST));
    await eventually.equal(() => cards.count(), 1);
    await eventually.equal(() => cards.getByRole("textbox").inputValue(), "Only for");
  });

  it("V07 a new question is announced, and takes the focus from nobody", async () => {
    const test = await source.open("approval", "empty");
    await test.page.getByText("Nothing waits for your answer.").waitFor();
    const before = await test.focused().catch(() => null);
    await test.send(waiting(PATCH_REQUEST));
    await test.page.getByRole("status").getByText("The agent asks:").waitFor({ state: "attached" });
    assert.deepEqual(await test.focused().catch(() => null), before);
  });

  it("V07 Escape closes the panel, but not from within a form", async () => {
    const test = await source.open("approval", "one");
    const card = test.page.locator("aksara-approval-card");
    await card.getByRole("button", { name: "Reject", exact: true }).click();
    await card.getByRole("textbox").press("Escape");
    assert.deepEqual(await test.posted(), []);
    await test.page.locator("body").press("Escape");
    assert.deepEqual(await test.posted(), [{ type: "close" }]);
  });
});
