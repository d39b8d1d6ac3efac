import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StoredDatabases } from "../../../src/hosts/shared/agent-databases.ts";
import { MemoryStore } from "../../../src/storage/memory-store.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";
import { DJANGO_BLOG, DJANGO_BLOG_AFTER } from "./django-blog.ts";
import { type AgentBench, type Answers, type BenchOptions, calls, openBench, says } from "./support.ts";

const WORKER = join(import.meta.dirname, "../../../src/storage/sqlite-worker.ts");
const block = (value: object) => `\n\n\`\`\`json\n${JSON.stringify(value)}\n\`\`\``;

describe("examples of the source document", function () {
  this.timeout(120_000);
  let temporary: TemporaryFolder;
  let bench: AgentBench;
  before(async () => {
    temporary = await makeTemporaryFolder("examples");
  });
  after(() => temporary.remove());
  afterEach(() => bench.dispose());

  const execute = async (task: string, answers: Answers, options: BenchOptions = {}) => {
    bench = await openBench(answers, { files: DJANGO_BLOG, approvalCallback: () => true, ...options });
    return await bench.runtime.execute(task);
  };
  const errors = (result: { actions: readonly { error: string | null; output: string }[] }) =>
    result.actions.flatMap(({ error, output }) => (error === null ? [] : [`${error}: ${output}`]));

  it("A19 code review: reads the model and gives suggestions, changing nothing", async () => {
    const suggestions = [
      "Add index on created_at for faster queries",
      "Consider adding slug field for SEO-friendly URLs",
      "Add unique constraint on (author, title)",
    ];
    const result = await execute(
      "Review the Post model and suggest improvements",
      [
        calls(["describe_model", { model: "Post" }], ["read_file", { path: "blog/models.py" }]),
        says(`I reviewed Post.${block({ suggestions })}`),
      ],
      { tools: ["describe_model", "read_file"] },
    );
    assert.deepEqual(errors(result), []);
    assert.deepEqual(result.suggestions, suggestions);
    assert.equal(result.output, "I reviewed Post.");
    assert.match(result.actions[0]?.output ?? "", /author/);
    assert.deepEqual([result.iterations, result.createdFiles, result.modifiedFiles], [2, [], []]);
  });

  it("A19 migration helper: finds what is missing and writes it with the tools that the example names", async () => {
    const shown = await execute("look", [calls(["suggest_migration", {}]), says("x")], {
      files: { ...DJANGO_BLOG, ...DJANGO_BLOG_AFTER },
    });
    const written = [...(shown.actions[0]?.output ?? "").matchAll(/^### (\S+)\n```\n([\s\S]*?)```$/gm)];
    assert.equal(written.length, 2);
    await bench.dispose();
    const result = await execute(
      "Check for pending migrations and create them",
      [
        calls(["list_models", {}], ["suggest_migration", {}]),
        calls(...written.map(([, path, content]) => ["write_file", { path, content }] as const)),
        calls(["suggest_migration", {}]),
        says("Two migrations were missing; they are written."),
      ],
      {
        files: { ...DJANGO_BLOG, ...DJANGO_BLOG_AFTER },
        tools: ["list_models", "suggest_migration", "write_file"],
      },
    );
    assert.deepEqual(errors(result), []);
    assert.deepEqual(
      result.createdFiles,
      written.map(([, path]) => path),
    );
    assert.match(result.actions.at(-1)?.output ?? "", /^The migrations make what the models describe/);
  });

  it("A19 test generator: gives tests for untested models, which are then written", async () => {
    const shown = await execute("look", [calls(["generate_test", { model: "Tag" }]), says("x")]);
    const [, path, content] =
      /^### (\S+test_tag\.py) \(new\)\n```\n([\s\S]*?)```$/m.exec(shown.actions[0]?.output ?? "") ?? [];
    await bench.dispose();
    const result = await execute(
      "Generate tests for all untested models",
      [
        calls(["list_models", {}], ["describe_model", { model: "Tag" }], ["generate_test", { model: "Tag" }]),
        calls(["write_file", { path, content }]),
        says("Tag is tested now."),
      ],
      { tools: ["list_models", "describe_model", "generate_test", "write_file"] },
    );
    assert.deepEqual(errors(result), []);
    assert.deepEqual(result.createdFiles, ["blog/tests/test_tag.py"]);
    assert.match(await bench.text("blog/tests/test_tag.py"), /class TagTests\(TestCase\)/);
  });

  it("A19 security findings: severity, issue, fix and place are read from the answer", async () => {
    const findings = [
      {
        severity: "high",
        issue: "SQL injection in search",
        fix: "Bind q as a parameter",
        location: "blog/views.py:4",
      },
      { severity: "medium", issue: "Missing input validation", fix: "Validate limit", location: null },
    ];
    const result = await execute(
      "Analyze the codebase for security issues",
      [
        calls(["get_diagnostics", {}], ["search_files", { text: "cursor.execute" }], ["list_routes", {}]),
        says(`Two issues.${block({ findings })}`),
      ],
      {
        files: {
          ...DJANGO_BLOG,
          "blog/views.py":
            "def search(request, cursor):\n    cursor.execute(f\"SELECT * FROM blog_post WHERE title = '{request.GET['q']}'\")\n",
        },
        mode: "ask",
      },
    );
    assert.deepEqual(errors(result), []);
    assert.deepEqual(result.findings, findings);
    assert.match(result.actions[1]?.output ?? "", /^blog\/views\.py:2: /);
  });

  it("A19 data operations: who has not logged in for 90 days is exported to CSV", async () => {
    const file = join(temporary.folder, "shop.db");
    const database = new DatabaseSync(file);
    database.exec(
      "CREATE TABLE users (id integer PRIMARY KEY, name text, last_login text); INSERT INTO users VALUES (1, 'Ann', '2020-01-01'), (2, 'Bo', '2999-01-01')",
    );
    database.close();
    const databases = new StoredDatabases({
      store: new MemoryStore(),
      roots: [],
      secrets: { get: async () => null },
      workerFile: WORKER,
    });
    await databases.enable("shop", `sqlite:${file}`, true);
    const before = new Date(Date.now() - 90 * 86_400_000).toISOString();
    const result = await execute(
      "Find users who haven't logged in for 90 days and export to CSV",
      [
        calls([
          "query_records",
          {
            table: "users",
            where: [{ column: "last_login", op: "<", value: before }],
            output_file: "inactive_users.csv",
          },
        ]),
        says("One user."),
      ],
      { databases },
    );
    assert.deepEqual(errors(result), []);
    assert.equal(result.outputFile, "inactive_users.csv");
    assert.equal(await bench.text("inactive_users.csv"), "id,name,last_login\n1,Ann,2020-01-01\n");
  });

  it("A19 soft delete on all models, in one patch; then the migration", async () => {
    const field = "    deleted_at = models.DateTimeField(null=True, blank=True)\n";
    const patch = `*** Begin Patch
*** Update File: blog/models.py
@@ class Tag(models.Model):
     label = models.CharField(max_length=40, unique=True)
+${field.trimEnd()}
@@ class Post(models.Model):
     author = models.ForeignKey(Person, on_delete=models.CASCADE)
+${field.trimEnd()}
*** Update File: people/models.py
@@
     name = models.CharField(max_length=80)
+${field.trimEnd()}
*** End Patch`;
    const result = await execute("Add soft delete to all models", [
      calls(["read_file", { path: "blog/models.py" }], ["read_file", { path: "people/models.py" }]),
      calls(["patch_file", { patch }]),
      calls(["create_migration", { name: "soft_delete" }]),
      says("All models are deleted softly now."),
    ]);
    assert.deepEqual(errors(result), []);
    assert.deepEqual(result.modifiedFiles, ["blog/models.py", "people/models.py"]);
    assert.deepEqual(result.createdFiles, [
      "blog/migrations/0002_soft_delete.py",
      "people/migrations/0002_soft_delete.py",
    ]);
  });

  it("A19 coverage: works on its own towards a goal until it is reached, or its iterations are used up", async () => {
    const measure = ["run_command", { argv: ["cat", "coverage.txt"] }] as const;
    const answers: Answers = [
      calls(measure),
      calls(["write_file", { path: "blog/tests/__init__.py", content: "" }]),
      calls([
        "write_file",
        { path: "blog/tests/test_tag.py", content: "def test_tag():\n    assert True\n" },
      ]),
      calls(measure),
      says("Coverage is at 83%."),
    ];
    const options: BenchOptions = {
      files: { ...DJANGO_BLOG, "coverage.txt": "83%\n" },
      mode: "autonomous",
      allowSystemTools: true,
    };
    const result = await execute("Improve test coverage to 80%", answers, { ...options, maxIterations: 50 });
    assert.deepEqual(errors(result), []);
    assert.equal(result.success, true);
    assert.deepEqual(result.createdFiles, ["blog/tests/__init__.py", "blog/tests/test_tag.py"]);
    assert.deepEqual(
      result.actions.map(({ approval }) => approval.verdict),
      ["ask", "allow", "allow", "ask"],
    );
    await bench.dispose();
    const limited = await execute("Improve test coverage to 80%", answers, { ...options, maxIterations: 2 });
    assert.deepEqual(
      [limited.success, limited.stopReason, limited.createdFiles],
      [false, "max-iterations", ["blog/tests/__init__.py"]],
    );
  });
});
