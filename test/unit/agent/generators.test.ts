import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { hashFolder } from "../../support/folder-hash.ts";
import { pythonWith } from "../../support/python-with.ts";
import { copyWorkspace, type WorkspaceCopy } from "../../support/workspace-copy.ts";
import { DJANGO_BLOG } from "./django-blog.ts";
import { type AgentBench, type BenchOptions, calls, openBench, says } from "./support.ts";

const execute = promisify(execFile);
const TSC = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));

/** A model with something of everything; `about` refers to another. */
const comment = (about: string, path = "") => ({
  name: "Comment",
  path,
  fields: [
    { name: "text", type: "text" },
    { name: "rating", type: "integer", default: 3 },
    { name: "headline", length: 80, indexed: true },
    { name: "happened_on", type: "date", nullable: true },
    { name: "about", references: about },
  ],
  timestamps: true,
});

describe("generators", function () {
  this.timeout(180_000);
  let bench: AgentBench | null = null;
  let shop: WorkspaceCopy | null = null;
  afterEach(async () => {
    await bench?.dispose();
    await shop?.remove();
    bench = null;
    shop = null;
  });

  const use = async (options: BenchOptions, ...made: readonly (readonly [string, object])[]) => {
    await bench?.dispose();
    bench = await openBench([...made.map((each) => calls(each)), says("done")], {
      approvalCallback: () => true,
      ...options,
    });
    const result = await bench.runtime.execute("go");
    return { ...result, output: result.actions.map(({ output }) => output).join("\n") };
  };
  const copyOf = async (name: string): Promise<string> => {
    shop = await copyWorkspace(fileURLToPath(new URL(`../../workspaces/${name}`, import.meta.url)));
    return shop.folder;
  };
  /** What an agent does with a preview: writes its new files as they are shown. */
  const newFiles = (output: string): readonly (readonly [string, object])[] =>
    [...output.matchAll(/^### (\S+) \(new\)\n```\n([\s\S]*?)```$/gm)].map(([, path = "", content = ""]) => [
      "write_file",
      { path, content },
    ]);
  /** Applies the changes of a preview to files that are there. */
  const patches = async (output: string, folder: string): Promise<void> => {
    const { writeFile } = await import("node:fs/promises");
    for (const [, , diff = ""] of output.matchAll(/^### (\S+)\n```diff\n([\s\S]*?)```$/gm)) {
      await writeFile(join(folder, "change.diff"), diff);
      await execute("patch", ["-p1", "-i", "change.diff"], { cwd: folder });
      await execute("rm", ["change.diff"], { cwd: folder });
    }
  };

  it("A18 generate_* shows and writes nothing; files that are there are shown as what changes", async () => {
    const folder = await copyOf("shop-django");
    const before = await hashFolder(folder);
    const { actions, output } = await use(
      { folder },
      ["generate_model", comment("catalog.Product", "catalog")],
      ["generate_viewset", { model: "catalog.Tag" }],
      ["generate_test", { model: "catalog.Tag" }],
    );
    assert.deepEqual(
      actions.map(({ error }) => error),
      [null, null, null],
      output,
    );
    assert.deepEqual(await hashFolder(folder), before);
    assert.match(output, /### catalog\/models\.py\n```diff/);
    assert.match(
      output,
      /- model catalog\.Comment: id, text, rating, headline, happened_on, about, created_at, updated_at/,
    );
    assert.match(output, /- POST \/\S*tags\/ \(IsAuthenticated\)/);
    assert.match(output, /\+router\.register\("tags", viewsets\.TagViewSet\)/);
    assert.match(output, /### catalog\/tests\/test_tag\.py \(new\)/);
  });

  it("A18 A19 Django's own check, makemigrations and test runner accept what was generated, written and migrated", async function () {
    const python = await pythonWith("django, rest_framework");
    const files = {
      ...DJANGO_BLOG,
      "config/settings.py": `SECRET_KEY = "for-tests"\nUSE_TZ = True\nROOT_URLCONF = "blog.urls"\nINSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "rest_framework", "blog", "people"]\nDATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}\nDEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"\n`,
    };
    const first = await use(
      { files },
      ["create_model", comment("Post", "blog")],
      ["create_migration", { path: "blog" }],
      ["generate_viewset", { model: "Comment" }],
      ["generate_test", { model: "Comment" }],
    );
    assert.deepEqual(
      first.actions.map(({ error }) => error),
      [null, null, null, null],
      first.output,
    );
    assert.deepEqual(first.createdFiles, ["blog/migrations/0002_create_blog_comment.py"]);
    assert.deepEqual(first.modifiedFiles, ["blog/models.py"]);
    const made = newFiles(first.output);
    assert.deepEqual(made.map(([, { path }]: readonly [string, { path?: string }]) => path).sort(), [
      "blog/serializers.py",
      "blog/tests/__init__.py",
      "blog/tests/test_comment.py",
      "blog/urls.py",
      "blog/views.py",
    ]);
    const folder = bench?.folder ?? "";
    if (bench) bench = { ...bench, dispose: async () => undefined };
    const second = await use({ folder }, ...made);
    assert.deepEqual(second.createdFiles.length, 5, second.output);
    if (python === null) return this.skip();
    const manage = (...args: readonly string[]) =>
      execute(python, ["-W", "ignore", "manage.py", ...args], { cwd: folder }).then(
        ({ stdout, stderr }) => stdout + stderr,
        (error: { stdout: string; stderr: string }) => `FAILED ${error.stdout}${error.stderr}`,
      );
    assert.match(await manage("check"), /no issues/);
    assert.match(await manage("makemigrations", "--check", "--dry-run"), /No changes detected/);
    assert.match(await manage("test"), /Ran \d+ tests? in[\s\S]*OK/);
  });

  it("A18 FastAPI with SQLAlchemy: a model in the others' form, a router with their session and guard; Python takes them", async () => {
    const folder = await copyOf("shop-fastapi");
    const { actions, output, createdFiles } = await use(
      { folder },
      ["create_model", comment("Book")],
      ["generate_viewset", { model: "Comment" }],
      ["generate_test", { model: "Comment" }],
    );
    assert.deepEqual(
      actions.map(({ error }) => error),
      [null, null, null],
      output,
    );
    assert.deepEqual(createdFiles, ["lontar/models/comments.py"]);
    const model = (await bench?.text("lontar/models/comments.py")) ?? "";
    assert.match(model, /^from datetime import date, datetime\n\nfrom sqlalchemy import /);
    assert.match(
      model,
      /about_id: Mapped\[int\] = mapped_column\(ForeignKey\("books\.id", ondelete="CASCADE"\), index=True\)/,
    );
    assert.match(
      (await bench?.text("lontar/models/__init__.py")) ?? "",
      / {4}"Category",\n {4}"Comment",\n {4}"Order",/,
    );
    assert.match(output, /- POST \/api\/v1\/comments \(limit_rate, require_staff\)/);
    assert.match(output, /\+api_router\.include_router\(comments\.router\)/);
    const again = await use({ folder }, ...newFiles(output));
    assert.equal(again.createdFiles.length, 2, again.output);
    for (const file of [...createdFiles, ...again.createdFiles, "lontar/models/__init__.py"])
      await execute("python3", ["-m", "py_compile", join(folder, file)]);
  });

  it("A18 Prisma with Express: the other side of the relation, the guard of the siblings; the compiler takes them", async () => {
    const folder = await copyOf("shop-prisma");
    const { actions, output, modifiedFiles } = await use(
      { folder },
      ["create_model", comment("Publisher")],
      ["generate_viewset", { model: "Comment" }],
      ["generate_test", { model: "Comment" }],
    );
    assert.deepEqual(
      actions.map(({ error }) => error),
      [null, null, null],
      output,
    );
    assert.deepEqual(modifiedFiles, ["prisma/schema/catalog.prisma"]);
    const schema = (await bench?.text("prisma/schema/catalog.prisma")) ?? "";
    assert.match(schema, /products Product\[\]\n {2}comments Comment\[\]\n/);
    assert.match(schema, /happenedOn +DateTime\? +@map\("happened_on"\) @db\.Date/);
    assert.match(output, /- DELETE \/api\/v1\/comments\/:id \(requireAuth\)/);
    const again = await use({ folder }, ...newFiles(output));
    assert.deepEqual(again.createdFiles, ["src/routes/comments.ts", "test/comment.test.ts"], again.output);
    await patches(output, folder);
    assert.deepEqual(await compilerErrors(folder, [...again.createdFiles, "src/routes/index.ts"]), []);
  });

  it("A18 NestJS with TypeORM: entity, dto, service, controller and module, registered; the compiler takes them", async () => {
    const folder = await copyOf("shop-nest");
    const { actions, output, createdFiles } = await use(
      { folder },
      ["create_model", comment("Book")],
      ["generate_viewset", { model: "Comment" }],
      ["generate_test", { model: "Comment" }],
    );
    assert.deepEqual(
      actions.map(({ error }) => error),
      [null, null, null],
      output,
    );
    assert.deepEqual(createdFiles, ["src/catalog/entities/comment.entity.ts"]);
    assert.match(output, /- PATCH \/api\/v1\/comments\/:id \(ThrottlerGuard, JwtAuthGuard/);
    const again = await use({ folder }, ...newFiles(output));
    assert.equal(again.createdFiles.length, 5, again.output);
    await patches(output, folder);
    const files = [...createdFiles, ...again.createdFiles, "src/app.module.ts"];
    assert.deepEqual(
      await compilerErrors(folder, files, [
        "--experimentalDecorators",
        "--strictPropertyInitialization",
        "false",
      ]),
      [],
    );
  });

  it("A18 SQL: a table as the next migration, which the lab builds", async () => {
    const { actions, output, createdFiles } = await use({ folder: await copyOf("shop-sql") }, [
      "create_model",
      comment("products"),
    ]);
    assert.equal(actions[0]?.error, null, output);
    assert.match(createdFiles[0] ?? "", /^migrations\/\d{14}_create_comments\.sql$/);
    assert.match(output, /- model comments: /);
    assert.match(
      (await bench?.text(createdFiles[0] ?? "")) ?? "",
      /about_id uuid NOT NULL REFERENCES products \(id\) ON DELETE CASCADE/,
    );
  });

  it("follows quotes, indentation and endings of the files around", async () => {
    const files = {
      "package.json":
        '{"dependencies": {"express": "5", "@prisma/client": "6"}, "devDependencies": {"vitest": "3"}}',
      "prisma/schema.prisma":
        'datasource db {\n  provider = "postgresql"\n}\n\nmodel Item {\n  id   Int    @id @default(autoincrement())\n  name String\n}\n',
      "src/db.js": "import { PrismaClient } from '@prisma/client'\n\nexport const db = new PrismaClient()\n",
      "src/app.js":
        "import express from 'express'\nimport { usersRouter } from './routes/users.js'\n\nexport const app = express()\napp.use('/users', usersRouter)\n",
      "src/routes/users.js":
        "import { Router } from 'express'\n\nexport const usersRouter = Router()\n\nusersRouter.get('/', (req, res) => {\n    res.json([])\n})\n",
    };
    const { actions, output } = await use(
      { files },
      ["generate_viewset", { model: "Item" }],
      ["generate_test", { model: "Item" }],
    );
    assert.deepEqual(
      actions.map(({ error }) => error),
      [null, null],
      output,
    );
    assert.match(output, /### src\/routes\/items\.js \(new\)\n```\nimport \{ Router \} from 'express'\n/);
    assert.match(output, /^ {4}const take = Math\.min/m);
    assert.match(output, /\+app\.use\('\/items', itemsRouter\)\n/);
    assert.match(output, /No guard of a sibling was found/);
    assert.match(output, /import \{ afterAll, expect, test \} from 'vitest'/);
    assert.ok(!/;$/m.test(output), "a semicolon");
  });

  it("refuses clearly what it cannot make, names the apps, and never makes a thing twice", async () => {
    const { actions } = await use(
      { folder: await copyOf("shop-django") },
      ["generate_model", comment("catalog.Product")],
      ["generate_model", { ...comment("catalog.Product", "catalog"), name: "Tag" }],
      ["generate_model", comment("catalog.Produkt", "catalog")],
      ["generate_model", { ...comment("x"), name: "Drop Table" }],
      ["generate_viewset", { model: "catalog.Product" }],
    );
    assert.deepEqual(
      actions.map(({ error }) => error),
      [
        "AMBIGUOUS_TARGET",
        "TOOL_INPUT_INVALID",
        "CONTEXT_NOT_FOUND",
        "TOOL_INPUT_INVALID",
        "TOOL_INPUT_INVALID",
      ],
    );
    assert.match(actions[0]?.output ?? "", /accounts, catalog/);
    const sql = await use({ folder: await copyOf("shop-sql") }, ["generate_viewset", { model: "products" }]);
    assert.match(sql.output, /SQL has no viewsets[\s\S]*generate_model/);
    const none = await use({ files: { "a.txt": "x" } }, ["generate_model", comment("A")]);
    assert.match(none.output, /Code is generated for Django, FastAPI/);
  });
});

/** What the compiler says about some files, with everything from outside of the project as `any`. */
async function compilerErrors(
  folder: string,
  files: readonly string[],
  more: readonly string[] = [],
): Promise<readonly string[]> {
  const { readFile, writeFile } = await import("node:fs/promises");
  const outside = new Set<string>();
  for (const file of files)
    for (const [, name = ""] of (await readFile(join(folder, file), "utf8")).matchAll(
      /from ["']([^."'][^"']*)["']|import ["']([^."'][^"']*)["']/g,
    ))
      if (name !== "" && !name.startsWith("node:")) outside.add(name);
  const declared = [...outside, "reflect-metadata"].map((name) => `declare module "${name}";`).join("\n");
  await writeFile(join(folder, "outside.d.ts"), declared);
  await execute("rm", ["-f", join(folder, "tsconfig.json")]);
  const flags = [
    "--noEmit",
    "--target",
    "es2022",
    "--module",
    "preserve",
    "--moduleResolution",
    "bundler",
    "--skipLibCheck",
    "--types",
    "node",
  ];
  const roots = ["--typeRoots", fileURLToPath(new URL("../../../node_modules/@types", import.meta.url))];
  const { stdout } = await execute(
    process.execPath,
    [TSC, ...flags, ...roots, ...more, "--strict", "--noImplicitAny", "false", ...files, "outside.d.ts"],
    { cwd: folder },
  ).catch((error: { stdout: string }) => error);
  // Others of the project are not ours to judge: their packages are not here.
  // A type of a package that is not here cannot be one (TS2709).
  return stdout
    .split("\n")
    .filter((line) => files.some((file) => line.startsWith(file)) && !line.includes("TS2709"));
}
