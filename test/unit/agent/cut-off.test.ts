import assert from "node:assert/strict";
import { join } from "node:path";
import { lines } from "../../support/killed-process.ts";
import { demandWhole, runAgentUntilDeath } from "./killed-runs.ts";

describe("an effect that was cut off", function () {
  this.timeout(120_000);

  // prove: src/agent/run/recover-calls.ts :: if (settled?.outcome === "not-run") left.push(call); => if (settled?.outcome !== "done") left.push(call);
  it("A04 is said to be unknown, and not repeated, whether it had happened or not", async () => {
    for (const when of ["in-effect", "after-effect"] as const) {
      const left = await runAgentUntilDeath({ when, number: 1 });
      try {
        assert.ok(left.killed);
        assert.equal(await demandWhole(left, when), "resumed");
        assert.deepEqual(await lines(join(left.folder, "paid.log")), when === "in-effect" ? [] : ["alice"]);
      } finally {
        await left.remove();
      }
    }
  });
});
