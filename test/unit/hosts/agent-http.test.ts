import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AgentEvent, agentEventSchema, agentResultSchema } from "../../../src/protocol/agent.ts";
import {
  agentSessionSchema,
  agentToolListSchema,
  approvalListSchema,
  undoReportSchema,
} from "../../../src/protocol/agent-http.ts";
import { aksara, cliEnvironment, type ServingProcess, serve } from "../../support/aksara-process.ts";
import { hashFolder } from "../../support/folder-hash.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";
import { copyWorkspace, type WorkspaceCopy } from "../../support/workspace-copy.ts";

const SHOP = fileURLToPath(new URL("../../workspaces/shop-django", import.meta.url));

const patch = (text: string) => ({
  tool: "patch_file",
  input: {
    files: [
      {
        path: "catalog/models.py",
        edits: [
          {
            old_text: "class Product(UUIDModel, TimeStampedModel, SoftDeleteMixin):\n",
            new_text: `class Product(UUIDModel, TimeStampedModel, SoftDeleteMixin):\n    # ${text}\n`,
          },
        ],
      },
    ],
  },
});

const SCRIPT = {
  answers: [
    {
      when: { last: "mark it" },
      steps: [{ tool: "read_file", input: { path: "catalog/models.py" } }],
      repeat: true,
    },
    { when: { tool_result: "read_file" }, steps: [patch("marked")], repeat: true },
    { when: { tool_result: "patch_file" }, steps: [{ text: "Done." }], repeat: true },
    { when: { last: "think" }, steps: [{ hang: true }], repeat: true },
    {
      when: { last: "count the books" },
      steps: [{ tool: "query_records", input: { database: "shop", table: "books" } }],
      repeat: true,
    },
    { steps: [{ text: "Hello." }], repeat: true },
  ],
};
const MARK = { goal: "mark it", tools: ["read_file", "patch_file"], provider: "scripted" };

