import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { PageSource } from "./page.ts";

const source = new PageSource();

/** Waits until something holds. @throws AssertionError when it does not within ten seconds */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; !(await holds()); ) {
    assert.ok(Date.now() < end, "it did not come about");
    await delay(50);
  }
}

describe("the page of a trace", function () {
  this.timeout(60_000);
  before(() => source.start());
  after(() => source.stop());
  afterEach(() => source.closePages());

  it("V07 is moved through by keyboard: rows, folding, into what is told of one, and back", async () => {
    const test = await source.open("trace", "run");
    const { page } = test;
    const grid = page.getByRole("treegrid");
    const selected = page.locator("[role=row][aria-selected=true]");
    await grid.focus();
    assert.equal(await selected.getAttribute("aria-level"), "1");
    const active = async () =>
      page.locator(`#${await grid.getAttribute("aria-activedescendant")}`).innerText();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await test.settle();
    assert.match(await active(), /hand_off/);
    await page.keyboard.press("ArrowLeft");
    await test.settle();
    assert.equal(await selected.getAttribute("aria-expanded"), "false");
    assert.equal(await page.locator("[role=row][aria-level='3']").count(), 0);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await test.settle();
    assert.match(await active(), /coordinator\/writer/);
    await page.keyboard.press("End");
    await test.settle();
    assert.match(await active(), /claude/);
    await test.forget();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.getByText("Reading…").waitFor();
    await until(async () => (await test.posted()).length > 0);
    assert.deepEqual(await test.posted(), [{ type: "ask-detail", id: "j" }]);
    await page.keyboard.press("Escape");
    await test.settle();
    assert.equal((await test.focused()).label.startsWith("What happened"), true);
    assert.equal((await test.posted()).length, 1, "Escape led back, and closed nothing");
    await page.keyboard.press("Escape");
    assert.deepEqual((await test.posted()).at(-1), { type: "close" });
  });

  it("H21 finds by text, kind, agent and failure, and shows what leads there", async () => {
    const { page } = await source.open("trace", "run");
    const names = () => page.locator("[role=row]:not(.head) .words").allInnerTexts();
    const all = (await names()).length;
    await page.getByRole("searchbox").fill("SECRET_REF");
    await page.getByText("1 of 10 steps").waitFor({ state: "attached" });
    assert.deepEqual(await names(), ["coordinator", "hand_off", "coordinator/writer", "read_file"]);
    await page.getByRole("searchbox").fill("");
    await page.getByLabel("Kind").selectOption("approval");
    await page.getByText("1 of 10 steps").waitFor({ state: "attached" });
    assert.equal((await names()).at(-1), "write_file");
    await page.getByLabel("Agent", { exact: true }).selectOption("coordinator");
    await page.getByText("Nothing in this trace fits.").waitFor();
    await page.getByLabel("Kind").selectOption("");
    await page.getByLabel("Agent", { exact: true }).selectOption("");
    await page.getByRole("checkbox", { name: "Failures only" }).click();
    await page.getByText("1 of 10 steps").waitFor({ state: "attached" });
    await page.getByRole("checkbox", { name: "Failures only" }).click();
    await page.getByText(`${all} of 10 steps`).waitFor({ state: "attached" });
  });

  it("H21 tells waiting from working, and draws it short on demand", async () => {
    const { page } = await source.open("trace", "run");
    await page.getByText("worked 15 s, waited for a person 49 s").waitFor();
    const width = async () => (await page.locator(".approval .bar").boundingBox())?.width ?? 0;
    const short = await width();
    await page.getByRole("checkbox", { name: "Shorten waiting" }).click();
    await until(async () => (await width()) > 10 * short);
  });

  it("H21 what was said is asked for once a person wants it, and only told where the setting lets it", async () => {
    const test = await source.open("trace", "why");
    await test.page.getByText("Reading is allowed in this mode.").waitFor();
    await test.page.getByText("What was said is left out of traces.").waitFor();
    await test.forget();
    await test.page.getByRole("button", { name: "Change the setting" }).click();
    assert.deepEqual(await test.posted(), [{ type: "open-setting" }]);
    const plain = await source.open("trace", "run");
    assert.deepEqual(await plain.posted(), [], "nothing is asked for by itself");
  });

  it("V08 of 2,000 spans only those that can be seen are in the page, and the last is a key away", async () => {
    const test = await source.open("trace", "long");
    const { page } = test;
    const drawn = () => page.locator("[role=row]:not(.head)").count();
    assert.ok((await drawn()) < 120);
    await page.getByRole("treegrid").focus();
    await page.keyboard.press("End");
    await page.locator("#row-s1999").waitFor();
    assert.equal(await page.locator("#row-s1999").getAttribute("aria-rowindex"), "2001");
    assert.ok((await drawn()) < 120);
    assert.equal(await page.getByRole("treegrid").getAttribute("aria-rowcount"), "2001");
    await page.keyboard.press("Home");
    await page.locator("#row-root").waitFor();
    await page.getByRole("treegrid").hover();
    await page.mouse.wheel(0, 24_000);
    await page.locator("#row-s1010").waitFor();
  });
});
