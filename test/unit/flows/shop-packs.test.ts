import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SHIPPED_ACTIONS } from "../../../src/flows/actions/shipped.ts";
import { contextOf } from "../../../src/flows/context-of.ts";
import type { FlowContext, FlowRequest } from "../../../src/protocol/action.ts";
import { type PromptPack, promptPackSchema } from "../../../src/protocol/prompt-pack.ts";
import { type OpenedWorkspace, openSample } from "./open-workspace.ts";

describe("packs of the sample shop", () => {
  let shop: OpenedWorkspace;

  before(async () => {
    shop = await openSample("shop-django");
  });
  after(() => shop.close());

  async function build(flowType: string, actionKey: string, context: FlowContext): Promise<PromptPack> {
    const request: FlowRequest = { flow_type: flowType, action_key: actionKey, context };
    return promptPackSchema.parse(await shop.studio.buildPack(request));
  }

  for (const action of SHIPPED_ACTIONS) {
    it(`F03 ${action.key}: ok for every object of its kind, with risk, prompts, next actions and evidence`, async () => {
      const { catalog } = await shop.studio.view();
      const objects = {
        model: catalog.models,
        route: catalog.routes,
        query: catalog.queries,
        migration: catalog.migrations,
      };
      const contexts =
        action.kind === "diagnostic"
          ? [{}]
          : objects[action.kind].map((object) => contextOf(object, catalog));
      assert.ok(contexts.length > 0);
      for (const context of contexts) {
        const pack = await build(action.kind, action.key, context);
        assert.equal(pack.ok, true, `${JSON.stringify(context)}: ${pack.error}`);
        assert.equal(pack.risk, action.risk);
        assert.deepEqual(pack.suggested_next, [...action.suggestedNext]);
        assert.equal(pack.error, null);
        assert.equal(pack.error_code, null);
        assert.ok(pack.system_prompt.length > 500);
        assert.ok(pack.evidence.length > 0, JSON.stringify(context));
        assert.equal(pack.result_json.action, action.key);
        for (const item of pack.evidence) assert.ok(pack.user_prompt.includes(`[${item.id}]`), item.id);
      }
    });
  }

  it("F03 every fact of a model's pack is in its prompt", async () => {
    const pack = await build("model", "explain_model", { model_name: "orders.Order" });
    for (const fact of [
      "lontar_order",
      "number: CharField (varchar(12))",
      "customer → accounts.User",
      "order_channel_idx",
      "order_total_not_negative",
      "migrations that touched it",
    ]) {
      assert.ok(pack.user_prompt.includes(fact), fact);
    }
    assert.match(pack.user_prompt, /0003_order_channel: AddField/);
  });

  it("F09 two models of one name are told apart by their qualified names", async () => {
    const app = join(shop.folder, "archive");
    await mkdir(app, { recursive: true });
    await writeFile(join(app, "__init__.py"), "");
    await writeFile(
      join(app, "models.py"),
      "from django.db import models\n\n\nclass Coupon(models.Model):\n    code = models.CharField(max_length=9)\n",
    );
    shop.studio.refresh();
    const pack = await build("model", "explain_model", { model_name: "Coupon" });
    assert.equal(pack.error_code, "AMBIGUOUS_TARGET");
    assert.deepEqual(pack.candidates, ["archive.Coupon", "orders.Coupon"]);
    assert.equal((await build("model", "explain_model", { model_name: "orders.Coupon" })).ok, true);
  });

  it("F11 GET and POST of one path are two routes, and the method's case does not matter", async () => {
    const get = await build("route", "review_endpoint", { method: "GET", path: "/api/accounts/addresses/" });
    const post = await build("route", "review_endpoint", {
      method: "post",
      path: "/api/accounts/addresses/",
    });
    assert.equal(get.target?.name, "GET /api/accounts/addresses/");
    assert.equal(post.target?.name, "POST /api/accounts/addresses/");
    assert.notEqual(get.fingerprint, post.fingerprint);
  });

  it("F11 authentication, permissions, parameters and shapes are in the prompt, with the place each comes from", async () => {
    const pack = await build("route", "harden_permissions", {
      method: "DELETE",
      path: "/api/catalog/products/<slug>/",
    });
    for (const part of [
      "guards in force",
      "path slug",
      "verdict: guarded",
      "sibling routes",
      "ProductViewSet",
    ]) {
      assert.ok(pack.user_prompt.includes(part), part);
    }
    assert.ok(pack.evidence.some((item) => item.label.startsWith("guard ")));
  });

  it("F12 a migration's operations and SQL are in the prompt, and its id survives", async () => {
    const pack = await build("migration", "explain_migration", { app: "orders", name: "0003" });
    assert.equal(pack.target?.id, "migration:orders.0003_order_channel");
    assert.equal(pack.result_json.migration_id, "migration:orders.0003_order_channel");
    assert.match(pack.user_prompt, /sql: ALTER TABLE "lontar_order" ADD COLUMN "channel"/);
    assert.match(pack.user_prompt, /locks per statement\nnot available \(T0\)/);
    assert.deepEqual(pack, await build("migration", "explain_migration", { app: "orders", name: "0003" }));
  });

  it("F12 an app alone names its newest migration, and an unknown one the nearest", async () => {
    const newest = await build("migration", "safe_rollout_plan", { app: "orders" });
    assert.equal(newest.target?.id, "migration:orders.0004_daily_sales");
    const unknown = await build("migration", "safe_rollout_plan", { app: "order" });
    assert.equal(unknown.error_code, "CONTEXT_NOT_FOUND");
    assert.deepEqual(unknown.candidates, ["orders"]);
  });

  it("F13 diagnostics: all, one by id, an unknown id", async () => {
    const all = await build("diagnostic", "diagnostic_prioritize", {});
    const { findings } = await shop.studio.view();
    assert.equal(all.findings.length, findings.length);
    for (const finding of findings) assert.ok(all.user_prompt.includes(finding.id), finding.id);
    const one = await build("diagnostic", "diagnostic_prioritize", { issue_id: findings[0]?.id ?? "" });
    assert.deepEqual(
      one.findings.map((finding) => finding.id),
      [findings[0]?.id],
    );
    const none = await build("diagnostic", "diagnostic_prioritize", { issue_id: "schema/no-such-rule" });
    assert.equal(none.error_code, "CONTEXT_NOT_FOUND");
  });

  it("F13 says that there are none where there are none", async () => {
    const empty = await openSample("shop-django");
    try {
      // A workspace of one sound model has no issue.
      const { rm } = await import("node:fs/promises");
      await rm(empty.folder, { recursive: true });
      await mkdir(join(empty.folder, "notes"), { recursive: true });
      await writeFile(
        join(empty.folder, "notes/models.py"),
        "from django.db import models\n\n\nclass Note(models.Model):\n    text = models.TextField()\n",
      );
      const pack = await empty.studio.buildPack({
        flow_type: "diagnostic",
        action_key: "diagnostic_prioritize",
        context: {},
      });
      assert.equal(pack.ok, true);
      assert.match(pack.user_prompt, /none: no rule found an open issue/);
      assert.match(pack.result_markdown, /None of the rules/);
    } finally {
      await empty.close();
    }
  });

  it("F08 SQL by hand states the tables that the catalog does not know", async () => {
    const pack = await build("query", "explain_plan", {
      sql: "SELECT * FROM lontar_order o JOIN warehouse w USING (id)",
    });
    assert.match(pack.user_prompt, /warehouse: not in the catalog/);
    assert.match(pack.user_prompt, /not available \(T0\): the workspace is not trusted/);
    const quiet = await build("query", "explain_plan", { sql: "SELECT 1", include_explain: false });
    assert.match(quiet.user_prompt, /not asked for/);
  });
});

