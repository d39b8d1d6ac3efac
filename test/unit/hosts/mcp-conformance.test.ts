import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { McpHttpServer } from "../../../src/hosts/mcp/http-server.ts";
import { signedStates } from "../../../src/hosts/mcp/workspace-surface.ts";
import { conformanceSurface } from "../../support/mcp/conformance-surface.ts";
import { type TokenProxy, tokenProxy } from "../../support/mcp/token-proxy.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";

const PACKAGE = fileURLToPath(
  new URL("../../../node_modules/@modelcontextprotocol/conformance", import.meta.url),
);
const SUITE = join(PACKAGE, "dist/index.js");
const REQUIREMENTS = join(PACKAGE, "requirements");

/** The protocol's own suite against our server, with the tools that it calls registered as any others. */
describe("the conformance suite of the Model Context Protocol", function () {
  this.timeout(180_000);
  let temporary: TemporaryFolder;
  let server: McpHttpServer;
  let proxy: TokenProxy;
  const crashes: unknown[] = [];

  before(async () => {
    temporary = await makeTemporaryFolder("conformance");
    server = await McpHttpServer.start({
      surface: conformanceSurface,
      version: "0.0.0",
      states: signedStates(),
      port: 0,
      onCrash: (error) => crashes.push(error),
    });
    proxy = await tokenProxy(server.url, server.token);
  });
  after(async () => {
    await proxy.close();
    await server.close();
    await temporary.remove();
  });

  for (const revision of ["2025-11-25", "2026-07-28"])
    it(`H24 every scored scenario of ${revision} passes`, async () => {
      const required = await scoredScenarios(revision);
      assert.ok(required.length >= 30, `${required.length} scenarios`);
      const { code, out } = await run(["--requirements", revision]);
      const seen = new Map(
        [...out.matchAll(/^[✓✗] (\S+): (\d+) passed, (\d+) failed/gm)].map(([, name, passed, failed]) => [
          name,
          { passed: Number(passed), failed: Number(failed) },
        ]),
      );
      for (const name of required) {
        const { passed, failed } = seen.get(name) ?? { passed: 0, failed: 0 };
        assert.ok(passed > 0 && failed === 0, `${name}: ${passed} passed, ${failed} failed\n${out}`);
      }
      assert.equal(code, 0, out);
      assert.deepEqual(crashes, []);
    });

  async function scoredScenarios(revision: string): Promise<readonly string[]> {
    const text = await readFile(join(REQUIREMENTS, `${revision}.yaml`), "utf8");
    return (parse(text) as { server: readonly string[] }).server;
  }

  function run(args: readonly string[]): Promise<{ code: number; out: string }> {
    const all = [SUITE, "server", "--url", proxy.url, "-o", temporary.folder, ...args];
    return new Promise((resolve) => {
      execFile(process.execPath, all, { maxBuffer: 1 << 26 }, (error, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, out: `${out}${err}` }),
      );
    });
  }
});
