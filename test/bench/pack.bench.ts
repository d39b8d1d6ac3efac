import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStudioWorkspace } from "../../src/hosts/shared/studio-workspace.ts";
import { type Bench, median, milliseconds, percentile } from "./bench.ts";

const checkout = fileURLToPath(new URL("../..", import.meta.url));
const FILES = 5000;
const ROUNDS = 60;

const REQUESTS = [
  { flow_type: "model", action_key: "explain_model", context: { model_name: "orders.Order" } },
  { flow_type: "model", action_key: "refactor_suggestions", context: { model_name: "catalog.Product" } },
  { flow_type: "route", action_key: "review_endpoint", context: { method: "POST", path: "/api/carts/" } },
  {
    flow_type: "query",
    action_key: "suggest_indexes",
    context: { sql: "SELECT * FROM lontar_order WHERE channel = 'web'" },
  },
  { flow_type: "migration", action_key: "explain_migration", context: { app: "orders" } },
  { flow_type: "diagnostic", action_key: "diagnostic_prioritize", context: {} },
];

/** The sample shop among thousands of other Django files; the index is warm, each pack is built anew. */
export const bench: Bench = {
  title: `Prompt packs in a project of ${FILES} files, warm index`,
  async run() {
    const folder = await mkdtemp(join(tmpdir(), "aksara-bench-"));
    try {
      await cp(join(checkout, "test/workspaces/shop-django"), folder, { recursive: true });
      await writeOthers(folder);
      const workspace = openStudioWorkspace({
        roots: [{ name: "bench", path: folder }],
        distDir: join(checkout, "dist"),
        cache: false,
      });
      const start = performance.now();
      const { catalog } = await workspace.view();
      const cold = performance.now() - start;
      const samples: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        for (const request of REQUESTS) {
          const before = performance.now();
          const pack = await workspace.buildPack(request);
          samples.push(performance.now() - before);
          if (!pack.ok) throw new Error(`${request.action_key}: ${pack.error}`);
        }
      }
      await workspace.dispose();
      return [
        {
          what: `read ${catalog.report.filesSeen} files, ${catalog.models.length} models, no cache`,
          value: milliseconds(cold),
        },
        { what: "one pack, median", value: milliseconds(median(samples)) },
        { what: "one pack, p95", value: milliseconds(percentile(samples, 0.95)), bar: "≤ 50 ms" },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function writeOthers(folder: string): Promise<void> {
  for (let app = 0; app < 100; app++) {
    const path = join(folder, `app${app}`);
    await mkdir(path, { recursive: true });
    await writeFile(join(path, "__init__.py"), "");
    for (let file = 0; file < FILES / 100; file++) {
      const name = file === 0 ? "models" : `module${file}`;
      await writeFile(join(path, `${name}.py`), file === 0 ? models(app) : moduleText(app, file));
    }
  }
}

function models(app: number): string {
  const classes = Array.from(
    { length: 10 },
    (_, index) => `class Thing${app}x${index}(models.Model):
    name = models.CharField(max_length=100)
    owner = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "app${app}"
`,
  );
  return `from django.db import models\n\n\n${classes.join("\n\n")}`;
}

function moduleText(app: number, file: number): string {
  return `from .models import Thing${app}x${file % 10}


def work${file}(user):
    """Counts what a user has."""
    return Thing${app}x${file % 10}.objects.filter(owner=user).order_by("-created_at").count()
`;
}
