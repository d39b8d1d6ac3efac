import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PromptPack } from "../../../src/protocol/prompt-pack.ts";
import { buildAll, everyRequest } from "./every-pack.ts";
import { type OpenedWorkspace, openSample } from "./open-workspace.ts";

interface Expected {
  readonly secrets: readonly { readonly value: string }[];
  readonly personalLiterals: readonly { readonly value: string }[];
}

const expected: Expected = JSON.parse(
  readFileSync(new URL("../../workspaces/hostile.expected.json", import.meta.url), "utf8"),
);
const SECRETS = [...new Set([...expected.secrets, ...expected.personalLiterals].map(({ value }) => value))];

/** A value and the forms it takes in JSON, in escaped markdown and cut by a third. */
function formsOf(secret: string): readonly string[] {
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    secret.replace(/[\\`*_{}[\]()#+!|>~@]/g, "\\$&"),
    secret.slice(0, Math.max(8, Math.ceil(secret.length * 0.6))),
  ];
}

function assertWithout(pack: PromptPack, secrets: readonly string[], what: string): void {
  const document = JSON.stringify(pack);
  const texts = [document, pack.result_markdown, pack.user_prompt, pack.system_prompt];
  for (const form of secrets.flatMap(formsOf)) {
    for (const text of texts) assert.ok(!text.includes(form), `${what} holds ${form}: ${around(text, form)}`);
  }
}

function around(text: string, part: string): string {
  const at = text.indexOf(part);
  return text.slice(Math.max(0, at - 80), at + part.length + 20);
}

function totalOf(pack: PromptPack): number {
  return pack.redactions.reduce((sum, { count }) => sum + count, 0);
}

describe("secrets in packs", () => {
  let hostile: OpenedWorkspace;

  before(async () => {
    hostile = await openSample("hostile");
    // the settings are read by no action: put what they hold where actions look
    const settings = readFileSync(join(hostile.folder, "config/settings.py"), "utf8");
    const block = settings.slice(settings.indexOf("DATABASES = {"));
    await appendFile(
      join(hostile.folder, "inventory/views.py"),
      `\n\ndef keys(request):\n${indent(block)}\n`,
    );
    await writeFile(
      join(hostile.folder, "inventory/urls.py"),
      readFileSync(join(hostile.folder, "inventory/urls.py"), "utf8").replace(
        "urlpatterns = [",
        'urlpatterns = [\n    path("keys/", views.keys),',
      ),
    );
    await mkdir(join(hostile.folder, "people"));
    await writeFile(join(hostile.folder, "people/__init__.py"), "");
    await writeFile(join(hostile.folder, "people/models.py"), PEOPLE);
    await appendFile(join(hostile.folder, "inventory/views.py"), SEARCHES);
  });
  after(() => hostile.close());

  // prove: src/flows/build-prompt-pack.ts :: BUILDERS[action.kind](readable, action, context, options.signal) => BUILDERS[action.kind](workspace, action, context, options.signal)
  it("F14 no secret of the workspace is anywhere in any pack, in whole, escaped or cut", async () => {
    const requests = await everyRequest(hostile.studio);
    const packs = await buildAll(hostile.studio, requests);
    assert.ok(packs.length > 60, `${packs.length} packs`);
    let replaced = 0;
    packs.forEach((pack, index) => {
      const request = JSON.stringify(requests[index]);
      assert.equal(pack.ok, true, `${request}: ${pack.error}`);
      assertWithout(pack, SECRETS, request);
      assertWithout(pack, PEOPLE_SECRETS, request);
      replaced += totalOf(pack);
    });
    assert.ok(replaced > 100, `${replaced} replacements`);
  });

  // prove: src/flows/pack/redaction.ts :: name === "default" ? withoutPersonalDefault(value, member, onSecret) : member; => member;
  it("F14 the default of a personal field is not told, neither by the field nor by the source", async () => {
    const pack = await hostile.studio.buildPack(model("people.Person"));
    assert.match(pack.user_prompt, /nickname: .*default "?'?plain/);
    assertWithout(pack, PEOPLE_SECRETS, "people.Person");
    assert.ok(pack.redactions.some(({ kind }) => kind === "personal-literal"));
  });

  // prove: src/flows/pack/redaction.ts :: for (const [secret, kind] of this.#longestFirst()) { => for (const [secret, kind] of []) {
  it("F14 what one place gave away is also gone where it stands alone", async () => {
    const pack = await hostile.studio.buildPack(model("people.Person"));
    assert.ok(!pack.user_prompt.includes("Rahasia-Besar-7"));
    assert.match(pack.user_prompt, /the old one was \[redacted:password\]/);
  });

  // prove: src/flows/facts/redacted-workspace.ts :: const text = redactor.learn(await workspace.readText(uri)); => const text = await workspace.readText(uri);
  it("F14 a key block whose first line is outside the excerpt does not leave", async () => {
    const { catalog } = await hostile.studio.view();
    const query = catalog.queries.find(({ within }) => within === "beside_key");
    const pack = await hostile.studio.buildPack({
      flow_type: "query",
      action_key: "explain_plan",
      context: { query_id: query?.id ?? "" },
    });
    assert.equal(pack.ok, true, pack.error ?? "");
    assert.ok(!/a2V5IGJsb2Nr/.test(JSON.stringify(pack)));
  });

  it("F14 lines keep their numbers when a key block is taken out above them", async () => {
    const pack = await hostile.studio.buildPack({
      flow_type: "route",
      action_key: "review_endpoint",
      context: { method: "ANY", path: "/inventory/keys/" },
    });
    const text = readFileSync(join(hostile.folder, "inventory/views.py"), "utf8").split("\n");
    const line = text.findIndex((candidate) => candidate.includes("MARK_AFTER_KEY")) + 1;
    assert.match(pack.user_prompt, new RegExp(`^ *${line} .*MARK_AFTER_KEY`, "m"));
  });

  // prove: src/flows/build-prompt-pack.ts :: redactor.learn(parseContext(request.context)) => parseContext(request.context)
  it("F14 literals of a statement given by hand are in no part of its pack, its hashes included", async () => {
    const sql = (literal: string) =>
      `SELECT id FROM inventory_item WHERE owner_email = '${literal}' AND token = 'Kucing-Hitam-9' -- +62 812 3456 7890`;
    const packs = await buildAll(
      hostile.studio,
      ["ayu.lestari@acme.dev", "bayu.p@acme.dev"].map((literal) => ({
        flow_type: "query",
        action_key: "suggest_indexes",
        context: { sql: sql(literal) },
      })),
    );
    const [first, second] = packs;
    assert.ok(first?.ok && second?.ok);
    assertWithout(first, ["ayu.lestari@acme.dev", "Kucing-Hitam-9", "+62 812 3456 7890"], "by hand");
    assert.equal(
      JSON.stringify(first),
      JSON.stringify(second),
      "nothing of the literal is left, not even a hash",
    );
    assert.ok(totalOf(first) >= 3);
  });

  // prove: src/flows/pack/failed.ts :: const clean = <T>(value: T): T => mapText(redactor.redactValue(value), visibleText); => const clean = <T>(value: T): T => value;
  it("F14 the pack of a request that failed repeats no secret of the request", async () => {
    const secret = ["sk", "live", "4eC39HqLyjWDarjtT1zdp7dc"].join("_");
    const requests = [
      { flow_type: "model", action_key: "explain_model", context: { model_name: `Item ${secret}` } },
      {
        flow_type: "query",
        action_key: "explain_plan",
        context: { query_id: `password='Kucing-Hitam-9' ${secret}` },
      },
      { flow_type: "query", action_key: "explain_plan", context: { sql: "SELECT 1", dialect: secret } },
      {
        flow_type: "route",
        action_key: "review_endpoint",
        context: { method: "GET", path: `/hook/${secret}` },
      },
      { flow_type: "migration", action_key: "explain_migration", context: { app: secret } },
      { flow_type: "diagnostic", action_key: "diagnostic_prioritize", context: { issue_id: secret } },
      { flow_type: "model", action_key: secret, context: {} },
      { flow_type: secret, action_key: "explain_model", context: {} },
      {
        flow_type: "model",
        action_key: "explain_model",
        context: { model_name: "Nobody" },
        provider_override: secret,
      },
    ];
    for (const [index, pack] of (await buildAll(hostile.studio, requests)).entries()) {
      assert.equal(pack.ok, false, JSON.stringify(requests[index]));
      assertWithout(pack, [secret, "Kucing-Hitam-9"], JSON.stringify(requests[index]?.context));
    }
  });

  // prove: src/flows/pack/assemble.ts :: const { action, facts, redactor } = input; => const { action, facts } = input; const redactor = { redact: (text: string) => text, redactValue: <T>(value: T) => value };
  it("F14 issues handed in by an editor are redacted in prompt, findings and evidence", async () => {
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } };
    const issue = {
      id: "editor:1",
      rule: "editor",
      severity: "error",
      message:
        'password="Kucing-Hitam-9" is not of sari.wijaya@example.test; see the old one: Rahasia-Besar-7',
      object_id: null,
      source: { uri: "config/settings.py", range, hash: "0" },
      tier: "T0",
      evidence: ["redis://:sambal-terasi-5@cache/0", "secret_key = 'Rahasia-Besar-7'"],
      fix: "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      not_checked: "pisang goreng 77 and EMAIL_HOST_PASSWORD = 'pisang goreng 77'",
    };
    const pack = await hostile.studio.buildPack({
      flow_type: "diagnostic",
      action_key: "diagnostic_prioritize",
      context: { issue_payload: issue },
    });
    assert.equal(pack.ok, true, pack.error ?? "");
    assertWithout(pack, [...SECRETS, "Rahasia-Besar-7"], "payload");
    assert.ok(totalOf(pack) >= 5);
  });

  // prove: src/flows/pack/assemble.ts :: renderCustomSystemPrompt(visibleText(input.redactor.redact(origin.prompt)), marker) => renderCustomSystemPrompt(origin.prompt, marker)
  it("F14 a key in an action file does not leave with the prompt", async () => {
    await mkdir(join(hostile.folder, ".aksara/actions"), { recursive: true });
    await writeFile(
      join(hostile.folder, ".aksara/actions/audit.md"),
      `---\nkind: model\ntitle: Audit\ndescription: d\nrisk: low\nwhat_it_does: x\nwhat_it_cannot_do: y\n---\nAsk with api_key = "f3b1c9d07a5e48216c0b9d8e7f6a5b4c".\n`,
    );
    hostile.studio.refresh();
    const pack = await hostile.studio.buildPack({
      flow_type: "model",
      action_key: "audit",
      context: { model_name: "inventory.Note" },
    });
    assert.equal(pack.ok, true, pack.error ?? "");
    assertWithout(pack, ["f3b1c9d07a5e48216c0b9d8e7f6a5b4c"], "audit");
  });

  it("F14 the counts say how often each kind was replaced", async () => {
    const pack = await hostile.studio.buildPack({
      flow_type: "query",
      action_key: "explain_plan",
      context: { sql: "SELECT 1 FROM t WHERE a = 'x@acme.dev' OR b = 'y@acme.dev' OR phone = '0812 1'" },
    });
    assert.deepEqual(pack.redactions, [
      { kind: "email", count: 2 },
      { kind: "personal-literal", count: 1 },
    ]);
    assert.equal(pack.user_prompt.split("[redacted:email]").length - 1, 2);
  });
});

function model(name: string) {
  return { flow_type: "model", action_key: "explain_model", context: { model_name: name } };
}

function indent(text: string): string {
  return `${text.replace(/^/gm, "    ")}\n    MARK_AFTER_KEY = 1`;
}

const PEOPLE_SECRETS = ["Soekarno Hatta", "Rahasia-Besar-7", "0812-5550-143"];

const PEOPLE = `"""People. Once it was said that the old one was Rahasia-Besar-7."""
from django.db import models


class Person(models.Model):
    """A person; the old one was Rahasia-Besar-7."""

    full_name = models.CharField(
        max_length=80,
        default="Soekarno Hatta",
    )
    nickname = models.CharField(max_length=80, default="plain")
    mobile = models.CharField(max_length=20, default="0812-5550-143")

    PARTNER_PASSWORD = "Rahasia-Besar-7"
`;

const SEARCHES = `

def long_search(request):
    return Item.objects.filter(label="a long label so that the statement is cut off", name="also long", owner_email="sari.wijaya@example.test")


SIGNING = """${"-----BEGIN RSA"} PRIVATE KEY-----
${"a2V5IGJsb2NrIHRoYXQgaXMgbm8ga2V5IGJ1dCBsb29rcyBsaWtlIG9uZSBhbmQgaXM=\n".repeat(30)}-----END RSA PRIVATE KEY-----"""


def beside_key(request):
    return Item.objects.filter(price=3)
`;
