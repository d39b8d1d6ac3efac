import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { PostgresLab } from "../../../src/database/postgres-lab.ts";
import { djangoPredicate } from "../../../src/database/schema/django-predicate.ts";
import { djangoTables, withOutside } from "../../../src/database/schema/django-tables.ts";
import { schemaBefore } from "../../../src/database/schema/schema-before.ts";
import { insteadOf, isBroken, workspaceSchema } from "../../../src/database/schema/workspace-schema.ts";
import { SqliteLab } from "../../../src/database/sqlite-lab.ts";
import { LAB_CHILD, labAssets } from "../../support/lab-assets.ts";
import { openSample } from "../flows/open-workspace.ts";

const workerFile = fileURLToPath(new URL("../../../src/storage/sqlite-worker.ts", import.meta.url));

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

  it("L01 has Django's own tables, with the keys that models and migrations need", async () => {
    const sample = await openSample("shop-django");
    try {
      const { catalog } = await sample.studio.view();
      const chosen = workspaceSchema(catalog, "postgresql", "");
      assert.ok(chosen.kind === "schema");
      assert.match(chosen.schema.source, /^27 models, and 7 tables of Django$/);
      const report = await lab.open(chosen.schema).report();
      assert.deepEqual(report.failures, []);
      const keysOf = (name: string) =>
        report.tables
          .find((table) => table.name === name)
          ?.foreignKeys.map(({ columns, target }) => `${columns.join()} → ${target}`)
          .sort();
      assert.deepEqual(keysOf("accounts_user_groups"), ["group_id → auth_group", "user_id → accounts_user"]);
      assert.ok(keysOf("catalog_tagged_item")?.includes("content_type_id → django_content_type"));
      assert.ok(keysOf("auth_permission")?.includes("content_type_id → django_content_type"));
      assert.equal(keysOf("auth_user"), undefined, "the workspace has a user of its own");
      for (const name of ["accounts.0002_contact_data", "catalog.0003_product_attributes"]) {
        const migration = catalog.byId(`migration:${name}`);
        assert.ok(migration?.kind === "migration");
        const before = await lab.open(schemaBefore(catalog, migration).schema).report();
        assert.deepEqual(before.failures, [], name);
      }
    } finally {
      await sample.close();
    }
  });

  it("L01 has the user of Django where no model is one, in both dialects, and nothing of it elsewhere", async () => {
    const sample = await openSample("shop-django");
    const sqlite = new SqliteLab({ workerFile });
    try {
      const { catalog } = await sample.studio.view();
      const others = catalog.models.filter(({ namespace }) => namespace === "catalog");
      for (const dialect of ["postgresql", "sqlite"] as const) {
        const outside = djangoTables(others, dialect);
        const schema = withOutside(
          { dialect, source: "0 models", statements: [], repairs: [], choices: {} },
          outside,
        );
        const report = await (dialect === "sqlite" ? sqlite : lab).open(schema).report();
        assert.deepEqual(report.failures, [], dialect);
        const names = report.tables.map(({ name }) => name);
        for (const name of ["auth_user", "auth_user_groups", "django_admin_log", "django_session"])
          assert.ok(names.includes(name), `${name} in ${dialect}`);
      }
      const elsewhere = others.map((model) => ({ ...model, stack: "sqlalchemy" }));
      assert.deepEqual(djangoTables(elsewhere, "postgresql"), []);
    } finally {
      await sqlite.dispose();
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
