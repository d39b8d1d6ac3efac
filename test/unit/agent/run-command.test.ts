import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { commandEnvironment } from "../../../src/agent/run-process.ts";
import type { ApprovalRequest } from "../../../src/protocol/agent.ts";
import { type AgentBench, type Answers, type BenchOptions, calls, openBench, says } from "./support.ts";

const node = (code: string) => [process.execPath, "work.mjs", code];
/** Runs the code that it is given: an argument is no danger by itself, `node -e` would be. */
const WORK = "await (async () => eval(process.argv[2]))();\n";

describe("run_command", () => {
  let bench: AgentBench;
  const open = async (answers: Answers, options: BenchOptions = {}) => {
    bench = await openBench(answers, {
      files: { "work.mjs": WORK, "package.json": '{"scripts": {"test": "true"}}' },
      allowSystemTools: true,
      approvalCallback: () => true,
      ...options,
    });
    return bench.runtime;
  };
  const run = async (input: object, options: BenchOptions = {}) => {
    const runtime = await open([calls(["run_command", input]), says("done")], options);
    const [action] = (await runtime.execute("go")).actions;
    assert.ok(action);
    return action;
  };
  afterEach(async () => {
    await bench?.dispose();
  });

  it("A16 gives the exit code and both streams, and runs in the folder that was named", async () => {
    const action = await run({
      argv: node("console.log(process.cwd().split('/').pop()); console.error('bad'); process.exitCode = 3"),
    });
    assert.equal(action.output, "exit code 3\nstandard output:\nproject\n\nstandard error:\nbad\n");
  });

  // prove: src/agent/run-process.ts :: if (value !== undefined && ALLOWED.test(name)) environment[name] = value; => if (value !== undefined) environment[name] = value;
  it("A16 has an environment without secrets", async () => {
    process.env.AKSARA_TEST_API_KEY = "SECRET-VALUE";
    try {
      const action = await run({ argv: node("console.log(JSON.stringify(process.env))") });
      assert.ok(!action.output.includes("SECRET-VALUE"));
      assert.match(action.output, /"PATH"/);
    } finally {
      delete process.env.AKSARA_TEST_API_KEY;
    }
    const harmless = commandEnvironment({
      DATABASE_URL: "x",
      GITHUB_TOKEN: "x",
      LD_PRELOAD: "x",
      NODE_OPTIONS: "x",
      PATH: "p",
    });
    assert.deepEqual(Object.keys(harmless).toSorted(), [
      "CI",
      "GIT_PAGER",
      "GIT_TERMINAL_PROMPT",
      "NO_COLOR",
      "PAGER",
      "PATH",
    ]);
  });

  // prove: src/agent/process-tree.ts :: for (const target of [-pid, ...tree]) { => for (const target of [pid]) {
  it("A16 A08 a timeout ends the whole tree, also a child that left its group", async () => {
    const marker = "alive";
    const grandchild = `setTimeout(() => require("fs").writeFileSync(${JSON.stringify(marker)}, ""), 4000)`;
    const code = `const { spawn } = await import("node:child_process"); for (const detached of [false, true]) spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}], { detached, stdio: "ignore" }); setTimeout(() => {}, 60000)`;
    const action = await run(
      { argv: node(`(async () => { ${code} })()`) },
      { toolTimeoutSeconds: 2.5, errorStrategy: "skip", beforeTool: () => true, ownTools: [] },
    );
    assert.equal(action.error, "TOOL_TIMEOUT");
    await new Promise((resolve) => setTimeout(resolve, 4_500));
    assert.ok(!existsSync(join(bench.folder, marker)));
  }).timeout(30_000);

  it("A09 100 MB of output are read to the end, and a part is kept", async () => {
    const action = await run({
      argv: node("const s = 'x'.repeat(1e6); for (let i = 0; i < 100; i++) process.stdout.write(s)"),
    });
    assert.match(action.output, /^exit code 0/);
    assert.match(action.output, /characters left out/);
    assert.ok(action.output.length < 20_000);
  }).timeout(30_000);

  it("A16 a program that is not there, and a folder outside, are results", async () => {
    assert.match((await run({ argv: ["no-such-program-here"] })).output, /ENOENT/);
    await bench.dispose();
    assert.equal((await run({ argv: ["ls"], cwd: "../" })).error, "PATH_REFUSED");
  });

  it("A01 A02 is off unless system tools are allowed, and then asks in every mode", async () => {
    assert.equal((await run({ argv: ["ls"] }, { allowSystemTools: false })).approval.rule, "system-off");
    await bench.dispose();
    const asked: ApprovalRequest[] = [];
    await run(
      { argv: ["git", "push"] },
      {
        mode: "autonomous",
        approvalCallback: (_tool, _input, request) => {
          asked.push(request);
          return false;
        },
      },
    );
    const [request] = asked;
    assert.equal(request?.decision.rule, "danger");
    assert.equal(request?.decision.risk, "high");
    assert.deepEqual(request?.scopes, ["once"]);
    assert.deepEqual(request?.preview, { kind: "command", command: "git push", cwd: "" });
  });

  it("A16 a text for a shell is asked about as what it is", async () => {
    const asked: ApprovalRequest[] = [];
    const action = await run(
      { shell: "echo one && echo two" },
      {
        approvalCallback: (_tool, _input, request) => {
          asked.push(request);
          return { outcome: "approve", scope: "always" };
        },
      },
    );
    assert.match(action.output, /one\ntwo/);
    assert.deepEqual([asked[0]?.decision.rule, asked[0]?.scopes], ["danger", ["once"]]);
    assert.deepEqual(await bench.runtime.grants.list(), []);
  });

  it("A07 a lasting approval of a script's name ends when the file that says what it does changes", async () => {
    const call = () => calls(["run_command", { argv: ["npm", "test", "--silent"] }]);
    let asked = 0;
    const runtime = await open([call(), call(), call(), says("done")], {
      approvalCallback: () => {
        asked++;
        return { outcome: "approve", scope: "session" };
      },
      afterTool: async () => {
        if (asked === 1 && bench.requests.length === 2)
          await bench.put("package.json", '{"scripts": {"test": "echo other"}}');
      },
    });
    const { actions } = await runtime.execute("go");
    assert.deepEqual(
      actions.map(({ approval }) => approval.rule),
      ["require-approval", "grant-session", "require-approval"],
    );
  }).timeout(30_000);
});
