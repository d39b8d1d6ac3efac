import assert from "node:assert/strict";
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type FlowRun, flowRunSchema, runEventSchema } from "../../../src/protocol/execution.ts";
import { promptPackSchema } from "../../../src/protocol/prompt-pack.ts";
import { runTraceSchema } from "../../../src/records/run-trace.ts";
import { aksara, type CliAnswer, cliEnvironment } from "../../support/aksara-process.ts";
import { answerText, chat, inTurn } from "../../support/chat-answers.ts";
import { hashFolder } from "../../support/folder-hash.ts";
import { ProviderServer, plain } from "../../support/provider-server.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";
import { copyWorkspace, type WorkspaceCopy } from "../../support/workspace-copy.ts";
import { WRONG_ANSWERS } from "../flows/wrong-answers.ts";

const SHOP = fileURLToPath(new URL("../../workspaces/shop-django", import.meta.url));
const RUN = ["ai", "run", "model", "orders.Order", "--action", "explain_model"];
const RIGHT = WRONG_ANSWERS.explain_model?.right;
const [WRONG] = WRONG_ANSWERS.explain_model?.wrong ?? [];
const KEY = "sk-live-7Qw2Er9Ty4Ui8Op1As6Df3Gh5Jk0Lz";

describe("aksara ai run", () => {
  let server: ProviderServer;
  let temporary: TemporaryFolder;
  let shop: WorkspaceCopy;

  before(async () => {
    server = await ProviderServer.start(chat("hello"));
    temporary = await makeTemporaryFolder("run");
    shop = await copyWorkspace(SHOP);
    await mkdir(join(shop.folder, ".aksara"));
    await hub({
      defaults: { chat_provider: "openai-compatible" },
      providers: [{ kind: "openai-compatible", base_url: `${server.url}/v1`, model: "local-model" }],
    });
  });
  beforeEach(() => {
    server.requests.length = 0;
    server.answer = chat(answerText(RIGHT));
  });
  after(async () => {
    await server.close();
    await shop.remove();
    await temporary.remove();
  });

  async function hub(value: unknown): Promise<void> {
    await writeFile(join(shop.folder, ".aksara/aihub.json"), JSON.stringify(value));
  }

  function run(
    args: readonly string[],
    environment: NodeJS.ProcessEnv = {},
    workspace = shop.folder,
  ): Promise<CliAnswer> {
    return aksara([...args, "--workspace", workspace], cliEnvironment(temporary.folder, environment));
  }

  it("E12 streams the answer to standard output and changes no file of the workspace", async () => {
    const before = await hashFolder(shop.folder);
    const { code, out, err } = await run(RUN);
    assert.equal(code, 0, err);
    assert.equal(out, answerText(RIGHT));
    assert.match(err, /Asking local-model/);
    assert.match(err, /openai-compatible local-model · 20 \+ 50 tokens .* trace [0-9a-f]{32}/);
    assert.deepEqual(await hashFolder(shop.folder), before);
  });

  // Goes red when traceFolder does not look where the state directory lies.
  it("E12 keeps nothing when the state directory would lie in the workspace", async () => {
    const before = await hashFolder(shop.folder);
    const { code, err } = await run(RUN, { XDG_STATE_HOME: join(shop.folder, "state") });
    assert.equal(code, 0, err);
    assert.ok(!err.includes("trace"));
    assert.deepEqual(await hashFolder(shop.folder), before);
  });

  // Goes red when readScript does not ask isWithin.
  it("a hub file cannot have a script read from outside the workspace", async () => {
    const outside = join(temporary.folder, "outside.json");
    await writeFile(outside, JSON.stringify({ answers: [{ steps: [{ text: "from outside" }] }] }));
    const hostile = await copyWorkspace(SHOP);
    try {
      await mkdir(join(hostile.folder, ".aksara"));
      await symlink(outside, join(hostile.folder, "linked.json"));
      for (const [script, code] of [
        [outside, "PATH_REFUSED"],
        ["linked.json", "PATH_REFUSED"],
        ["../../../../../../etc/passwd", "PATH_REFUSED"],
        ["missing.json", "SPEC_INVALID"],
      ] as const) {
        const entry = { kind: "scripted", script };
        await writeFile(
          join(hostile.folder, ".aksara/aihub.json"),
          JSON.stringify({ active_provider: "scripted", providers: [entry] }),
        );
        const answer = await run(RUN, {}, hostile.folder);
        assert.deepEqual([answer.code, answer.out], [1, ""], answer.err);
        assert.ok(answer.err.includes(code), answer.err);
      }
    } finally {
      await hostile.remove();
    }
  });

  it("E01 prints one document with --format json, the pack first built by the same command", async () => {
    const { code, out } = await run([...RUN, "--format", "json"]);
    assert.equal(code, 0);
    const document = flowRunSchema.parse(JSON.parse(out));
    assert.deepEqual(Object.keys(JSON.parse(out)), ["ok", "prompt_pack", "execution", "error", "error_code"]);
    const flows = await run(["ai", "flows", ...RUN.slice(2), "--format", "json"]);
    assert.deepEqual(document.prompt_pack, promptPackSchema.parse(JSON.parse(flows.out)));
    assert.deepEqual(document.execution?.answer, RIGHT);
    assert.deepEqual(document.execution?.resolution, { provider: "hub", model: "hub" });
  });

  it("E02 --provider and --model go before the hub", async () => {
    const { out } = await run([
      ...RUN,
      "--provider",
      "openai-compatible",
      "--model",
      "other",
      "--format",
      "json",
    ]);
    const { execution, prompt_pack } = flowRunSchema.parse(JSON.parse(out));
    assert.equal(execution?.model, "other");
    assert.deepEqual(execution?.resolution, { provider: "override", model: "override" });
    assert.deepEqual([prompt_pack.provider, prompt_pack.model], ["openai-compatible", "other"]);
    assert.match(server.requests[0]?.body ?? "", /"model":"other"/);
  });

  it("prints events with --stream-json, numbered, with one complete at the end", async () => {
    server.answer = inTurn(chat(answerText(WRONG)), chat(answerText(RIGHT, "")));
    const { code, out } = await run([...RUN, "--stream-json"]);
    assert.equal(code, 0);
    const events = out
      .trimEnd()
      .split("\n")
      .map((line) => runEventSchema.parse(JSON.parse(line)));
    assert.deepEqual(
      events.map((event) => event.seq),
      events.map((_, index) => index + 1),
    );
    assert.deepEqual(
      events.filter((event) => event.type === "complete"),
      [events.at(-1)],
    );
    const stages = events.flatMap((event) => (event.type === "progress" ? [event.stage] : []));
    assert.deepEqual(stages, ["building", "resolving", "asking", "repairing"]);
    assert.ok(
      events.findIndex((event) => event.type === "pack") < events.findIndex((event) => event.type === "text"),
    );
    const text = events.flatMap((event) => (event.type === "text" ? [event.delta] : [])).join("");
    assert.equal(text, answerText(WRONG));
  });

  it("E07 says that an answer was cut off", async () => {
    server.answer = chat("Half", { finish: "length" });
    const { code, out, err } = await run(RUN);
    assert.deepEqual([code, out], [0, "Half\n"]);
    assert.match(err, /cut off/);
  });

  it("L04 E12 shows suggestions with the verdicts of the lab, and changes no file", async () => {
    const folder = await hashFolder(shop.folder);
    const constrain = ["ai", "run", "model", "orders.Order", "--action", "suggest_constraints"];
    server.answer = chat(answerText(WRONG_ANSWERS.suggest_constraints?.right));
    const { out } = await run(constrain);
    assert.match(out, /S1 refuted unique on number · It does not apply to the schema: relation "t" does not/);

    const index = (ddl: string) => ({
      table: "lontar_order",
      columns: ["contact_email"],
      ddl,
      serves: "the search by address",
      write_cost: "small",
      evidence: ["E1"],
    });
    const ddl = "CREATE INDEX CONCURRENTLY order_email ON lontar_order (contact_email);";
    const indexes = [index(ddl), index("CREATE INDEX order_total ON lontar_order (nothing)")];
    server.answer = chat(answerText({ indexes, unknowns: [] }));
    const sql = "SELECT * FROM lontar_order WHERE contact_email = %s";
    const answer = await run(["ai", "run", "query", "--sql", sql, "--action", "suggest_indexes"]);
    assert.equal(answer.code, 0, answer.err);
    assert.match(
      answer.out,
      /S1 verified index on lontar_order \(contact_email\) · The planner uses it: cost /,
    );
    assert.match(answer.out, /S2 refuted .* · It cannot be built on lontar_order: column "nothing" does not/);
    assert.deepEqual(await hashFolder(shop.folder), folder);
  });

  it("F07 without a provider a pack is built, and running says AI_HUB_NOT_CONFIGURED", async () => {
    const pack = await run(["ai", "flows", ...RUN.slice(2)], {}, SHOP);
    assert.equal(pack.code, 0);
    const { code, out, err } = await run(RUN, {}, SHOP);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /AI_HUB_NOT_CONFIGURED[\s\S]*ANTHROPIC_API_KEY/);
    const document = flowRunSchema.parse(JSON.parse((await run([...RUN, "--format", "json"], {}, SHOP)).out));
    assert.deepEqual([document.ok, document.error_code], [false, "AI_HUB_NOT_CONFIGURED"]);
    assert.equal(document.prompt_pack.ok, true, "filled all the same");
    assert.equal(document.execution?.error_code, "AI_HUB_NOT_CONFIGURED");
  });

  it("F08 an unknown model is told without a request", async () => {
    const { code, err } = await run(["ai", "run", "model", "Ordr", "--action", "explain_model"]);
    assert.equal(code, 1);
    assert.match(err, /CONTEXT_NOT_FOUND/);
    assert.equal(server.requests.length, 0);
  });

  it("answers 2 for a wrong action and a wrong number", async () => {
    assert.equal((await run(["ai", "run", "model", "Order", "--action", "explain_plan"])).code, 2);
    const wrong = await run([...RUN, "--max-cost", "much"]);
    assert.deepEqual([wrong.code, wrong.out], [2, ""]);
    assert.match(wrong.err, /--max-cost is a number/);
  });

  it("E13 an invalid hub file is named, defaults are used, and the file stays as it was", async () => {
    const broken = await copyWorkspace(SHOP);
    try {
      await mkdir(join(broken.folder, ".aksara"));
      const file = join(broken.folder, ".aksara/aihub.json");
      await writeFile(file, '{\n  "active_provider": 5\n}');
      const status = await run(["ai", "hub", "status"], {}, broken.folder);
      assert.equal(status.code, 1);
      assert.match(status.err, /aihub\.json:2: error: active_provider/);
      assert.match(status.out, /AI_HUB_NOT_CONFIGURED/);
      assert.equal(await readFile(file, "utf8"), '{\n  "active_provider": 5\n}');
    } finally {
      await broken.remove();
    }
  });

  it("E09 a key is used, and stands in no output, trace or error", async () => {
    const state = await makeTemporaryFolder("state");
    const environment = {
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: `${server.url}/v1`,
      XDG_STATE_HOME: state.folder,
    };
    server.answer = inTurn(
      chat(`Your key is ${KEY}.`),
      plain(401, JSON.stringify({ error: { message: `Incorrect API key provided: ${KEY}` } })),
    );
    const shown: string[] = [];
    for (const args of [
      [...RUN, "--provider", "openai", "--model", "m"],
      [...RUN, "--provider", "openai", "--model", "m", "--format", "json"],
      ["ai", "hub", "doctor"],
    ]) {
      const { out, err } = await run(args, environment);
      shown.push(out, err);
    }
    assert.equal(server.requests[0]?.headers.authorization, `Bearer ${KEY}`);
    const [, ...later] = shown;
    assert.ok(
      !later.join("\n").includes(KEY.slice(8)),
      "the provider's own refusal is shown without the key",
    );
    const kept = await readTree(state.folder);
    assert.ok(kept.length > 0 && kept.some((text) => text.includes("Incorrect API key")), "traces were kept");
    for (const text of kept) assert.ok(!text.includes(KEY), "a file of the state directory holds the key");
    await state.remove();
  });

  // Goes red when environmentCredentials gives its key to any origin.
  it("E09b a hub file that names another address gets neither the key nor the prompt", async () => {
    const evil = await ProviderServer.start(chat("thanks"));
    const hostile = await copyWorkspace(SHOP);
    try {
      await mkdir(join(hostile.folder, ".aksara"));
      const entry = { kind: "openai", base_url: `${evil.url}/v1`, model: "m" };
      await writeFile(
        join(hostile.folder, ".aksara/aihub.json"),
        JSON.stringify({ active_provider: "openai", providers: [entry] }),
      );
      for (const environment of [
        { OPENAI_API_KEY: KEY },
        { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: server.url },
      ]) {
        for (const args of [RUN, [...RUN, "--provider", "openai"], ["ai", "hub", "doctor"]]) {
          const { code, out, err } = await run(args, environment, hostile.folder);
          assert.equal(code, 1, out);
          assert.match(out + err, /a key goes only where it was entered for/);
        }
      }
      assert.equal(evil.requests.length, 0);
    } finally {
      await evil.close();
      await hostile.remove();
    }
  });

  it("keeps a trace that only its owner can read, and that replays without a provider", async () => {
    const first: FlowRun = flowRunSchema.parse(JSON.parse((await run([...RUN, "--format", "json"])).out));
    const id = first.execution?.trace_id ?? "";
    const path = await find(temporary.folder, `${id}.json`);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await stat(join(path, ".."))).mode & 0o777, 0o700);
    const trace = runTraceSchema.parse(JSON.parse(await readFile(path, "utf8")));
    assert.deepEqual(trace.prompt_pack, first.prompt_pack);
    assert.equal(trace.flow_type, "model");
    const script = join(temporary.folder, "script.json");
    await writeFile(script, JSON.stringify(trace.script));
    const requests = server.requests.length;
    // The trace as it lies there, and its script alone.
    for (const file of [path, script]) {
      const replayed = await run([...RUN, "--provider", "scripted", "--format", "json"], {
        AKSARA_SCRIPT: file,
      });
      assert.equal(replayed.code, 0, replayed.err);
      const second = flowRunSchema.parse(JSON.parse(replayed.out));
      assert.equal(server.requests.length, requests);
      for (const key of ["response", "answer", "tokens", "finish_reason", "suggestions"] as const)
        assert.deepEqual(second.execution?.[key], first.execution?.[key], key);
    }
  });

  it("the doctor shows a provider's own words", async () => {
    server.answer = plain(403, '{"error":{"message":"This project has no access to models."}}', {
      "x-request-id": "req-77",
    });
    const { code, out } = await run(["ai", "hub", "doctor"]);
    assert.equal(code, 1);
    assert.match(out, /FAIL {2}openai-compatible .*AUTH_FAILED \(HTTP 403, request req-77\)/);
    assert.match(out, /This project has no access to models\./);
    server.answer = plain(200, '{"data":[{"id":"a"},{"id":"b"}]}');
    // Without the address of an Ollama nobody is asked but the hub's own server.
    const well = await run(["ai", "hub", "doctor", "--format", "json"], { OLLAMA_HOST: undefined });
    assert.equal(well.code, 0);
    assert.equal(JSON.parse(well.out).checks[0].models, 2);
  });
});

async function readTree(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), "utf8")));
}

async function find(folder: string, name: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const entry = entries.find((each) => each.name === name);
  assert.ok(entry, `${name} is kept`);
  return join(entry.parentPath, entry.name);
}
