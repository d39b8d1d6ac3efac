import type { ChatCompletion } from "../../../src/protocol/chat.ts";
import { eventually } from "../../support/eventually.ts";
import { PageSource, type TestPage } from "./page.ts";

const source = new PageSource();

describe("where a person writes in the chat", function () {
  this.timeout(60_000);
  before(() => source.start());
  after(() => source.stop());
  afterEach(() => source.closePages());

  const composer = (test: TestPage) => test.page.getByRole("textbox", { name: "Message to the agent" });
  const list = (test: TestPage) => test.page.getByRole("listbox", { name: "Suggestions" });
  const field = (test: TestPage) => test.page.locator("aksara-composer textarea");
  /** Answers the last question of what fits. */
  const offer = async (test: TestPage, seq: number, options: readonly ChatCompletion[]) => {
    const asked = (await test.allPosted()).findLast(({ type }) => type === "complete");
    const { ask } = asked as unknown as { ask: number };
    await test.send({ type: "completions", seq, ask, options });
  };
  const option = (insert: string, more: Partial<ChatCompletion> = {}): ChatCompletion => ({
    insert,
    label: insert.replace(/^@\w+:/, ""),
    detail: "orders/models.py:31",
    icon: "model",
    goesOn: false,
    ...more,
  });
  const ORDERS = [option("@model:orders.Order"), option("@model:orders.OrderLine")];
  const questions = async (test: TestPage) =>
    (await test.allPosted())
      .filter(({ type }) => type === "complete")
      .map((message) => {
        const { trigger, query } = message as unknown as { trigger: string; query: string };
        return `${trigger}${query}`;
      });

  it("V04 V07 a mention is chosen with the arrows, and becomes what the message is about", async () => {
    const test = await source.open("chat", "ready");
    await composer(test).pressSequentially("Why is @Or");
    await eventually.deepEqual(() => questions(test), ["@", "@O", "@Or"]);
    await offer(test, 3, ORDERS);
    await eventually.equal(() => field(test).getAttribute("role"), "combobox");
    await eventually.equal(() => field(test).getAttribute("aria-expanded"), "true");
    const active = () => test.page.locator('aksara-composer [aria-selected="true"] .label').innerText();
    await eventually.match(active, /^orders\.Order$/);
    await test.page.keyboard.press("ArrowDown");
    await eventually.match(active, /^orders\.OrderLine$/);
    const id = await list(test).getByRole("option", { selected: true }).getAttribute("id");
    await eventually.equal(() => field(test).getAttribute("aria-activedescendant"), id);
    await test.page.keyboard.press("ArrowDown");
    await eventually.match(active, /^orders\.Order$/, "it goes round");
    await test.page.keyboard.press("Enter");
    await eventually.equal(() => composer(test).inputValue(), "Why is @model:orders.Order ");
    await eventually.equal(() => list(test).count(), 0);
    await eventually.equal(() => field(test).getAttribute("aria-expanded"), null);
    await test.page.keyboard.type("slow?");
    await test.page.keyboard.press("Enter");
    await eventually.deepEqual(
      async () => (await test.posted()).filter((each) => (each as { type: string }).type !== "complete"),
      [
        { type: "mention", text: "@model:orders.Order" },
        { type: "send", text: "Why is @model:orders.Order slow?", from: null },
      ],
    );
  });

  it("V04 a kind that is chosen goes on to its objects; a press of the mouse chooses too, and keeps the focus", async () => {
    const test = await source.open("chat", "ready");
    await composer(test).pressSequentially("@");
    await offer(test, 3, [option("@model:", { label: "@model:", goesOn: true })]);
    await list(test).getByRole("option", { name: "@model:" }).click();
    await eventually.equal(() => composer(test).inputValue(), "@model:");
    await eventually.equal(async () => (await questions(test)).at(-1), "@model:");
    await offer(test, 4, ORDERS);
    await list(test)
      .getByRole("option", { name: /OrderLine/ })
      .click();
    await eventually.equal(() => composer(test).inputValue(), "@model:orders.OrderLine ");
    await test.page.keyboard.type("now");
    await eventually.equal(() => composer(test).inputValue(), "@model:orders.OrderLine now");
    await test.page.keyboard.press("ControlOrMeta+z");
    await eventually.equal(
      async () => (await composer(test).inputValue()).includes("now"),
      false,
      "it can be undone like typing",
    );
  });

  it("V07 Escape leaves the list and nothing else; so does the cursor that goes away, and a late answer opens none", async () => {
    const test = await source.open("chat", "ready");
    await composer(test).pressSequentially("See @Or");
    await offer(test, 3, ORDERS);
    await list(test).waitFor();
    await test.page.keyboard.press("Escape");
    await eventually.equal(() => list(test).count(), 0);
    await eventually.equal(() => composer(test).inputValue(), "See @Or");
    await composer(test).pressSequentially("d");
    await offer(test, 4, ORDERS);
    await list(test).waitFor();
    await test.page.keyboard.press("Home");
    await list(test).waitFor({ state: "detached" });
    await test.page.keyboard.press("End");
    await composer(test).pressSequentially("e");
    await test.send({ type: "completions", seq: 5, ask: 1, options: ORDERS });
    await eventually.equal(() => list(test).count(), 0);
  });

  it("V04 a command is completed like a mention; what is whole already is sent by Enter", async () => {
    const test = await source.open("chat", "ready");
    const undo = option("/undo", { label: "/undo", icon: "command" });
    await composer(test).pressSequentially("/un");
    await offer(test, 3, [undo]);
    await test.page.keyboard.press("Tab");
    await eventually.equal(() => composer(test).inputValue(), "/undo ");
    await composer(test).fill("/undo");
    await offer(test, 4, [undo]);
    await list(test).waitFor();
    await test.page.keyboard.press("Enter");
    await eventually.deepEqual(async () => (await test.posted()).at(-1), {
      type: "send",
      text: "/undo",
      from: null,
    });
    await composer(test).pressSequentially("/undo");
    await field(test).press("Enter");
    await offer(test, 5, [undo]);
    await eventually.equal(() => list(test).count(), 0, "what was sent is not completed");
    await composer(test).pressSequentially("GET /api");
    await eventually.equal(
      async () => (await questions(test)).at(-1),
      "/undo",
      "a slash in a sentence is none",
    );
  });

  it("V04 what is taken out of the text is no longer what it is about, and the other way round", async () => {
    const test = await source.open("chat", "ready");
    await composer(test).fill("Why is @model:orders.Order slow?");
    const attachments = [
      { kind: "model", label: "orders.Order", line: "model orders.Order", mention: "@model:orders.Order" },
    ];
    await test.send({ type: "attached", seq: 3, attachments });
    await test.page.getByRole("button", { name: "Remove orders.Order" }).click();
    await eventually.equal(() => composer(test).inputValue(), "Why is orders.Order slow?");
    await composer(test).fill("Why is @model:orders.Order slow?");
    await composer(test).fill("Why?");
    await eventually.deepEqual(
      async () => (await test.posted()).filter((each) => (each as { type: string }).type === "detach"),
      [
        { type: "detach", index: 0 },
        { type: "detach", index: 0 },
      ],
    );
  });

  it("V04 a message that was not understood comes back to where it was written", async () => {
    const test = await source.open("chat", "answered");
    await test.send({
      type: "failure",
      seq: 3,
      failure: {
        code: "INVALID_ACTION",
        message: "There is no command /explan_model.",
        hint: "Did you mean /explain_model?",
        text: "/explan_model @model:orders.Order",
        from: "run1",
      },
    });
    await test.page.getByText("Did you mean /explain_model?").waitFor();
    await eventually.equal(() => composer(test).inputValue(), "/explan_model @model:orders.Order");
    await composer(test).press("Enter");
    await eventually.deepEqual(async () => (await test.posted()).at(-1), {
      type: "send",
      text: "/explan_model @model:orders.Order",
      from: "run1",
    });
  });
});
