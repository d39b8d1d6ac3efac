import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  AksaraError,
  executeDiagnosticFlow,
  executeMigrationFlow,
  executeModelFlow,
  executeQueryFlow,
  executeRouteFlow,
  isAuthFailure,
  isNotConfigured,
  isRateLimit,
  MemoryCredentials,
  openWorkspace,
  runPromptPack,
  type Workspace,
} from "../../../src/index.ts";
import { answerText, chat } from "../../support/chat-answers.ts";
import { ProviderServer, plain } from "../../support/provider-server.ts";
import { makeTemporaryFolder } from "../../support/temporary-folder.ts";
import { WRONG_ANSWERS } from "../flows/wrong-answers.ts";

const checkout = fileURLToPath(new URL("../../..", import.meta.url));
const SHOP = join(checkout, "test/workspaces/shop-django");

describe("library", () => {
  let server: ProviderServer;
  let workspace: Workspace;
  const credentials = new MemoryCredentials();

  before(async () => {
    server = await ProviderServer.start(chat("hello"));
    await credentials.set(server.url, "openai", "sk-entered-here");
    const environment = { OPENAI_BASE_URL: `${server.url}/v1`, OLLAMA_HOST: "127.0.0.1:9" };
    workspace = openWorkspace(SHOP, { cache: false, environment, credentials });
  });
  beforeEach(() => {
    server.requests.length = 0;
  });
  after(async () => {
    await workspace.dispose();
    await server.close();
  });

  it("E01 runs every kind of flow", async () => {
    const options = { workspace, providerOverride: "openai", modelOverride: "m" };
    const flows = [
      ["explain_model", () => executeModelFlow("orders.Order", "explain_model", options)],
      ["review_endpoint", () => executeRouteFlow("GET", "/api/orders/", "review_endpoint", options)],
      ["explain_plan", () => executeQueryFlow("SELECT 1 FROM lontar_order", "explain_plan", options)],
      [
        "explain_migration",
        () => executeMigrationFlow({ app: "orders", name: "0001" }, "explain_migration", options),
      ],
      ["diagnostic_prioritize", () => executeDiagnosticFlow({}, "diagnostic_prioritize", options)],
    ] as const;
    for (const [action, flow] of flows) {
      const { right } = WRONG_ANSWERS[action] ?? {};
      server.answer = chat(answerText(right));
      const run = await flow();
      assert.deepEqual([action, run.ok, run.error], [action, true, null]);
      assert.deepEqual(run.execution?.answer, right);
    }
    assert.equal(server.requests.length, flows.length);
    assert.equal(server.requests[0]?.headers.authorization, "Bearer sk-entered-here");
  });

  it("runs a plain pack with both prompts, as the source document has it", async () => {
    server.answer = chat("Plain words.");
    const pack = {
      ok: true,
      system_prompt: "Be brief.",
      user_prompt: "Hello",
      provider: "openai",
      model: "m",
      error: null,
    };
    const result = await runPromptPack(pack, { workspace });
    assert.deepEqual(
      [result.ok, result.response, result.resolution.provider],
      [true, "Plain words.", "pack"],
    );
    await assert.rejects(runPromptPack({ user_prompt: 5 }, { workspace }), { code: "INVALID_REQUEST" });
  });

  it("tells kinds of failure apart by guards, thrown or told", async () => {
    server.answer = plain(401, '{"error":{"message":"no"}}');
    const run = await executeModelFlow("orders.Order", "explain_model", {
      workspace,
      providerOverride: "openai",
    });
    assert.ok(isAuthFailure(run) && isAuthFailure(run.execution) && !isRateLimit(run));
    assert.ok(isRateLimit(new AksaraError("RATE_LIMITED", "slow down")));
    for (const other of [new Error("RATE_LIMITED"), "RATE_LIMITED", null, undefined, { error_code: 429 }])
      assert.equal(isRateLimit(other), false);
    const bare = openWorkspace(SHOP, { cache: false, environment: { OLLAMA_HOST: "127.0.0.1:9" } });
    assert.ok(isNotConfigured(await executeModelFlow("orders.Order", "explain_model", { workspace: bare })));
    await bare.dispose();
  });

  it("runs nothing in a folder that is not trusted", async () => {
    const untrusted = openWorkspace(SHOP, { cache: false, trusted: false, environment: {}, credentials });
    const run = await executeModelFlow("orders.Order", "explain_model", {
      workspace: untrusted,
      providerOverride: "noop",
    });
    assert.deepEqual([run.error_code, run.prompt_pack.ok], ["WORKSPACE_UNTRUSTED", true]);
    await untrusted.dispose();
  });

  it("the built library loads, and runs a pack", async () => {
    const built = await import(pathToFileURL(join(checkout, "dist/index.js")).href);
    const open = built.openWorkspace(SHOP, { cache: false });
    const pack = { system_prompt: "", user_prompt: "Hello", provider: "noop" };
    const result = await built.runPromptPack(pack, { workspace: open });
    await open.dispose();
    assert.deepEqual([result.ok, result.provider, result.error], [true, "noop", null]);
  });

  it("the package's declarations hold for somebody who installs it", async () => {
    const consumer = await makeTemporaryFolder("consumer");
    const modules = join(consumer.folder, "node_modules");
    await mkdir(modules);
    await symlink(checkout, join(modules, "aksara-studio"));
    for (const name of ["zod", "@types"])
      await symlink(join(checkout, "node_modules", name), join(modules, name));
    const program = [
      'import { executeModelFlow, isRateLimit, openWorkspace, type ExecutionResult, type PromptPack } from "aksara-studio";',
      'const workspace = openWorkspace(".");',
      'const run = await executeModelFlow("User", "explain_model", { workspace, limits: { maxCostUsd: 1 } });',
      "const pack: PromptPack = run.prompt_pack;",
      "const result: ExecutionResult | null = run.execution;",
      "const tokens: number | null | undefined = result?.tokens.total;",
      "// @ts-expect-error a pack has no such member: the types are not any",
      "pack.nothing;",
      "// @ts-expect-error a name is text",
      'await executeModelFlow(5, "explain_model");',
      "export { isRateLimit, tokens };",
    ].join("\n");
    await writeFile(join(consumer.folder, "package.json"), '{"type":"module"}');
    await writeFile(join(consumer.folder, "main.ts"), program);
    const options = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2023", "--types", "node"];
    const tsc = join(checkout, "node_modules/typescript/bin/tsc");
    const { code, out } = await new Promise<{ code: number; out: string }>((resolve) =>
      execFile(process.execPath, [tsc, ...options, "main.ts"], { cwd: consumer.folder }, (error, text) =>
        resolve({ code: error ? Number(error.code) : 0, out: text }),
      ),
    );
    assert.equal(code, 0, out);
    await consumer.remove();
  });
});
