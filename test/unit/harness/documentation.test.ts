import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { VOLATILE_KEYS } from "../../../src/harness/evals/artifact.ts";
import { parseEvalFile } from "../../../src/harness/evals/eval-file.ts";
import { SCORER_TYPES } from "../../../src/harness/evals/scorer-spec.ts";
import { parseRuntimeFile } from "../../../src/harness/runtime-file.ts";
import { TOOLKITS } from "../../../src/harness/toolkits.ts";
import { evalCommand } from "../../../src/hosts/cli/commands/eval.ts";
import type { CliCommand } from "../../../src/hosts/cli/context.ts";
import { PROGRAM } from "../../../src/hosts/cli/program.ts";
import { makeTemporaryFolder } from "../../support/temporary-folder.ts";

const DOCUMENT = fileURLToPath(new URL("../../../docs/harness.md", import.meta.url));
const LIBRARY = pathToFileURL(fileURLToPath(new URL("../../../src/index.ts", import.meta.url))).href;

describe("docs/harness.md", () => {
  let text: string;
  before(async () => {
    text = await readFile(DOCUMENT, "utf8");
  });
  const blocks = (language: string) =>
    [...text.matchAll(/```(\w*)\n([\s\S]*?)```/g)].flatMap(([, of, block = ""]) =>
      of === language ? [block] : [],
    );

  it("has programs that print what it says", async () => {
    const printed = [...text.matchAll(/It prints `([^\n]*)`\./g)].map(([, line = ""]) =>
      line.split("` and `"),
    );
    const programs = blocks("js");
    assert.deepEqual([programs.length, printed.length], [2, 2]);
    const temporary = await makeTemporaryFolder("documentation");
    const project = join(temporary.folder, "project");
    await mkdir(project);
    for (const [at, program] of programs.entries()) {
      const file = join(temporary.folder, `${at}.mjs`);
      await writeFile(file, program.replace('"aksara-studio"', JSON.stringify(LIBRARY)));
      const { out, err } = await new Promise<{ out: string; err: string }>((resolve) =>
        execFile(process.execPath, [file], { cwd: project }, (_error, out, err) => resolve({ out, err })),
      );
      assert.deepEqual(out.trim().split("\n"), printed[at], err);
    }
    await temporary.remove();
  });

  it("has a file that is right", async () => {
    const [yaml = ""] = blocks("yaml");
    const { spec, problems } = await parseRuntimeFile("runtime.yaml", yaml);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      spec?.agents.map(({ name, maxTurns }) => [name, maxTurns]),
      [
        ["lead", null],
        ["reviewer", 10],
      ],
    );
  });

  it("names commands and options that there are", () => {
    const lines = blocks("")
      .flatMap((block) => block.split("\n"))
      .filter((line) => line.startsWith("aksara "));
    assert.ok(lines.length >= 10);
    for (const line of lines) {
      let command: CliCommand = PROGRAM;
      for (const word of line.split(" ").slice(1)) {
        if (command.type === "leaf") break;
        const next: CliCommand | undefined = command.commands[word];
        assert.ok(next, `${word} in ${line}`);
        command = next;
      }
      for (const [, option = ""] of line.matchAll(/--([a-z-]+)/g))
        assert.ok(command.type === "leaf" && option in command.options, `--${option} in ${line}`);
    }
  });

  it("names every toolkit", () => {
    for (const name of Object.keys(TOOLKITS)) assert.ok(text.includes(`\`${name}\``), name);
  });
});

describe("docs/evals.md", () => {
  it("has a file that is right, and names every expectation and every option", async () => {
    const text = await readFile(fileURLToPath(new URL("../../../docs/evals.md", import.meta.url)), "utf8");
    const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
    const { request, problems } = await parseEvalFile("evals.yaml", yaml);
    assert.deepEqual(problems, []);
    assert.equal(request?.thresholds.passRate, 1);
    for (const type of SCORER_TYPES) assert.ok(text.includes(`\`${type}\``), type);
    for (const key of VOLATILE_KEYS) assert.ok(text.includes(`\`${key}\``), key);
    const used = [...text.matchAll(/ --([a-z][a-z-]*)/g)].map(([, name = ""]) => name);
    for (const name of used) assert.ok(name === "format" || name in evalCommand.options, name);
  });
});
