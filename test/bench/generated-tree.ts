import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes a project of so many files, the same for the same numbers: of each hundred files one has models, one views,
 * one routes, one a migration, fourteen use models, and the others are the code and the tests around them, as large as
 * they are in real projects.
 */
export function writeTree(folder: string, files: number, bytesPerFile: number): void {
  const apps = Math.ceil(files / 100);
  for (let app = 0; app < apps; app++) {
    const path = join(folder, `group${app % 20}`, `app${app}`);
    mkdirSync(join(path, "migrations"), { recursive: true });
    const count = Math.min(100, files - app * 100);
    for (let file = 0; file < count; file++) {
      const [name, text] = fileOf(app, file);
      writeFileSync(join(path, name), filled(text, name, bytesPerFile));
    }
  }
}

function fileOf(app: number, file: number): readonly [name: string, text: string] {
  switch (file) {
    case 0:
      return ["models.py", models(app)];
    case 1:
      return ["views.py", views(app)];
    case 2:
      return ["urls.py", urls(app)];
    case 3:
      return ["migrations/0001_initial.py", migration(app)];
    case 4:
      return ["__init__.py", ""];
    default:
      return file < 19
        ? [`service${file}.py`, service(app, file)]
        : [`part${file}.${file % 2 ? "py" : "ts"}`, ""];
  }
}

function models(app: number): string {
  const classes = Array.from(
    { length: 4 },
    (_, at) => `class Thing${app}x${at}(models.Model):
    name = models.CharField(max_length=100, db_index=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="children")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "app${app}"
        indexes = [models.Index(fields=["name", "created_at"])]
`,
  );
  return `from django.db import models\n\n\n${classes.join("\n\n")}`;
}

function views(app: number): string {
  const functions = Array.from(
    { length: 4 },
    (_, at) => `@login_required
def list_things${at}(request):
    things = Thing${app}x${at}.objects.filter(name=request.GET["name"]).order_by("-created_at")[:20]
    return render(request, "things.html", {"things": things})
`,
  );
  const names = [0, 1, 2, 3].map((at) => `Thing${app}x${at}`).join(", ");
  return `from django.contrib.auth.decorators import login_required
from django.shortcuts import render

from .models import ${names}


${functions.join("\n\n")}`;
}

function urls(app: number): string {
  const paths = [0, 1, 2, 3].map((at) => `    path("app${app}/things${at}/", views.list_things${at}),`);
  return `from django.urls import path\n\nfrom . import views\n\nurlpatterns = [\n${paths.join("\n")}\n]\n`;
}

function migration(app: number): string {
  return `from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Thing${app}x0",
            fields=[("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=100))],
        ),
    ]
`;
}

function service(app: number, file: number): string {
  return `from .models import Thing${app}x${file % 4}


def work${file}(owner):
    """Counts what an owner has."""
    return Thing${app}x${file % 4}.objects.filter(name=owner, amount__gt=0).order_by("-created_at").count()
`;
}

/** Up to its size with code that no framework is in. */
function filled(text: string, name: string, bytes: number): string {
  const isPython = name.endsWith(".py");
  let whole = text;
  for (let part = 0; whole.length < bytes; part++) {
    whole += isPython
      ? `

def helper_${part}(values, limit=${part}):
    total = 0
    for value in values:
        if value.weight > limit and not value.hidden:
            total += value.weight * ${part + 1}
    return {"total": total, "limit": limit, "label": "part ${part}"}
`
      : `
export function helper${part}(values: readonly Weighed[], limit = ${part}): number {
  let total = 0;
  for (const value of values) {
    if (value.weight > limit && !value.hidden) total += value.weight * ${part + 1};
  }
  return total;
}
`;
  }
  return whole;
}
