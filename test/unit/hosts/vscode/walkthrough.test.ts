import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

describe("the walkthrough in the manifest", () => {
  it("V02 has a picture for each kind of theme in the package", () => {
    const { contributes } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      contributes: {
        walkthroughs: { steps: { media: { image: Record<string, string>; altText: string } }[] }[];
      };
    };
    const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    assert.ok(steps.length > 0);
    for (const { media } of steps) {
      assert.deepEqual(Object.keys(media.image).sort(), ["dark", "hc", "hcLight", "light"]);
      for (const file of Object.values(media.image)) {
        const start = readFileSync(join(root, file)).subarray(1, 4).toString();
        assert.equal(start, "PNG", file);
      }
    }
  });
});
