import assert from "node:assert/strict";
import type { Migration } from "../../../../../src/workspace/ir/migration.ts";
import { alembicStack } from "../../../../../src/workspace/stacks/alembic/stack.ts";
import { type Files, readFiles } from "../read-python.ts";

const HEAD = "import sqlalchemy as sa\nfrom alembic import op\nfrom sqlalchemy.dialects import postgresql\n";

/** A migration with the given lines in `upgrade`. */
const revision = (name: string, down: string, upgrade: readonly string[], rest: readonly string[] = []) =>
  [
    HEAD,
    `revision = "${name}"`,
    `down_revision = ${down}`,
    ...rest,
    "def upgrade():",
    ...upgrade.map((line) => `    ${line}`),
    "def downgrade():",
    "    pass",
    "",
  ].join("\n");

const read = (files: Files) => readFiles(alembicStack, files);

async function one(upgrade: readonly string[], rest: readonly string[] = []): Promise<Migration> {
  const { migrations } = await read({ "m/versions/a.py": revision("a", "None", upgrade, rest) });
  const [migration] = migrations;
  assert.ok(migration);
  return migration;
}

const sqlOf = (migration: Migration) => migration.operations.flatMap(({ sql }) => sql ?? ["?"]);

describe("Alembic migrations", () => {
  it("C01 ties branches, merges, labels and dependencies on other lines", async () => {
    const { migrations } = await read({
      "m/versions/a.py": revision("a1", "None", ["pass"], ['branch_labels = ("books",)']),
      "m/versions/b.py": revision("b1", '"a1"', ["pass"]),
      "m/versions/c.py": revision("c1", '"a1"', ["pass"]),
      "m/versions/d.py": revision("d1", '("b1", "c1")', ["pass"], ['depends_on = "books"']),
      "m/versions/e.py": revision("e1", '"gone"', ["pass"]),
    });
    assert.deepEqual(
      migrations.map(({ id, dependencies, externalDependencies }) => [
        id,
        dependencies.map((each) => each.replace("migration:alembic.", "")),
        externalDependencies,
      ]),
      [
        ["migration:alembic.a1", [], []],
        ["migration:alembic.b1", ["a1"], []],
        ["migration:alembic.c1", ["a1"], []],
        ["migration:alembic.d1", ["b1", "c1", "a1"], []],
        ["migration:alembic.e1", [], ["gone"]],
      ],
    );
  });

  it("C01 keeps several lines of migrations apart by their folders", async () => {
    const { migrations } = await read({
      "core/migrations/versions/a.py": revision("a1", "None", ["pass"]),
      "plugin/migrations/versions/a.py": revision("a1", "None", ["pass"]),
      "plugin/migrations/versions/b.py": revision("b1", '"a1"', ["pass"]),
    });
    assert.deepEqual(
      migrations.map(({ id, app, dependencies }) => `${id} ${app} after ${dependencies}`),
      [
        "migration:core/migrations.a1 core/migrations after ",
        "migration:plugin/migrations.a1 plugin/migrations after ",
        "migration:plugin/migrations.b1 plugin/migrations after migration:plugin/migrations.a1",
      ],
    );
  });

  it("C01 reads batches, execute in all its forms, and operations of PostgreSQL", async () => {
    const migration = await one([
      'with op.batch_alter_table("books", schema="shop") as batch_op:',
      '    batch_op.add_column(sa.Column("pages", sa.Integer(), nullable=True))',
      '    batch_op.drop_column("worn")',
      'op.execute("VACUUM")',
      'op.execute(sa.text("ANALYZE books"))',
      'op.get_bind().execute(sa.text("SELECT 1"))',
      "bind = op.get_bind()",
      'bind.exec_driver_sql("SELECT 2")',
      "with op.get_context().autocommit_block():",
      '    op.create_index("ix_a", "books", ["a"], postgresql_concurrently=True, postgresql_using="gin")',
      'op.add_column("books", sa.Column("tags", postgresql.ARRAY(sa.String(20)), server_default="{}", nullable=False))',
      'op.add_column("books", sa.Column("extras", postgresql.JSONB(), sa.CheckConstraint("extras <> \'{}\'", "filled"), nullable=True))',
    ]);
    assert.deepEqual(sqlOf(migration), [
      "ALTER TABLE shop.books ADD COLUMN pages INTEGER",
      "ALTER TABLE shop.books DROP COLUMN worn",
      "VACUUM",
      "ANALYZE books",
      "SELECT 1",
      "SELECT 2",
      "CREATE INDEX CONCURRENTLY ix_a ON books USING gin (a)",
      "ALTER TABLE books ADD COLUMN tags VARCHAR(20)[] DEFAULT '{}' NOT NULL",
      "ALTER TABLE books ADD COLUMN extras JSONB CONSTRAINT filled CHECK (extras <> '{}')",
    ]);
    assert.equal(migration.transactional, false);
    assert.deepEqual(migration.gaps, []);
  });

  it("C01 follows loops over lists that are written out, and functions that are called with names", async () => {
    const migration = await one(
      [
        "for table, column in COLUMNS:",
        "    op.drop_column(table, column)",
        'for table in ("a", "b"):',
        '    name = f"ix_{table}_at"',
        '    op.create_index(name, table, ["at"])',
        '    op.execute(f"ANALYZE {table}")',
        'op.create_unique_constraint("uq", "books", [*BASE, "c"])',
        'add_name("books")',
        'add_name("tags", "label")',
      ],
      [
        'BASE = ["a", "b"]',
        'COLUMNS = [("x", "one"), ("y", "two")]',
        "def add_name(table, column='name'):",
        "    with op.batch_alter_table(table) as batch:",
        "        batch.add_column(sa.Column(column, sa.Text()))",
      ],
    );
    assert.deepEqual(sqlOf(migration), [
      "ALTER TABLE x DROP COLUMN one",
      "ALTER TABLE y DROP COLUMN two",
      "CREATE INDEX ix_a_at ON a (at)",
      "CREATE INDEX ix_b_at ON b (at)",
      "ANALYZE a",
      "ANALYZE b",
      "ALTER TABLE books ADD CONSTRAINT uq UNIQUE (a, b, c)",
      "ALTER TABLE books ADD COLUMN name TEXT",
      "ALTER TABLE tags ADD COLUMN label TEXT",
    ]);
    assert.deepEqual(migration.gaps, []);
  });

  it("C08 says what runs under a condition, over a list that is not known, or beside the operations", async () => {
    const migration = await one([
      'if "books" in tables():',
      '    op.drop_table("books")',
      "for table in tables():",
      "    op.drop_table(table)",
      'op.execute(make_statement("books"))',
      'op.add_column("books", sa.Column("kind", sa.Enum(Unknown, native_enum=False)))',
    ]);
    assert.equal(migration.confidence, "partial");
    assert.deepEqual(
      migration.gaps.map(({ what, why }) => `${what}: ${why}`),
      [
        "operation 1 (op.drop_table): it stands under a condition or in a loop: whether and how often it runs is not known",
        "operation 2 (op.drop_table): it stands under a condition or in a loop: whether and how often it runs is not known",
        "operation 3 (op.execute): the statement is put together when the migration runs",
        "operation 4 (op.add_column): a name, a type or an expression in it is computed, or not known here",
        "code beside the operations: it calls tables; what that changes is not read",
      ],
    );
  });
});
