import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AgentRuntime } from "../../../src/agent/agent-runtime.ts";
import { shippedTools } from "../../../src/agent/tools/shipped.ts";
import { defaultRuntime } from "../../../src/harness/default-runtime/default-runtime.ts";
import { parseEvalFile } from "../../../src/harness/evals/eval-file.ts";
import { recordedAgents } from "../../../src/harness/evals/record-agents.ts";
import { runEval } from "../../../src/harness/evals/run-eval.ts";
import { passAtK, wilsonInterval } from "../../../src/harness/evals/statistics.ts";
import { readRuntime } from "../../../src/harness/runtime-options.ts";
import { sqliteWorkerPath } from "../../../src/hosts/shared/asset-paths.ts";
import { distDirectory } from "../../../src/hosts/shared/dist-directory.ts";
import {
  createRuntime,
  defineRuntime,
  type EvalArtifact,
  EvalArtifactSchema,
  EvalEventEnvelopeSchema,
  EvalRequestSchema,
  isAksaraError,
  VOLATILE_KEYS,
} from "../../../src/index.ts";
import type { Connector } from "../../../src/providers/model-stream.ts";
import { MemoryStore } from "../../../src/storage/memory-store.ts";
import { SqliteStore } from "../../../src/storage/sqlite-store.ts";
import {
  calls,
  openScriptedWorkspace,
  postgresParser,
  says,
  scripted,
} from "../../support/scripted-workspace.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";
import { as } from "./support.ts";

