import assert from "node:assert/strict";
import { alembicStack } from "../../../../../src/workspace/stacks/alembic/stack.ts";
import { sqlalchemyStack } from "../../../../../src/workspace/stacks/sqlalchemy/stack.ts";
import type { Contribution } from "../../../../../src/workspace/stacks/stack.ts";
import { differences, filesOf, readFiles, readTogether } from "../read-python.ts";
import { expected, shopFolder } from "../shop-fastapi.ts";

/** Without the white space by which the two lay a statement out. */
const plain = (sql: string) =>
  sql
    .replace(/\s+/g, " ")
    .replace(/(?<=\() | (?=\))/g, "")
    .trim();

describe("Alembic: migrations of the sample shop", () => {
  let found: Contribution;
  before(async () => {
    found = await readFiles(alembicStack, filesOf(shopFolder));
  });

  const byRevision = (revision: string) =>
    found.migrations.find(({ id }) => id === `migration:alembic.${revision}`);

  it("C01 finds every migration with its place and what it needs, and no other", () => {
    assert.deepEqual(
      differences(
        found.migrations.map((each) => `${each.id} ${each.name} ${each.uri} after ${each.dependencies}`),
        expected.migrations.map(
          (each) =>
            `migration:alembic.${each.revision} ${each.name} ${each.file} after ${each.dependencies.map((name) => `migration:alembic.${name}`)}`,
        ),
      ),
      [],
    );
  });

  it("C01 becomes the statements that Alembic writes", () => {
    for (const wanted of expected.migrations) {
      const migration = byRevision(wanted.revision);
      assert.deepEqual(
        migration?.operations.flatMap(({ sql }) => (sql ?? ["?"]).map(plain)),
        wanted.upgrade.map(plain),
        wanted.name,
      );
      assert.deepEqual(migration.gaps, []);
    }
  });

  it("C01 undoes with the statements that Alembic writes, and says what cannot be undone", () => {
    for (const wanted of expected.migrations) {
      const migration = byRevision(wanted.revision);
      assert.equal(migration?.reversible, wanted.downgrade !== null, wanted.name);
      const undone = migration?.operations.flatMap(({ reverseSql }) => (reverseSql ?? []).map(plain));
      const known = new Set((wanted.downgrade ?? []).map(plain));
      assert.deepEqual(
        undone?.filter((sql) => !known.has(sql)),
        [],
        wanted.name,
      );
    }
  });

  it("C06 ties migrations to the models of the tables that they change", async () => {
    const together = await readTogether([sqlalchemyStack, alembicStack], filesOf(shopFolder));
    const touched = together.migrations
      .filter(({ modelIds }) => modelIds.includes("model:lontar.models.orders.Order"))
      .map(({ id }) => id);
    assert.deepEqual(touched.sort(), ["migration:alembic.8d20e6b1c7f5", "migration:alembic.c41f0b9e5a63"]);
    const books = together.migrations.find(({ id }) => id === "migration:alembic.e7b6d1f4a802");
    assert.deepEqual(books?.modelIds, ["model:lontar.models.catalog.Book"]);
  });
});
