import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import type { Client } from "@modelcontextprotocol/client";
import { McpHttpServer } from "../../../src/hosts/mcp/http-server.ts";
import { signedStates, workspaceSurface } from "../../../src/hosts/mcp/workspace-surface.ts";
import { type AgentAccess, openAgents } from "../../../src/hosts/shared/agent-access.ts";
import { documentText } from "../../../src/hosts/shared/document-text.ts";
import { openStudioWorkspace, type StudioWorkspace } from "../../../src/hosts/shared/studio-workspace.ts";
import {
  type Answer,
  connectHttp,
  ERAS,
  newClient,
  type Question,
  textOf,
} from "../../support/mcp/client.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";
import { copyWorkspace, type WorkspaceCopy } from "../../support/workspace-copy.ts";

const SHOP = fileURLToPath(new URL("../../workspaces/shop-django", import.meta.url));
const DIST = fileURLToPath(new URL("../../../dist", import.meta.url));

const WRITE = { name: "write_file", arguments: { path: "notes.txt", content: "hello\n" } };

describe("the MCP server over HTTP", () => {
  let temporary: TemporaryFolder;
  let shop: WorkspaceCopy;
  let state: string | undefined;
  let workspace: StudioWorkspace;
  let access: AgentAccess;
  let surface: ReturnType<typeof workspaceSurface>;
  let server: McpHttpServer;
  let trusted = true;
  const clients: Client[] = [];
  const crashes: unknown[] = [];

  before(async () => {
    temporary = await makeTemporaryFolder("mcp");
    state = process.env.XDG_STATE_HOME;
    process.env.XDG_STATE_HOME = join(temporary.folder, "state");
    shop = await copyWorkspace(SHOP);
    workspace = openStudioWorkspace({
      roots: [{ name: "shop", path: shop.folder }],
      distDir: DIST,
      trusted: () => trusted,
    });
    access = await openAgents({ workspace, distDir: DIST });
    surface = workspaceSurface({
      workspace,
      access,
      tools: access.tools.list(),
      allowWrites: true,
      allowSystemTools: false,
    });
    server = await McpHttpServer.start({
      surface,
      version: "0.0.0",
      states: signedStates(),
      port: 0,
      onCrash: (error) => crashes.push(error),
    });
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    assert.deepEqual(crashes, []);
    trusted = true;
  });
  after(async () => {
    await server.close();
    await surface.dispose();
    await access.dispose();
    await workspace.dispose();
    if (state === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = state;
    await shop.remove();
    await temporary.remove();
  });

  const connect = async (
    era: (typeof ERAS)[number],
    answer?: (question: Question) => Answer | Promise<Answer>,
  ): Promise<Client> => {
    const client = newClient(era, answer);
    clients.push(client);
    await connectHttp(client, server.url, server.token);
    return client;
  };
  const inShop = (name: string) => join(shop.folder, name);

  for (const era of ERAS)
    describe(`to a client of the ${era} revision`, () => {
      it("H24 lists tools by what they do, and runs those that read", async () => {
        const client = await connect(era);
        const { tools } = await client.listTools();
        const byName = new Map(tools.map((tool) => [tool.name, tool]));
        assert.equal(byName.get("read_file")?.annotations?.readOnlyHint, true);
        assert.equal(byName.get("write_file")?.annotations?.readOnlyHint, false);
        assert.ok(!byName.has("run_command"), "commands are shown without being allowed");
        for (const { name, inputSchema } of tools) assert.equal(inputSchema.type, "object", name);
        const listed = await client.callTool({ name: "list_models", arguments: {} });
        assert.match(textOf(listed), /orders\.Order · table lontar_order/);
        const wrong = await client.callTool({ name: "describe_model", arguments: { model: "Ordr" } });
        assert.equal(wrong.isError, true);
        assert.match(textOf(wrong), /CONTEXT_NOT_FOUND.*Order/);
        const unfit = await client.callTool({ name: "describe_model", arguments: { modle: 1 } });
        assert.match(textOf(unfit), /TOOL_INPUT_INVALID/);
        await assert.rejects(client.callTool({ name: "list_model", arguments: {} }), /list_models/);
      });

      it("H24 gives the same document as the command line, byte for byte", async () => {
        const client = await connect(era);
        const result = await client.callTool({
          name: "flow_explain_model",
          arguments: { model_name: "orders.Order" },
        });
        const pack = await workspace.buildPack({
          flow_type: "model",
          action_key: "explain_model",
          context: { model_name: "orders.Order" },
        });
        assert.equal(textOf(result), documentText(pack));
        assert.deepEqual(result.structuredContent, JSON.parse(JSON.stringify(pack)));
        const failed = await client.callTool({
          name: "flow_explain_model",
          arguments: { model_name: "Nothing" },
        });
        assert.equal(failed.isError, true);
        assert.equal((failed.structuredContent as { error_code: string }).error_code, "CONTEXT_NOT_FOUND");
      });

      it("H24 has each action as a prompt, with its arguments completed", async () => {
        const client = await connect(era);
        const { prompts } = await client.listPrompts();
        assert.equal(prompts.length, 12);
        const { messages } = await client.getPrompt({
          name: "review_endpoint",
          arguments: { method: "GET", path: "/api/orders/" },
        });
        assert.match(JSON.stringify(messages), /\/api\/orders\//);
        const ref = { type: "ref/prompt", name: "explain_model" } as const;
        const { completion } = await client.complete({
          ref,
          argument: { name: "model_name", value: "orders.o" },
        });
        assert.ok(completion.values.includes("orders.Order"), completion.values.join());
        await assert.rejects(
          client.getPrompt({ name: "explain_model", arguments: { model_name: "Ordr" } }),
          /Order/,
        );
        await assert.rejects(client.getPrompt({ name: "explain_model" }), /model_name/);
      });

      it("H24 has the objects of the catalog as resources, without secrets", async () => {
        await writeFile(
          inShop("orders/keys.py"),
          'from django.db import models\n\n\nclass Holder(models.Model):\n    token = models.CharField(max_length=99, default="sk_live_4eC39HqLyjWDarjtT1zdp7dc")\n',
        );
        workspace.refresh();
        const client = await connect(era);
        const { resources } = await client.listResources();
        assert.ok(resources.length > 200, `${resources.length} resources`);
        const order = resources.find(({ name }) => name === "model:orders.Order");
        const { contents } = await client.readResource({ uri: order?.uri ?? "" });
        const [content] = contents;
        const object = JSON.parse(content && "text" in content ? content.text : "null");
        assert.equal(object.id, "model:orders.Order");
        for (const { uri } of resources.filter(({ description }) => description?.includes("keys.py"))) {
          const text = JSON.stringify(await client.readResource({ uri }));
          assert.ok(!text.includes("sk_live_4eC39HqLyjWDarjtT1zdp7dc"), "a key left the workspace");
        }
        await assert.rejects(client.readResource({ uri: "aksara://catalog/model/none" }));
        await assert.rejects(client.readResource({ uri: "file:///etc/passwd" }));
      });

      // prove: src/hosts/mcp/agent-tools.ts :: if (!canAsk(capabilities)) => if (false)
      it("A02 refuses what changes something where nobody can be asked", async () => {
        const client = await connect(era);
        const result = await client.callTool(WRITE);
        assert.equal(result.isError, true);
        assert.match(textOf(result), /APPROVAL_REQUIRED/);
        await assert.rejects(readFile(inShop("notes.txt")));
      });

      it("A07 asks the person of the client, with what would be done, and undoes it by its name", async () => {
        const questions: Question[] = [];
        const client = await connect(era, (question) => {
          questions.push(question);
          return { action: "accept", content: { approve: true } };
        });
        const result = await client.callTool(WRITE);
        assert.equal(result.isError ?? false, false, textOf(result));
        assert.equal(await readFile(inShop("notes.txt"), "utf8"), "hello\n");
        assert.equal(questions.length, 1);
        assert.match(questions[0]?.message ?? "", /write_file[\s\S]*\+hello/);
        const run = /--undo (\w+)/.exec(textOf(result))?.[1] ?? "";
        await access.runtime.undo({ runId: run });
        await assert.rejects(readFile(inShop("notes.txt")));
      });

      for (const [title, answer] of [
        ["says no", { action: "accept", content: { approve: false, feedback: "Use another name." } }],
        ["declines", { action: "decline" }],
        ["cancels", { action: "cancel" }],
      ] as const)
        it(`A07 changes nothing when the person ${title}`, async () => {
          const client = await connect(era, () => answer);
          const result = await client.callTool(WRITE);
          assert.match(textOf(result), /APPROVAL_REJECTED/);
          if ("content" in answer) assert.match(textOf(result), /Use another name\./);
          await assert.rejects(readFile(inShop("notes.txt")));
        });

      it("A13 changes a file that the client has read", async () => {
        const client = await connect(era, () => ({ action: "accept", content: { approve: true } }));
        await client.callTool({ name: "read_file", arguments: { path: "manage.py" } });
        const edits = [{ old_text: "#!/usr/bin/env python", new_text: "#!/usr/bin/env python3" }];
        const before = await readFile(inShop("manage.py"), "utf8");
        const result = await client.callTool({
          name: "patch_file",
          arguments: { files: [{ path: "manage.py", edits }] },
        });
        assert.equal(result.isError ?? false, false, textOf(result));
        await writeFile(inShop("manage.py"), before);
      });

      // prove: src/hosts/mcp/agent-tools.ts :: askAlways: tool.class === "read", => askAlways: false,
      it("A15 asks a person before rows of a database are read", async () => {
        const call = { name: "query_records", arguments: { table: "guest" } };
        const rows = new DatabaseSync(inShop("guests.db"));
        rows.exec(
          "CREATE TABLE IF NOT EXISTS guest (name TEXT); INSERT INTO guest VALUES ('Ada of the rows')",
        );
        rows.close();
        await access.databases.enable("guests", "sqlite:guests.db", false);
        const answers = [false, true].map((approve): Answer => ({ action: "accept", content: { approve } }));
        const client = await connect(era, () => answers.shift() ?? { action: "cancel" });
        assert.match(textOf(await client.callTool(call)), /APPROVAL_REJECTED/);
        assert.match(textOf(await client.callTool(call)), /Ada of the rows/);
        const nobody = await connect(era);
        assert.match(textOf(await nobody.callTool(call)), /APPROVAL_REQUIRED/);
      });

      it("H24 tells of progress, and stops what is cancelled", async () => {
        const client = await connect(era);
        const seen: number[] = [];
        await client.callTool(
          { name: "flow_explain_model", arguments: { model_name: "orders.Order" } },
          { onprogress: ({ progress }) => void seen.push(progress) },
        );
        assert.deepEqual(seen, [0, 1]);
        const controller = new AbortController();
        controller.abort();
        await assert.rejects(
          client.callTool({ name: "list_models", arguments: {} }, { signal: controller.signal }),
        );
      });

      it("V05 gives nothing but packs in a workspace that is not trusted", async () => {
        const client = await connect(era, () => ({ action: "accept", content: { approve: true } }));
        trusted = false;
        for (const call of [WRITE, { name: "list_models", arguments: {} }])
          assert.match(textOf(await client.callTool(call)), /WORKSPACE_UNTRUSTED|TOOL_NOT_ALLOWED/);
        const pack = await client.callTool({
          name: "flow_explain_model",
          arguments: { model_name: "orders.Order" },
        });
        assert.equal(pack.isError ?? false, false);
        await assert.rejects(readFile(inShop("notes.txt")));
      });
    });

  it("H24 says when an object that is watched has changed", async () => {
    const client = await connect("legacy");
    const uri = "aksara://catalog/model/model%3Aorders.Order";
    const updated = new Promise<string>((resolve) =>
      client.setNotificationHandler("notifications/resources/updated", ({ params }) => resolve(params.uri)),
    );
    await client.subscribeResource({ uri });
    // The watch begins after the answer: the file is changed until it is seen.
    const text = await readFile(inShop("orders/models.py"), "utf8");
    let round = 0;
    const change = setInterval(() => {
      const field = `    note_${round++} = models.TextField()\n`;
      void writeFile(
        inShop("orders/models.py"),
        text.replace(/(class Order\([^\n]*\):\n(?: {4}"""[\s\S]*?"""\n)?)/, `$1${field}`),
      );
    }, 200);
    try {
      assert.equal(await updated, uri);
      await client.unsubscribeResource({ uri });
    } finally {
      clearInterval(change);
      await writeFile(inShop("orders/models.py"), text);
    }
  }).timeout(20_000);

  describe("rounds of a call that a client carries itself", () => {
    const envelope = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "raw", version: "0" },
      "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
    };
    let lastId = 0;
    /** One request as it goes over the wire. */
    async function call(
      params: object,
    ): Promise<{ result?: Record<string, unknown>; error?: { code: number } }> {
      const response = await fetch(server.url, {
        method: "POST",
        headers: {
          authorization: `Bearer ${server.token}`,
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          "mcp-protocol-version": "2026-07-28",
          "mcp-method": "tools/call",
          "mcp-name": "write_file",
        },
        body: JSON.stringify({
          jsonrpc: "2.0",
          id: ++lastId,
          method: "tools/call",
          params: { ...params, _meta: envelope },
        }),
      });
      const text = await response.text();
      return JSON.parse(text.startsWith("{") ? text : (/^data: (.*)$/m.exec(text)?.[1] ?? "null"));
    }
    const approval = (approve: boolean) => ({
      approval: { action: "accept", content: { approve } },
    });
    const outputOf = ({ result }: { result?: Record<string, unknown> }) => textOf(result ?? {});

    it("A07 runs what was approved once, however often the answer is sent", async () => {
      const asked = await call(WRITE);
      const { requestState } = asked.result as { requestState: string };
      const answered = { ...WRITE, requestState, inputResponses: approval(true) };
      const [first, second] = await Promise.all([call(answered), call(answered)]);
      const outputs = [outputOf(first), outputOf(second)].sort();
      assert.ok(
        outputs.some((output) => /created notes\.txt/.test(output)),
        outputs.join("\n"),
      );
      assert.match(outputOf(await call(answered)), /APPROVAL_UNKNOWN/);
      await access.runtime.undo({ runId: /--undo (\w+)/.exec(outputs.join("\n"))?.[1] ?? "" });
    });

    // prove: src/hosts/mcp/asked-calls.ts :: if (!call || call.key !== keyOf(tool, input)) => if (!call)
    it("A07 does not take an approval of one call for another", async () => {
      const asked = await call(WRITE);
      const { requestState } = asked.result as { requestState: string };
      const other = { name: "write_file", arguments: { path: "notes.txt", content: "something else\n" } };
      const result = await call({ ...other, requestState, inputResponses: approval(true) });
      assert.match(outputOf(result), /APPROVAL_UNKNOWN/);
      await assert.rejects(readFile(inShop("notes.txt")));
    });

    // prove: src/hosts/mcp/build-server.ts :: requestState: { verify: (state, context) => states.verify(state, context) }, => requestState: {},
    it("A07 refuses a state that the client made up or changed", async () => {
      const asked = await call(WRITE);
      const { requestState } = asked.result as { requestState: string };
      for (const forged of [`${requestState}x`, JSON.stringify({ call: "x" }), "x"]) {
        const { error } = await call({ ...WRITE, requestState: forged, inputResponses: approval(true) });
        assert.equal(error?.code, -32602, forged);
      }
      await assert.rejects(readFile(inShop("notes.txt")));
    });

    it("A07 asks again for what is no answer, and takes an answer without a question for none", async () => {
      assert.ok("requestState" in ((await call({ ...WRITE, inputResponses: approval(true) })).result ?? {}));
      const asked = await call(WRITE);
      const { requestState } = asked.result as { requestState: string };
      const inputResponses = { approval: { action: "accept", content: { approve: "yes" } } };
      const again = await call({ ...WRITE, requestState, inputResponses });
      assert.ok("requestState" in (again.result ?? {}), JSON.stringify(again));
      await assert.rejects(readFile(inShop("notes.txt")));
    });
  });

  describe("at its door", () => {
    /** Status and body of a request with these headers. */
    function knock(
      headers: Record<string, string>,
      path = "/mcp",
    ): Promise<{ status: number; text: string }> {
      const { hostname, port } = new URL(server.url);
      return new Promise((resolve, reject) => {
        const sent = request({ hostname, port, path, method: "POST", headers }, (answer) => {
          let text = "";
          answer.setEncoding("utf8").on("data", (chunk: string) => {
            text += chunk;
          });
          answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
        });
        sent.on("error", reject);
        sent.end("{}");
      });
    }
    const authorization = () => `Bearer ${server.token}`;

    // prove: src/hosts/mcp/http-server.ts :: checkRequest(request, this.#gate); => void this.#gate;
    it("H24 lets nobody in without its token, from a foreign page, or under a foreign name", async () => {
      for (const [headers, status] of [
        [{}, 401],
        [{ authorization: "Bearer wrong" }, 401],
        [{ authorization: authorization(), host: "evil.example" }, 403],
        [{ authorization: authorization(), origin: "https://evil.example" }, 403],
      ] as const)
        assert.equal((await knock(headers)).status, status, JSON.stringify(headers));
      const elsewhere = await knock({ authorization: authorization() }, "/studio/ai/flows/actions");
      assert.equal(elsewhere.status, 404);
    });

    it("H24 refuses a body that is too large", async () => {
      const response = await fetch(server.url, {
        method: "POST",
        headers: { authorization: authorization(), "content-type": "application/json" },
        body: JSON.stringify({ filling: "x".repeat(5_000_000) }),
      });
      assert.equal(response.status, 413);
      await response.text();
    });

    it("H24 says of a session that is over that it is", async () => {
      const response = await fetch(server.url, {
        method: "POST",
        headers: {
          authorization: authorization(),
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          "mcp-session-id": "00000000-0000-0000-0000-000000000000",
        },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} }),
      });
      assert.equal(response.status, 404);
      await response.text();
    });
  });
});
