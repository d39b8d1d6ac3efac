import assert from "node:assert/strict";
import { FLOW_KINDS } from "../../../src/protocol/action.ts";
import { SUGGESTION_KINDS } from "../../../src/protocol/execution.ts";
import { PLAN_NODE_KINDS, PLAN_VARIANTS } from "../../../src/protocol/plan.ts";
import { eventually } from "../../support/eventually.ts";
import { pseudo } from "../../support/pseudo.ts";
import { findAxeViolations, findPolicyViolations, measureOverflow } from "../gallery/inspect.ts";
import { THEMES } from "../gallery/themes.ts";
import { loadViews } from "../gallery/view-states.ts";
import { PageSource } from "./page.ts";

const source = new PageSource();
const views = await loadViews();

/** The least width that a view must do with, where it is not that of a panel. */
const NARROWEST: Readonly<Record<string, number>> = { chat: 250 };

/** Every string of a document changed but for the values that the protocol fixes. */
function translateValues(value: unknown, key = ""): unknown {
  const fixed = ["type", "tab", "risk", "tier", "severity", "flow_type"];
  // Of a run and its result.
  fixed.push("stage", "verdict", "language", "finish_reason", "resolution");
  // Of a conversation.
  fixed.push(
    "state",
    "mode",
    "class",
    "end",
    "notice",
    "about",
    "change",
    "outcome",
    "scope",
    "scopes",
    "at",
    "wish",
    "icon",
  );
  // Of a trace.
  fixed.push("status");
  // Of a plan.
  fixed.push("dialect", "rows_from", "columns_from", "reason");
  const kinds: readonly string[] = [
    ...[...FLOW_KINDS, ...SUGGESTION_KINDS, ...PLAN_NODE_KINDS, ...PLAN_VARIANTS],
    ...["user", "text", "thinking", "call", "plan", "notice", "end"],
    ...["none", "diff", "command", "sql", "file"],
    ...["flow", "agent", "model", "tool", "approval", "pause"],
  ];
  if (typeof value === "string") {
    return fixed.includes(key) || (key === "kind" && kinds.includes(value)) ? value : pseudo(value);
  }
  if (Array.isArray(value)) return value.map((item) => translateValues(item, key));
  if (value === null || typeof value !== "object" || fixed.includes(key)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, translateValues(item, name)]));
}

/** Words in plain letters that a person would see or hear, outside the raw JSON. */
const findPlainWords = `(() => {
  const found = [];
  const check = (text, where) => {
    for (const word of text.match(/[A-Za-z]{2,}/g) ?? []) found.push(word + " in " + where);
  };
  const walk = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.localName === "script" || node.localName === "style" || node.localName === "aksara-json-view") continue;
      // What an engine or the document says is English in every language, and says so.
      if (node.closest('[lang="en"]')) continue;
      for (const name of ["aria-label", "title", "placeholder", "alt"]) {
        if (node.hasAttribute(name)) check(node.getAttribute(name), node.localName + " " + name);
      }
      for (const child of node.childNodes) if (child.nodeType === 3) check(child.data, node.localName);
      if (node.shadowRoot) walk(node.shadowRoot);
    }
  };
  walk(document.body);
  return found;
})()`;

describe("every view in every state", function () {
  this.timeout(120_000);
  before(() => source.start());
  after(() => source.stop());
  afterEach(() => source.closePages());

  for (const [view, states] of views) {
    for (const state of states) {
      it(`V07 ${view}/${state.name}: nothing serious for axe and nothing against the policy in four themes`, async () => {
        // The long states differ from the others in length only, and axe looks at each of their thousand elements.
        const themes = state.name.startsWith("long") ? THEMES.slice(0, 1) : THEMES;
        for (const theme of themes) {
          const test = await source.open(view, state.name, { theme: theme.name });
          await state.prepare?.(test.page);
          assert.deepEqual(await findAxeViolations(test.page), [], theme.name);
          assert.deepEqual(await findPolicyViolations(test.page), [], theme.name);
        }
      });

      it(`V07 ${view}/${state.name}: fits from ${NARROWEST[view] ?? 300} to 1,600 px`, async () => {
        const test = await source.open(view, state.name);
        await state.prepare?.(test.page);
        for (const width of [NARROWEST[view] ?? 300, 420, 860, 1600]) {
          await test.page.setViewportSize({ width, height: 900 });
          await test.settle();
          assert.equal(await measureOverflow(test.page), 0, `${width} px`);
        }
      });

      it(`${view}/${state.name}: shows no English in another language`, async () => {
        const test = await source.open(view, "empty", { locale: "pseudo" });
        for (const event of state.events) await test.send(translateValues(event) as Record<string, unknown>);
        await state.prepare?.(test.page);
        assert.deepEqual(await test.page.evaluate(findPlainWords), []);
        for (const width of [NARROWEST[view] ?? 300, 860]) {
          await test.page.setViewportSize({ width, height: 900 });
          await test.settle();
          assert.equal(await measureOverflow(test.page), 0, `${width} px`);
        }
      });
    }
  }

  it("a page is shown in the second language, and says so", async () => {
    const test = await source.open("panel", "result", { locale: "de" });
    await eventually.equal(() => test.page.getByRole("tab", { name: "JSON-Rohdaten" }).count(), 1);
    assert.equal(await test.page.evaluate("document.documentElement.lang"), "de");
  });
});
