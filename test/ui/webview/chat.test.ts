import assert from "node:assert/strict";
import { eventually } from "../../support/eventually.ts";
import { BEGUN } from "../gallery/views/chat.ts";
import { callItem, longThread, PATCH_REQUEST, textItem } from "../gallery/views/chat-items.ts";
import { PageSource, type TestPage } from "./page.ts";

const source = new PageSource();

describe("the page of the chat", function () {
  this.timeout(60_000);
  before(() => source.start());
  after(() => source.stop());
  afterEach(() => source.closePages());

  const composer = (test: TestPage) => test.page.getByRole("textbox", { name: "Message to the agent" });
  const card = (test: TestPage) => test.page.locator("aksara-approval-card");
  const press = (test: TestPage, name: string) =>
    card(test).getByRole("button", { name, exact: true }).click();

  it("V04 Enter sends and Shift+Enter starts a new line; nothing empty is sent", async () => {
    const test = await source.open("chat", "ready");
    await composer(test).press("Enter");
    assert.deepEqual(await test.posted(), []);
    await composer(test).fill("Which models?");
    await composer(test).press("Shift+Enter");
    await composer(test).pressSequentially("And which routes?");
    await composer(test).press("Enter");
    assert.deepEqual(await test.posted(), [
      { type: "send", text: "Which models?\nAnd which routes?", from: null },
    ]);
    await eventually.equal(() => composer(test).inputValue(), "");
  });

  it("V04 what was typed and not sent outlives the page", async () => {
    const test = await source.open("chat", "ready");
    await composer(test).fill("Half a thou");
    await eventually.deepEqual(() => test.page.evaluate("window.acquireVsCodeApi().getState()"), {
      draft: "Half a thou",
    });
  });

  it("V04 a message that could not be sent is given back, unless something else was typed", async () => {
    const test = await source.open("chat", "not-sent");
    await eventually.equal(() => composer(test).inputValue(), "And the lines of an order?");
    await composer(test).fill("Something else");
    await test.send({
      type: "failure",
      seq: 4,
      failure: { code: "THREAD_BUSY", message: "Busy.", hint: null, text: "Lost words", from: null },
    });
    await eventually.equal(() => composer(test).inputValue(), "Something else");
    await test.page.getByText("Busy.").waitFor();
  });

  it("V04 while the agent works there is Stop, and what is sent waits for its turn", async () => {
    const test = await source.open("chat", "streaming");
    await eventually.equal(() => test.page.getByRole("button", { name: "Send" }).count(), 0);
    await composer(test).fill("One more");
    await composer(test).press("Enter");
    await test.page.getByRole("button", { name: "Stop" }).click();
    assert.deepEqual(await test.posted(), [{ type: "send", text: "One more", from: null }, { type: "stop" }]);
    const queued = await source.open("chat", "queued");
    await queued.page.getByText("And the docs").waitFor();
    await queued.page.getByRole("button", { name: "Do not send" }).last().click();
    await queued.page.getByRole("button", { name: "Remove orders.Order" }).click();
    assert.deepEqual(await queued.posted(), [
      { type: "unqueue", index: 1 },
      { type: "detach", index: 0 },
    ]);
  });

  it("V04 a message is written anew, or asked again: both go on from its turn", async () => {
    const test = await source.open("chat", "answered");
    await test.page.getByRole("button", { name: "Ask again" }).click();
    await test.page.getByRole("button", { name: "Edit and send again" }).focus();
    await test.page.keyboard.press("Enter");
    await eventually.equal(() => composer(test).inputValue(), "Why is the page of a customer's orders slow?");
    await composer(test).fill("Why is the list slow?");
    await composer(test).press("Enter");
    assert.deepEqual(await test.posted(), [
      { type: "send", text: "Why is the page of a customer's orders slow?", from: "run1" },
      { type: "send", text: "Why is the list slow?", from: "run1" },
    ]);
    await test.page.getByRole("button", { name: "Edit and send again" }).focus();
    await test.page.keyboard.press("Enter");
    await test.page.keyboard.press("Escape");
    await eventually.equal(() => composer(test).inputValue(), "");
    await composer(test).fill("Something new");
    await composer(test).press("Enter");
    assert.deepEqual((await test.posted()).at(-1), { type: "send", text: "Something new", from: null });
  });

  it("V04 code is copied, inserted, or opened as a document; what a turn changed is taken back", async () => {
    const test = await source.open("chat", "changed");
    const code = 'class Meta:\n    indexes = [models.Index(fields=["customer", "placed_at"])]';
    for (const name of ["Copy code", "Insert at cursor", "Open as document"])
      await test.page.getByRole("button", { name }).click();
    await test.page.getByRole("button", { name: "Undo" }).click();
    assert.deepEqual(await test.posted(), [
      { type: "copy-text", text: code },
      { type: "insert-code", text: code },
      { type: "open-code", text: code, language: "python" },
      { type: "undo", run: "run2" },
    ]);
  });

  it("V04 what was only looked at is one line, which unfolds", async () => {
    const test = await source.open("chat", "answered");
    const group = test.page.getByRole("button", { name: /Looked at 4 things/ });
    await eventually.equal(() => test.page.locator("aksara-tool-card").count(), 0);
    await group.click();
    await eventually.equal(() => test.page.locator("aksara-tool-card").count(), 4);
  });

  it("V04 a text grows in its place, and what has settled is not rendered again", async () => {
    const test = await source.open("chat", "streaming");
    await test.page.evaluate(
      `globalThis.first = ${FIND_HEADING}; if (!globalThis.first) throw new Error("none")`,
    );
    await test.send({
      type: "text",
      seq: 7,
      id: "run2.text.2003",
      offset: BEGUN.length + 16,
      text: ", then a view",
    });
    await test.page.getByText("an index of its own, then a view").waitFor();
    await test.send({
      type: "text",
      seq: 8,
      id: "run2.text.2003",
      offset: BEGUN.length + 16,
      text: ", then a view",
    });
    await eventually.equal(
      () => test.page.getByText("then a view, then").count(),
      0,
      "hearing it twice changes nothing",
    );
    assert.equal(await test.page.evaluate(`globalThis.first === ${FIND_HEADING}`), true);
  });

  it("A07 Approve answers with the scope that was chosen, once", async () => {
    const test = await source.open("chat", "approval-diff");
    await card(test).getByLabel("Approval holds").selectOption("session");
    await press(test, "Approve");
    await card(test).getByRole("button", { name: "Approve", exact: true, disabled: true }).waitFor();
    assert.deepEqual(await test.posted(), [
      { type: "answer", id: PATCH_REQUEST.id, answer: { outcome: "approve", scope: "session" } },
    ]);
  });

  it("A07 a high risk is never approved for longer than once", async () => {
    const test = await source.open("chat", "approval-command");
    await eventually.equal(() => card(test).getByLabel("Approval holds").count(), 0);
    await card(test).getByText("High risk").waitFor();
    await card(test).getByText("It takes back migrations").waitFor();
    await card(test).getByText("python manage.py migrate orders zero --database default").waitFor();
    await press(test, "Approve");
    const [posted] = (await test.posted()) as { answer: unknown }[];
    assert.deepEqual(posted?.answer, { outcome: "approve", scope: "once" });
  });

  it("A07 V04 Reject and Ask for changes carry what the person says; Escape takes back", async () => {
    const test = await source.open("chat", "approval-diff");
    await press(test, "Reject");
    await test.page.keyboard.press("Escape");
    await press(test, "Ask for changes");
    await test.page.keyboard.type("Name it by the table");
    await test.page.keyboard.press("Enter");
    assert.deepEqual(await test.posted(), [
      {
        type: "answer",
        id: PATCH_REQUEST.id,
        answer: { outcome: "revise", feedback: "Name it by the table" },
      },
    ]);
    const other = await source.open("chat", "approval-diff");
    await press(other, "Reject");
    await other.page.keyboard.press("Enter");
    const [posted] = (await other.posted()) as { answer: unknown }[];
    assert.deepEqual(posted?.answer, { outcome: "reject" });
  });

  it("A07 V04 Edit approves with the arguments that were changed, and only these; wrong JSON is not sent", async () => {
    const test = await source.open("chat", "approval-sql");
    await press(test, "Edit");
    await card(test).getByLabel("where").fill("{ broken");
    await press(test, "Approve with changes");
    await card(test).getByText("This is not valid JSON.").waitFor();
    assert.deepEqual(await test.posted(), []);
    await card(test).getByLabel("where").fill('{ "status": "new" }');
    await press(test, "Approve with changes");
    assert.deepEqual(await test.posted(), [
      {
        type: "answer",
        id: PATCH_REQUEST.id.replace("call_7", "call_9"),
        answer: { outcome: "revise", partial: { where: { status: "new" } } },
      },
    ]);
  });

  it("V07 a question is announced, and takes the focus from nobody who types", async () => {
    const test = await source.open("chat", "answered");
    await composer(test).fill("I am typing");
    const item = callItem(
      "run2",
      2002,
      "patch_file",
      {},
      {
        class: "write",
        state: "asking",
        approval: { request: PATCH_REQUEST, answer: null },
      },
    );
    await test.send({ type: "item", seq: 3, item });
    await card(test).waitFor();
    await eventually.match(
      () => test.page.locator("[role=status]").last().innerText(),
      /The agent asks: Change orders/,
    );
    await eventually.equal(async () => (await test.focused()).tag, "textarea");
  });

  it("V04 the mode and the model are chosen, a chat is searched for and opened", async () => {
    const test = await source.open("chat", "threads");
    await test.forget();
    await test.page.getByRole("searchbox").fill("discount");
    await test.settle();
    await test.page.getByRole("button", { name: /^Write tests for the discount rules/ }).click();
    await test.page.getByLabel("Mode", { exact: true }).selectOption("ask");
    await test.page.getByRole("button", { name: /^Model: claude-sonnet-5/ }).click();
    assert.deepEqual(await test.posted(), [
      { type: "open-thread", id: "t3" },
      { type: "set-mode", mode: "ask" },
      { type: "pick-model" },
    ]);
  });

  it("V07 everything is reached by Tab, and is seen to have the focus", async () => {
    const test = await source.open("chat", "approval-diff");
    const seen = new Set<string>();
    for (let count = 0; count < 40; count++) {
      await test.page.keyboard.press("Tab");
      const { label, outlined, tag } = await test.focused();
      if (tag === "body") break;
      seen.add(label);
      // The composer draws its outline around the whole box.
      if (tag !== "textarea" && tag !== "select") assert.ok(outlined, `${tag} ${label}`);
    }
    for (const name of [
      "Approve",
      "Edit",
      "Ask for changes",
      "Reject",
      "Message to the agent",
      "Mode",
      "Stop",
    ])
      assert.ok(
        [...seen].some((label) => label.includes(name)),
        `${name} in ${[...seen].join(" | ")}`,
      );
  });

  it("V08 2,000 events are shown, and the page still answers within a frame or two", async () => {
    const test = await source.open("chat", "ready");
    const items = longThread(250);
    assert.ok(items.length >= 2000);
    await test.send({ type: "thread", seq: 3, thread: "t", title: "Long", items });
    await test.page
      .getByRole("button", { name: /Looked at 4 things/ })
      .last()
      .waitFor();
    // What an event costs is what it changes: the others are not rendered again.
    await test.page.evaluate(`globalThis.first = document.querySelector("aksara-chat").shadowRoot
      .querySelector("aksara-transcript").shadowRoot.querySelector("aksara-tool-group");
      globalThis.renders = 0;
      const update = globalThis.first.constructor.prototype.performUpdate;
      globalThis.first.constructor.prototype.performUpdate = function () { globalThis.renders++; return update.call(this); };`);
    await test.send({ type: "item", seq: 4, item: textItem("run9", 9_999_999, "The end of it.") });
    await test.page.getByText("The end of it.").waitFor();
    assert.equal(await test.page.evaluate("globalThis.renders"), 0);
    const shown = await test.page.locator("aksara-transcript .item").count();
    assert.ok(shown < 200, `${shown} blocks are in the page`);
    await test.page.getByRole("button", { name: "Show earlier messages" }).click();
    assert.ok((await test.page.locator("aksara-transcript .item").count()) > shown);
  });
});

const FIND_HEADING = `(() => {
  const find = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.localName === "h2" && node.textContent === "What I will do") return node;
      const found = node.shadowRoot && find(node.shadowRoot);
      if (found) return found;
    }
    return null;
  };
  return find(document);
})()`;
