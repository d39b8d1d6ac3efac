import assert from "node:assert/strict";
import { PostgresLab } from "../../../src/database/postgres-lab.ts";
import { djangoPredicate } from "../../../src/database/schema/django-predicate.ts";
import { insteadOf, isBroken, workspaceSchema } from "../../../src/database/schema/workspace-schema.ts";
import { LAB_CHILD, labAssets } from "../../support/lab-assets.ts";
import { openSample } from "../flows/open-workspace.ts";

describe("where the schema comes from", function () {
  this.timeout(120_000);
  let lab: PostgresLab;
  before(async () => {
    lab = new PostgresLab({ childFile: LAB_CHILD, assetsDir: await labAssets(), imageFolder: null });
  });
  after(() => lab.dispose());

  for (const [name, tables] of [
    ["shop-prisma", ["orders", "_CategoryToProduct"]],
    ["shop-sql", ["orders", "stock_movements_2026"]],
  ] as const) {
    it(`L01 replays the migrations of ${name} from an empty database`, async () => {
      const sample = await openSample(name);
      try {
        const { catalog } = await sample.studio.view();
        const chosen = workspaceSchema(catalog, "postgresql", "");
        assert.ok(chosen.kind === "schema" && chosen.instead !== null);
        assert.match(chosen.schema.source, /migrations/);
        const report = await lab.open(chosen.schema).report();
        assert.deepEqual(report.failures, []);
        const names = report.tables.map((table) => table.name);
        for (const table of tables) assert.ok(names.includes(table), `${table} of ${names.join(", ")}`);
        for (const { table } of catalog.models)
          assert.ok(table === null || names.includes(table), String(table));
      } finally {
        await sample.close();
      }
    });
  }

  it("L01 takes the models when a migration does not replay, and says which and why", async () => {
    const sample = await openSample("shop-prisma");
    try {
      const { catalog } = await sample.studio.view();
      const chosen = workspaceSchema(catalog, "postgresql", "");
      assert.ok(chosen.kind === "schema" && chosen.instead !== null);
      const statements = chosen.schema.statements.slice(10);
      const report = await lab.open({ ...chosen.schema, statements }).report();
      assert.ok(isBroken(report));
      const instead = insteadOf(report, chosen.instead);
      assert.match(instead.repairs[0]?.what ?? "", /^not replayed: .+ was rejected \(.+\)$/);
      const rebuilt = await lab.open(instead).report();
      assert.deepEqual(rebuilt.failures, []);
      assert.ok(rebuilt.tables.some(({ name }) => name === "orders"));
    } finally {
      await sample.close();
    }
  });
});

describe("a condition in Django's words", () => {
  const columns: Readonly<Record<string, string>> = {
    status: "status",
    deleted_at: "deleted_at",
    owner: "owner_id",
    paid: "paid",
  };
  const sql = (text: string) => djangoPredicate(text, (field) => columns[field] ?? null);

  it("becomes SQL where it compares with constants", () => {
    assert.equal(sql('Q(status="it\'s")'), `"status" = 'it''s'`);
    assert.equal(sql("Q(paid=True)"), '"paid"');
    assert.equal(sql("Q(paid=False) & Q(deleted_at__isnull=True)"), 'NOT "paid" AND "deleted_at" IS NULL');
    assert.equal(sql("~Q(owner=3)"), 'NOT ("owner_id" = 3)');
    assert.equal(sql("Q(owner__gte=1, owner__lte=5)"), '"owner_id" >= 1 AND "owner_id" <= 5');
  });

  it("stays unsaid where it is anything else", () => {
    for (const text of [
      'Q(paid=F("owner"))',
      "Q(paid=True) | Q(owner=1)",
      "Q(nope=1)",
      'Q(status__in=["a"])',
      "Q()",
      "Q(status=X)",
    ]) {
      assert.equal(sql(text), null, text);
    }
  });
});
