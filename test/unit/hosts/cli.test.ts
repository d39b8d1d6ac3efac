import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promptPackSchema } from "../../../src/protocol/prompt-pack.ts";

const checkout = fileURLToPath(new URL("../../..", import.meta.url));
const shop = join(checkout, "test/workspaces/shop-django");

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe("command line", () => {
  let state: string;

  before(async () => {
    state = await mkdtemp(join(tmpdir(), "aksara-cli-"));
  });
  after(() => rm(state, { recursive: true, force: true }));

  function aksara(args: readonly string[], workspace = shop): Promise<Answer> {
    const main = join(checkout, "src/hosts/cli/main.ts");
    const env = { ...process.env, XDG_STATE_HOME: state, NO_COLOR: "1" };
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [main, ...args, "--workspace", workspace],
        { env, maxBuffer: 1 << 26 },
        (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
      );
    });
  }

  it("F03 prints one pack as JSON and nothing else on standard output", async () => {
    const { code, out } = await aksara([
      "ai",
      "flows",
      "model",
      "Order",
      "--action",
      "explain_model",
      "--format",
      "json",
    ]);
    assert.equal(code, 0);
    const pack = promptPackSchema.parse(JSON.parse(out));
    assert.equal(pack.ok, true);
    assert.equal(pack.target?.id, "model:orders.Order");
    assert.match(pack.user_prompt, /lontar_order/);
    assert.deepEqual(Object.keys(pack).slice(0, 14), [
      "ok",
      "action_key",
      "risk",
      "provider",
      "model",
      "system_prompt",
      "user_prompt",
      "result_markdown",
      "result_json",
      "suggested_next",
      "what_it_does",
      "what_it_cannot_do",
      "error_code",
      "error",
    ]);
  });

  it("F04 prints the same bytes again, from the cache too", async () => {
    const args = ["ai", "flows", "model", "orders.Order", "--action", "explain_model", "--format", "json"];
    const [first, second] = [await aksara(args), await aksara(args)];
    assert.equal(first.out, second.out);
  });

  it("lists the actions as a table and as {actions, total}", async () => {
    const text = await aksara(["ai", "flows", "actions"]);
    assert.equal(text.code, 0);
    assert.match(text.out, /model\s+explain_model\s+low\s/);
    const { actions, total } = JSON.parse((await aksara(["ai", "flows", "actions", "--format", "json"])).out);
    assert.equal(total, 12);
    assert.equal(actions.length, 12);
  });

  it("lists models with their places", async () => {
    const { code, out } = await aksara(["catalog", "models"]);
    assert.equal(code, 0);
    assert.match(out, /orders\.Order\s+lontar_order\s.*orders\/models\.py:87/);
    const { models } = JSON.parse((await aksara(["catalog", "models", "--format", "json"])).out);
    for (const model of models) {
      for (const key of ["id", "name", "uri", "range", "hash", "confidence"]) assert.ok(key in model, key);
    }
  });

  it("C08 says how an object was found", async () => {
    const { code, out } = await aksara(["catalog", "--explain", "model:orders.Order"]);
    assert.equal(code, 0);
    assert.match(out, /found as: class with base django\.db\.models\.Model/);
    assert.match(out, /not understood: nothing/);
  });

  it("F08 answers 1 for an unknown model and names the nearest", async () => {
    const { code, out } = await aksara([
      "ai",
      "flows",
      "model",
      "Ordr",
      "--action",
      "explain_model",
      "--format",
      "json",
    ]);
    assert.equal(code, 1);
    const pack = promptPackSchema.parse(JSON.parse(out));
    assert.equal(pack.error_code, "CONTEXT_NOT_FOUND");
    assert.ok(pack.candidates.includes("Order"), pack.candidates.join());
  });

  it("F05 answers 2 for an unknown action, and for one of another kind", async () => {
    const unknown = await aksara(["ai", "flows", "model", "Order", "--action", "explain_modl"]);
    assert.equal(unknown.code, 2);
    assert.match(unknown.out, /INVALID_ACTION.*explain_modl[\s\S]*explain_model/);
    assert.equal((await aksara(["ai", "flows", "model", "Order", "--action", "explain_plan"])).code, 2);
  });

  for (const [what, args, message] of [
    ["no action", ["ai", "flows", "model", "Order"], /--action KEY is missing/],
    ["an unknown command", ["ai", "flow"], /not a command.*flows/],
    ["an unknown flag", ["catalog", "--colour"], /colour/],
    ["an unknown kind", ["catalog", "tables"], /models, routes, queries, migrations, issues/],
    ["an unknown format", ["catalog", "--format", "xml"], /text or json/],
    [
      "two ways to name a query",
      ["ai", "flows", "query", "--sql", "a", "--id", "b", "--action", "explain_plan"],
      /exactly one/,
    ],
    [
      "a route without a method",
      ["ai", "flows", "route", "orders", "--action", "review_endpoint"],
      /METHOD:\/path/,
    ],
  ] as const) {
    it(`answers 2 for ${what} and says what to do`, async () => {
      const { code, out, err } = await aksara(args);
      assert.equal(code, 2, err);
      assert.equal(out, "");
      assert.match(err, message);
    });
  }

  it("answers 3 where there is nothing to work on", async () => {
    const empty = await mkdtemp(join(state, "empty-"));
    const nothing = await aksara(["catalog"], empty);
    assert.equal(nothing.code, 3);
    assert.match(nothing.err, /0 files seen/);
    const missing = await aksara(["catalog"], join(empty, "missing"));
    assert.equal(missing.code, 3);
    assert.match(missing.err, /no folder/);
  });

  it("C08 names the files that are too large to be read, beside what was found", async () => {
    const workspace = await mkdtemp(join(state, "large-"));
    await writeFile(
      join(workspace, "models.py"),
      "from django.db import models\n\n\nclass Order(models.Model):\n    total = models.IntegerField()\n",
    );
    for (const name of ["generated.py", "dump.json"])
      await writeFile(join(workspace, name), "x = 1\n".repeat(850_000));
    const text = await aksara(["catalog", "models"], workspace);
    assert.equal(text.code, 0);
    assert.match(text.out, /models \(1\)/);
    assert.match(text.err, /1 file was not read[^\n]*\n {2}generated\.py: too large/);
    const document = await aksara(["catalog", "models", "--format", "json"], workspace);
    assert.equal(document.err, "");
    const { models, skipped } = JSON.parse(document.out);
    assert.equal(models.length, 1);
    assert.deepEqual(skipped, [{ uri: "generated.py", reason: "too large" }]);
    assert.equal((await aksara(["catalog", "models", "--quiet"], workspace)).err, "");
  });

  it("shows help for every word, on standard output, with exit code 0", async () => {
    for (const words of [[], ["ai"], ["ai", "flows"], ["ai", "flows", "query"], ["catalog"]]) {
      const { code, out } = await aksara([...words, "--help"]);
      assert.equal(code, 0);
      assert.match(out, /--format text\|json/);
    }
  });

  it("reads a file of SQL, and says which tables the catalog does not know", async () => {
    const file = join(state, "q.sql");
    await writeFile(
      file,
      "SELECT o.number FROM lontar_order o JOIN nowhere n ON n.id = o.id WHERE o.status = $1",
    );
    const { code, out } = await aksara([
      "ai",
      "flows",
      "query",
      "--file",
      file,
      "--action",
      "suggest_indexes",
      "--format",
      "json",
    ]);
    assert.equal(code, 0);
    const pack = promptPackSchema.parse(JSON.parse(out));
    assert.match(pack.user_prompt, /nowhere: not in the catalog/);
    assert.match(pack.user_prompt, /order_customer_placed_idx/);
  });
});
