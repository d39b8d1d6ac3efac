import assert from "node:assert/strict";
import { isAksaraError } from "../../../src/errors.ts";
import { ActionRegistry, describeAction } from "../../../src/flows/actions/registry.ts";
import { SHIPPED_ACTIONS } from "../../../src/flows/actions/shipped.ts";
import { answerJsonSchema, answerSchema } from "../../../src/flows/answers/schemas.ts";
import { dataClause, EVIDENCE_CLAUSE, UNKNOWN_CLAUSE } from "../../../src/flows/prompts/clauses.ts";
import { renderSystemPrompt, shippedPrompt } from "../../../src/flows/prompts/system-prompt.ts";
import { actionDescriptorSchema } from "../../../src/protocol/action.ts";
import { WRONG_ANSWERS } from "./wrong-answers.ts";

describe("actions", () => {
  const registry = new ActionRegistry();

  it("F01 twelve actions, unique keys, 3/3/3/2/1 by kind, each with a risk and both explanations", () => {
    assert.equal(registry.actions.length, 12);
    assert.equal(new Set(registry.actions.map((action) => action.key)).size, 12);
    const counts = ["model", "route", "query", "migration", "diagnostic"].map(
      (kind) => registry.actions.filter((action) => action.kind === kind).length,
    );
    assert.deepEqual(counts, [3, 3, 3, 2, 1]);
    for (const action of registry.actions) {
      const descriptor = actionDescriptorSchema.parse(describeAction(action));
      assert.ok(descriptor.what_it_does.length > 40, action.key);
      assert.ok(descriptor.what_it_cannot_do.length > 40, action.key);
    }
  });

  it("F01 the risks are those of the source document", () => {
    const medium = registry.actions.filter((action) => action.risk === "medium").map((action) => action.key);
    assert.deepEqual(medium.sort(), [
      "harden_permissions",
      "refactor_suggestions",
      "rewrite_suggestions",
      "safe_rollout_plan",
      "suggest_constraints",
      "suggest_indexes",
    ]);
    assert.ok(registry.actions.every((action) => action.risk !== "high"));
  });

  it("F02 every suggested next action exists and is of the same kind", () => {
    for (const action of registry.actions) {
      for (const key of action.suggestedNext)
        assert.equal(registry.get(key)?.kind, action.kind, `${action.key} → ${key}`);
    }
    assert.deepEqual(registry.get("explain_model")?.suggestedNext, [
      "suggest_constraints",
      "refactor_suggestions",
    ]);
  });

  it("F05 F06 the action is checked first, then the flow type, then their fit", () => {
    const codeOf = (flowType: string, key: string) => {
      try {
        registry.require(flowType, key);
        return "ok";
      } catch (error) {
        return isAksaraError(error) ? error.code : String(error);
      }
    };
    assert.equal(codeOf("nonsense", "no_such_action"), "INVALID_ACTION");
    assert.equal(codeOf("nonsense", "explain_model"), "INVALID_FLOW_TYPE");
    assert.equal(codeOf("route", "explain_model"), "INVALID_ACTION");
    assert.equal(codeOf("model", "explain_model"), "ok");
  });
});

describe("system prompts", () => {
  for (const action of SHIPPED_ACTIONS) {
    it(`${action.key} asks for evidence, says what is unknown, treats data as data, gives the answer's structure`, () => {
      const prompt = shippedPrompt(action.key);
      assert.ok(prompt, "a prompt ships");
      const schema = JSON.stringify(answerJsonSchema(action.key));
      const text = renderSystemPrompt(prompt, "DATA-0123456789ab", schema);
      for (const clause of [EVIDENCE_CLAUSE, UNKNOWN_CLAUSE, dataClause("DATA-0123456789ab"), schema]) {
        assert.ok(text.includes(clause), `misses: ${clause.slice(0, 60)}`);
      }
      assert.ok(prompt.structure.length >= 3, "the answer has a structure");
      assert.ok(!/\bTODO\b|\{\{|undefined/.test(text));
    });
  }
});

describe("answer schemas", () => {
  for (const action of SHIPPED_ACTIONS) {
    it(`${action.key} accepts a right answer and rejects each wrong one`, () => {
      const schema = answerSchema(action.key);
      const { right, wrong } = WRONG_ANSWERS[action.key] ?? { right: null, wrong: [] };
      assert.ok(schema && right && wrong.length > 0);
      assert.deepEqual(schema.safeParse(right).error?.issues ?? [], []);
      for (const answer of wrong)
        assert.equal(schema.safeParse(answer).success, false, JSON.stringify(answer).slice(0, 120));
    });
  }
});
