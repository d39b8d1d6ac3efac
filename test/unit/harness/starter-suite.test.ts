import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { SHIPPED_ACTIONS } from "../../../src/flows/actions/shipped.ts";
import { grounded } from "../../../src/harness/evals/grounding.ts";
import type { Outcome } from "../../../src/harness/evals/outcome.ts";
import { runEval } from "../../../src/harness/evals/run-eval.ts";
import { distDirectory } from "../../../src/hosts/shared/dist-directory.ts";
import { openEvals } from "../../../src/hosts/shared/eval-access.ts";
import { readEvalFile } from "../../../src/hosts/shared/eval-files.ts";
import { openWorkspace, type PromptPack, type Workspace } from "../../../src/index.ts";

const SUITES = join(import.meta.dirname, "../../evals");
const WORKSPACES = join(import.meta.dirname, "../../workspaces");

describe("the starter suite", function () {
  this.timeout(120_000);
  let open: Workspace[] = [];
  afterEach(async () => {
    await Promise.all(open.map((workspace) => workspace.dispose()));
    open = [];
  });
  // Not trusted: no lab is started, and nobody can be asked.
  const workspaceOf = (name: string): Workspace => {
    const workspace = openWorkspace(join(WORKSPACES, name), {
      cache: false,
      trusted: false,
      environment: {},
    });
    open.push(workspace);
    return workspace;
  };

  it("F01 F03 H22 holds for the twelve flows on every shop, without a network", async () => {
    const names = (await readdir(SUITES)).filter((name) => name.endsWith(".yaml"));
    assert.equal(names.length, 5);
    for (const name of names) {
      const { request, problems } = await readEvalFile(join(SUITES, name));
      assert.deepEqual(problems, []);
      assert.ok(request);
      assert.deepEqual(
        request.cases.map(({ id }) => id),
        SHIPPED_ACTIONS.map(({ key }) => key),
      );
      const access = openEvals(workspaceOf(name.replace(".yaml", "")), distDirectory());
      const { ok, cases } = await runEval(request, access.services);
      await access.dispose();
      const reasons = cases.flatMap(({ id, pass, attempts }) =>
        pass ? [] : [`${name} ${id}: ${attempts[0]?.why}`],
      );
      assert.deepEqual([ok, reasons], [true, []]);
    }
  });

  it("F03 finds each kind of statement that is not true in the source", async () => {
    const workspace = workspaceOf("shop-django");
    const pack = await workspace.buildPack({
      flow_type: "model",
      action_key: "explain_model",
      context: { model_name: "orders.Order" },
    });
    const look = async (change: (pack: PromptPack) => PromptPack) =>
      await grounded({ pack: change(structuredClone(pack)) } as Outcome, workspace.roots);
    const prompt = (from: string | RegExp, to: string) => (each: PromptPack) => {
      const changed = each.user_prompt.replace(from, to);
      assert.notEqual(changed, each.user_prompt);
      return { ...each, user_prompt: changed };
    };
    assert.equal((await look((each) => each)).pass, true);
    const lies: readonly (readonly [(pack: PromptPack) => PromptPack, RegExp])[] = [
      [
        prompt("- channel: CharField", "- barcode: CharField"),
        /"- barcode: CharField.* cites E16, where nothing of it stands/,
      ],
      [prompt("- coupon → orders.Coupon", "- voucher → orders.Voucher"), /voucher/],
      [prompt("order_channel_idx on (channel)", "order_colour_idx on (colour)"), /colour|order_channel/],
      [prompt("max_digits=14, decimal_places=2", "max_digits=18, decimal_places=4"), /line 112 is quoted as/],
      [
        prompt("model = Order [E40]", "model = Invoice [E40]"),
        /line 42 is quoted as "model = Invoice", and is not/,
      ],
      [
        (each) => ({
          ...each,
          evidence: each.evidence.map((item, at) => (at === 4 ? { ...item, hash: "0".repeat(16) } : item)),
        }),
        /^E5: .* holds something else than what was read/,
      ],
      [
        (each) => ({
          ...each,
          evidence: each.evidence.map((item, at) => (at === 4 ? { ...item, uri: "orders/gone.py" } : item)),
        }),
        /^E5: there is no orders\/gone\.py/,
      ],
    ];
    for (const [change, why] of lies) {
      const found = await look(change);
      assert.equal(found.pass, false, String(why));
      assert.match(found.why, why);
    }
  });
});