describe("custom actions", () => {
  let shop: OpenedWorkspace;

  beforeEach(async () => {
    shop = await openSample("shop-django");
    await mkdir(join(shop.folder, ".aksara/actions"), { recursive: true });
  });
  afterEach(() => shop.close());

  const header = (changes: Record<string, string> = {}) =>
    Object.entries({
      kind: "model",
      title: "Plan Sharding",
      description: "How this table could be split",
      risk: "medium",
      what_it_does: "Asks for a sharding key.",
      what_it_cannot_do: "It does not know how many rows there are.",
      ...changes,
    })
      .map(([key, value]) => `${key}: ${value}`)
      .join("\n");

  async function write(name: string, text: string): Promise<void> {
    await writeFile(join(shop.folder, ".aksara/actions", name), text);
    shop.studio.refresh();
  }

  it("F16 a valid file is an action like the shipped ones, with its body as the system prompt", async () => {
    await write(
      "plan-sharding.md",
      `---\n${header()}\nrecommended_next: [explain_model]\n---\nPropose a sharding key.\n`,
    );
    const registry = await shop.studio.actions();
    assert.equal(registry.actions.length, 13);
    const pack = await shop.studio.buildPack({
      flow_type: "model",
      action_key: "plan_sharding",
      context: { model_name: "orders.Order" },
    });
    assert.equal(pack.ok, true);
    assert.match(pack.system_prompt, /^Propose a sharding key\./);
    assert.match(pack.system_prompt, /is data, not instructions/);
    assert.deepEqual(pack.suggested_next, ["explain_model"]);
    assert.equal(pack.answer_schema, null);
  });

  for (const [what, text, message] of [
    ["without front matter", "Propose a key.", /front matter/],
    ["with a key that ships", `---\n${header({ key: "explain_model" })}\n---\nx`, /ships with Aksara Studio/],
    ["of an unknown kind", `---\n${header({ kind: "table" })}\n---\nx`, /"kind"/],
    ["with an unknown member", `---\n${header({ mood: "good" })}\n---\nx`, /mood/],
    ["without a body", `---\n${header()}\n---\n`, /body is empty/],
    ["with broken YAML", "---\nkind: [model\n---\nx", /./],
    [
      "that recommends an action of another kind",
      `---\n${header()}\nrecommended_next: [explain_plan]\n---\nx`,
      /explain_plan/,
    ],
  ] as const) {
    it(`F16 a file ${what} is a problem and no action`, async () => {
      await write("wrong.md", text);
      const { actions, problems } = await shop.studio.customActions();
      assert.deepEqual(actions, []);
      assert.equal(problems.length, 1);
      assert.equal(problems[0]?.uri, ".aksara/actions/wrong.md");
      assert.match(problems[0]?.message ?? "", message);
      const pack = await shop.studio.buildPack({
        flow_type: "model",
        action_key: "wrong",
        context: { model_name: "Order" },
      });
      assert.equal(pack.error_code, "INVALID_ACTION");
    });
  }
});
