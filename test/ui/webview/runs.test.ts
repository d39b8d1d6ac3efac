import assert from "node:assert/strict";
import { eventually } from "../../support/eventually.ts";
import { PageSource } from "./page.ts";

const source = new PageSource();

describe("earlier runs in the panel", function () {
  this.timeout(60_000);
  before(() => source.start());
  after(() => source.stop());
  afterEach(() => source.closePages());

  it("V03 there is no tab for them before one was kept; choosing it asks the host to look again", async () => {
    const none = await source.open("panel", "ready");
    await eventually.equal(() => none.page.getByRole("tab", { name: "Runs" }).count(), 0);
    const some = await source.open("panel", "runs");
    await some.page.getByRole("tab", { name: "Result" }).click();
    await some.forget();
    await some.page.getByRole("tab", { name: "Runs" }).click();
    assert.deepEqual(await some.posted(), [{ type: "list-runs" }]);
  });

  it("V03 two are compared, the older one first; a third cannot be chosen until one is let go", async () => {
    const test = await source.open("panel", "runs");
    const { page } = test;
    const boxes = page.getByRole("checkbox", { name: /^Compare the run of 11\/21\/2026/ });
    const compare = page.getByRole("button", { name: "Compare", exact: true });
    await eventually.equal(() => compare.isDisabled(), true);
    await boxes.nth(0).click();
    await boxes.nth(1).click();
    await test.settle();
    await eventually.equal(() => boxes.nth(2).getAttribute("aria-disabled"), "true");
    await test.forget();
    await compare.click();
    assert.deepEqual(await test.posted(), [{ type: "open-runs", trace_ids: ["run-2", "run-1"] }]);
    await boxes.nth(0).click();
    await test.settle();
    await eventually.equal(() => boxes.nth(2).getAttribute("aria-disabled"), "false");
    await eventually.equal(() => compare.isDisabled(), true);
    await boxes.nth(2).click();
    await test.settle();
    await test.forget();
    await compare.click();
    assert.deepEqual(await test.posted(), [{ type: "open-runs", trace_ids: ["run-3", "run-2"] }]);
  });

  it("H22 one can be saved as an eval case", async () => {
    const test = await source.open("panel", "runs");
    await test.forget();
    await test.page
      .getByRole("button", { name: /^Save as eval case: run of / })
      .nth(1)
      .click();
    assert.deepEqual(await test.posted(), [{ type: "save-eval", trace_id: "run-2" }]);
  });

  it("V03 one that is opened can be read, copied and previewed, not repeated", async () => {
    const test = await source.open("panel", "runs-compared");
    const tab = test.page.locator("aksara-runs-tab");
    await eventually.equal(() => tab.getByRole("button", { name: "Run again with …" }).count(), 0);
    await tab.getByRole("button", { name: "Open as edit preview" }).first().click();
    await tab.getByRole("button", { name: "Copy answer" }).last().click();
    const [preview, copy] = (await test.posted()) as Record<string, unknown>[];
    assert.deepEqual(preview, { type: "open-suggestion", id: "S1", trace_id: "run-1" });
    assert.match(String(copy?.text), /^## What this query does/);
  });

  it("V07 Escape leads back to the list before it closes the panel", async () => {
    const test = await source.open("panel", "run-opened");
    await test.page.getByRole("button", { name: "All runs" }).focus();
    await test.page.keyboard.press("Escape");
    assert.deepEqual(await test.posted(), [{ type: "open-runs", trace_ids: [] }]);
    await test.send({ type: "history-opened", seq: 9, runs: [] });
    await test.page.getByRole("list").waitFor();
    await eventually.match(
      async () => (await test.focused()).label,
      /\d\d:\d\d/,
      "the focus is on the run that was opened",
    );
    await test.forget();
    await test.page.keyboard.press("Escape");
    assert.deepEqual(await test.posted(), [{ type: "close" }]);
  });

  it("is told in German", async () => {
    const test = await source.open("panel", "runs-compared", { locale: "de" });
    for (const words of ["Alle Ausführungen", "Die Prompts unterscheiden sich"])
      await test.page.getByText(words).first().waitFor();
    await test.page
      .getByText(/^Ausführung vom \d\d\.\d\d\.2026/)
      .first()
      .waitFor();
    const list = await source.open("panel", "runs", { locale: "de" });
    for (const words of ["Beantwortet", "Abgeschnitten", "Abgebrochen", "Fehlgeschlagen: AUTH_FAILED"])
      await list.page.getByText(words).first().waitFor();
  });
});
