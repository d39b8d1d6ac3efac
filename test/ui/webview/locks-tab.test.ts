import assert from "node:assert/strict";
import { eventually } from "../../support/eventually.ts";
import { PageSource } from "./page.ts";

const source = new PageSource();

describe("the Locks tab", function () {
  this.timeout(60_000);
  before(() => source.start());
  after(() => source.stop());
  afterEach(() => source.closePages());

  it("V03 says of each table and statement who waits, and that a lock is held", async () => {
    const { page } = await source.open("panel", "locks");
    const table = page.locator("aksara-lock-timeline table");
    await eventually.deepEqual(
      async () => (await table.locator("thead th").allInnerTexts()).map((text) => text.trim()),
      ["Statement", "1", "2", "3", "4", "5", "6"],
    );
    const cells = await table.locator("tbody tr td").allInnerTexts();
    assert.equal(cells[0], "no reads, no writes");
    assert.equal(
      cells[1],
      "still no reads, no writes",
      "an update keeps what the statement before it has locked",
    );
    assert.equal(cells.length, 6);
  });

  it("V07 shows a statement that is chosen with the keyboard, and the way that keeps nobody waiting", async () => {
    const test = await source.open("panel", "locks");
    const { page } = test;
    const heading = page.locator("aksara-locks-tab #statement");
    await eventually.equal(
      async () => (await heading.innerText()).toLowerCase(),
      "statement 4",
      "the longest is shown first",
    );
    await page.getByRole("button", { name: "Statement 5" }).focus();
    await page.keyboard.press("Enter");
    await test.settle();
    await eventually.equal(async () => (await heading.innerText()).toLowerCase(), "statement 5");
    const steps = page.locator("aksara-locks-tab .safe");
    await eventually.match(() => steps.innerText(), /CREATE UNIQUE INDEX CONCURRENTLY orders_number_key/);
    await test.forget();
    await steps.getByRole("button", { name: "Copy statement" }).first().click();
    const [message] = (await test.posted()) as { type: string; text: string }[];
    assert.deepEqual(message, {
      type: "copy-text",
      text: "CREATE UNIQUE INDEX CONCURRENTLY orders_number_key ON orders (number);",
    });
  });

  it("V03 says of a pack of locks that they were measured, and nothing of guessed rows", async () => {
    const { page } = await source.open("panel", "locks");
    await eventually.match(
      () => page.locator("aksara-tier-badge button").innerText(),
      /T1 locks measured\s*$/,
    );
  });

  it("V03 says why no lock was measured", async () => {
    const { page } = await source.open("panel", "no-locks");
    const message = await page.locator("aksara-locks-tab .message").innerText();
    assert.match(message, /The workspace is not trusted, so its schema/);
  });
});
