import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SETTINGS } from "../../../../src/hosts/vscode/manifest/settings.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** Areas of settings that send something, run something or give a permission. */
const POWERFUL = /^aksara\.(?:run|agent|hub|providers|tools|database|mcp)\./;

describe("scopes of settings", () => {
  // prove: src/hosts/vscode/manifest/settings.ts :: scope: "machine", => scope: "window",
  it("V06 a workspace cannot set what sends, runs or permits something", () => {
    const powerful = SETTINGS.filter(({ key }) => POWERFUL.test(key));
    assert.ok(powerful.length > 0);
    for (const { key, scope } of powerful) assert.equal(scope, "machine", key);
  });

  it("V06 the manifest in the package has the same scopes", () => {
    const { contributes } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      contributes: { configuration: { properties: Record<string, { scope: string }> } };
    };
    const { properties } = contributes.configuration;
    assert.deepEqual(
      Object.fromEntries(Object.entries(properties).map(([key, { scope }]) => [key, scope])),
      Object.fromEntries(SETTINGS.map(({ key, scope }) => [key, scope])),
    );
  });
});
