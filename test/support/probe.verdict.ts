import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { isFailure, type SuiteResult } from "./host/suite-result.ts";
import { runHostSuite } from "./run-host-suite.ts";
import { lockSuite } from "./suite-lock.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "./temporary-folder.ts";

// The harness must not call a run good that was not: VS Code's page reports success in each of the first two cases.
describe("harness: the verdict", function () {
  this.timeout(90_000);
  let temporary: TemporaryFolder;

  before(async () => {
    temporary = await makeTemporaryFolder("verdict");
  });
  after(() => temporary.remove());

  it("is failed where the extension host dies in the middle", async () => {
    const result = await run("dies", `${test("passed")} process.exit(0);`);
    assert.equal(result.passed, 1);
    assert.match(result.broken ?? "", /broke off/);
    assert.ok(isFailure(result));
  });

  it("is failed where no test ran", async () => {
    const result = await run("empty", end);
    assert.match(result.broken ?? "", /no test/);
    assert.ok(isFailure(result));
  });

  it("is failed where one test of two failed", async () => {
    const result = await run("fails", `${test("passed")} ${test("failed")} ${end}`);
    assert.deepEqual([result.passed, result.failed, result.broken], [1, 1, undefined]);
    assert.ok(isFailure(result));
  });

  async function run(name: string, body: string): Promise<SuiteResult> {
    const suite = path.join(temporary.folder, `${name}.js`);
    const source = `import { appendFileSync } from "node:fs";
const write = (event) => appendFileSync(process.env.AKSARA_SUITE_RESULT, JSON.stringify(event) + "\\n");
export async function run() { ${body} }`;
    await writeFile(suite, source);
    const options = { vscode: "latest", workspaceTrust: false, limitMs: 30_000, print: () => {} } as const;
    return runHostSuite({ name: `verdict-${name}`, suite, ...options });
  }
});

describe("harness: the lock", () => {
  it("is waited for while its holder lives, and taken from a dead one", async () => {
    const temporary = await makeTemporaryFolder("lock");
    const file = path.join(temporary.folder, "lock");
    try {
      const held = await lockSuite({ file });
      const again = await lockSuite({ file, limitMs: 0 });
      held.release();
      assert.equal(existsSync(file), true, "the second holder still has it");
      again.release();
      assert.equal(existsSync(file), false);
      const other = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"]);
      try {
        await writeFile(file, String(other.pid));
        await assert.rejects(lockSuite({ file, limitMs: 0 }), new RegExp(`Process ${other.pid} holds`));
      } finally {
        other.kill();
      }
      await rm(file, { force: true });
      const dead = spawnSync(process.execPath, ["--eval", ""]).pid;
      await writeFile(file, String(dead));
      (await lockSuite({ file, limitMs: 0 })).release();
    } finally {
      await temporary.remove();
    }
  });
});

const end = 'write({ event: "end" });';

function test(state: "passed" | "failed"): string {
  return `write({ event: "test", name: "t", depth: 0, test: { title: "t", state: "${state}", duration: 0 } });`;
}
