import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { flowRunSchema, runEventSchema } from "../../../src/protocol/execution.ts";
import { actionListSchema, transportErrorSchema } from "../../../src/protocol/http.ts";
import { promptPackSchema } from "../../../src/protocol/prompt-pack.ts";
import { aksara, cliEnvironment, type ServingProcess, serve } from "../../support/aksara-process.ts";
import { answerText, chat } from "../../support/chat-answers.ts";
import { ProviderServer } from "../../support/provider-server.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";
import { copyWorkspace, type WorkspaceCopy } from "../../support/workspace-copy.ts";
import { WRONG_ANSWERS } from "../flows/wrong-answers.ts";

const SHOP = fileURLToPath(new URL("../../workspaces/shop-django", import.meta.url));
const RIGHT = WRONG_ANSWERS.explain_model?.right;
const ORDER = { flow_type: "model", action_key: "explain_model", context: { model_name: "orders.Order" } };
const RUN = "/studio/ai/flows/run";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

describe("aksara serve", () => {
  let provider: ProviderServer;
  let temporary: TemporaryFolder;
  let shop: WorkspaceCopy;
  let server: ServingProcess;

  before(async () => {
    provider = await ProviderServer.start(chat(answerText(RIGHT)));
    temporary = await makeTemporaryFolder("http");
    shop = await copyWorkspace(SHOP);
    await mkdir(join(shop.folder, ".aksara"));
    const entry = { kind: "openai-compatible", base_url: `${provider.url}/v1`, model: "local-model" };
    await writeFile(
      join(shop.folder, ".aksara/aihub.json"),
      JSON.stringify({ active_provider: "openai-compatible", providers: [entry] }),
    );
    server = await serve(["--workspace", shop.folder], cliEnvironment(temporary.folder));
  });
  beforeEach(() => {
    provider.requests.length = 0;
    provider.answer = chat(answerText(RIGHT));
  });
  after(async () => {
    await server.stop("SIGKILL");
    await provider.close();
    await shop.remove();
    await temporary.remove();
  });

  /** node:http and not fetch, which sets Host and Origin by its own rules. */
  function send(
    method: string,
    path: string,
    body: string | object | null = null,
    headers: Record<string, string> = {},
    to = server,
  ): Promise<Answer> {
    const text = body === null || typeof body === "string" ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(
        `${to.url}${path}`,
        {
          method,
          headers: {
            authorization: `Bearer ${to.token}`,
            ...(text === null ? {} : { "content-type": "application/json" }),
            ...headers,
          },
        },
        (response) => {
          let received = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => {
            received += chunk;
          });
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text: received }),
          );
          response.on("error", reject);
        },
      );
      sent.on("error", reject);
      sent.end(text ?? undefined);
    });
  }

  function refused(answer: Answer, status: number): void {
    assert.equal(answer.status, status, answer.text);
    assert.match(String(answer.headers["content-type"]), /application\/json/);
    transportErrorSchema.parse(JSON.parse(answer.text));
  }

  it("lists the actions", async () => {
    const { status, text } = await send("GET", "/studio/ai/flows/actions");
    assert.equal(status, 200);
    const { actions, total } = actionListSchema.parse(JSON.parse(text));
    assert.deepEqual([actions.length, total], [12, 12]);
  });

  it("F03 builds a pack of every kind", async () => {
    for (const [kind, body] of [
      ["model", { action_key: "explain_model", model_name: "orders.Order" }],
      ["route", { action_key: "review_endpoint", method: "get", path: "/api/orders/" }],
      ["query", { action_key: "explain_plan", sql: "SELECT * FROM lontar_order", include_explain: true }],
      ["migration", { action_key: "explain_migration", app: "orders", name: "0001", migration_id: null }],
      ["diagnostic", { action_key: "diagnostic_prioritize" }],
    ] as const) {
      const { status, text } = await send("POST", `/studio/ai/flows/${kind}`, body);
      assert.equal(status, 200, text);
      const pack = promptPackSchema.parse(JSON.parse(text));
      assert.deepEqual([pack.kind, pack.ok, pack.error], [kind, true, null]);
    }
    assert.equal(provider.requests.length, 0);
  });

  it("a request that cannot be met is a document with ok:false and status 200", async () => {
    const unknown = await send("POST", "/studio/ai/flows/model", {
      action_key: "explain_model",
      model_name: "Ordr",
    });
    assert.equal(unknown.status, 200);
    assert.equal(promptPackSchema.parse(JSON.parse(unknown.text)).error_code, "CONTEXT_NOT_FOUND");
    const type = await send("POST", RUN, { ...ORDER, flow_type: "modl" });
    assert.deepEqual(
      [type.status, flowRunSchema.parse(JSON.parse(type.text)).error_code],
      [200, "INVALID_FLOW_TYPE"],
    );
  });

  it("E01 runs a flow, as the source document's body asks for it", async () => {
    const body = { ...ORDER, provider_override: null, model_override: null };
    const { status, text } = await send("POST", RUN, body);
    assert.equal(status, 200);
    const document = flowRunSchema.parse(JSON.parse(text));
    assert.equal(document.ok, true);
    assert.equal(document.execution?.response, answerText(RIGHT));
    assert.deepEqual(document.execution?.resolution, { provider: "hub", model: "hub" });
    const other = await send("POST", RUN, { ...ORDER, model_override: "other" });
    assert.equal(flowRunSchema.parse(JSON.parse(other.text)).execution?.model, "other");
  });

  it("streams events to who asks for them", async () => {
    const { status, headers, text } = await send("POST", RUN, ORDER, { accept: "text/event-stream" });
    assert.equal(status, 200);
    assert.match(String(headers["content-type"]), /text\/event-stream/);
    const events = text
      .trimEnd()
      .split("\n\n")
      .map((block) => {
        const [id, name, data] = block.split("\n").map((line) => line.slice(line.indexOf(": ") + 2));
        const event = runEventSchema.parse(JSON.parse(data ?? ""));
        assert.deepEqual([String(event.seq), event.type], [id, name]);
        return event;
      });
    assert.equal(events.at(-1)?.type, "complete");
    assert.equal(events.filter((event) => event.type === "complete").length, 1);
    const streamed = events.flatMap((event) => (event.type === "text" ? [event.delta] : [])).join("");
    assert.equal(streamed, answerText(RIGHT));
  });

  // Each goes red when its line of checkRequest is taken out.
  it("401 without the token, with another one, and with one in the wrong place", async () => {
    for (const authorization of ["", "Bearer", "Bearer wrong", `Basic ${server.token}`, server.token])
      refused(await send("GET", "/openapi.json", null, { authorization }), 401);
    refused(await send("GET", `/openapi.json?token=${server.token}`, null, { authorization: "" }), 401);
  });

  it("403 for another Host, and for a page of another origin, token or not", async () => {
    const { port } = new URL(server.url);
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      "127.0.0.1:1",
      `127.0.0.1.evil.example:${port}`,
      `evil@127.0.0.1:${port}`,
    ])
      refused(await send("GET", "/openapi.json", null, { host }), 403);
    for (const origin of [
      "https://evil.example",
      "null",
      `https://127.0.0.1:${port}`,
      `http://evil.example:${port}`,
      "http://127.0.0.1:1",
    ])
      refused(await send("GET", "/openapi.json", null, { origin }), 403);
    for (const headers of [{ host: `localhost:${port}` }, { origin: server.url }])
      assert.equal((await send("GET", "/openapi.json", null, headers)).status, 200);
  });

  it("404 for what there is not", async () => {
    for (const [method, path] of [
      ["GET", "/"],
      ["GET", RUN],
      ["POST", "/studio/ai/flows/table"],
      ["OPTIONS", RUN],
      ["POST", "/openapi.json"],
    ] as const)
      refused(await send(method, path, method === "POST" ? {} : null), 404);
  });

  it("413 for a body over 1 MiB, announced or not", async () => {
    const large = JSON.stringify({ ...ORDER, context: { model_name: "x".repeat(1_100_000) } });
    refused(await send("POST", RUN, large), 413);
    refused(await send("POST", RUN, large, { "transfer-encoding": "chunked" }), 413);
    const almost = JSON.stringify({ action_key: "explain_model", model_name: "x".repeat(1_000_000) });
    assert.equal((await send("POST", "/studio/ai/flows/model", almost)).status, 200);
  });

  it("422 for a body that is not JSON, not of the form, or not said to be JSON", async () => {
    for (const body of [
      "{",
      "",
      "[]",
      '"x"',
      JSON.stringify({ flow_type: "model" }),
      JSON.stringify({ ...ORDER, context: { model_name: 5 } }),
    ])
      refused(await send("POST", RUN, body), 422);
    refused(await send("POST", RUN, ORDER, { "content-type": "text/plain" }), 422);
  });

  it("429 when too many runs are under way; they end when their clients go", async () => {
    provider.answer = () => undefined;
    const { port } = new URL(server.url);
    const waiting = Array.from({ length: 4 }, () => {
      const sent = request({
        port,
        host: "127.0.0.1",
        path: RUN,
        method: "POST",
        headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
      });
      sent.on("error", () => undefined);
      sent.end(JSON.stringify(ORDER));
      return sent;
    });
    await until(() => provider.requests.length === 4);
    const fifth = await send("POST", RUN, ORDER);
    refused(fifth, 429);
    assert.equal(fifth.headers["retry-after"], "1");
    for (const each of waiting) each.destroy();
    await until(() => provider.sockets.size === 0);
  });

  it("describes itself from the same schemas", async () => {
    const { status, text } = await send("GET", "/openapi.json");
    assert.equal(status, 200);
    const document = JSON.parse(text);
    assert.equal(document.openapi, "3.1.0");
    assert.deepEqual(Object.keys(document.paths).sort(), [
      "/studio/agent/approvals",
      "/studio/agent/run",
      "/studio/agent/sessions",
      "/studio/agent/tools",
      "/studio/agent/undo",
      "/studio/ai/flows/actions",
      "/studio/ai/flows/diagnostic",
      "/studio/ai/flows/migration",
      "/studio/ai/flows/model",
      "/studio/ai/flows/query",
      "/studio/ai/flows/route",
      RUN,
    ]);
    assert.deepEqual(Object.keys(document.paths["/studio/agent/approvals"]).sort(), ["get", "post"]);
    const pack = document.components.schemas.PromptPack;
    assert.deepEqual(Object.keys(pack.properties), Object.keys(promptPackSchema.shape));
    for (const [, name] of text.matchAll(/"\$ref": "#\/components\/schemas\/([^"]+)"/g))
      assert.ok(document.components.schemas[name ?? ""], `${name} is there`);
    assert.ok(!/"\$ref": "(?!#\/components\/schemas\/)/.test(text), "no reference leads elsewhere");
  });

  it("sees a file that was changed since the last request", async () => {
    const ask = () =>
      send("POST", "/studio/ai/flows/model", { action_key: "explain_model", model_name: "NewThing" });
    assert.equal(JSON.parse((await ask()).text).error_code, "CONTEXT_NOT_FOUND");
    await writeFile(
      join(shop.folder, "orders/models.py"),
      "from django.db import models\n\n\nclass NewThing(models.Model):\n    name = models.TextField()\n",
    );
    assert.equal(JSON.parse((await ask()).text).ok, true);
  });

  it("closes on Ctrl-C: runs are cancelled and get their document, and the process ends with 0", async () => {
    const second = await serve(
      ["--workspace", SHOP],
      cliEnvironment(temporary.folder, { OPENAI_COMPATIBLE_BASE_URL: provider.url }),
    );
    provider.answer = () => undefined;
    const running = send(
      "POST",
      RUN,
      { ...ORDER, provider_override: "openai-compatible", model_override: "m" },
      {},
      second,
    );
    await until(() => provider.requests.length === 1);
    const [answer, code] = await Promise.all([running, second.stop("SIGINT")]);
    assert.equal(answer.status, 200);
    assert.equal(flowRunSchema.parse(JSON.parse(answer.text)).error_code, "CANCELLED");
    assert.equal(code, 0);
    await until(() => provider.sockets.size === 0);
  });

  it("says when the port is taken, and when it is no port", async () => {
    const { port } = new URL(server.url);
    const taken = await aksara(
      ["serve", "--port", port, "--workspace", SHOP],
      cliEnvironment(temporary.folder),
    );
    assert.equal(taken.code, 1);
    assert.match(taken.err, /Cannot listen on port \d+/);
    assert.equal((await aksara(["serve", "--port", "http"], cliEnvironment(temporary.folder))).code, 2);
  });
});

/** Waits for something that another process brings about; the test's own time limit ends it. */
async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((resolve) => setTimeout(resolve, 10));
}