describe("agents over HTTP", function () {
  this.timeout(60_000);
  let temporary: TemporaryFolder;
  let shop: WorkspaceCopy;
  let server: ServingProcess;

  before(async () => {
    temporary = await makeTemporaryFolder("agent-http");
    shop = await copyWorkspace(SHOP);
    const script = join(temporary.folder, "script.json");
    await writeFile(script, JSON.stringify(SCRIPT));
    const environment = cliEnvironment(temporary.folder, {
      AKSARA_SCRIPT: script,
      AKSARA_DATABASE_SHOP: `sqlite:${join(temporary.folder, "other.sqlite")}`,
    });
    const url = `sqlite:${join(temporary.folder, "shop.sqlite")}`;
    const enabled = await aksara(
      ["db", "enable", "shop", "--url", url, "--workspace", shop.folder],
      cliEnvironment(temporary.folder),
    );
    assert.equal(enabled.code, 0, enabled.err);
    server = await serve(["--workspace", shop.folder], environment);
  });
  after(async () => {
    await server.stop();
    await shop.remove();
    await temporary.remove();
  });

  function send(path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${server.url}/studio/agent/${path}`, {
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
  }

  async function document(path: string, body?: object): Promise<unknown> {
    const response = await send(path, body);
    assert.equal(response.status, 200);
    return await response.json();
  }

  /** The events of a run as they come. */
  async function* events(body: object, signal?: AbortSignal): AsyncIterable<AgentEvent> {
    const response = await fetch(`${server.url}/studio/agent/run`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${server.token}`,
        "content-type": "application/json",
        accept: "text/event-stream",
      },
      body: JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });
    assert.match(response.headers.get("content-type") ?? "", /text\/event-stream/);
    let rest = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body as ReadableStream<Uint8Array>) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks)
        yield agentEventSchema.parse(JSON.parse(block.slice(block.indexOf("data: ") + 6)));
    }
  }

  const models = () => readFile(join(shop.folder, "catalog/models.py"), "utf8");

  // prove: src/hosts/cli/commands/serve.ts :: databaseSecrets: environmentDatabases(process.env), =>
  it("A15 a database has the address that the environment gives it, here as on the command line", async () => {
    const result = agentResultSchema.parse(
      await document("run", { goal: "count the books", tools: ["query_records"], provider: "scripted" }),
    );
    // It was enabled for another file: who trusts the environment sees that, who does not reads the wrong rows.
    assert.match(result.actions[0]?.output ?? "", /was enabled for .*shop\.sqlite.*other\.sqlite/);
  });

  it("lists the tools with their class, risk and schema", async () => {
    const { tools, total } = agentToolListSchema.parse(await document("tools"));
    assert.equal(tools.length, total);
    const patchFile = tools.find(({ name }) => name === "patch_file");
    assert.equal(patchFile?.class, "write");
    assert.ok(patchFile?.description && "properties" in patchFile.inputSchema);
  });

  it("A07 what a person must decide about is denied where nobody answers, and no file changes", async () => {
    const before = await hashFolder(shop.folder);
    const result = agentResultSchema.parse(await document("run", MARK));
    const call = result.actions.find(({ tool }) => tool === "patch_file");
    assert.equal(call?.error, "APPROVAL_REQUIRED");
    assert.deepEqual(await hashFolder(shop.folder), before);
  });

  it("a call waits for the answer of another request, runs as approved, and is taken back", async () => {
    const before = await models();
    const seen: string[] = [];
    let last: AgentEvent | null = null;
    for await (const event of events({ ...MARK, approvals: "wait" })) {
      seen.push(event.type);
      last = event;
      if (event.type !== "approval") continue;
      assert.equal(await models(), before, "nothing is done while it waits");
      const { approvals } = approvalListSchema.parse(await document("approvals"));
      assert.deepEqual(
        approvals.map(({ id, tool }) => [id, tool]),
        [[event.request.id, "patch_file"]],
      );
      assert.deepEqual(await document("approvals", { id: event.request.id, outcome: "approve" }), {
        ok: true,
        id: event.request.id,
      });
    }
    assert.equal(last?.type, "complete");
    assert.equal(seen.filter((type) => ["complete", "error", "interrupted"].includes(type)).length, 1);
    assert.match(await models(), /# marked/);
    const report = undoReportSchema.parse(await document("undo", { runId: last?.runId }));
    assert.deepEqual(report.files, ["catalog/models.py"]);
    assert.equal(await models(), before);
  });

  it("an approval that nobody asked for, or that was answered, is an error with its code", async () => {
    const unknown = (await document("approvals", { id: "nobody", outcome: "approve" })) as {
      error_code: string;
    };
    assert.equal(unknown.error_code, "APPROVAL_UNKNOWN");
    let id = "";
    for await (const event of events({ ...MARK, approvals: "wait" })) {
      if (event.type !== "approval") continue;
      id = event.request.id;
      await document("approvals", { id, outcome: "reject", feedback: "not today" });
    }
    const again = (await document("approvals", { id, outcome: "approve" })) as { error_code: string };
    assert.equal(again.error_code, "APPROVAL_ALREADY_ANSWERED");
    assert.doesNotMatch(await models(), /# marked/);
  });

  it("takes the turns of a session, and goes on with a run whose client went away", async () => {
    const { sessionId } = agentSessionSchema.parse(await document("sessions", {}));
    for (const goal of ["hello", "hello again"]) {
      const turn = agentResultSchema.parse(
        await document("run", { goal, sessionId, tools: [], provider: "scripted" }),
      );
      assert.deepEqual([turn.output, turn.sessionId], ["Hello.", sessionId]);
    }
    const gone = new AbortController();
    let runId = "";
    await assert.rejects(async () => {
      for await (const event of events({ ...MARK, approvals: "wait" }, gone.signal)) {
        runId = event.runId;
        if (event.type === "approval") gone.abort();
      }
    });
    for (let tries = 0; tries < 100; tries++) {
      const { total } = approvalListSchema.parse(await document("approvals"));
      if (total === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const before = await models();
    let result: unknown = null;
    for (let tries = 0; tries < 100; tries++) {
      result = await document("run", { resume: runId });
      // The run lets go of its journal after its client has gone.
      if ((result as { error_code?: string }).error_code !== "THREAD_BUSY") break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const resumed = agentResultSchema.parse(result);
    assert.equal(resumed.runId, runId);
    assert.equal(await models(), before, "resumed without anybody to ask, it changes nothing");
  });

  it("422 for a task that is no task, ok:false for what there is not", async () => {
    for (const body of [{}, { goal: "x", resume: "y" }, { goal: 5 }, { goal: "x", alowWrites: true }])
      assert.equal((await send("run", body)).status, 422, JSON.stringify(body));
    assert.equal((await send("undo", {})).status, 422);
    for (const [path, body, code] of [
      ["run", { goal: " ", provider: "scripted" }, "EMPTY_PROMPT"],
      ["run", { goal: "x", provider: "scripted", tools: ["no_such_tool"] }, "TOOL_NOT_FOUND"],
      ["run", { goal: "x", provider: "scripted", maxIterations: -1 }, "SPEC_INVALID"],
      ["run", { resume: "0".repeat(32) }, "RUN_NOT_FOUND"],
      ["undo", { runId: "0".repeat(32) }, "RUN_NOT_FOUND"],
    ] as const) {
      const answer = (await document(path, body)) as { ok: boolean; error_code: string };
      assert.deepEqual([answer.ok, answer.error_code], [false, code], JSON.stringify(body));
    }
  });

  it("401 and 403 hold here as everywhere", async () => {
    assert.equal((await send("approvals", undefined, { authorization: "Bearer wrong" })).status, 401);
    assert.equal((await send("run", MARK, { origin: "https://evil.example" })).status, 403);
  });
});
