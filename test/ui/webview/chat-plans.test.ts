import assert from "node:assert/strict";
import { ACTIONS_REQUEST } from "../gallery/views/chat-company.ts";
import { PageSource, type TestPage } from "./page.ts";

const source = new PageSource();
const { id } = ACTIONS_REQUEST;
const GOAL = "Make the list of a customer's orders fast";

describe("plans in the chat", function () {
  this.timeout(60_000);
  before(() => source.start());
  after(() => source.stop());
  afterEach(() => source.closePages());

  const card = (test: TestPage) => test.page.locator("aksara-approval-card");
  const editor = (test: TestPage) => test.page.locator("aksara-plan-editor");
  const press = (test: TestPage, name: string) =>
    card(test).getByRole("button", { name, exact: true }).click();
  const actions = () =>
    structuredClone((ACTIONS_REQUEST.input as { actions: Record<string, unknown>[] }).actions);

  async function openEditor(): Promise<TestPage> {
    const test = await source.open("chat", "plan-proposed");
    await press(test, "Edit");
    await editor(test).waitFor();
    return test;
  }

  it("V04 says who proposes it, what is reached, and each step in words", async () => {
    const test = await source.open("chat", "plan-proposed");
    await card(test).getByText("Asked by coordinator › planner").waitFor();
    await card(test).getByText(GOAL).waitFor();
    assert.deepEqual(await card(test).locator("aksara-plan-steps .step").allInnerTexts(), [
      "Edit file: orders/models.py",
      "Add migration: orders",
      "Edit file: orders/views.py",
      "Run command: python manage.py test orders",
    ]);
  });

  it("H17 V04 steps are moved, changed, removed and added; what is approved is what stands there", async () => {
    const test = await openEditor();
    await editor(test).getByRole("button", { name: "Move step 3 up" }).click();
    await editor(test).getByRole("button", { name: "Remove step 4" }).click();
    const first = editor(test).getByRole("listitem").first();
    await first.getByLabel("change").fill("Order has an index on customer.");
    await editor(test).getByLabel("Kind of the new step").selectOption("run_command");
    await editor(test).getByRole("button", { name: "Add step" }).click();
    await editor(test).getByRole("listitem").last().getByLabel("argv").fill('["make", "check"]');
    await press(test, "Approve with changes");
    const [one, two, three] = actions();
    assert.deepEqual(await test.posted(), [
      {
        type: "answer",
        id,
        answer: {
          outcome: "revise",
          partial: {
            goal: GOAL,
            actions: [
              { ...one, change: "Order has an index on customer." },
              three,
              two,
              { type: "run_command", argv: ["make", "check"] },
            ],
          },
        },
      },
    ]);
  });

  it("V04 a step that lacks something is not sent, and the person is led to it", async () => {
    const test = await openEditor();
    await editor(test).getByRole("button", { name: "Add step" }).click();
    await press(test, "Approve with changes");
    await editor(test).getByText("This is needed.").first().waitFor();
    assert.deepEqual(await test.posted(), []);
    await editor(test).locator('textarea[aria-invalid="true"]:focus').waitFor();
    await editor(test).getByRole("button", { name: "Remove step 5" }).click();
    await editor(test).getByLabel("argv").fill("make check");
    await press(test, "Approve with changes");
    await editor(test).getByText("This is not valid JSON.").waitFor();
    assert.deepEqual(await test.posted(), []);
  });

  it("V04 a plan that was looked at and left as it is is a plain yes; Cancel is none", async () => {
    const test = await openEditor();
    await press(test, "Cancel");
    await card(test).locator("article:focus").waitFor();
    assert.deepEqual(await test.posted(), []);
    await press(test, "Edit");
    await press(test, "Approve with changes");
    assert.deepEqual(await test.posted(), [
      { type: "answer", id, answer: { outcome: "approve", scope: "once" } },
    ]);
  });

  it("V07 the keyboard alone moves and removes steps, and the focus stays where the work is", async () => {
    const test = await openEditor();
    const { keyboard } = test.page;
    await editor(test).locator("#goal:focus").waitFor();
    await editor(test).getByRole("button", { name: "Move step 2 up" }).focus();
    await keyboard.press("Enter");
    await editor(test)
      .getByRole("button", { name: "Move step 1 down" })
      .and(test.page.locator(":focus"))
      .waitFor();
    await keyboard.press("Enter");
    await editor(test).getByRole("status").getByText("Now step 2 of 4").waitFor();
    await editor(test).getByRole("button", { name: "Remove step 2" }).focus();
    await keyboard.press("Enter");
    await editor(test)
      .getByRole("button", { name: "Remove step 2" })
      .and(test.page.locator(":focus"))
      .waitFor();
    assert.equal(await editor(test).getByRole("listitem").count(), 3);
  });

  it("H17 V04 changes are asked for in words, and a plan is rejected with a reason", async () => {
    const test = await source.open("chat", "plan-proposed");
    await press(test, "Ask for changes");
    await test.page.getByLabel("What should be different?").fill("No migration");
    await press(test, "Ask for changes");
    assert.deepEqual(await test.posted(), [
      { type: "answer", id, answer: { outcome: "revise", feedback: "No migration" } },
    ]);
  });

  it("V04 what others did is folded once it is done, and shown on demand; plan and questions always stand there", async () => {
    const test = await source.open("chat", "plan-done");
    const work = test.page.getByText("reads every order of a customer");
    const queries = test.page.getByRole("button", { name: /^Queries/ });
    assert.equal(await work.count(), 0);
    await queries.click();
    await work.waitFor();
    assert.equal(await queries.getAttribute("aria-expanded"), "true");
    await queries.click();
    await work.waitFor({ state: "detached" });
    await test.page.locator("aksara-plan-card").getByText("4 of 4 steps done").waitFor();
    const asking = await source.open("chat", "plan-carried-out");
    await asking.page.getByRole("button", { name: /Executor/ }).click();
    await asking.page.getByRole("button", { name: /Add migration/ }).waitFor({ state: "detached" });
    await card(asking).getByText("Asked by coordinator › executor › Step 2").waitFor();
  });

  it("V04 a plan that failed is gone on with at its step", async () => {
    const test = await source.open("chat", "plan-failed");
    await test.page.getByRole("button", { name: "Go on at step 2" }).click();
    assert.deepEqual(await test.posted(), [{ type: "go-on-with-plan", plan: "plan-7", step: 2 }]);
  });
});