describe("an eval of agents", () => {
  let temporary: TemporaryFolder;
  let folder: string;
  beforeEach(async () => {
    temporary = await makeTemporaryFolder("evals");
    folder = join(temporary.folder, "project");
    await mkdir(folder);
    await writeFile(join(folder, "a.txt"), "one\n");
  });
  afterEach(async () => {
    await temporary.remove();
  });

  const storePath = () => join(temporary.folder, "store");
  const open = (answers: readonly object[], more: object = {}) =>
    createRuntime(
      defineRuntime({ resource_id: "acme", version: "1" }, {
        agents: [
          {
            name: "boss",
            role: "coordinator",
            stateful: true,
            model: "m",
            systemPrompt: "You are boss.",
            routes: ["writer"],
            toolkits: ["shell"],
          },
          {
            name: "writer",
            role: "specialist",
            stateful: false,
            model: "m",
            systemPrompt: "You are writer.",
            toolkits: ["edits", "workspace"],
          },
        ],
        providers: { scripted: { script: { answers } } },
        storage_factories: { kv: { kind: "sqlite", config: { path: storePath() } } },
      } as never),
      { interpreter: "scripted", workspace: folder, keep: false, ...more },
    );
  const WRITES = [
    as("You are boss.", calls(["hand_off", { agent: "writer", task: "write it" }])),
    as("You are writer.", calls(["read_file", { path: "a.txt" }])),
    as(
      "You are writer.",
      calls(["patch_file", { files: [{ path: "a.txt", edits: [{ old_text: "one", new_text: "two" }] }] }]),
    ),
    as("You are writer.", calls(["write_file", { path: "b.txt", content: "new\n" }])),
    as("You are writer.", says("Written.")),
    as("You are boss.", says("All is done.")),
  ];
  const REQUEST = {
    name: "writing",
    target: "agent" as const,
    cases: [
      {
        id: "writes",
        input: "do it",
        expect: [
          { type: "equals" as const, value: "All is done." },
          { type: "tool-called" as const, tool: "patch_file" },
          { type: "tool-called" as const, tool: "hand_off", input: { agent: "writer" }, times: 1 },
          { type: "tool-not-called" as const, tool: "run_command" },
          { type: "approval-requested" as const, tool: "write_file" },
          { type: "files-changed" as const, files: ["a.txt", "b.txt"] },
        ],
      },
    ],
  };

  it("H22 takes a request as a value, as a validated one, and as JSON, and gives the same artifact but for ids and times", async () => {
    const artifacts: EvalArtifact[] = [];
    for (const form of [REQUEST, EvalRequestSchema.parse(REQUEST), JSON.stringify(REQUEST)]) {
      const runtime = open(WRITES);
      artifacts.push(await runtime.runEval(form));
      await runtime.dispose();
    }
    const [first, ...others] = artifacts.map(withoutVolatile);
    assert.equal(artifacts[0]?.ok, true, artifacts[0]?.cases[0]?.attempts[0]?.why);
    assert.deepEqual(EvalArtifactSchema.parse(artifacts[0]), artifacts[0]);
    for (const other of others) assert.deepEqual(other, first);
  });

  // prove: src/harness/evals/run-agent-case.ts :: const HELD_BACK = { sandboxMode: true } => const HELD_BACK = { sandboxMode: false }
  it("V06b holds back what agents change: the files are as they were", async () => {
    const runtime = open(WRITES);
    const artifact = await runtime.runEval(REQUEST);
    assert.equal(artifact.ok, true, artifact.cases[0]?.attempts[0]?.why);
    await runtime.dispose();
    assert.equal(await readFile(join(folder, "a.txt"), "utf8"), "one\n");
    await assert.rejects(readFile(join(folder, "b.txt")));
  });

  // prove: src/harness/evals/eval-tools.ts :: return acts || isReplayed ? standIn(tool, results) : tool; => return tool;
  it("V06b runs no command, though an eval approves what is held back", async () => {
    const marker = join(temporary.folder, "pwned");
    const runtime = open([]);
    const artifact = await runtime.runEval({
      name: "hostile",
      target: "agent",
      cases: [
        {
          id: "c",
          input: "go",
          expect: [
            { type: "tool-called", tool: "run_command" },
            { type: "files-changed", files: [] },
          ],
          recording: {
            scripts: {
              boss: { answers: [calls(["run_command", { argv: ["touch", marker] }]), says("Tried.")] },
            },
          },
        },
      ],
    });
    assert.equal(artifact.ok, true, artifact.cases[0]?.attempts[0]?.why);
    const [trace] = await runtime.listTraces({ evalRunId: artifact.evalRunId, testCaseId: "c" });
    assert.equal(trace?.spans.find(({ kind }) => kind === "tool")?.status, "error");
    await runtime.dispose();
    await assert.rejects(readFile(marker));
  });

  // prove: src/harness/evals/run-agent-case.ts :: demandTrust(place.services.workspace.execution()); => void place;
  it("V05 asks nobody in a workspace that is not trusted, not even a recording", async () => {
    let asked = 0;
    const counting: Connector = {
      ...scripted([says("All is done.")]),
      stream: () => {
        asked++;
        throw new Error("asked");
      },
    };
    const workspace = openScriptedWorkspace(folder, () => counting, false);
    const runtime = open([], { workspace });
    const recording = { scripts: { boss: { answers: [says("All is done.")] } } };
    const [id, input] = ["c", "go"];
    const { cases } = await runtime.runEval({
      name: "untrusted",
      target: "agent",
      cases: [
        { id, input, expect: [{ type: "equals", value: "All is done." }] },
        { id: "recorded", input, expect: [{ type: "equals", value: "All is done." }], recording },
      ],
    });
    const pack = await runtime.runEval({
      name: "judged",
      target: "flow",
      cases: [
        {
          id,
          input: { flow_type: "diagnostic", action_key: "diagnostic_prioritize" },
          expect: [{ type: "judge", criteria: "good" }, { type: "answer-schema" }],
        },
      ],
    });
    const traces = await runtime.listTraces();
    await runtime.dispose();
    await workspace.dispose();
    assert.deepEqual(traces, [], "no journal was begun");
    assert.deepEqual(
      cases.map(({ attempts }) => attempts[0]?.errorCode),
      ["WORKSPACE_UNTRUSTED", "WORKSPACE_UNTRUSTED"],
    );
    const [judged, schema] = pack.cases[0]?.attempts[0]?.scores ?? [];
    assert.deepEqual([judged?.pass, schema?.pass], [false, true], "the pack itself is looked at");
    assert.match(judged?.why ?? "", /not trusted/);
    assert.equal(asked, 0);
  });

  it("H22 H21 streams what happens, and its traces are found by eval and case", async () => {
    const runtime = open(WRITES);
    const seen: string[] = [];
    let artifact: EvalArtifact | null = null;
    for await (const envelope of runtime.streamEval(REQUEST)) {
      EvalEventEnvelopeSchema.parse(envelope);
      seen.push(envelope.event.type);
      if (envelope.event.type === "complete") artifact = envelope.event.artifact;
    }
    assert.deepEqual(seen, ["started", "attempt-started", "attempt-finished", "complete"]);
    const [trace] = await runtime.listTraces({ evalRunId: artifact?.evalRunId, testCaseId: "writes" });
    assert.equal(trace?.traceId, artifact?.cases[0]?.attempts[0]?.traceId);
    assert.deepEqual(await runtime.listTraces({ evalRunId: "other" }), []);
    await runtime.dispose();
  });

  it("H22 says why a case failed, and a run that failed is one", async () => {
    const runtime = open([
      { when: { last: "again" }, steps: [{ error: { kind: "refusal", message: "I will not." } }] },
      says("No."),
    ]);
    const { ok, cases, thresholds } = await runtime.runEval({
      ...REQUEST,
      concurrency: 1,
      cases: [
        {
          id: "says",
          input: "do it",
          expect: [
            { type: "contains", value: "Yes" },
            { type: "max-tokens", value: 1 },
          ],
        },
        { id: "refuses", input: "again", expect: [{ type: "contains", value: "x" }] },
      ],
    });
    await runtime.dispose();
    assert.equal(ok, false);
    assert.match(
      cases[0]?.attempts[0]?.why ?? "",
      /^contains: expected "Yes" in "No\."\nmax-tokens: \d+ tokens, more than 1$/,
    );
    assert.equal(cases[1]?.attempts[0]?.errorCode, "CONTENT_FILTERED");
    assert.match(cases[1]?.attempts[0]?.why ?? "", /^CONTENT_FILTERED: I will not\./);
    assert.deepEqual(thresholds, [{ name: "passRate", wanted: 1, found: 0, met: false }]);
  });

  it("H22 refuses what is no request, with each place that is wrong", async () => {
    const runtime = open([]);
    const wrong: readonly (readonly [string | object, RegExp])[] = [
      ["{", /^The request is no JSON/],
      [{}, /^name: .*\ntarget: /],
      [{ ...REQUEST, repeats: 0 }, /^repeats: /],
      [{ ...REQUEST, cases: [] }, /^cases: /],
      [{ ...REQUEST, target: "flow" }, /^cases\[0\]\.input: expected \{flow_type/],
      [{ ...REQUEST, cases: [...REQUEST.cases, ...REQUEST.cases] }, /^cases\[1\]\.id: expected another id/],
      [
        { ...REQUEST, cases: [{ id: "a", input: "b", expect: [{ type: "magic" }] }] },
        /^cases\[0\]\.expect\[0\]\.type: expected a type among equals, /,
      ],
    ];
    for (const [request, message] of wrong)
      await assert.rejects(runtime.runEval(request as never), (error) => {
        assert.ok(isAksaraError(error) && error.code === "EVAL_REQUEST_INVALID");
        assert.match(error.message, message);
        return true;
      });
    await runtime.dispose();
  });

  it("H22 names the file's line of what is wrong in it, in either spelling", async () => {
    const text = `name: a\ntarget: {kind: single-agent, max_iterations: 2}\ncases:\n  - id: one\n    input: hello\n    expect:\n      - {type: contains, value: x, ignore_case: true}\n      - type: regex\n        pattern: "("\n`;
    const { problems, request } = await parseEvalFile(".aksara/evals/a.yaml", text);
    assert.equal(request, null);
    assert.deepEqual(
      problems.map(({ line, message }) => `${line + 1} ${message}`),
      ["9 cases[0].expect[1].pattern: This is no regular expression."],
    );
    const right = await parseEvalFile("a.yaml", text.replace('"("', "x"));
    assert.deepEqual(right.lines, [{ at: 3, expect: [6, 7] }]);
    assert.deepEqual(right.request?.target, { kind: "single-agent", maxIterations: 2 });
    assert.deepEqual(right.request?.cases[0]?.expect[0], { type: "contains", value: "x", ignoreCase: true });
  });

  it("H22 repeats a case, and gives pass@k and Wilson's interval of what came", async () => {
    // One model for all runs: it goes on in its script.
    const model = scripted([says("yes"), says("no"), says("yes"), says("no")]);
    const workspace = openScriptedWorkspace(folder, () => model);
    const runtime = open([], { workspace });
    const { cases, totals, ok } = await runtime.runEval({
      name: "flaky",
      target: "agent",
      repeats: 4,
      concurrency: 1,
      thresholds: { passRate: 0.5 },
      cases: [{ id: "sometimes", input: "well?", expect: [{ type: "equals", value: "yes" }] }],
    });
    await runtime.dispose();
    await workspace.dispose();
    assert.equal(ok, true);
    assert.equal(cases[0]?.passRate, 0.5);
    assert.deepEqual(cases[0]?.passAtK, { 1: 0.5, 2: 0.833333, 3: 1, 4: 1 });
    assert.deepEqual(totals.interval, wilsonInterval(2, 4));
    // By hand, and as R's binom.wilson gives them.
    assert.deepEqual(wilsonInterval(2, 4), { low: 0.150039, high: 0.849961 });
    assert.deepEqual(wilsonInterval(10, 10), { low: 0.722467, high: 1 });
    assert.deepEqual(wilsonInterval(0, 0), { low: 0, high: 1 });
    assert.equal(passAtK(1, 5, 2), 0.4);
  });

  it("H22 names what is worse than the baseline, and what chance explains is not", async () => {
    const run = async (answers: readonly string[], repeats: number, baseline: EvalArtifact | null) => {
      const model = scripted(answers.map(says));
      const workspace = openScriptedWorkspace(folder, () => model);
      const runtime = open([], { workspace });
      const artifact = await runtime.runEval(
        {
          name: "b",
          target: "agent",
          repeats,
          concurrency: 1,
          thresholds: { passRate: 0 },
          cases: [{ id: "c", input: "well?", expect: [{ type: "equals", value: "yes" }] }],
        },
        { baseline },
      );
      await runtime.dispose();
      await workspace.dispose();
      return artifact;
    };
    const before = await run(["yes"], 1, null);
    const worse = await run(["no"], 1, before);
    assert.equal(worse.ok, false);
    assert.deepEqual(worse.baseline?.regressions, [
      { id: "c", before: 1, now: 0, why: 'equals: expected the text "yes", found "no"' },
    ]);
    const better = await run(["yes"], 1, worse);
    assert.deepEqual([better.ok, better.baseline?.regressions], [true, []]);
    const half = await run(["yes", "no", "yes", "no"], 4, null);
    const less = await run(["yes", "no", "no", "no"], 4, half);
    assert.deepEqual([less.ok, less.baseline?.regressions], [true, []]);
  });

  it("H22 saves a run as a case that replays offline, also when the files have changed since", async () => {
    const runtime = open(WRITES);
    let runId = "";
    for await (const event of runtime.query("do it", "t")) {
      runId ||= event.runId;
      if (event.type === "approval")
        await runtime.respondToApproval(
          event.id,
          event.request.tool === "write_file" ? "reject" : "approve",
          {
            ...(event.request.tool === "write_file" ? { feedback: "Not that one." } : {}),
          },
        );
    }
    await runtime.dispose();
    assert.equal(await readFile(join(folder, "a.txt"), "utf8"), "two\n");
    const store = await SqliteStore.open({
      folder: storePath(),
      workerFile: sqliteWorkerPath(distDirectory()),
    });
    const saved = await recordedAgents(store, runId);
    await store.close();
    assert.deepEqual(saved.target, { kind: "agent", mode: "default" });
    assert.deepEqual(saved.cases[0]?.recording?.files, { "a.txt": "one\n" });
    assert.deepEqual(Object.keys(saved.cases[0]?.recording?.scripts ?? {}), ["boss", "writer"]);
    // A provider that cannot answer: nobody is asked.
    const artifacts: EvalArtifact[] = [];
    for (const _ of [1, 2]) {
      const other = open([]);
      artifacts.push(await other.runEval(JSON.stringify(saved)));
      await other.dispose();
    }
    const [first, second] = artifacts;
    assert.equal(first?.ok, true, first?.cases[0]?.attempts[0]?.why);
    assert.deepEqual(first && withoutVolatile(first), second && withoutVolatile(second));
    assert.match(first?.cases[0]?.attempts[0]?.why ?? "", /files-changed: exactly a\.txt$/);
    assert.equal(await readFile(join(folder, "a.txt"), "utf8"), "two\n");
  });

  it("H22 A16 saves a turn of the single agent, with what a command gave, and runs none in the replay", async () => {
    const marker = join(folder, "made-by-command");
    const model = scripted([
      calls([
        "run_command",
        { argv: ["node", "-e", "require('fs').appendFileSync('made-by-command', 'x'); console.log('made')"] },
      ]),
      says("It is made."),
    ]);
    const workspace = openScriptedWorkspace(folder, () => model);
    const store = new MemoryStore();
    const services = { workspace, store, personStore: null, tools: shippedTools(), sql: postgresParser() };
    const agents = new AgentRuntime(services, {
      provider: "scripted",
      tools: ["run_command"],
      allowSystemTools: true,
      approvalCallback: () => true,
    });
    const result = await agents.execute("make it");
    assert.equal(result.success, true, result.error ?? "");
    assert.equal(await readFile(marker, "utf8"), "x");
    const saved = await recordedAgents(store, result.runId);
    assert.deepEqual(saved.target, { kind: "single-agent", mode: "default", tools: ["run_command"] });
    assert.match(saved.cases[0]?.recording?.results.run_command?.[0]?.output ?? "", /made/);
    const plan = readRuntime(defaultRuntime());
    const artifact = await runEval(saved, {
      workspace,
      sql: services.sql,
      agents: async () => ({ plan, services }),
      now: Date.now,
    });
    assert.equal(artifact.ok, true, artifact.cases[0]?.attempts[0]?.why);
    assert.deepEqual(
      artifact.cases[0]?.attempts[0]?.scores.map(({ type }) => type),
      ["tool-called", "approval-requested", "files-changed"],
    );
    assert.equal(await readFile(marker, "utf8"), "x", "the command did not run again");
    services.sql.dispose();
    await workspace.dispose();
  });
});

/** An artifact without what differs from one run to the next. */
function withoutVolatile(artifact: EvalArtifact): unknown {
  return JSON.parse(JSON.stringify(artifact), (key, value: unknown) =>
    VOLATILE_KEYS.includes(key) ? null : value,
  );
}
