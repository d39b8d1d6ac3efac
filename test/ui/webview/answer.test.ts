import assert from "node:assert/strict";
import { eventually } from "../../support/eventually.ts";
import { RUN_RESULT } from "../gallery/views/panel-runs.ts";
import { PageSource, type TestPage } from "./page.ts";

const source = new PageSource();

describe("the answer in the panel", function () {
  this.timeout(30_000);
  before(() => source.start());
  after(() => source.stop());
  afterEach(() => source.closePages());

  async function press(test: TestPage, name: string | RegExp, within = "aksara-answer-tab"): Promise<void> {
    await test.page.locator(within).getByRole("button", { name }).first().click();
  }

  it("V03 Run AI asks the host to run, once: it is off while an answer comes", async () => {
    const ready = await source.open("panel", "ready");
    await eventually.equal(() => ready.page.getByRole("tab", { name: "Answer" }).count(), 0);
    await press(ready, "Run AI", "aksara-panel-header");
    assert.deepEqual(await ready.posted(), [{ type: "run-ai" }]);
    const streaming = await source.open("panel", "run-streaming");
    const button = streaming.page.locator("aksara-panel-header").getByRole("button", { name: "Run AI" });
    await eventually.equal(() => button.isDisabled(), true);
  });

  // The toolkit makes its first tab the active one where it does not know the wanted one yet.
  // Red when `TabsElement` does not insist.
  it("V03 a page that starts anew with an answer shows the tab that was looked at", async () => {
    const test = await source.open("panel", "run-restored");
    await test.page.getByRole("heading", { name: "What this query does" }).waitFor();
    await eventually.equal(
      () => test.page.getByRole("tab", { name: "Answer" }).getAttribute("aria-selected"),
      "true",
    );
    await eventually.equal(() => test.page.getByRole("tab", { selected: true }).count(), 1);
  });

  it("V03 Run AI is off while the pack is built anew", async () => {
    const test = await source.open("panel", "ready");
    const button = test.page.locator("aksara-panel-header").getByRole("button", { name: "Run AI" });
    await eventually.equal(() => button.isDisabled(), false);
    await test.send({ type: "loading", seq: 3, title: "Suggest Indexes" });
    await eventually.equal(() => button.isDisabled(), true);
  });

  it("V03 Cancel asks the host to cancel; Escape neither cancels nor closes while an answer comes", async () => {
    const test = await source.open("panel", "run-streaming");
    await test.page.keyboard.press("Escape");
    assert.deepEqual(await test.posted(), []);
    await press(test, "Cancel");
    assert.deepEqual(await test.posted(), [{ type: "cancel-run" }]);
    const done = await source.open("panel", "run-answered");
    await done.page.keyboard.press("Escape");
    assert.deepEqual(await done.posted(), [{ type: "close" }]);
  });

  it("V03 what has settled is not rendered again when the answer grows", async () => {
    const test = await source.open("panel", "run-streaming");
    await test.page.evaluate(
      `globalThis.first = ${FIND_HEADING}; if (!globalThis.first) throw new Error("no heading")`,
    );
    await test.send({ type: "run-text", seq: 8, run: 1, offset: 420, text: " more words\n" });
    assert.equal(
      await test.page.evaluate(`globalThis.first.isConnected && globalThis.first === ${FIND_HEADING}`),
      true,
    );
    assert.ok(await test.page.getByText("more words").count());
  });

  it("V03 a suggestion is opened by the host, its statements are copied, its places are links", async () => {
    const test = await source.open("panel", "run-answered");
    await press(test, "Open as edit preview");
    await press(test, "Copy statement");
    await press(test, "[E1]");
    const posted = (await test.posted()) as Record<string, unknown>[];
    assert.deepEqual(posted[0], { type: "open-suggestion", id: "S1", trace_id: null });
    assert.ok(String(posted[1]?.text).startsWith("CREATE INDEX CONCURRENTLY"));
    assert.equal(posted[2]?.type, "open-source");
  });

  it("V03 offers another model, a copy of the answer, and another try after a failure", async () => {
    const test = await source.open("panel", "run-answered");
    await press(test, /^Run again with/);
    await press(test, "Copy answer");
    await press(test, "Copy run as JSON");
    assert.deepEqual(await test.posted(), [
      { type: "run-with" },
      { type: "copy-text", text: RUN_RESULT.response },
      { type: "copy", what: "run" },
    ]);
    const failed = await source.open("panel", "run-failed");
    await press(failed, "Retry");
    await press(failed, "Open AI Hub");
    assert.deepEqual(await failed.posted(), [{ type: "run-ai" }, { type: "open-hub" }]);
  });

  it("E07 says that an answer was cut off, and never that what is unknown is 0", async () => {
    const test = await source.open("panel", "run-truncated");
    for (const words of ["The answer was cut off", "Cost: unknown", "Tokens: unknown"])
      await eventually.equal(() => test.page.getByText(words).count(), 1, words);
    await eventually.equal(() => test.page.getByText("$0").count(), 0);
  });
});

const FIND_HEADING = `(() => {
  const find = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.localName === "h2" && node.textContent === "What this query does") return node;
      const found = node.shadowRoot && find(node.shadowRoot);
      if (found) return found;
    }
    return null;
  };
  return find(document);
})()`;
