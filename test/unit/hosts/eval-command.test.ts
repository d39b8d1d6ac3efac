import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { aksara, type CliAnswer, cliEnvironment } from "../../support/aksara-process.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";

const EVAL = `name: greeting
target: single-agent
cases:
  - id: says hello
    input: hello
    expect:
      - { type: contains, value: Hello }
    recording:
      scripts: { "": { answers: [{ steps: [{ text: "Hello & <welcome>." }] }] } }
  - id: says goodbye
    input: bye
    expect:
      - { type: contains, value: Goodbye }
    recording:
      scripts: { "": { answers: [{ steps: [{ text: "Hello & <welcome>." }] }] } }
`;

describe("aksara eval", function () {
  this.timeout(60_000);
  let temporary: TemporaryFolder;
  let project: string;
  beforeEach(async () => {
    temporary = await makeTemporaryFolder("eval-cli");
    project = join(temporary.folder, "project");
    await mkdir(join(project, ".aksara/evals"), { recursive: true });
    await writeFile(join(project, ".aksara/evals/greeting.yaml"), EVAL);
  });
  afterEach(async () => {
    await temporary.remove();
  });
  const run = (...args: readonly string[]): Promise<CliAnswer> =>
    aksara(["eval", ...args, "--workspace", project], cliEnvironment(temporary.folder));

  it("H22 runs the evals of the workspace, says why one failed, and ends with 1", async () => {
    const { code, out } = await run();
    assert.equal(code, 1);
    assert.match(
      out,
      /^greeting\n {2}passed says hello\n {2}failed says goodbye\n {4}contains: expected "Goodbye" in "Hello & <welcome>\."\n/,
    );
    assert.match(out, /\n1 of 2 runs passed \(50 %, 95 % interval 9\.5 % to 90\.5 %\)/);
    assert.match(out, /\npassRate: 0\.5, wanted 1\n/);
  });

  it("H22 lists, filters, repeats, and gives one document", async () => {
    const listed = JSON.parse((await run("--list", "--format", "json")).out);
    assert.deepEqual(
      listed.evals[0].cases.map((each: { id: string; line: number; recorded: boolean }) => [
        each.id,
        each.line,
        each.recorded,
      ]),
      [
        ["says hello", 3, true],
        ["says goodbye", 9, true],
      ],
    );
    const { code, out } = await run(
      join(project, ".aksara/evals/greeting.yaml"),
      "--case",
      "hello",
      "--repeats",
      "3",
      "--format",
      "json",
    );
    assert.equal(code, 0);
    const artifact = JSON.parse(out);
    assert.deepEqual([artifact.ok, artifact.totals.attempts, artifact.cases.length], [true, 3, 1]);
    assert.deepEqual((await run("--case", "nothing")).code, 1);
    assert.equal((await run("--repeats", "none")).code, 2);
  });

  it("H22 writes a report that build servers read, and JUnit as its format", async () => {
    const report = join(temporary.folder, "out/report.xml");
    await run("--junit", report, "--quiet");
    const xml = await readFile(report, "utf8");
    assert.match(
      xml,
      /<testsuite name="greeting" tests="2" failures="1" errors="0" skipped="0" timestamp="[\d-]+T[\d:.]+" time="[\d.]+">/,
    );
    assert.match(xml, /<testcase name="says hello" classname="greeting" time="[\d.]+"\/>/);
    assert.match(
      xml,
      /<failure message="0 % of 1 runs passed" type="failure">run 1: contains: expected &quot;Goodbye&quot; in &quot;Hello &amp; &lt;welcome&gt;\.&quot;<\/failure>/,
    );
    assert.match((await run("--format", "junit")).out, /^<\?xml version="1\.0"/);
  });

  it("H22 keeps a baseline and names what has become worse since", async () => {
    const file = join(project, ".aksara/evals/greeting.yaml");
    const baseline = join(temporary.folder, "baseline.json");
    assert.equal((await run(file, "--baseline", baseline)).code, 1);
    assert.equal((await run(file, "--case", "hello", "--write-baseline", baseline)).code, 0);
    await writeFile(
      file,
      EVAL.replace("value: Hello", "value: Good morning").replace(
        "greeting",
        "greeting\nthresholds: { passRate: 0 }",
      ),
    );
    const { code, out } = await run(file, "--baseline", baseline);
    assert.equal(code, 1);
    assert.match(out, /worse than the baseline: says hello, 100 % → 0 %: contains: expected "Good morning"/);
  });

  it("H22 names file, line and place of what is wrong, and runs nothing", async () => {
    await writeFile(
      join(project, ".aksara/evals/broken.json"),
      '{\n  "name": "x",\n  "target": "flow",\n  "cases": [{ "id": "a" }]\n}\n',
    );
    const { code, err, out } = await run();
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /\.aksara\/evals\/broken\.json:4: cases\[0\]\.input: /);
  });

  it("H22 has nothing to do in a folder without evals", async () => {
    await writeFile(join(project, ".aksara/evals/greeting.yaml"), EVAL);
    const { code, err } = await aksara(
      ["eval", "--workspace", temporary.folder],
      cliEnvironment(temporary.folder),
    );
    assert.equal(code, 3);
    assert.match(err, /There is no eval in \.aksara\/evals/);
  });

  // prove: src/hosts/shared/eval-files.ts :: if (!root || !(await isReallyWithin(path, root.path))) => if (!root)
  it("V06b an eval's baseline stays in the workspace", async () => {
    await writeFile(join(temporary.folder, "elsewhere.json"), "{}");
    await writeFile(join(project, ".aksara/evals/greeting.yaml"), `${EVAL}baseline: ../elsewhere.json\n`);
    const { code, err } = await run();
    assert.equal(code, 1);
    assert.match(err, /baseline: \.\.\/elsewhere\.json lies outside the workspace/);
  });
});
