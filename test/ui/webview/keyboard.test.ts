import assert from "node:assert/strict";
import { eventually } from "../../support/eventually.ts";
import { PageSource, type TestPage } from "./page.ts";

const source = new PageSource();

/** Puts an element into the panel's own shadow tree and gives it the focus. */
async function focusNew(test: TestPage, html: string, selector: string): Promise<void> {
  await test.page.evaluate(`(() => {
    const root = document.querySelector("aksara-flow-panel").shadowRoot;
    const box = document.createElement("div");
    box.innerHTML = ${JSON.stringify(html)};
    root.append(box);
    box.querySelector(${JSON.stringify(selector)}).focus();
  })()`);
  await test.settle();
}

describe("keyboard in the flow panel", function () {
  this.timeout(60_000);
  before(() => source.start());
  after(() => source.stop());
  afterEach(() => source.closePages());

  it("V07 answers to Escape and Shift+A, whatever has the focus", async () => {
    const test = await source.open("panel", "result");
    await test.forget();
    await test.page.keyboard.press("Escape");
    await test.page.keyboard.press("Shift+A");
    await test.page.getByRole("tab", { name: "Result" }).focus();
    await test.page.keyboard.press("Escape");
    await test.page.keyboard.press("Shift+A");
    assert.deepEqual(
      await test.posted(),
      ["close", "open-hub", "close", "open-hub"].map((type) => ({ type })),
    );
  });

  it("V07 leaves other chords to the editor", async () => {
    const test = await source.open("panel", "result");
    await test.forget();
    for (const chord of [
      "a",
      "Control+Shift+A",
      "Alt+Shift+A",
      "Meta+Shift+A",
      "Shift+Escape",
      "Control+a",
    ]) {
      await test.page.keyboard.press(chord);
    }
    assert.deepEqual(await test.posted(), []);
  });

  const editables = {
    input: ["<input>", "input"],
    textarea: ["<textarea></textarea>", "textarea"],
    select: ["<select><option>a</option></select>", "select"],
    "an editable element": ["<p contenteditable tabindex='0'>x</p>", "p"],
    "the toolkit's text area": ["<vscode-text-area></vscode-text-area>", "vscode-text-area"],
    "the toolkit's dropdown": [
      "<vscode-dropdown><vscode-option>a</vscode-option></vscode-dropdown>",
      "vscode-dropdown",
    ],
  } as const;
  for (const [name, [html, selector]] of Object.entries(editables)) {
    // Red when `isEditable` returns false.
    it(`V07 stays silent while someone types in ${name}`, async () => {
      const test = await source.open("panel", "result");
      await focusNew(test, html, selector);
      assert.notEqual((await test.focused()).tag, "body");
      await test.forget();
      await test.page.keyboard.press("Shift+A");
      await test.page.keyboard.press("Escape");
      assert.deepEqual(await test.posted(), []);
    });
  }

  it("V07 lets Escape close an open explanation first", async () => {
    const test = await source.open("panel", "result");
    await test.page.locator("aksara-tier-badge button").focus();
    await test.page.keyboard.press("Enter");
    await test.page.locator("aksara-tier-badge .explanation").waitFor({ state: "visible" });
    await test.forget();
    await test.page.keyboard.press("Shift+A");
    await test.page.keyboard.press("Escape");
    await test.page.locator("aksara-tier-badge .explanation").waitFor({ state: "hidden" });
    assert.deepEqual(await test.posted(), []);
    await test.page.keyboard.press("Escape");
    assert.deepEqual(await test.posted(), [{ type: "close" }]);
  });

  it("V07 moves through the tabs with arrows, Home and End", async () => {
    const test = await source.open("panel", "result");
    await test.page.getByRole("tab", { name: "Result" }).focus();
    const labels: string[] = [];
    for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "Home", "End"]) {
      await test.page.keyboard.press(key);
      await test.settle();
      const focused = await test.focused();
      const selected = test.page.locator("[role=tab][aria-selected=true]");
      await eventually.equal(
        () => selected.textContent(),
        await test.page.getByRole("tab", { name: focused.label }).textContent(),
      );
      labels.push(focused.label.replace(/\s*\d+$/, ""));
    }
    assert.deepEqual(labels, [
      "Prompt Pack",
      "Evidence",
      "Raw JSON",
      "Result",
      "Raw JSON",
      "Result",
      "Raw JSON",
    ]);
  });

  it("V07 reaches everything with Tab, shows where it is, and acts on Enter", async () => {
    const test = await source.open("panel", "query");
    const reached: string[] = [];
    for (let step = 0; step < 60; step += 1) {
      await test.page.keyboard.press("Tab");
      const focused = await test.focused();
      if (focused.tag === "body") break;
      assert.ok(focused.outlined, `no visible focus on ${focused.tag} "${focused.label}"`);
      reached.push(focused.label);
    }
    const expected = [
      "Copy prompt pack",
      "Run AI",
      "Rebuild",
      "Orders of the last 30 days",
      "T1 row-count guess",
      "Result",
      "reports/sales.sql:16",
      "Copy fix",
      "What shows it",
      "Copy result",
      "Copy code",
      "[E2]",
      "Copy command",
    ];
    for (const name of expected) {
      assert.ok(
        reached.some((label) => label.includes(name)),
        `${name} was not reached: ${reached.join(" | ")}`,
      );
    }
    assert.ok(reached.some((label) => label.includes("Explain Plan")));
    assert.ok(reached.length < 30, reached.join(" | "));
    await test.forget();
    await test.page.getByRole("button", { name: "Rebuild" }).focus();
    await test.page.keyboard.press("Enter");
    await test.page.getByRole("button", { name: "Copy result" }).focus();
    await test.page.keyboard.press("Space");
    assert.deepEqual(await test.posted(), [{ type: "rebuild" }, { type: "copy", what: "result" }]);
  });

  it("V07 takes no focus when a page opens or a pack arrives", async () => {
    for (const state of ["empty", "loading", "result", "ambiguous", "failed", "stale"]) {
      const test = await source.open("panel", state);
      await eventually.equal(async () => (await test.focused()).tag, "body", state);
    }
  });
});
