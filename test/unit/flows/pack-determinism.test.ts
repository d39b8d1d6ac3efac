import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { utimes } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { buildPromptPack } from "../../../src/flows/build-prompt-pack.ts";
import { estimateTokens } from "../../../src/flows/pack/token-estimate.ts";
import {
  StudioWorkspace,
  UNTRUSTED_METER,
  UNTRUSTED_PLANNER,
} from "../../../src/hosts/shared/studio-workspace.ts";
import type { FlowContext, FlowRequest } from "../../../src/protocol/action.ts";
import type { PromptPack } from "../../../src/protocol/prompt-pack.ts";
import { Catalog } from "../../../src/workspace/catalog.ts";
import { nodeFileSystem } from "../../../src/workspace/index/node-file-system.ts";
import { WorkspaceIndex } from "../../../src/workspace/index/workspace-index.ts";
import { TEST_ASSETS } from "../workspace/languages/parser-assets.ts";
import { buildAll, everyRequest } from "./every-pack.ts";
import { type OpenedWorkspace, openSample } from "./open-workspace.ts";

const run = promisify(execFile);

describe("the same pack everywhere", () => {
  let shop: OpenedWorkspace;
  let requests: readonly FlowRequest[];
  let expected: readonly string[];

  before(async () => {
    shop = await openSample("shop-django");
    requests = (await everyRequest(shop.studio, ["SELECT id FROM lontar_order"])).filter(
      (_request, index) => index % 5 === 0,
    );
    expected = await documents(shop.studio);
  });
  after(() => shop.close());

  async function documents(studio: StudioWorkspace): Promise<readonly string[]> {
    return (await buildAll(studio, requests)).map((pack) => JSON.stringify(pack));
  }

  // prove: src/flows/pack/assemble.ts :: name: `file:${uri}`, => name: `file:${process.cwd()}${performance.now()}${uri}`,
  it("F04 built twice", async () => {
    assert.deepEqual(await documents(shop.studio), expected);
  });

  it("F04 from a copy at another path, with other times, read by another process start", async () => {
    const copy = await openSample("shop-django");
    try {
      await utimes(join(copy.folder, "manage.py"), 1, 1);
      assert.notEqual(copy.folder, shop.folder);
      assert.deepEqual(await documents(copy.studio), expected);
      assert.ok(!expected.join("").includes(shop.folder));
    } finally {
      await copy.close();
    }
  });

  // prove: src/workspace/catalog.ts :: return [...entries].sort((a, b) => compareText(a.id, b.id) || compareText(a.uri, b.uri)); => return [...entries];
  it("F04 with the files listed, and the objects found, in another order", async () => {
    const roots = [{ name: basename(shop.folder), path: shop.folder }];
    const list = (folder: string) => [...(nodeFileSystem.list(folder) as [])].reverse();
    const index = new WorkspaceIndex({ roots, assets: TEST_ASSETS, fileSystem: { ...nodeFileSystem, list } });
    const backwards = new StudioWorkspace(index, { roots, distDir: "" });
    try {
      assert.deepEqual(await documents(backwards), expected);
    } finally {
      await backwards.dispose();
    }
    const { catalog, findings } = await shop.studio.view();
    const turned = new Catalog(
      {
        models: [...catalog.models].reverse(),
        routes: [...catalog.routes].reverse(),
        queries: [...catalog.queries].reverse(),
        migrations: [...catalog.migrations].reverse(),
        uses: catalog.models.flatMap((model) => catalog.usesOf(model.id)).reverse(),
        gaps: [...catalog.gaps].reverse(),
      },
      catalog.report,
    );
    const registry = await shop.studio.actions();
    const source = new WorkspaceIndex({ roots, assets: TEST_ASSETS });
    const open = async () => ({
      catalog: turned,
      findings,
      readText: (uri: string) => source.readText(uri),
      planner: UNTRUSTED_PLANNER,
      meter: UNTRUSTED_METER,
    });
    for (const [position, request] of requests.entries()) {
      const pack = await buildPromptPack(request, open, { registry });
      assert.equal(JSON.stringify(pack), expected[position], JSON.stringify(request));
    }
    await source.dispose();
  });

  // prove: src/flows/pack/canonical-json.ts :: .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) =>
  it("F04 whatever the order of the arguments", async () => {
    const issue = {
      id: "editor:1",
      rule: "r",
      severity: "info",
      message: "m",
      object_id: null,
      source: {
        uri: "manage.py",
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
        hash: "0",
      },
      tier: "T0",
      evidence: [],
      fix: null,
      not_checked: null,
    };
    const contexts: [string, string, FlowContext][] = [
      ["query", "explain_plan", { sql: "SELECT 1", dialect: "pg", include_explain: false }],
      ["route", "review_endpoint", { method: "GET", path: "/api/accounts/addresses/" }],
      ["migration", "explain_migration", { app: "orders", name: "0003" }],
      ["diagnostic", "diagnostic_prioritize", { issue_payload: issue, issue_id: "editor:1" }],
    ];
    for (const [flow_type, action_key, context] of contexts) {
      const one = await shop.studio.buildPack({ flow_type, action_key, context });
      const other = await shop.studio.buildPack({
        context: turned(context),
        action_key,
        flow_type,
      });
      assert.equal(one.ok, true, one.error ?? "");
      assert.equal(JSON.stringify(other), JSON.stringify(one));
    }
  });

  it("F04 in another language, another place and another time zone", async function () {
    // Three processes, each of which reads the workspace from nothing.
    this.timeout(300_000);
    const script = fileURLToPath(new URL("print-packs.ts", import.meta.url));
    const environments = [
      { LC_ALL: "C", LANG: "C", TZ: "UTC" },
      { LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8", TZ: "Pacific/Auckland" },
      { LC_ALL: "sv_SE.UTF-8", LANG: "sv_SE.UTF-8", TZ: "America/St_Johns" },
    ];
    const lines: { locale: string; timeZone: string; packs: number; hash: string }[] = [];
    for (const environment of environments) {
      const env = { ...process.env, ...environment };
      const { stdout } = await run(process.execPath, [script, shop.folder], { env, cwd: "/" });
      lines.push(JSON.parse(stdout));
    }
    assert.equal(new Set(lines.map(({ timeZone }) => timeZone)).size, 3);
    assert.equal(new Set(lines.map(({ locale }) => locale)).size, 3);
    assert.ok((lines[0]?.packs ?? 0) > 30);
    assert.equal(new Set(lines.map(({ hash }) => hash)).size, 1, JSON.stringify(lines));
  });
});

describe("the budget of a pack", () => {
  let shop: OpenedWorkspace;
  let full: PromptPack;
  const order: FlowRequest = {
    flow_type: "model",
    action_key: "refactor_suggestions",
    context: { model_name: "orders.Order" },
  };

  before(async () => {
    shop = await openSample("shop-django");
    full = await shop.studio.buildPack(order);
  });
  after(() => shop.close());

  const keysOf = (pack: PromptPack) => pack.dropped.map(({ section }) => section);

  // prove: src/flows/pack/section.ts :: section.dropRank > (victim.dropRank ?? 0) => section.dropRank < (victim.dropRank ?? 0)
  it("F15 sections go in one fixed order, whatever the budget", async () => {
    assert.deepEqual(full.dropped, []);
    const tight = await shop.studio.buildPack(order, { tokenBudget: 1 });
    const all = keysOf(tight);
    assert.deepEqual(all, ["siblings", "callers", "migrations", "source"]);
    for (let budget = full.token_estimate; budget > 200; budget -= 150) {
      const dropped = keysOf(await shop.studio.buildPack(order, { tokenBudget: budget }));
      assert.deepEqual(dropped, all.slice(0, dropped.length), `budget ${budget}`);
    }
  });

  // prove: src/flows/pack/assemble.ts :: user: dropped.length > 0 ? `${user}\n\n${droppedNote(dropped)}` : user, => user,
  it("F15 what was left out is said in the pack, in the prompt and on the page, with its evidence gone", async () => {
    const pack = await shop.studio.buildPack(order, { tokenBudget: full.token_estimate - 1 });
    assert.deepEqual(keysOf(pack), ["siblings"]);
    assert.match(pack.dropped[0]?.reason ?? "", /^over the budget of \d+ tokens; about \d+ tokens$/);
    assert.ok(pack.user_prompt.endsWith("Treat what these would say as unknown."));
    assert.match(pack.user_prompt, /Left out of the facts .*: siblings \(over the budget/);
    assert.ok(!pack.user_prompt.includes("sibling models\n"));
    assert.match(pack.result_markdown, /Left out of the prompt .*siblings/);
    assert.ok(pack.evidence.length < full.evidence.length);
    for (const { id } of pack.evidence) assert.ok(pack.user_prompt.includes(`[${id}]`));
  });

  // prove: src/flows/pack/section.ts :: size > budget; size = => size > budget * 2; size =
  it("F15 what is kept fits the budget, the note about the rest included", async () => {
    for (let budget = full.token_estimate; budget > 400; budget -= 97) {
      const pack = await shop.studio.buildPack(order, { tokenBudget: budget });
      const size = estimateTokens(pack.system_prompt) + estimateTokens(pack.user_prompt);
      assert.equal(pack.token_estimate, size);
      assert.ok(size <= budget || keysOf(pack).length === 4, `${size} of ${budget}`);
    }
  });

  it("F15 the budget is an input of the document", async () => {
    const pack = await shop.studio.buildPack(order, { tokenBudget: full.token_estimate });
    assert.equal(pack.fingerprint, full.fingerprint);
    assert.notDeepEqual(pack.inputs, full.inputs);
  });
});

/** The same value with the members of every object the other way round. */
function turned<T>(value: T): T;
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, turned(member)]),
  );
}
