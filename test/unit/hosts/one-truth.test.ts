import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import {
  buildPromptPack,
  documentText,
  executeFlow,
  openWorkspace,
  type Workspace,
} from "../../../src/index.ts";
import type { FlowContext } from "../../../src/protocol/action.ts";
import { type FlowRun, flowRunSchema } from "../../../src/protocol/execution.ts";
import { aksara, cliEnvironment, type ServingProcess, serve } from "../../support/aksara-process.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";

const SHOP = fileURLToPath(new URL("../../workspaces/shop-django", import.meta.url));
const SQL = "SELECT o.number FROM lontar_order o WHERE o.channel = 'web' -- `x`";

interface Request {
  readonly kind: string;
  readonly action: string;
  readonly context: FlowContext;
  readonly words: readonly string[];
}

/** One request as each surface takes it. */
const REQUESTS: readonly Request[] = [
  {
    kind: "model",
    action: "explain_model",
    context: { model_name: "orders.Order" },
    words: ["orders.Order"],
  },
  { kind: "model", action: "suggest_constraints", context: { model_name: "Ordr" }, words: ["Ordr"] },
  {
    kind: "route",
    action: "review_endpoint",
    context: { method: "GET", path: "/api/orders/" },
    words: ["GET:/api/orders/"],
  },
  { kind: "query", action: "suggest_indexes", context: { sql: SQL }, words: ["--sql", SQL] },
  {
    kind: "query",
    action: "explain_plan",
    context: { sql: SQL, include_explain: false, dialect: "postgresql" },
    words: ["--sql", SQL, "--no-explain", "--dialect", "postgresql"],
  },
  {
    kind: "migration",
    action: "explain_migration",
    context: { app: "orders", name: "0001" },
    words: ["--app", "orders", "--name", "0001"],
  },
  { kind: "diagnostic", action: "diagnostic_prioritize", context: {}, words: [] },
  { kind: "route", action: "explain_model", context: { method: "GET", path: "/" }, words: ["GET:/"] },
];

describe("one truth", () => {
  let temporary: TemporaryFolder;
  let server: ServingProcess;
  let workspace: Workspace;

  before(async () => {
    temporary = await makeTemporaryFolder("truth");
    server = await serve(["--workspace", SHOP], cliEnvironment(temporary.folder));
    workspace = openWorkspace(SHOP, { cache: false, environment: {} });
  });
  after(async () => {
    await server.stop();
    await workspace.dispose();
    await temporary.remove();
  });

  async function post(path: string, body: object): Promise<string> {
    const response = await fetch(`${server.url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return await response.text();
  }

  function cli(
    command: string,
    { kind, action, words }: Request,
    more: readonly string[] = [],
  ): Promise<{ out: string }> {
    const args = [
      "ai",
      command,
      kind,
      ...words,
      "--action",
      action,
      ...more,
      "--format",
      "json",
      "--workspace",
      SHOP,
    ];
    return aksara(args, cliEnvironment(temporary.folder));
  }

  for (const request of REQUESTS) {
    const { kind, action, context, words } = request;
    it(`F04 ${kind} ${words.join(" ")} ${action}: library, command line and HTTP give the same bytes`, async () => {
      const library = documentText(
        await buildPromptPack({ flow_type: kind, action_key: action, context }, { workspace }),
      );
      const { out } = await cli("flows", request);
      const http = await post(`/studio/ai/flows/${kind}`, { action_key: action, ...context });
      assert.equal(out, library);
      assert.equal(http, library);
    });
  }

  it("E01 a run gives the same document, but for its time and its trace", async () => {
    const [request] = REQUESTS;
    assert.ok(request);
    const library = await executeFlow(request.kind, request.action, request.context, {
      workspace,
      providerOverride: "noop",
    });
    const { out } = await cli("run", request, ["--provider", "noop"]);
    const http = await post("/studio/ai/flows/run", {
      flow_type: request.kind,
      action_key: request.action,
      context: request.context,
      provider_override: "noop",
    });
    const [first, second, third] = [documentText(library), out, http].map(timeless);
    assert.equal(second, first);
    assert.equal(third, first);
  });

  it("F07 a run without a provider gives the same document everywhere", async () => {
    const [request] = REQUESTS;
    assert.ok(request);
    const { kind, action, context } = request;
    const own = openWorkspace(SHOP, { cache: false, environment: { OLLAMA_HOST: "127.0.0.1:9" } });
    try {
      const library = await executeFlow(kind, action, context, { workspace: own });
      assert.equal(library.error_code, "AI_HUB_NOT_CONFIGURED");
      const { out } = await cli("run", request);
      const http = await post("/studio/ai/flows/run", { flow_type: kind, action_key: action, context });
      const [first, second, third] = [documentText(library), out, http].map(timeless);
      assert.equal(second, first);
      assert.equal(third, first);
    } finally {
      await own.dispose();
    }
  });
});

/** The document without what differs between two runs of the same: how long it took, and the name of its trace. */
function timeless(text: string): string {
  const run: FlowRun = flowRunSchema.parse(JSON.parse(text));
  assert.ok(run.execution);
  return documentText({ ...run, execution: { ...run.execution, elapsed_ms: 0, trace_id: null } });
}
