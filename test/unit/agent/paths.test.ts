import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { ErrorCode } from "../../../src/errors.ts";
import { type AgentBench, type BenchOptions, calls, openBench, says } from "./support.ts";

const read = (path: string) => calls(["read_file", { path }]);

describe("paths", () => {
  let bench: AgentBench;
  const open = async (answers: Parameters<typeof openBench>[0], options: BenchOptions = {}) => {
    bench = await openBench(answers, { mode: "autonomous", ...options });
    return bench.runtime;
  };
  afterEach(() => bench.dispose());

  const REFUSED: readonly (readonly [path: string, code: ErrorCode])[] = [
    ["../outside.txt", "PATH_REFUSED"],
    ["a/../../outside.txt", "PATH_REFUSED"],
    ["/etc/passwd", "PATH_REFUSED"],
    ["link-out/passwd", "PATH_REFUSED"],
    ["link-file", "PATH_REFUSED"],
    ["dangling", "PATH_REFUSED"],
    ["loop", "PATH_REFUSED"],
    ["a\0b", "PATH_REFUSED"],
    ["C:\\Windows\\win.ini", "PATH_REFUSED"],
    ["C:/Windows/win.ini", "PATH_REFUSED"],
    ["\\\\server\\share\\x", "PATH_REFUSED"],
    ["//server/share/x", "PATH_REFUSED"],
    ["..\\outside.txt", "PATH_REFUSED"],
    ["a/NUL", "PATH_REFUSED"],
    ["con.txt", "PATH_REFUSED"],
    ["COM1", "PATH_REFUSED"],
    ["notes.txt::$DATA", "PATH_REFUSED"],
    [".env.", "PATH_REFUSED"],
    [".env ", "PATH_REFUSED"],
    [".env", "SECRET_REFUSED"],
    [".ENV", "SECRET_REFUSED"],
    [".e\u200bnv", "SECRET_REFUSED"],
    ["．env", "SECRET_REFUSED"],
    ["config/.env.production", "SECRET_REFUSED"],
    ["keys/id_rsa", "SECRET_REFUSED"],
    ["server.pem", "SECRET_REFUSED"],
    [".ssh/config", "SECRET_REFUSED"],
    [".aws/config", "SECRET_REFUSED"],
    ["link-secret", "SECRET_REFUSED"],
    ["private/plan.txt", "SECRET_REFUSED"],
  ];
  const FILES = {
    "notes.txt": "needle in notes\n",
    ".env": "needle=SECRET-VALUE\n",
    "config/.env.production": "needle=SECRET-VALUE\n",
    "keys/id_rsa": "needle SECRET-VALUE\n",
    "server.pem": "needle SECRET-VALUE\n",
    "private/plan.txt": "needle SECRET-VALUE\n",
    ".aksaraignore": "private/\n",
  };
  const prepare = async () => {
    await symlink("/etc", join(bench.folder, "link-out"));
    await symlink("/etc/passwd", join(bench.folder, "link-file"));
    await symlink(join(bench.folder, "..", "nowhere"), join(bench.folder, "dangling"));
    await symlink("loop", join(bench.folder, "loop"));
    await symlink(".env", join(bench.folder, "link-secret"));
    await mkdir(join(bench.folder, "a"));
  };

  for (const [path, code] of REFUSED)
    it(`A12 ${JSON.stringify(path)} is neither read, listed, searched, written nor changed`, async () => {
      const runtime = await open(
        [
          calls(
            ["read_file", { path }],
            ["list_files", { path }],
            ["search_files", { text: "needle", path }],
            ["write_file", { path, content: "x" }],
            ["patch_file", { files: [{ path, edits: [{ old_text: "needle", new_text: "x" }] }] }],
          ),
          says("done"),
        ],
        { files: FILES, approvalCallback: () => true },
      );
      await prepare();
      const result = await runtime.execute("go");
      assert.deepEqual(
        result.actions.map(({ error }) => error),
        Array(5).fill(code),
      );
      assert.deepEqual([...result.createdFiles, ...result.modifiedFiles], []);
      assert.ok(!JSON.stringify(bench.requests).includes("SECRET-VALUE"));
    });

  it("A12 paths inside are taken in every plain form", async () => {
    const runtime = await open(
      [
        calls(["read_file", { path: "./a/../notes.txt" }], ["read_file", { path: "a//../notes.txt" }]),
        says("done"),
      ],
      { files: FILES },
    );
    await prepare();
    const result = await runtime.execute("go");
    assert.deepEqual(
      result.actions.map(({ error }) => error),
      [null, null],
    );
    const inside = bench.again([
      calls(["read_file", { path: join(bench.folder, "notes.txt") }]),
      says("done"),
    ]);
    assert.match((await inside.execute("go")).actions[0]?.output ?? "", /^notes\.txt, lines/);
  });

  it("A12 listing and searching go round secrets, and say how many there are", async () => {
    const runtime = await open(
      [
        calls(
          ["list_files", {}],
          ["search_files", { text: "needle" }],
          ["search_files", { text: "SECRET-VALUE" }],
        ),
        says("done"),
      ],
      { files: FILES },
    );
    await prepare();
    const [listed, searched, secret] = (await runtime.execute("go")).actions;
    assert.equal(
      listed?.output,
      ".aksaraignore\na/\nconfig/\nkeys/\nnotes.txt\n[4 not named: they may hold secrets]",
    );
    assert.equal(searched?.output, "notes.txt:1: needle in notes");
    assert.equal(secret?.error, "CONTEXT_NOT_FOUND");
  });

  it("A12 a pipe is not waited for", async () => {
    const runtime = await open([read("pipe"), says("done")], { toolTimeoutSeconds: 5 });
    execFileSync("mkfifo", [join(bench.folder, "pipe")]);
    assert.equal((await runtime.execute("go")).actions[0]?.error, "PATH_REFUSED");
  });
});
