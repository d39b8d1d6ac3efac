import assert from "node:assert/strict";
import { eventually } from "../../support/eventually.ts";
import { longPack, readPack } from "../gallery/views/panel.ts";
import { PageSource } from "./page.ts";

const source = new PageSource();
const explain = readPack("explain-model");
const indexes = readPack("suggest-indexes");

describe("flow panel", function () {
  this.timeout(60_000);
  before(() => source.start());
  after(() => source.stop());
  afterEach(() => source.closePages());

  it("V03 shows each of its tabs, and remembers the one in use", async () => {
    const test = await source.open("panel", "result");
    const shown = {
      "Prompt Pack": "aksara-prompt-tab",
      "Raw JSON": "aksara-json-tab",
      Evidence: "aksara-evidence-tab",
      Result: "aksara-result-tab",
    };
    for (const [name, element] of Object.entries(shown)) {
      await test.page.getByRole("tab", { name }).click();
      await test.page.locator(element).waitFor({ state: "visible" });
      for (const other of Object.values(shown).filter((candidate) => candidate !== element)) {
        await eventually.equal(
          () => test.page.locator(other).isVisible(),
          false,
          `${other} beside ${element}`,
        );
      }
    }
    const states = (await test.allPosted()).filter(({ type }) => type === "state");
    assert.deepEqual(states.at(-1), { type: "state", state: { request: explain.request, tab: "result" } });
    assert.deepEqual(states.at(-2), { type: "state", state: { request: explain.request, tab: "evidence" } });
  });

  it("V03 comes back with the tab that was in use before a reload", async () => {
    const test = await source.open("panel", "restored");
    await test.page.locator("aksara-evidence-tab").waitFor({ state: "visible" });
    await eventually.equal(
      () => test.page.getByRole("tab", { name: "Evidence" }).getAttribute("aria-selected"),
      "true",
    );
  });

  it("V03 selects a tab for the host without taking the focus", async () => {
    const test = await source.open("panel", "result");
    await test.send({ type: "select-tab", seq: 4, tab: "json" });
    await test.page.locator("aksara-json-view").waitFor({ state: "visible" });
    await eventually.equal(async () => (await test.focused()).tag, "body");
  });

  it("V03 asks the host for each thing to copy, and says that it was copied", async () => {
    const test = await source.open("panel", "query");
    const press = async (name: string): Promise<unknown> => {
      await test.forget();
      await test.page.getByRole("button", { name, exact: true }).first().click();
      await test.settle();
      await eventually.equal(
        () => test.page.locator("aksara-flow-panel > .visually-hidden[role=status]").textContent(),
        "Copied",
      );
      return (await test.posted())[0];
    };
    assert.deepEqual(await press("Copy prompt pack"), { type: "copy", what: "pack" });
    assert.deepEqual(await press("Copy result"), { type: "copy", what: "result" });
    assert.deepEqual(await press("Copy command"), { type: "copy", what: "cli" });
    assert.deepEqual(await press("Copy fix"), { type: "copy-text", text: indexes.pack.findings[0]?.fix });
    const code = (await press("Copy code")) as { type: string; text: string };
    assert.equal(code.type, "copy-text");
    assert.match(code.text, /^SELECT o\.number, .*\n[\s\S]*LIMIT 50$/);
    await test.page.getByRole("tab", { name: "Prompt Pack" }).click();
    assert.deepEqual(await press("Copy system prompt"), { type: "copy", what: "system" });
    assert.deepEqual(await press("Copy user prompt"), { type: "copy", what: "user" });
    assert.deepEqual(await press("Copy both"), { type: "copy", what: "pack" });
    await test.page.getByRole("tab", { name: "Raw JSON" }).click();
    assert.deepEqual(await press("Copy JSON"), { type: "copy", what: "json" });
  });

  it("V03 shows both prompts and the whole document, letter for letter", async () => {
    const test = await source.open("panel", "prompt");
    const texts = await test.page.locator("aksara-prompt-tab pre").allTextContents();
    assert.deepEqual(texts, [indexes.pack.system_prompt, indexes.pack.user_prompt]);
    await test.page.getByRole("tab", { name: "Raw JSON" }).click();
    const json = await test.page.locator("aksara-json-view pre .block").allTextContents();
    assert.deepEqual(JSON.parse(json.join("\n")), indexes.pack);
  });

  it("V03 runs, rebuilds and goes on to the next action", async () => {
    const test = await source.open("panel", "query");
    await test.forget();
    await test.page.getByRole("button", { name: "Run AI" }).click();
    await test.page.getByRole("button", { name: "Rebuild" }).click();
    await test.page.getByRole("button", { name: /^Explain Plan/ }).click();
    await test.page.getByRole("button", { name: "Orders of the last 30 days" }).click();
    const { uri, range, hash } = indexes.pack.target ?? {};
    assert.deepEqual(await test.posted(), [
      { type: "run-ai" },
      { type: "rebuild" },
      { type: "run-action", action_key: "explain_plan" },
      { type: "open-source", source: { uri, range, hash } },
    ]);
  });

  it("V03 says why AI cannot run, and leads to the hub", async () => {
    const test = await source.open("panel", "result");
    await test.forget();
    await test.page.getByRole("button", { name: "Run AI" }).click({ force: true });
    assert.deepEqual(await test.posted(), []);
    await test.page.getByText("Run AI is off: No AI provider is configured yet.").waitFor();
    await test.page.getByRole("button", { name: "Open AI Hub" }).click();
    assert.deepEqual(await test.posted(), [{ type: "open-hub" }]);
  });

  it("V03 opens findings and evidence in the editor", async () => {
    const test = await source.open("panel", "result");
    await test.forget();
    await test.page.locator("aksara-finding-list aksara-source-link button").first().click();
    await test.page.getByRole("tab", { name: "Evidence" }).click();
    await test.page.locator("aksara-evidence-tab aksara-source-link button").nth(2).click();
    const gravest = explain.pack.findings.find(({ severity }) => severity === "error");
    const third = explain.pack.evidence[2];
    assert.deepEqual(await test.posted(), [
      { type: "open-source", source: gravest?.source },
      { type: "open-source", source: { uri: third?.uri, range: third?.range, hash: third?.hash } },
    ]);
  });

  it("V03 F08 offers what comes near to an unknown name, and says so once", async () => {
    const test = await source.open("panel", "unknown");
    const failure = test.page.locator("aksara-failure-view");
    await failure.getByText("There is no model called").waitFor();
    const text = await failure.locator("section").innerText();
    assert.equal(text.match(/did you mean/gi)?.length, 1, text);
    await failure.getByRole("button", { name: "orders.Order" }).click();
    assert.deepEqual((await test.allPosted()).at(-1), { type: "pick-candidate", name: "orders.Order" });
  });

  it("V03 a hint that no button says is there", async () => {
    const test = await source.open("panel", "failed");
    await test.page.getByText("Open the folder of your backend and try again.").waitFor();
  });

  it("V03 offers the candidates of an ambiguity", async () => {
    const test = await source.open("panel", "ambiguous");
    await test.forget();
    await test.page.getByRole("button", { name: "purchasing.Order" }).click();
    assert.deepEqual(await test.posted(), [{ type: "pick-candidate", name: "purchasing.Order" }]);
  });

  it("V03 keeps the pack and the focus while it is rebuilt", async () => {
    const test = await source.open("panel", "result");
    await test.page.getByRole("button", { name: "Rebuild" }).focus();
    await test.send({ type: "loading", seq: 4, title: "Explain Model" });
    await test.send({ type: "pack", seq: 5, view: longPack() });
    await eventually.equal(async () => (await test.focused()).label, "Rebuild");
  });

  it("V03 asks for what it missed, and reports what it cannot read", async () => {
    const test = await source.open("panel", "empty");
    await test.send({ type: "pack", seq: 1, view: explain });
    await test.forget();
    await test.send({ type: "stale", seq: 5 });
    assert.deepEqual(await test.allPosted(), [{ type: "ready", since: 1 }]);
    await test.forget();
    await test.send({ type: "pack", seq: 2, view: { pack: 7 } });
    const [error] = (await test.allPosted()) as { type: string; message: string }[];
    assert.equal(error?.type, "page-error");
    assert.match(error?.message ?? "", /does not fit/);
  });

  // Red when DOMPurify's list allows `img`, or when `markdownToHtml` no longer escapes HTML.
  it("V03 shows hostile markdown as text", async () => {
    const test = await source.open("panel", "empty");
    const requests: string[] = [];
    test.page.on("request", (request) => requests.push(request.url()));
    const hostile = [
      "<script>window.owned = 1</script>",
      '<img src="https://example.com/a.png" onerror="window.owned = 2">',
      "![x](https://example.com/b.png)",
      "[run](javascript:window.owned=3)",
      '<a href="command:workbench.action.quit">quit</a>',
      "<svg onload=window.owned=4>",
      '<p style="position:fixed;inset:0">cover</p>',
      '<button data-href="https://example.com/c">press</button>',
      "[good](https://example.com/docs)",
    ].join("\n\n");
    await test.send({
      type: "pack",
      seq: 1,
      view: { ...explain, pack: { ...explain.pack, result_markdown: hostile } },
    });
    const markdown = test.page.locator("aksara-markdown");
    for (const forbidden of ["script", "img", "a", "svg", "[style]", "[onerror]", "iframe", "form"]) {
      await eventually.equal(() => markdown.locator(forbidden).count(), 0, forbidden);
    }
    assert.equal(await test.page.evaluate("window.owned"), undefined);
    assert.deepEqual(
      requests.filter((url) => !url.startsWith(source.gallery.origin)),
      [],
    );
    await test.forget();
    const buttons = markdown.getByRole("button");
    await eventually.deepEqual(() => buttons.allTextContents(), ["good"]);
    await buttons.first().click();
    assert.deepEqual(await test.posted(), [{ type: "open-link", href: "https://example.com/docs" }]);
  });
});
