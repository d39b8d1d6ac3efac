import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { nextNumber } from "../../../src/agent/migrations/write-sql.ts";
import { hashFolder } from "../../support/folder-hash.ts";
import { pythonWith } from "../../support/python-with.ts";
import { copyWorkspace, type WorkspaceCopy } from "../../support/workspace-copy.ts";
import { DJANGO_BLOG, DJANGO_BLOG_AFTER } from "./django-blog.ts";
import { type AgentBench, type BenchOptions, calls, openBench, says } from "./support.ts";

const execute = promisify(execFile);

describe("suggest_migration and create_migration", function () {
  this.timeout(180_000);
  let bench: AgentBench | null = null;
  let shop: WorkspaceCopy | null = null;
  afterEach(async () => {
    await bench?.dispose();
    await shop?.remove();
    bench = null;
    shop = null;
  });

  const use = async (options: BenchOptions, tool: string, input: object = {}) => {
    const more = { approvalCallback: () => true, ...options };
    bench = await openBench([calls([tool, input]), says("done")], more);
    const result = await bench.runtime.execute("go");
    const [action] = result.actions;
    assert.ok(action);
    return { ...result, action, output: action.output };
  };
  const copyOf = async (name: string): Promise<string> => {
    shop = await copyWorkspace(fileURLToPath(new URL(`../../workspaces/${name}`, import.meta.url)));
    return shop.folder;
  };
  const edited = async (folder: string, path: string, from: string, to: string): Promise<BenchOptions> => {
    const { readFile } = await import("node:fs/promises");
    const text = await readFile(join(folder, path), "utf8");
    assert.ok(text.includes(from), `${path} has ${from}`);
    return { folder, files: { [path]: text.replace(from, to) } };
  };
  const VERIFIED = /It was applied to an empty database: it ends at the schema that the models describe\./;

  it("A18 A19 Django: writes what is missing of each app, tried in the lab, and previews only", async () => {
    const files = { ...DJANGO_BLOG, ...DJANGO_BLOG_AFTER };
    const { output, action } = await use({ files }, "suggest_migration");
    assert.equal(action.error, null, output);
    assert.match(output, VERIFIED);
    assert.match(output, /### blog\/migrations\/0002_create_blog_comment_and_more\.py/);
    assert.match(output, /### people\/migrations\/0002_/);
    assert.match(output, /choices=blog\.models\.Post\.Status\.choices/);
    assert.match(output, /to=settings\.AUTH_USER_MODEL/);
    assert.match(output, /RemoveField\(model_name="post", name="old"\)/);
    assert.match(output, /If one was renamed/);
    assert.ok(!output.includes("the way back"), output);
    assert.deepEqual(await readdir(join(bench?.folder ?? "", "blog/migrations")), [
      "0001_initial.py",
      "__init__.py",
    ]);
  });

  it("A18 A19 Django's own makemigrations finds nothing left to do after create_migration", async function () {
    const files = { ...DJANGO_BLOG, ...DJANGO_BLOG_AFTER };
    const { createdFiles, action } = await use({ files }, "create_migration");
    assert.equal(action.error, null, action.output);
    assert.deepEqual(createdFiles, [
      "blog/migrations/0002_create_blog_comment_and_more.py",
      "people/migrations/0002_add_people_person_favourite_id.py",
    ]);
    const cwd = bench?.folder ?? "";
    const python = await pythonWith("django, django.contrib.postgres.fields");
    if (python === null) return this.skip();
    const { stdout } = await execute(
      python,
      ["-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"],
      { cwd },
    );
    assert.match(stdout, /No changes detected/);
    const again = await use({ folder: cwd }, "create_migration");
    assert.equal(again.action.error, "TOOL_FAILED");
    assert.match(again.output, /nothing to write/);
  });

  it("A18 Alembic: a revision on the newest one that Python takes, with the way back, and nothing left to do", async () => {
    const { output, createdFiles, action } = await use(
      { folder: await copyOf("shop-fastapi") },
      "create_migration",
    );
    assert.equal(action.error, null, output);
    assert.match(output, /It was verified/);
    const [file = ""] = createdFiles;
    assert.match(file, /^migrations\/versions\/\d{4}_\d\d_\d\d-[0-9a-f]{12}_create_addresses_and_more\.py$/);
    const text = (await bench?.text(file)) ?? "";
    assert.match(text, /^down_revision = "5b8e2f6a9c40"$/m);
    assert.match(text, /op\.create_index\("ix_books_title_lower", "books", \[sa\.text\("lower\(title\)"\)\]/);
    assert.match(text, /def downgrade\(\) -> None:\n {4}op\.drop_constraint/);
    await execute("python3", ["-m", "py_compile", join(bench?.folder ?? "", file)]);
    const folder = bench?.folder ?? "";
    const again = await use({ folder }, "suggest_migration");
    assert.match(again.output, /^The migrations make what the models describe \(Alembic\)/);
  });

  it("A18 Prisma: a folder with SQL, the way back beside it; SQL of an enumeration and a table, with their defaults", async () => {
    const folder = await copyOf("shop-prisma");
    const options = await edited(
      folder,
      "prisma/schema/catalog.prisma",
      "model Publisher {\n",
      'enum Mood {\n  GOOD\n  BAD\n}\n\nmodel Note {\n  id   Int    @id @default(autoincrement())\n  mood Mood   @default(GOOD)\n  text String @default("o\'k")\n  publisherId Int @map("publisher_id")\n  publisher Publisher @relation(fields: [publisherId], references: [id], onDelete: Cascade)\n\n  @@index([publisherId])\n  @@map("notes")\n}\n\nmodel Publisher {\n  notes Note[]\n  motto String @default("none") @db.VarChar(30)\n',
    );
    const before = await hashFolder(folder);
    const { output, action } = await use(options, "suggest_migration", { name: "Add notes" });
    assert.equal(action.error, null, output);
    assert.match(output, VERIFIED);
    assert.match(output, /### prisma\/migrations\/\d{14}_add_notes\/migration\.sql/);
    assert.match(output, /ADD COLUMN "motto" character varying\(30\) DEFAULT 'none' NOT NULL;/);
    assert.ok(!output.includes("DROP DEFAULT"));
    assert.match(output, /CREATE TYPE "Mood" AS ENUM \('GOOD', 'BAD'\)/);
    assert.match(output, /DEFAULT 'o''k'/);
    assert.match(output, /### The way back\n```sql\n[\s\S]*DROP TABLE "notes"/);
    assert.equal(Object.keys(await hashFolder(folder)).length, Object.keys(before).length);
  });

  it("A18 TypeORM: a class with up and down that the reader understands and the lab applies, there and back", async () => {
    const { output, createdFiles, action } = await use(
      { folder: await copyOf("shop-nest") },
      "create_migration",
      {
        name: "rest of the shop",
      },
    );
    assert.equal(action.error, null, output);
    assert.match(createdFiles[0] ?? "", /^src\/database\/migrations\/\d{13}-RestOfTheShop\.ts$/);
    assert.match(output, /It was verified/);
    const folder = bench?.folder ?? "";
    assert.match(
      (await use({ folder }, "suggest_migration")).output,
      /make what the models describe \(TypeORM\)/,
    );
  });

  const MODELS =
    'from sqlalchemy import ForeignKey, String\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\nclass Base(DeclarativeBase):\n    pass\n\n\nclass Item(Base):\n    __tablename__ = "items"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    name: Mapped[str] = mapped_column(String(40))\n    note: Mapped[str | None] = mapped_column(String(10), index=True)\n';
  const TABLE = "CREATE TABLE items (id integer PRIMARY KEY, name varchar(30) NOT NULL);";
  const sqlProject = (scripts: Readonly<Record<string, string>>) => ({
    "requirements.txt": "sqlalchemy\n",
    "app/models.py": MODELS,
    ...scripts,
  });

  it("A18 SQL in the manner of the scripts that are there: dbmate's marks, the next number", async () => {
    const files = sqlProject({
      "db/migrations/20250101000000_items.sql": `-- migrate:up\n${TABLE}\n\n-- migrate:down\nDROP TABLE items;\n`,
    });
    const { output, action } = await use({ files }, "suggest_migration");
    assert.equal(action.error, null, output);
    assert.match(output, VERIFIED);
    assert.match(output, /### db\/migrations\/\d{14}_add_items_note\.sql\n```\n-- migrate:up\n/);
    assert.match(output, /ALTER COLUMN "name" TYPE character varying\(40\)/);
    assert.match(
      output,
      /-- migrate:down\nDROP INDEX "[^"]+";\nALTER TABLE "items" ALTER COLUMN "name" TYPE character varying\(30\)/,
    );
    assert.ok(!output.includes("the way back"), output);
  });

  /** What a style's scripts are, and what the next ones must be: each in its place, with its parts. */
  const STYLES: readonly {
    readonly name: string;
    readonly scripts: Readonly<Record<string, string>>;
    readonly written: Readonly<Record<string, RegExp>>;
    readonly said?: RegExp;
  }[] = [
    {
      name: "goose",
      scripts: {
        "migrations/00001_items.sql": `-- +goose Up\n${TABLE}\n\n-- +goose Down\nDROP TABLE items;\n`,
      },
      written: {
        "migrations/00002_add_items_note.sql":
          /^-- \+goose Up\nALTER TABLE "items"[\s\S]*\n-- \+goose Down\nDROP INDEX "[^"]+";\nALTER TABLE "items" ALTER COLUMN "name" TYPE character varying\(30\)/,
      },
    },
    {
      name: "Flyway",
      scripts: { "src/main/resources/db/migration/V1__items.sql": `${TABLE}\n` },
      written: {
        "src/main/resources/db/migration/V2__add_items_note.sql": /^ALTER TABLE "items"(?![\s\S]*DROP INDEX)/,
      },
      said: /an undo file of Flyway begins with U/,
    },
    {
      name: "golang-migrate",
      scripts: {
        "migrations/000001_items.up.sql": `${TABLE}\n`,
        "migrations/000001_items.down.sql": "DROP TABLE items;\n",
      },
      written: {
        "migrations/000002_add_items_note.up.sql": /^ALTER TABLE "items"(?![\s\S]*DROP INDEX)/,
        "migrations/000002_add_items_note.down.sql": /^DROP INDEX "[^"]+";\nALTER TABLE "items"/,
      },
    },
    {
      name: "Drizzle",
      scripts: { "drizzle/0000_items.sql": `${TABLE}\n--> statement-breakpoint\n` },
      written: {
        "drizzle/0001_add_items_note.sql":
          /^ALTER TABLE "items"[^;]*;\n--> statement-breakpoint\n[\s\S]*;\n$/,
      },
      said: /Drizzle runs what its journal lists/,
    },
  ];
  for (const { name, scripts, written, said } of STYLES)
    it(`A18 SQL in the manner of the scripts that are there: ${name}'s, suggested, created and then nothing left to do`, async () => {
      const { output, action } = await use({ files: sqlProject(scripts) }, "suggest_migration");
      assert.equal(action.error, null, output);
      assert.match(output, VERIFIED);
      if (said) assert.match(output, said);
      const made = bench;
      assert.ok(made);
      for (const path of Object.keys(written)) await assert.rejects(made.text(path), path);
      const approve = { approvalCallback: () => true };
      const create = await made.again([calls(["create_migration", {}]), says("done")]).execute("go", approve);
      assert.deepEqual([...create.createdFiles].sort(), Object.keys(written).sort());
      for (const [path, content] of Object.entries(written)) assert.match(await made.text(path), content);
      const again = await made.again([calls(["suggest_migration", {}]), says("done")]).execute("go");
      assert.match(again.actions[0]?.output ?? "", /^The migrations make what the models describe/);
    });

  it("says that models and migrations agree, and refuses clearly where there is nothing to compare or to follow", async () => {
    const same = await use({ files: DJANGO_BLOG }, "suggest_migration");
    assert.match(same.output, /^The migrations make what the models describe \(Django\)/);
    const sql = await use({ folder: await copyOf("shop-sql") }, "suggest_migration");
    assert.equal(sql.action.error, "TOOL_FAILED");
    assert.match(sql.output, /nothing to compare/);
    const none = await use({ files: { "a.txt": "x" } }, "suggest_migration");
    assert.equal(none.action.error, "CONTEXT_NOT_FOUND");
  });

  it("A07 create_migration shows the files first, and writes nothing without a yes", async () => {
    const files = { ...DJANGO_BLOG, ...DJANGO_BLOG_AFTER };
    let shown = "";
    const { action } = await use(
      {
        files,
        approvalCallback: (_tool, _input, { preview }) => {
          if (preview.kind === "diff") shown = preview.files.map(({ diff }) => diff).join("");
          return false;
        },
      },
      "create_migration",
    );
    assert.equal(action.error, "APPROVAL_REJECTED");
    assert.match(shown, /\+class Migration\(migrations\.Migration\)/);
    assert.equal((await readdir(join(bench?.folder ?? "", "blog/migrations"))).length, 2);
  });

  it("the number after the last one keeps its form, also when the clock is behind", () => {
    assert.equal(nextNumber("0007_x", "2026-03-01"), "0008");
    assert.equal(nextNumber("20250101000000_x", "2026-03-01"), "20260301000000");
    assert.equal(nextNumber("20270101000000_x", "2026-03-01"), "20270101000001");
    assert.equal(nextNumber("12", "2026-03-01"), "13");
  });
});
