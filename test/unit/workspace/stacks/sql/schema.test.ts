import assert from "node:assert/strict";
import type { Model } from "../../../../../src/workspace/ir/model.ts";
import type { Contribution } from "../../../../../src/workspace/stacks/stack.ts";
import { SqlReader } from "./read-sql.ts";

describe("SQL: schema from statements", () => {
  let reader: SqlReader;
  before(async () => {
    reader = await SqlReader.create();
  });
  after(() => reader.delete());

  const read = (...steps: readonly string[]): Contribution =>
    reader.read(Object.fromEntries(steps.map((sql, at) => [`db/migrations/${at + 1}_step.sql`, sql])));

  it("C01 follows columns through ADD, ALTER, RENAME and DROP, and keeps where they changed", () => {
    const { models } = read(
      "CREATE TABLE t (id bigserial PRIMARY KEY, a varchar(20) NOT NULL DEFAULT 'x', b text);",
      "ALTER TABLE t ADD COLUMN c jsonb NOT NULL DEFAULT '{}'::jsonb, ALTER COLUMN a TYPE text, ALTER COLUMN a DROP DEFAULT;",
      "ALTER TABLE t RENAME COLUMN a TO title;\nALTER TABLE t DROP COLUMN b;\nALTER TABLE t ALTER title DROP NOT NULL;",
    );
    const table = only(models);
    assert.deepEqual(columns(table), [
      "id bigint not null generated",
      "title text",
      "c jsonb not null default '{}'::jsonb",
    ]);
    const title = table.fields.find(({ name }) => name === "title");
    assert.equal(title?.source.uri, "db/migrations/1_step.sql");
    assert.deepEqual(
      title?.changes?.map(({ uri, range }) => `${uri}:${range.start.line}`),
      [
        "db/migrations/2_step.sql:0",
        "db/migrations/2_step.sql:0",
        "db/migrations/3_step.sql:0",
        "db/migrations/3_step.sql:2",
      ],
    );
    assert.equal(table.uri, "db/migrations/1_step.sql");
  });

  it("C01 reads constraints of columns and tables, with the names PostgreSQL gives them", () => {
    const { models } = read(
      `CREATE TABLE parent (id int PRIMARY KEY, code text UNIQUE);
       CREATE TABLE "Child" (
         a int, b int CHECK (b > 0),
         parent_id int NOT NULL REFERENCES parent ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
         CONSTRAINT named CHECK (a < b),
         PRIMARY KEY (a, b), UNIQUE (b, parent_id),
         EXCLUDE USING gist (a WITH =),
         FOREIGN KEY (b) REFERENCES parent (id)
       );`,
      'ALTER TABLE "Child" DROP CONSTRAINT "Child_b_parent_id_key"; ALTER TABLE "Child" DROP CONSTRAINT "Child_b_check";',
    );
    const child = models.find(({ name }) => name === "Child");
    assert.deepEqual(
      child?.constraints.map(({ kind, name, columns: keys }) => `${kind} ${name} (${keys})`),
      [
        "foreign-key Child_parent_id_fkey (parent_id)",
        "check named ()",
        "primary-key Child_pkey (a,b)",
        "exclusion Child_a_excl (a)",
        "foreign-key Child_b_fkey (b)",
      ],
    );
    assert.deepEqual(
      child?.relations.map(({ name, kind, target, targetColumns, onDelete, onUpdate }) => [
        name,
        kind,
        target,
        targetColumns.join(),
        onDelete,
        onUpdate,
      ]),
      [
        ["parent_id", "many-to-one", "parent", "id", "set-null", "cascade"],
        ["b", "many-to-one", "parent", "id", "no-action", "no-action"],
      ],
    );
    assert.equal(child?.constraints[0]?.deferrable, true);
    const parent = models.find(({ name }) => name === "parent");
    assert.deepEqual(
      parent?.relations.map(({ name, kind, direction, inverse }) => [name, kind, direction, inverse]),
      [
        ["Child_parent_id", "one-to-many", "reverse", "parent_id"],
        ["Child_b", "one-to-many", "reverse", "b"],
      ],
    );
  });

  it("C01 gives a table one primary key, by the name that drops it", () => {
    const { models } = read(
      "CREATE TABLE t (id serial PRIMARY KEY, a int);",
      "DO $$ BEGIN IF NOT EXISTS (SELECT 1) THEN ALTER TABLE t ADD PRIMARY KEY (id); END IF; END; $$;",
      "ALTER TABLE t DROP CONSTRAINT t_pkey;",
    );
    assert.deepEqual(only(models).constraints, []);
    assert.deepEqual(only(models).indexes, []);
  });

  it("C01 reads every kind of index", () => {
    const { models } = read(
      `CREATE TABLE t (id int, email text, tags text[], deleted_at timestamptz);
       CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS t_email ON public.t (lower(email) text_pattern_ops) WHERE deleted_at IS NULL;
       CREATE INDEX ON t USING gin (tags);
       CREATE INDEX t_sort ON t (deleted_at DESC NULLS LAST, (id % 10)) INCLUDE (email);`,
      "DROP INDEX t_sort; ALTER INDEX t_tags_idx RENAME TO t_tags;",
    );
    assert.deepEqual(
      only(models).indexes.map(({ name, unique, method, predicate, columns: parts }) => [
        name,
        unique,
        method,
        predicate,
        parts.map(({ column, expression, opclass }) => [column, expression, opclass]),
      ]),
      [
        ["t_email", true, "btree", "deleted_at IS NULL", [[null, "lower(email)", "text_pattern_ops"]]],
        ["t_tags", false, "gin", null, [["tags", null, null]]],
      ],
    );
    const sorted = only(
      read(
        "CREATE TABLE t (id serial, at date, e text); CREATE INDEX i ON t (at DESC NULLS LAST, (id % 10)) INCLUDE (e);",
      ).models,
    );
    assert.deepEqual(sorted.indexes[0]?.columns, [
      { column: "at", expression: null, order: "desc", nulls: "last", opclass: null },
      { column: null, expression: "id % 10", order: "asc", nulls: null, opclass: null },
    ]);
    assert.deepEqual(sorted.indexes[0]?.include, ["e"]);
  });

  it("C01 knows enumerations, domains and what was added to them", () => {
    const { models } = read(
      `CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE DOMAIN money2 AS numeric(10, 2) CHECK (VALUE > 0);
       CREATE TABLE t (m mood NOT NULL DEFAULT 'sad', ms mood[], price money2);`,
      "ALTER TYPE mood ADD VALUE 'ok' BEFORE 'happy'; ALTER TYPE mood RENAME VALUE 'sad' TO 'low'; ALTER TYPE mood RENAME TO feeling;",
      "DO $$ BEGIN CREATE TYPE late AS ENUM ('x'); EXCEPTION WHEN duplicate_object THEN null; END $$; ALTER TABLE t ADD COLUMN l late;",
    );
    assert.deepEqual(
      only(models).fields.map(({ name, type }) => [
        name,
        type.native,
        type.logical,
        type.array,
        type.values.join(),
      ]),
      [
        ["m", "feeling", "enum", false, "low,ok,happy"],
        ["ms", "feeling[]", "enum", true, "low,ok,happy"],
        ["price", "money2", "decimal", false, ""],
        ["l", "late", "enum", false, "x"],
      ],
    );
    assert.deepEqual([only(models).fields[2]?.type.precision, only(models).fields[2]?.type.scale], [10, 2]);
  });

  it("C01 follows LIKE, INHERITS and partitions", () => {
    const { models } = read(
      `CREATE TABLE base (id int PRIMARY KEY, note text DEFAULT 'n');
       CREATE TABLE copy (LIKE base INCLUDING ALL, extra int);
       CREATE TABLE heir (own int) INHERITS (base);
       CREATE TABLE log (at timestamptz NOT NULL, v int) PARTITION BY RANGE (at);
       CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
       CREATE INDEX log_v ON log (v);`,
      "ALTER TABLE log ADD COLUMN w text; ALTER TABLE base ADD COLUMN late date;",
    );
    const by = new Map(models.map((model) => [model.name, model]));
    const names = (name: string) =>
      by
        .get(name)
        ?.fields.map((field) => field.name)
        .join();
    assert.equal(names("copy"), "id,note,extra");
    assert.equal(names("heir"), "id,note,own,late");
    assert.equal(names("log_1"), "at,v,w");
    assert.deepEqual(by.get("heir")?.bases, ["base"]);
    assert.equal(by.get("heir")?.fields[0]?.inheritedFrom, "base");
    assert.deepEqual(
      by.get("log_1")?.indexes.map(({ name }) => name),
      ["log_1_v_idx"],
    );
  });

  it("C01 renames tables with all that refers to them, and drops them", () => {
    const { models } = read(
      "CREATE TABLE a (id serial PRIMARY KEY); CREATE TABLE b (a_id int REFERENCES a); CREATE TABLE c (id int); CREATE SCHEMA s; CREATE TABLE s.d (id int);",
      "ALTER TABLE a RENAME TO z; DROP TABLE IF EXISTS c, nothing; ALTER TABLE b SET SCHEMA s; DROP SCHEMA IF EXISTS other CASCADE;",
    );
    assert.deepEqual(models.map(({ qualifiedName }) => qualifiedName).sort(), ["s.b", "s.d", "z"]);
    const relation = models.find(({ name }) => name === "b")?.relations[0];
    assert.equal(relation?.target, "z");
    assert.equal(relation?.targetId, models.find(({ name }) => name === "z")?.id);
  });

  it("C01 reads MySQL: keys inside, unsigned, ENUM, AUTO_INCREMENT, MODIFY and CHANGE", () => {
    const { models } = read(
      `CREATE TABLE \`users\` (
         \`id\` int(10) unsigned NOT NULL AUTO_INCREMENT COMMENT 'the; key',
         \`key\` varchar(64) NOT NULL, \`state\` enum('on','off') DEFAULT 'on', \`flag\` tinyint(1) DEFAULT 0,
         \`at\` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
         PRIMARY KEY (\`id\`), UNIQUE KEY \`by_key\` (\`key\`), KEY \`by_at\` (\`at\`, \`key\`(10)), FULLTEXT KEY ft (\`key\`)
       ) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COMMENT='People';
       CREATE TABLE posts (id bigint PRIMARY KEY AUTO_INCREMENT, user_id int unsigned, CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id)) ENGINE=InnoDB;`,
      "ALTER TABLE `users` MODIFY COLUMN `key` varchar(80) NULL, CHANGE `state` `status` varchar(10), ADD INDEX by_flag (flag), DROP INDEX by_at; RENAME TABLE posts TO articles;",
    );
    const users = models.find(({ name }) => name === "users");
    assert.deepEqual(columns(users), [
      "id int(10) unsigned not null generated",
      "key varchar(80)",
      "status varchar(10)",
      "flag tinyint(1) default 0",
      "at timestamp not null default CURRENT_TIMESTAMP",
    ]);
    assert.equal(users?.documentation, "People");
    assert.equal(users?.fields[0]?.documentation, "the; key");
    assert.equal(users?.fields[3]?.type.logical, "boolean");
    assert.deepEqual(
      users?.indexes.map(({ name, unique, method }) => `${name} ${unique} ${method}`),
      ["PRIMARY true btree", "by_key true btree", "ft false fulltext", "by_flag false btree"],
    );
    const articles = models.find(({ name }) => name === "articles");
    // InnoDB makes the index that the key needs.
    assert.ok(
      articles?.indexes.some(
        ({ origin, columns: parts }) => origin === "foreign-key" && parts[0]?.column === "user_id",
      ),
    );
  });

  it("C01 reads SQLite: no types, row numbers, a table made anew to alter it", () => {
    const { models } = read(
      `CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY AUTOINCREMENT, a, b VARCHAR(10) NOT NULL, c UNSIGNED BIG INT, [d e] TEXT);
       CREATE TABLE u (t_id INTEGER REFERENCES t(id));`,
      "PRAGMA foreign_keys=off; CREATE TABLE _new (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO _new SELECT id, a FROM t; DROP TABLE t; ALTER TABLE _new RENAME TO t;",
    );
    assert.deepEqual(columns(models.find(({ name }) => name === "t")), [
      "id integer not null generated",
      "a text",
    ]);
    const relation = models.find(({ name }) => name === "u")?.relations[0];
    assert.equal(relation?.targetId, models.find(({ name }) => name === "t")?.id);
    const first = read(
      "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a, c UNSIGNED BIG INT, [d e] TEXT)",
    ).models;
    assert.deepEqual(columns(only(first)), [
      "id integer not null generated",
      "a ",
      "c unsigned big int",
      "d e text",
    ]);
  });

  it("C01 reads constraints of SQLite without a comma between them", () => {
    const { models } = read(
      "PRAGMA foreign_keys=ON; CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE TABLE t (a_id int, b_id int, FOREIGN KEY (a_id) REFERENCES a (id) ON DELETE cascade FOREIGN KEY (b_id) REFERENCES a (id), UNIQUE (a_id, b_id));",
    );
    assert.deepEqual(
      models
        .find(({ name }) => name === "t")
        ?.constraints.map(({ kind, columns: keys }) => `${kind} ${keys}`),
      ["foreign-key a_id", "foreign-key b_id", "unique a_id,b_id"],
    );
  });

  it("C01 keeps keys to a table of MySQL that is made anew", () => {
    const { models } = read(
      "CREATE TABLE `t` (`id` int AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB;\nCREATE TABLE `u` (`t_id` int, CONSTRAINT `k` FOREIGN KEY (`t_id`) REFERENCES `t` (`id`)) ENGINE=InnoDB;",
      "SET foreign_key_checks = 0;\nCREATE TABLE `_new` (`id` int AUTO_INCREMENT PRIMARY KEY, `a` text) ENGINE=InnoDB;\nDROP TABLE `t`;\nALTER TABLE `_new` RENAME TO `t`;",
    );
    const relation = models.find(({ name }) => name === "u")?.relations[0];
    assert.equal(relation?.targetId, models.find(({ name }) => name === "t")?.id);
    assert.ok(relation?.targetId);
  });

  it("C01 takes comments into the documentation", () => {
    const { models } = read(
      "CREATE TABLE t (id serial); COMMENT ON TABLE t IS 'All of it''s here'; COMMENT ON COLUMN public.t.id IS E'a\\nb'; COMMENT ON COLUMN t.nothing IS 'x';",
    );
    assert.equal(only(models).documentation, "All of it's here");
    assert.equal(only(models).fields[0]?.documentation, "a\nb");
  });

  it("C08 says which change could not be applied, once a table", () => {
    const { models, gaps } = read(
      "ALTER TABLE elsewhere ADD a int; CREATE INDEX i ON elsewhere (a); CREATE TABLE t AS SELECT 1 AS one;",
    );
    assert.deepEqual(
      gaps.map(({ what }) => what),
      ["2 changes of table elsewhere"],
    );
    assert.equal(only(models).confidence, "partial");
    assert.match(only(models).gaps[0]?.why ?? "", /query/);
  });

  it("C08 reads what can be read of half-typed and conflicting files", () => {
    const { models, gaps } = reader.read({
      "schema.sql":
        "CREATE TABLE good (id serial PRIMARY KEY);\r\nCREATE TABLE half (\r\n  id int NOT NULL,\r\n  name te\r\n\r\nCREATE TABLE after_it (id int);\r\nCREATE TABLE both (\r\n<<<<<<< HEAD\r\n  a int\r\n=======\r\n  , b int\r\n>>>>>>> x\r\n);\r\nALTER TABLE",
    });
    assert.deepEqual(models.map(({ name }) => name).sort(), ["after_it", "both", "good", "half"]);
    assert.deepEqual(columns(models.find(({ name }) => name === "half")), ["id integer not null", "name te"]);
    assert.equal(gaps.length, 2);
    assert.match(gaps.map(({ why }) => why).join(), /not finished.*merge conflict/);
  });

  it("C08 survives any cut of a script", () => {
    const script =
      "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, a text DEFAULT E'x\\'y' CHECK (a <> ''), b int REFERENCES t (id) ON DELETE SET NULL, PRIMARY KEY (id));\nALTER TABLE t ADD CONSTRAINT u UNIQUE (a), ALTER a SET DEFAULT 'q', RENAME b TO c;\nCREATE UNIQUE INDEX CONCURRENTLY i ON t USING btree (lower(a) DESC) INCLUDE (b) WHERE a IS NOT NULL;\nALTER TYPE x ADD VALUE 'a' BEFORE 'b';\nDO $$ BEGIN CREATE TABLE z (id int); END $$;";
    for (let end = 0; end <= script.length; end++) {
      assert.doesNotThrow(() =>
        reader.read({ "db/migrations/1_a.sql": script.slice(0, end), "schema.sql": script.slice(end) }),
      );
    }
  });

  it("C08 hostile and huge files take no more time than their length asks for", () => {
    for (const text of [
      "/*",
      "\n",
      "-- name: x\n",
      "CREATE TABLE a (",
      "ALTER TABLE t ALTER COLUMN ",
      "CREATE TABLE t (id int, ",
    ]) {
      assert.ok(
        reader.read({ "schema.sql": `CREATE TABLE first (id int);\n${text.repeat(30_000)}` }).models.length >
          0,
        text,
      );
    }
  });

  it("C01 a load of rows is one operation, and no queries", () => {
    const rows = Array.from({ length: 500 }, (_, row) => `INSERT INTO t (a) VALUES (${row});`).join("\n");
    const { migrations, queries } = read(`CREATE TABLE t (a int);\n${rows}\nINSERT INTO u VALUES (1);`);
    assert.deepEqual(
      migrations[0]?.operations.map(({ summary }) => summary),
      ["Create table t", "Insert into t", "Insert into u"],
    );
    assert.deepEqual(migrations[0]?.operations[1]?.sql, [rows.slice(0, -1)]);
    assert.deepEqual(queries, []);
  });

  it("C01 a description beside migrations doubles nothing, and tells when it is old", () => {
    const { models } = reader.read({
      "db/migrations/1_a.sql":
        "CREATE TABLE t (id serial PRIMARY KEY, a int); CREATE TABLE only_here (id int);",
      "db/migrations/2_b.sql": "ALTER TABLE t ADD COLUMN b int;",
      "db/schema.sql":
        "CREATE TABLE public.t (id integer NOT NULL, a integer); CREATE TABLE public.schema_migrations (version text);",
    });
    assert.deepEqual(models.map(({ name, uri }) => `${name} ${uri}`).sort(), [
      "only_here db/migrations/1_a.sql",
      "schema_migrations db/schema.sql",
      "t db/schema.sql",
    ]);
    assert.match(models.find(({ name }) => name === "t")?.gaps[0]?.what ?? "", /`b`/);
  });

  it("C01 shows a schema kept for several databases once", () => {
    const { models, gaps, migrations } = reader.read({
      "migrations/mysql/1_a.sql": "CREATE TABLE `t` (`id` int AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB;",
      "migrations/mysql/2_b.sql": "ALTER TABLE `t` ADD `x` int;",
      "migrations/postgres/1_a.sql": "CREATE TABLE t (id serial PRIMARY KEY);",
      "migrations/postgres/2_b.sql": "ALTER TABLE t ADD x int;",
    });
    assert.deepEqual(
      models.map(({ uri }) => uri),
      ["migrations/postgres/1_a.sql"],
    );
    assert.match(gaps[0]?.why ?? "", /another database/);
    assert.equal(migrations.length, 4);
    assert.ok(migrations.every(({ modelIds }) => modelIds.length === 1));
  });

  it("C01 keeps two services apart", () => {
    const table = "CREATE TABLE users (id serial PRIMARY KEY);";
    const { models } = reader.read({ "services/a/db/schema.sql": table, "services/b/db/schema.sql": table });
    assert.equal(models.length, 2);
    assert.equal(new Set(models.map(({ id }) => id)).size, 2);
  });

  it("C08 leaves SQL of other databases to a gap", () => {
    const { models, gaps } = reader.read({
      "ch/schema.sql": "CREATE TABLE t (id UInt64) ENGINE = MergeTree ORDER BY id;",
      "ms/schema.sql": "CREATE TABLE [dbo].[t] (id int IDENTITY(1,1))\nGO\n",
    });
    assert.deepEqual(models, []);
    assert.deepEqual(gaps.map(({ why }) => why).sort(), [
      "SQL of ClickHouse is not read.",
      "SQL of SQL Server is not read.",
    ]);
  });
});

function only(models: readonly Model[]): Model {
  const [model] = models;
  assert.ok(model && models.length === 1, `one model expected: ${models.map(({ name }) => name)}`);
  return model;
}

function columns(model: Model | undefined): string[] {
  return (model?.fields ?? []).map(({ name, type, nullable, generated, default: value }) =>
    [
      `${name} ${type.native ?? ""}`,
      nullable ? "" : "not null",
      generated ? "generated" : "",
      value ? `default ${value.text}` : "",
    ]
      .filter((part) => part !== "")
      .join(" "),
  );
}
