import assert from "node:assert/strict";
import { eventually } from "../../support/eventually.ts";
import { PageSource } from "./page.ts";

const source = new PageSource();

describe("the Plan tab", function () {
  this.timeout(60_000);
  before(() => source.start());
  after(() => source.stop());
  afterEach(() => source.closePages());

  it("V07 moves through the steps with arrows, folds and unfolds them", async () => {
    const test = await source.open("panel", "plan");
    const { page } = test;
    const items = page.getByRole("treeitem");
    const total = await items.count();
    assert.ok(total > 3);
    const hot = page.locator("[role=treeitem].is-hot");
    await eventually.equal(() => hot.getAttribute("tabindex"), "0");
    await hot.focus();
    await page.keyboard.press("Home");
    await test.settle();
    const selected = page.locator("[role=treeitem][aria-selected=true]");
    await eventually.equal(() => selected.getAttribute("aria-level"), "1");
    await page.keyboard.press("ArrowLeft");
    await test.settle();
    await eventually.equal(() => selected.getAttribute("aria-expanded"), "false");
    await eventually.equal(() => items.count(), 1);
    await page.keyboard.press("ArrowRight");
    await test.settle();
    await eventually.equal(() => items.count(), total);
    await page.keyboard.press("ArrowRight");
    await test.settle();
    await eventually.equal(() => selected.getAttribute("aria-level"), "2");
    await page.keyboard.press("End");
    await test.settle();
    await eventually.equal(() => selected.getAttribute("data-id"), String(total - 1));
  });

  it("V03 shows the plan without values on demand, and the same as text to copy", async () => {
    const test = await source.open("panel", "plan");
    await test.page.getByRole("button", { name: "Values unknown" }).click();
    await test.settle();
    await eventually.match(() => test.page.locator("aksara-plan-tree [role=tree]").innerText(), /\$1/);
    await test.page.getByText("As text").click();
    await test.forget();
    await test.page.getByRole("button", { name: "Copy plan" }).click();
    const [message] = (await test.posted()) as { type: string; text: string }[];
    assert.equal(message?.type, "copy-text");
    assert.match(message?.text ?? "", /Seq Scan on lontar_order o: \d+% of the cost/);
  });

  it("V03 shows the indexes that pay, each with what to copy and the plan with it", async () => {
    const test = await source.open("panel", "indexes");
    const { page } = test;
    for (const fold of await page.locator("aksara-index-advice summary").all()) await fold.click();
    await test.settle();
    const [first] = await page.locator("aksara-index-advice li.index").all();
    assert.match((await first?.innerText()) ?? "", /CREATE INDEX CONCURRENTLY .* ON catalog_pricechange /);
    assert.match((await first?.innerText()) ?? "", /Cost\s+[\d,.]+ → [\d,.]+, [\d.]+ % less/);
    assert.match((await first?.innerText()) ?? "", /AddIndexConcurrently/);
    await test.forget();
    await page.getByRole("button", { name: "Copy statement" }).first().click();
    const [message] = (await test.posted()) as { type: string; text: string }[];
    assert.equal(message?.type, "copy-text");
    assert.match(message?.text ?? "", /^CREATE INDEX CONCURRENTLY [^;]+;$/);
    const tree = page.locator("aksara-index-advice [role=tree]").first();
    await eventually.match(() => tree.innerText(), /catalog_pricechange_\w+_idx/);
  });

  it("V03 shows why there is no plan, and where the query is wrong", async () => {
    const { page } = await source.open("panel", "no-plan");
    const text = await page.locator("aksara-plan-tab .refusal").innerText();
    assert.match(text, /relation "lontar_ordr" does not exist/);
    assert.match(text, /nearest: lontar_order/);
  });
});
