import assert from "node:assert/strict";
import { join } from "node:path";
import {
  type AgentEvent,
  AgentSpecSchema,
  createRuntime,
  defineRuntime,
  isAksaraError,
  openWorkspace,
  RuntimeSpecSchema,
  ToolSpecSchema,
} from "../../../src/index.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";

describe("createRuntime", () => {
  let temporary: TemporaryFolder;
  let deployed: string[];
  beforeEach(async () => {
    temporary = await makeTemporaryFolder("runtime-library");
    deployed = [];
  });
  afterEach(async () => {
    await temporary.remove();
  });

  const spec = (answers: readonly object[]) =>
    defineRuntime({ resource_id: "acme", version: "1" }, {
      agents: [
        {
          name: "boss",
          role: "coordinator",
          stateful: true,
          model: "m",
          systemPrompt: "You are boss.",
          tools: [{ name: "deploy", approval: "always", handler: (() => deployed.push("done")) as never }],
        },
      ],
      providers: { scripted: { script: { answers } } },
      storage_factories: { kv: { kind: "sqlite", config: { path: join(temporary.folder, "store") } } },
    } as never);
  const DEPLOY = { steps: [{ tool: "deploy", input: {} }] };
  const DONE = { steps: [{ text: "Deployed." }] };
  const open = (answers: readonly object[]) =>
    createRuntime(spec(answers), { interpreter: "scripted", workspace: temporary.folder, keep: false });
  const lastOf = async (
    events: AsyncIterable<AgentEvent>,
    onEvent: (event: AgentEvent) => unknown = () => undefined,
  ) => {
    let last: AgentEvent | undefined;
    for await (const event of events) {
      last = event;
      await onEvent(event);
    }
    return last;
  };

  it("H16 H18 disposing in the middle of a question loses nothing: another process answers and goes on", async () => {
    const first = open([DEPLOY]);
    let disposed: Promise<void> | null = null;
    const last = await lastOf(first.query("deploy", "t"), ({ type }) => {
      if (type === "approval") disposed = first.dispose();
    });
    await disposed;
    assert.equal(last?.type, "interrupted");
    const second = open([DONE]);
    const [interrupted] = await second.listInterrupted();
    assert.deepEqual([interrupted?.reason, interrupted?.resumeToken], ["waiting", last?.runId]);
    const [gate] = await second.listPendingApprovals();
    await second.respondToApproval(gate?.id ?? "", "approve");
    const end = await lastOf(second.query("", "t", interrupted?.resumeToken));
    assert.deepEqual([end?.type, deployed], ["complete", ["done"]]);
    assert.equal((await second.getTrace(last?.runId ?? ""))?.status, "complete");
    await second.dispose();
  });

  it("H12 says what is wrong before anything is opened", () => {
    assert.throws(
      () => createRuntime(spec([]), { testing: { mock_response: "x" }, interpreter: "scripted" }),
      (error) => isAksaraError(error) && error.code === "SPEC_INVALID",
    );
    assert.throws(
      () => createRuntime({ tenant: { resource_id: "" } } as never),
      (error) => isAksaraError(error) && error.code === "SPEC_INVALID" && /^tenant\./.test(error.message),
    );
  });

  it("H12 needs a place for a store that has one", async () => {
    for (const [kv, expected] of [
      [{ kind: "sqlite" }, /storageFactories\.kv\.config\.path/],
      [{ kind: "postgres" }, /storageFactories\.kv\.config\.url/],
      [{ kind: "paper" }, /storageFactories\.kv\.kind: expected memory, sqlite, postgres or redis/],
    ] as const) {
      const runtime = createRuntime({ ...spec([]), storageFactories: { kv } } as never, {
        workspace: temporary.folder,
        keep: false,
      });
      await assert.rejects(
        runtime.listThreads(),
        (error) => isAksaraError(error) && expected.test(error.message),
      );
      await runtime.dispose();
    }
  });

  it("V05 does nothing in a workspace that is not trusted", async () => {
    const workspace = openWorkspace(temporary.folder, { trusted: false, cache: false });
    const runtime = createRuntime(spec([DEPLOY]), { interpreter: "scripted", workspace, keep: false });
    const end = await lastOf(runtime.query("deploy", "t"));
    assert.ok(end?.type === "error" && end.code === "WORKSPACE_UNTRUSTED", JSON.stringify(end));
    assert.deepEqual(deployed, []);
    await runtime.dispose();
    await workspace.dispose();
  });

  it("exports the schemas of the spec", () => {
    assert.equal(RuntimeSpecSchema.safeParse(spec([])).success, true);
    assert.equal(AgentSpecSchema.safeParse({ name: "a" }).success, false);
    assert.deepEqual(ToolSpecSchema.parse({ name: "a" }).class, "read");
  });
});
