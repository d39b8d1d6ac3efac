import assert from "node:assert/strict";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { aiHubJsonSchema, EMPTY_HUB } from "../../../src/execution/hub/ai-hub.ts";
import { parseAiHub } from "../../../src/execution/hub/parse-ai-hub.ts";
import { readAiHub } from "../../../src/hosts/shared/ai-hub-file.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";

const URI = ".aksara/aihub.json";

const INVALID: readonly (readonly [string, string, number, RegExp])[] = [
  ["not JSON", '{\n  "version": 1,\n  providers: []\n}', 2, /not JSON/],
  ["cut off", '{\n  "version": 1,', 1, /not JSON/],
  ["empty", "", 0, /not JSON/],
  ["a list", "[]", 0, /object/],
  ["an unknown kind", '{\n  "providers": [\n    { "kind": "openia" }\n  ]\n}', 2, /providers\.0\.kind/],
  ["a wrong type", '{\n  "active_provider": 5\n}', 1, /active_provider/],
  ["another version", '{\n  "version": 9\n}', 1, /version/],
  [
    "an address that is no URL",
    '{ "providers": [\n  { "kind": "openai",\n    "base_url": "localhost" }\n] }',
    2,
    /base_url/,
  ],
  [
    "two of one name",
    '{ "providers": [\n  { "kind": "openai" },\n  { "kind": "openai" }\n] }',
    2,
    /"openai"/,
  ],
  [
    "a key in a header",
    '{ "providers": [{ "kind": "openai",\n "headers": {\n "Authorization": "Bearer x" } }] }',
    2,
    /keys are never kept in a file/,
  ],
];

describe("aihub.json", () => {
  let temporary: TemporaryFolder;

  before(async () => {
    temporary = await makeTemporaryFolder("hub");
  });
  after(() => temporary.remove());

  async function workspace(name: string, text: string | null): Promise<{ name: string; path: string }> {
    const path = join(temporary.folder, name);
    await mkdir(join(path, ".aksara"), { recursive: true });
    if (text !== null) await writeFile(join(path, URI), text);
    return { name, path };
  }

  for (const [what, text, line, message] of INVALID) {
    it(`E13 ${what}: a problem on its line, the defaults, and the file as it was`, async () => {
      const root = await workspace(what.replaceAll(" ", "-"), text);
      const { hub, problems } = await readAiHub([root]);
      assert.deepEqual(hub, EMPTY_HUB);
      const [problem] = problems;
      assert.ok(problem, "a problem");
      assert.deepEqual([problem.uri, problem.severity], [URI, "error"]);
      assert.equal(problem.line, line, problem.message);
      assert.match(problem.message, message);
      assert.equal(await readFile(join(root.path, URI), "utf8"), text);
    });
  }

  it("reads a whole file", async () => {
    const { hub, problems } = await parseAiHub(
      URI,
      JSON.stringify({
        version: 1,
        active_provider: "work",
        defaults: { chat_provider: "work", chat_model: "m" },
        providers: [
          {
            kind: "azure",
            name: "work",
            base_url: "https://x.openai.azure.com",
            deployment: "d",
            api_version: "v1",
          },
          { kind: "ollama", enabled: false },
        ],
      }),
    );
    assert.deepEqual(problems, []);
    assert.equal(hub.providers[0]?.deployment, "d");
    assert.equal(hub.providers[1]?.enabled, false);
  });

  it("passes over what it does not know, and says so; a key in the file is named as one", async () => {
    const text =
      '{\n  "providers": [\n    { "kind": "openai",\n      "api_key": "sk-1234567890" }\n  ],\n  "theme": "dark"\n}';
    const { hub, problems } = await parseAiHub(URI, text);
    assert.equal(hub.providers[0]?.kind, "openai");
    assert.deepEqual(
      problems.map(({ line, severity }) => [line, severity]),
      [
        [3, "warning"],
        [5, "warning"],
      ],
    );
    assert.match(problems[0]?.message ?? "", /a key does not belong/);
    assert.ok(!JSON.stringify(problems).includes("sk-1234567890"));
  });

  it("takes no file for an empty hub, and the first root that has one", async () => {
    const bare = await workspace("bare", null);
    assert.deepEqual(await readAiHub([bare]), { hub: EMPTY_HUB, problems: [] });
    const second = await workspace("second", '{"active_provider": "openai", "oops": 1}');
    const { hub, problems } = await readAiHub([bare, second]);
    assert.equal(hub.active_provider, "openai");
    assert.equal(problems[0]?.uri, `second/${URI}`);
  });

  it("does not follow a link, nor read a file of any size", async () => {
    const root = await workspace("linked", null);
    const outside = join(temporary.folder, "outside.json");
    await writeFile(outside, '{"active_provider": "openai"}');
    await symlink(outside, join(root.path, URI));
    const { hub, problems } = await readAiHub([root]);
    assert.deepEqual(hub, EMPTY_HUB);
    assert.match(problems[0]?.message ?? "", /plain file/);
    const large = await workspace("large", `{"x": "${"y".repeat(300_000)}"}`);
    assert.match((await readAiHub([large])).problems[0]?.message ?? "", /256 KB/);
  });

  it("the editor's schema knows every key and refuses others", () => {
    const schema = aiHubJsonSchema() as {
      additionalProperties: boolean;
      properties: {
        providers: { items: { additionalProperties: boolean; properties: Record<string, unknown> } };
      };
    };
    assert.equal(schema.additionalProperties, false);
    const { items } = schema.properties.providers;
    assert.equal(items.additionalProperties, false);
    for (const key of ["kind", "name", "enabled", "base_url", "model", "deployment", "api_version"])
      assert.ok(key in items.properties, key);
  });
});
