import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { aksara, type CliAnswer, cliEnvironment } from "../../support/aksara-process.ts";
import { otlpTracesSchema } from "../../support/otlp-schema.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";

const RUNTIME = `
agents:
  - name: boss
    role: coordinator
    stateful: true
    model: default
    system_prompt: You are boss.
    routes: [writer]
  - name: writer
    role: specialist
    stateful: false
    model: default
    systemPrompt: You are writer.
    toolkits: [edits, workspace]
`;

const WRITE = {
  answers: [
    {
      when: { last: "write it" },
      repeat: true,
      steps: [{ tool: "hand_off", input: { agent: "writer", task: "do it" } }],
    },
    {
      when: { system: "You are writer.", last: "do it" },
      repeat: true,
      steps: [{ tool: "write_file", input: { path: "a.txt", content: "hello\n" } }],
    },
    { when: { tool_result: "write_file" }, repeat: true, steps: [{ text: "Written.\n" }] },
    { when: { tool_result: "hand_off" }, repeat: true, steps: [{ text: "Done.\n" }] },
    { repeat: true, steps: [{ text: "Hello.\n" }] },
  ],
};

describe("aksara runtime", () => {
  let temporary: TemporaryFolder;
  let project: string;

  beforeEach(async () => {
    temporary = await makeTemporaryFolder("runtime-cli");
    project = join(temporary.folder, "project");
    await mkdir(join(project, ".aksara"), { recursive: true });
    await writeFile(join(project, ".aksara/runtime.yaml"), RUNTIME);
    await writeFile(join(temporary.folder, "script.json"), JSON.stringify(WRITE));
  });
  afterEach(async () => {
    await temporary.remove();
  });

  const runtime = (...args: readonly string[]): Promise<CliAnswer> =>
    aksara(
      ["runtime", ...args, "--workspace", project],
      cliEnvironment(temporary.folder, { AKSARA_SCRIPT: join(temporary.folder, "script.json") }),
    );
  const json = async (...args: readonly string[]) => {
    const answer = await runtime(...args, "--format", "json");
    return JSON.parse(answer.out);
  };

  it("H16 asks the agents of the workspace's file, and remembers the conversation", async () => {
    const first = await runtime("query", "hello", "--thread", "t", "--provider", "scripted");
    assert.equal(first.code, 0, first.err);
    assert.equal(first.out, "Hello.\n");
    await runtime("query", "again", "--thread", "t", "--provider", "scripted");
    const { threads } = await json("threads");
    assert.deepEqual(
      threads.map(({ id, runs }: { id: string; runs: { task: string; progress: string }[] }) => [
        id,
        runs.map(({ task, progress }) => `${task} ${progress}`),
      ]),
      [["t", ["hello complete", "again complete"]]],
    );
  });

  it("H17 H18 leaves a question open where nobody is, takes the answer from another process, and goes on", async () => {
    const asked = await runtime("query", "write it", "--thread", "t", "--provider", "scripted");
    assert.equal(asked.code, 1);
    assert.match(asked.err, /write_file/);
    const id = /aksara runtime approvals approve (\S+) lets boss\/writer do it/.exec(asked.err)?.[1] ?? "";
    const run = /aksara runtime resume (\S+) goes on/.exec(asked.err)?.[1] ?? "";
    const { interrupted } = await json("threads");
    assert.deepEqual([interrupted[0].resumeToken, interrupted[0].reason], [run, "waiting"]);
    const listed = await runtime("approvals");
    assert.ok(listed.out.includes(id) && listed.out.includes("+hello"), listed.out);
    const answered = await runtime("approvals", "approve", id);
    assert.equal(answered.code, 0, answered.err);
    const twice = await runtime("approvals", "reject", id);
    assert.equal(twice.code, 1);
    assert.match(twice.err, /has been answered/);
    const rest = await runtime("resume", run, "--provider", "scripted");
    assert.equal(rest.code, 0, rest.err);
    assert.equal(rest.out, "Written.\nDone.\n  - Created a.txt\n");
    assert.equal(await readFile(join(project, "a.txt"), "utf8"), "hello\n");
  });

  it("H17 revises from the command line", async () => {
    const asked = await json("query", "write it", "--provider", "scripted");
    assert.equal(asked.stopReason, "waiting");
    const { approvals } = await json("approvals");
    const partial = JSON.stringify({ content: "mine\n" });
    const answered = await runtime("approvals", "revise", approvals[0].id, "--partial", partial);
    assert.equal(answered.code, 0, answered.err);
    const rest = await json("resume", asked.runId, "--provider", "scripted");
    assert.deepEqual([rest.success, rest.createdFiles], [true, ["a.txt"]]);
    assert.equal(await readFile(join(project, "a.txt"), "utf8"), "mine\n");
  });

  it("H21 lists, shows and exports what agents did", async () => {
    const asked = await json("query", "write it", "--thread", "t", "--provider", "scripted");
    const trace = (...args: readonly string[]): Promise<CliAnswer> =>
      aksara(["trace", ...args, "--workspace", project], cliEnvironment(temporary.folder));
    const listed = JSON.parse((await trace("list", "--format", "json")).out);
    assert.deepEqual(
      listed.traces.map(({ id, kind, status, what }: Record<string, string>) => [id, kind, status, what]),
      [[asked.runId, "runtime", "interrupted", "boss, thread t"]],
    );
    const shown = await trace("show", asked.runId);
    assert.match(shown.out, /\n {4}invoke_agent boss\/writer \(/);
    assert.match(shown.out, /\n {6}wait_for_approval write_file \(not ended\)/);
    const { resourceSpans } = JSON.parse((await trace("export", asked.runId)).out);
    assert.ok(resourceSpans[0].scopeSpans[0].spans.length >= 5);
    const unknown = await trace("show", "../../etc/passwd");
    assert.deepEqual([unknown.code, /There is no run/.test(unknown.err)], [1, true]);
    assert.equal((await trace("show")).code, 2);
  });

  it("H21 narrows the list, tells what was said only when asked to, sends to a collector, and forgets", async () => {
    const asked = await json("query", "write it", "--thread", "t", "--provider", "scripted");
    await runtime("query", "hello", "--thread", "u", "--provider", "scripted");
    const trace = (...args: readonly string[]): Promise<CliAnswer> =>
      aksara(["trace", ...args, "--workspace", project], cliEnvironment(temporary.folder));
    const listed = async (...args: readonly string[]) =>
      JSON.parse((await trace("list", ...args, "--format", "json")).out).traces.length;
    assert.deepEqual(
      [await listed(), await listed("--status", "interrupted"), await listed("--text", "WRITE")],
      [2, 1, 1],
    );
    assert.equal((await trace("list", "--status", "lost")).code, 2);
    assert.doesNotMatch((await trace("show", asked.runId)).out, /do it/);
    assert.match(
      (await trace("show", asked.runId, "--content")).out,
      /in \{"agent":"writer","task":"do it"\}/,
    );
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      request.setEncoding("utf8").on("data", (part: string) => bodies.push(part));
      request.on("end", () => response.end("{}"));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const sent = await trace("export", asked.runId, "--otlp", `http://127.0.0.1:${port}`);
      assert.match(sent.out, /^\d+ spans were sent to 127\.0\.0\.1:\d+\.\n$/);
      otlpTracesSchema.parse(JSON.parse(bodies.join("")));
    } finally {
      server.close();
    }
    const refused = await trace("export", asked.runId, "--otlp", "http://collector.example");
    assert.deepEqual([refused.code, /over https only/.test(refused.err)], [1, true]);
    assert.equal((await trace("forget")).code, 2);
    assert.equal((await trace("forget", "--older-than", "1")).out, "0 runs were deleted.\n");
  });

  it("asks one agent by its name, as events", async () => {
    const answer = await runtime(
      "query",
      "hi",
      "--agent",
      "writer",
      "--provider",
      "scripted",
      "--stream-json",
    );
    const events = answer.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(events.at(-1).type, "complete");
    assert.deepEqual([...new Set(events.map(({ agent }) => agent))], ["writer"]);
    const wrong = await runtime("query", "hi", "--agent", "writter", "--provider", "scripted");
    assert.match(wrong.err, /Did you mean writer/);
  });

  it("H10 says what is wrong in the file, and where", async () => {
    await writeFile(
      join(project, ".aksara/runtime.yaml"),
      RUNTIME.replace("[writer]", "[writter]").replace("[edits", "[edit"),
    );
    const answer = await runtime("agents");
    assert.equal(answer.code, 1);
    assert.match(
      answer.err,
      /\.aksara\/runtime\.yaml:8: agents\[0\]\.routes\[0\]: expected an agent of this runtime, not "writter"; there is "writer"/,
    );
    await writeFile(join(project, ".aksara/runtime.json"), "{}");
    assert.match((await runtime("agents")).err, /There is \.aksara\/runtime\.json already/);
  });

  it("lists the agents that ship where the workspace describes none", async () => {
    await writeFile(join(project, ".aksara/runtime.yaml"), "");
    assert.equal((await runtime("agents")).code, 1);
    const { rm } = await import("node:fs/promises");
    await rm(join(project, ".aksara/runtime.yaml"));
    const answer = await runtime("agents");
    assert.equal(answer.code, 0);
    for (const name of ["coordinator", "planner", "executor", "schema", "queries", "security", "migrations"])
      assert.ok(answer.out.includes(name), name);
  });

  it("says how a command is used", async () => {
    assert.equal((await runtime("query")).code, 2);
    assert.equal((await runtime("resume")).code, 2);
    assert.equal((await runtime("approvals", "maybe", "x")).code, 2);
    assert.equal((await runtime("approvals", "revise", "x", "--partial", "5")).code, 2);
    assert.match((await runtime("approvals", "approve", "x")).err, /There is no approval x/);
    assert.match((await runtime("resume", "0".repeat(32))).err, /There is no run/);
  });
});
