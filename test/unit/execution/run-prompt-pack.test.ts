import assert from "node:assert/strict";
import { once } from "node:events";
import { runPromptPack } from "../../../src/execution/run-prompt-pack.ts";
import { executionResultSchema } from "../../../src/protocol/execution.ts";
import { answerText, chat, chatRequest, inTurn } from "../../support/chat-answers.ts";
import { noVerifier } from "../../support/no-verifier.ts";
import { ProviderServer, plain, streamed } from "../../support/provider-server.ts";
import { WRONG_ANSWERS } from "../flows/wrong-answers.ts";
import { hubOf, packOf, servicesOf, type TestServices } from "./support.ts";

const RIGHT = WRONG_ANSWERS.explain_model?.right;
const [WRONG] = WRONG_ANSWERS.explain_model?.wrong ?? [];
const SECRET = "sk-test-4f9a8b7c6d5e4f3a2b1c0d9e";

describe("running a prompt pack", () => {
  let server: ProviderServer;
  let services: TestServices;

  before(async () => {
    server = await ProviderServer.start(chat("hello"));
  });
  beforeEach(() => {
    server.requests.length = 0;
    server.answer = chat(answerText(RIGHT));
    services = servicesOf(hubOf(server.url));
  });
  afterEach(() => services.access.dispose());
  after(() => server.close());

  it("E01 gives every key with its type, the seed's first and in its order", async () => {
    const deltas: string[] = [];
    const result = await runPromptPack(packOf(), { onDelta: (delta) => deltas.push(delta) }, services);
    assert.deepEqual(executionResultSchema.parse(result), result);
    assert.deepEqual(Object.keys(result).slice(0, 7), [
      "ok",
      "provider",
      "model",
      "response",
      "tokens",
      "elapsed_ms",
      "error",
    ]);
    assert.equal(result.ok, true);
    assert.equal(result.response, answerText(RIGHT));
    assert.equal(deltas.join(""), result.response);
    assert.ok(deltas.length > 2, "the answer arrives in pieces");
    assert.deepEqual(result.tokens, { prompt: 20, completion: 50, total: 70 });
    assert.ok(result.elapsed_ms > 0);
    assert.deepEqual([result.error, result.error_code, result.warnings], [null, null, []]);
    assert.equal(result.finish_reason, "stop");
    assert.equal(result.truncated, false);
    assert.deepEqual(result.answer, RIGHT);
    const { messages } = chatRequest(server.requests[0]?.body ?? "");
    assert.deepEqual(
      messages.map(({ role, content }) => [role, content]),
      [
        ["system", packOf().system_prompt],
        ["user", packOf().user_prompt],
      ],
    );
  });

  it("E01 has the same keys when the provider fails", async () => {
    server.answer = plain(401, JSON.stringify({ error: { message: `Incorrect API key: ${SECRET}` } }));
    const result = await runPromptPack(packOf(), {}, services);
    assert.deepEqual(executionResultSchema.parse(result), result);
    assert.equal(result.ok, false);
    assert.equal(result.error_code, "AUTH_FAILED");
    assert.match(result.error ?? "", /Incorrect API key/);
    assert.equal(server.requests.length, 1, "a failure does not cost a second call");
    assert.equal(result.tokens.total, null, "the provider did not say");
  });

  it("says null where the provider does not count tokens", async () => {
    server.answer = chat(answerText(RIGHT), { usage: null });
    const { ok, tokens, cost_usd } = await runPromptPack(packOf(), {}, services);
    assert.deepEqual(
      { ok, tokens, cost_usd },
      { ok: true, tokens: { prompt: null, completion: null, total: null }, cost_usd: null },
    );
  });

  it("E05 a cancelled run closes the socket and has no answer", async () => {
    server.answer = async (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write('data: {"choices":[{"index":0,"delta":{"content":"Half of it"}}]}\n\n');
    };
    const cancel = new AbortController();
    let closed: Promise<unknown> | null = null;
    const running = runPromptPack(
      packOf(),
      {
        signal: cancel.signal,
        onDelta: () => {
          const [socket] = server.sockets;
          assert.ok(socket);
          closed = once(socket, "close");
          cancel.abort();
        },
      },
      services,
    );
    const result = await running;
    assert.equal(result.error_code, "CANCELLED");
    assert.equal(result.response, "");
    assert.equal(result.answer, null);
    await closed;
  });

  // prove: src/execution/converse.ts :: asksNoModel(setup.kind) ? null : answerSchema(pack.action_key) => answerSchema(pack.action_key)
  it("E14 noop has no structured part and is not asked for one", async () => {
    const stages: string[] = [];
    const result = await runPromptPack(
      packOf(),
      { providerOverride: "noop", onProgress: ({ stage }) => stages.push(stage) },
      services,
    );
    assert.deepEqual(stages, ["resolving", "asking"]);
    assert.deepEqual([result.ok, result.answer, result.warnings], [true, null, []]);
    assert.deepEqual([result.tokens.total, result.cost_usd], [0, 0]);
  });

  it("tells the reasoning as it comes, beside the answer", async () => {
    const heard: string[] = [];
    server.answer = streamed([
      'data: {"choices":[{"index":0,"delta":{"reasoning_content":"First "}}]}\n\n',
      'data: {"choices":[{"index":0,"delta":{"reasoning_content":"this."}}]}\n\n',
      'data: {"choices":[{"index":0,"delta":{"content":"Then that."},"finish_reason":"length"}]}\n\ndata: [DONE]\n\n',
    ]);
    const result = await runPromptPack(packOf(), { onReasoning: (delta) => heard.push(delta) }, services);
    assert.equal(heard.join(""), "First this.");
    assert.equal(result.response, "Then that.");
  });

  it("E06 a pack without a prompt gives EMPTY_PROMPT and no request", async () => {
    for (const user_prompt of ["", " \n\t"]) {
      const result = await runPromptPack(packOf({ user_prompt }), {}, services);
      assert.equal(result.error_code, "EMPTY_PROMPT");
      assert.deepEqual(result.tokens, { prompt: 0, completion: 0, total: 0 });
    }
    assert.equal(server.requests.length, 0);
  });

  it("gives the failure of a pack that could not be built, without a request", async () => {
    const pack = packOf({
      ok: false,
      user_prompt: "",
      error_code: "CONTEXT_NOT_FOUND",
      error: "There is no Ordr.",
    });
    const result = await runPromptPack(pack, {}, services);
    assert.deepEqual([result.error_code, result.error], ["CONTEXT_NOT_FOUND", "There is no Ordr."]);
    assert.equal(server.requests.length, 0);
  });

  it("E07 an answer that was cut off is kept, marked, and not asked for again", async () => {
    server.answer = chat('# Answer\n\n```json\n{"summary": "An or', { finish: "length" });
    const result = await runPromptPack(packOf(), {}, services);
    assert.deepEqual([result.ok, result.truncated, result.finish_reason], [true, true, "length"]);
    assert.match(result.response, /An or$/);
    assert.equal(result.answer, null);
    assert.equal(result.warnings[0]?.code, "MALFORMED_PROVIDER_RESPONSE");
    assert.equal(server.requests.length, 1);
  });

  it("a content filter is a failure that keeps what had arrived", async () => {
    server.answer = chat("I can", { finish: "content_filter" });
    const result = await runPromptPack(packOf(), {}, services);
    assert.deepEqual([result.ok, result.error_code, result.response], [false, "CONTENT_FILTERED", "I can"]);
  });

  it("a stream that breaks off is INTERRUPTED and keeps what had arrived", async () => {
    server.answer = streamed(['data: {"choices":[{"index":0,"delta":{"content":"Half"}}]}\n\n']);
    const result = await runPromptPack(packOf(), {}, services);
    assert.deepEqual([result.ok, result.error_code, result.response], [false, "INTERRUPTED", "Half"]);
    assert.equal(server.requests.length, 1, "never again after the first delta");
  });

  it("E14 a broken structured answer is asked for once more, with what is wrong about it", async () => {
    server.answer = inTurn(chat(answerText(WRONG)), chat(answerText(RIGHT, "")));
    const deltas: string[] = [];
    const result = await runPromptPack(packOf(), { onDelta: (delta) => deltas.push(delta) }, services);
    assert.equal(result.ok, true);
    assert.deepEqual(result.answer, RIGHT);
    assert.deepEqual(result.warnings, []);
    assert.deepEqual(result.tokens, { prompt: 40, completion: 100, total: 140 }, "both calls count");
    assert.ok(result.response.startsWith("# Answer\n\nIt is an order [E1]."), "the prose stays");
    assert.ok(result.response.includes(JSON.stringify(RIGHT, null, 2)), "with the corrected part");
    assert.equal(result.response.match(/```json/g)?.length, 1);
    assert.equal(deltas.join(""), answerText(WRONG), "only the first answer is streamed");
    const { messages } = chatRequest(server.requests[1]?.body ?? "");
    assert.deepEqual(
      messages.map((message) => message.role),
      ["system", "user", "assistant", "user"],
    );
    assert.match(JSON.stringify(messages.at(-1)?.content), /summary/);
  });

  it("E14 an answer that stays broken is reported, never invented, and never asked for a third time", async () => {
    for (const second of [answerText(WRONG, ""), "Sorry.", '```json\n{"summary": \n```']) {
      server.requests.length = 0;
      server.answer = inTurn(chat(answerText(WRONG)), chat(second));
      const result = await runPromptPack(packOf(), {}, services);
      assert.equal(result.ok, true);
      assert.equal(result.answer, null);
      assert.deepEqual(result.suggestions, []);
      assert.deepEqual(
        result.warnings.map((warning) => warning.code),
        ["MALFORMED_PROVIDER_RESPONSE"],
      );
      assert.equal(result.response, answerText(WRONG), "what the model said stays as it was");
      assert.equal(server.requests.length, 2);
    }
  });

  it("E14 every committed wrong answer of every action is refused", async () => {
    for (const [action_key, { wrong }] of Object.entries(WRONG_ANSWERS)) {
      for (const value of wrong) {
        server.answer = chat(answerText(value));
        const result = await runPromptPack(packOf({ action_key }), {}, services);
        assert.deepEqual([action_key, result.answer, result.warnings.length], [action_key, null, 1]);
      }
    }
  });

  it("E14 a failed second call keeps the first answer and says why there is no structured part", async () => {
    server.answer = inTurn(chat(answerText(WRONG)), plain(401, '{"error":{"message":"expired"}}'));
    const result = await runPromptPack(packOf(), {}, services);
    assert.equal(result.ok, true);
    assert.deepEqual(
      result.warnings.map((warning) => warning.code),
      ["MALFORMED_PROVIDER_RESPONSE", "AUTH_FAILED"],
    );
  });

  it("names citations that the facts do not have", async () => {
    const invented = { ...(RIGHT as object), surprises: [{ text: "x", evidence: ["E99"] }] };
    server.answer = chat(answerText(invented));
    const result = await runPromptPack(packOf(), {}, services);
    assert.match(result.warnings[0]?.message ?? "", /E99/);
    assert.equal(server.requests.length, 1);
  });

  it("gives the suggestions of an answer, unverified as long as no engine is there, and says so", async () => {
    server.answer = chat(answerText(WRONG_ANSWERS.suggest_constraints?.right));
    const result = await runPromptPack(packOf({ action_key: "suggest_constraints" }), {}, services);
    assert.deepEqual(result.suggestions, [
      {
        id: "S1",
        kind: "constraint",
        title: "unique on number",
        reason: "written once",
        language: "sql",
        statements: ["ALTER TABLE t ADD UNIQUE (number);"],
        rollback: [],
        evidence: ["E1"],
        verdict: "unverified",
        proof: { summary: "Not checked: no engine is connected that could try it.", details: {} },
      },
    ]);
  });

  it("lets a verifier judge every suggestion", async () => {
    server.answer = chat(answerText(WRONG_ANSWERS.suggest_constraints?.right));
    const seen: string[] = [];
    const judged = {
      ...services,
      verifier: {
        ...noVerifier,
        verify: async (claim: { statements: readonly string[] }) => {
          seen.push(...claim.statements);
          return {
            verdict: "refuted" as const,
            proof: { summary: "The table does not exist.", details: {} },
          };
        },
      },
    };
    const result = await runPromptPack(packOf({ action_key: "suggest_constraints" }), {}, judged);
    assert.deepEqual(seen, ["ALTER TABLE t ADD UNIQUE (number);"]);
    assert.equal(result.suggestions[0]?.verdict, "refuted");
  });

  it("L04 has the steps of a plan judged together, each with its own verdict", async () => {
    server.answer = chat(answerText(WRONG_ANSWERS.safe_rollout_plan?.right));
    const seen: string[] = [];
    const judged = {
      ...services,
      verifier: {
        verify: () => assert.fail("steps make sense after each other only"),
        verifyPlan: async (steps: readonly { statements: readonly string[] }[]) =>
          steps.map((step, index) => {
            seen.push(...step.statements);
            return {
              verdict: "verified" as const,
              proof: { summary: `Step ${index + 1} applies.`, details: {} },
            };
          }),
      },
    };
    const result = await runPromptPack(packOf({ action_key: "safe_rollout_plan" }), {}, judged);
    assert.ok(seen.length > 0);
    assert.deepEqual(
      result.suggestions.map(({ verdict, proof }) => [verdict, proof?.summary]),
      result.suggestions.map((_, index) => ["verified", `Step ${index + 1} applies.`]),
    );
  });

  it("keeps the answer when the run is stopped while its suggestions are tried", async () => {
    server.answer = chat(answerText(WRONG_ANSWERS.suggest_constraints?.right));
    const stop = new AbortController();
    const endless = {
      ...services,
      verifier: {
        ...noVerifier,
        verify: async (_claim: unknown, _pack: unknown, signal: AbortSignal) => {
          setImmediate(() => stop.abort());
          await once(signal, "abort");
          return await Promise.reject(signal.reason);
        },
      },
    };
    const pack = packOf({ action_key: "suggest_constraints" });
    const result = await runPromptPack(pack, { signal: stop.signal }, endless);
    assert.equal(result.error, null);
    assert.deepEqual(result.answer, WRONG_ANSWERS.suggest_constraints?.right);
    assert.deepEqual(
      result.suggestions.map(({ verdict, proof }) => [verdict, proof?.summary]),
      [["unverified", "Not checked: the run was stopped before this was tried."]],
    );
  });

  it("takes prose as it is for an action that asks for nothing structured", async () => {
    server.answer = chat("Only words.");
    const result = await runPromptPack(packOf({ action_key: "plan_sharding" }), {}, services);
    assert.deepEqual([result.response, result.answer, result.warnings], ["Only words.", null, []]);
    assert.equal(server.requests.length, 1);
  });

  it("E11 budgets clamp the answer before the call", async () => {
    const user_prompt = "word ".repeat(400);
    const limits = { maxTotalTokens: 1000 };
    await runPromptPack(packOf({ user_prompt }), { limits }, services);
    const asked = chatRequest(server.requests[0]?.body ?? "");
    const most = asked.max_tokens ?? asked.max_completion_tokens ?? 0;
    assert.ok(most > 64 && most < 700, `${most} tokens were asked for`);
    await runPromptPack(packOf(), { limits: { maxOutputTokens: 5 } }, services);
    const second = chatRequest(server.requests[1]?.body ?? "");
    assert.equal(second.max_tokens ?? second.max_completion_tokens, 5);
  });

  it("E11 a budget that has no room for an answer stops the run before the call", async () => {
    const user_prompt = "word ".repeat(400);
    for (const limits of [{ maxTotalTokens: 300 }, { maxInputTokens: 300 }]) {
      const result = await runPromptPack(packOf({ user_prompt }), { limits }, services);
      assert.equal(result.error_code, "TOKEN_BUDGET_EXCEEDED");
    }
    const costly = await runPromptPack(packOf({ user_prompt }), { limits: { maxCostUsd: 1 } }, services);
    assert.equal(costly.error_code, "COST_BUDGET_EXCEEDED", "no price is known, so no budget holds");
    assert.equal(server.requests.length, 0);
  });

  it("E11 an answer that overruns is kept and flagged", async () => {
    server.answer = chat(answerText(RIGHT), { usage: { prompt: 900, completion: 400 } });
    const result = await runPromptPack(packOf(), { limits: { maxTotalTokens: 1000 } }, services);
    assert.equal(result.ok, true);
    assert.equal(result.response, answerText(RIGHT));
    assert.deepEqual(
      result.warnings.map((warning) => warning.code),
      ["TOKEN_BUDGET_EXCEEDED"],
    );
  });

  it("E11 counts cost where the price is known, and clamps by it", async () => {
    // A vendor's kind at an address that the environment names: the price is the vendor's.
    const environment = { OPENAI_API_KEY: SECRET, OPENAI_BASE_URL: server.url };
    const priced = servicesOf({}, environment);
    const pack = packOf({ provider: "openai", model: "gpt-4o" });
    try {
      const result = await runPromptPack(pack, {}, priced);
      assert.ok(
        result.cost_usd !== null && result.cost_usd > 0 && result.cost_usd < 0.01,
        `${result.cost_usd}`,
      );
      const clamped = await runPromptPack(pack, { limits: { maxCostUsd: 0.005 } }, priced);
      assert.equal(clamped.ok, true);
      const asked = chatRequest(server.requests[1]?.body ?? "");
      const most = asked.max_tokens ?? asked.max_completion_tokens ?? 0;
      assert.ok(most > 64 && most < 10_000, `${most} tokens were asked for`);
      const refused = await runPromptPack(pack, { limits: { maxCostUsd: 0.00001 } }, priced);
      assert.equal(refused.error_code, "COST_BUDGET_EXCEEDED");
      assert.equal(server.requests.length, 2);
    } finally {
      await priced.access.dispose();
    }
  });

  it("a run that takes longer than it may is TIMEOUT", async () => {
    server.answer = () => undefined;
    const result = await runPromptPack(packOf(), { limits: { timeoutSeconds: 0.2 } }, services);
    assert.equal(result.error_code, "TIMEOUT");
    assert.equal(server.requests.length, 1);
  });

  // Goes red when demandRunnable does not look at `trusted`.
  it("runs nothing in a workspace that is not trusted", async () => {
    const result = await runPromptPack(packOf(), {}, { ...services, trusted: false });
    assert.equal(result.error_code, "WORKSPACE_UNTRUSTED");
    assert.equal(server.requests.length, 0);
  });
});
