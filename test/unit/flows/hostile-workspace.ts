import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Writes a small Django project in which every text that can be chosen is drawn from `next`. */
export async function writeHostileWorkspace(folder: string, next: () => string): Promise<void> {
  const migrations = join(folder, "depot/migrations");
  await mkdir(migrations, { recursive: true });
  for (const file of ["depot/__init__.py", "depot/migrations/__init__.py"])
    await writeFile(join(folder, file), "");
  await writeFile(
    join(folder, "manage.py"),
    'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n',
  );
  await writeFile(
    join(folder, "settings.py"),
    'INSTALLED_APPS = ["depot"]\nROOT_URLCONF = "urls"\nDATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}}\n',
  );
  await writeFile(join(folder, "depot/models.py"), models(next));
  await writeFile(join(folder, "depot/views.py"), views(next));
  await writeFile(join(folder, "urls.py"), urls(next));
  await writeFile(join(migrations, "0001_initial.py"), migration(next));
}

function models(next: () => string): string {
  return `${comment(next())}
from django.db import models


class Crate(models.Model):
    """${documentation(next())}"""

    ${comment(next())}
    label = models.CharField(${text(next())}, max_length=80, help_text=${text(next())}, default=${text(next())})
    state = models.CharField(max_length=9, choices=[(${text(next())}, ${text(next())}), ("b", "c")])
    depth = models.IntegerField(db_column=${text(next())})
    owner = models.ForeignKey("depot.Owner", on_delete=models.CASCADE, related_name="crates")

    class Meta:
        db_table = ${text(next())}
        verbose_name = ${text(next())}
        ordering = [${text(next())}]
        indexes = [models.Index(fields=["label"], name=${text(next())})]
        constraints = [models.CheckConstraint(check=models.Q(label=${text(next())}), name=${text(next())})]


class Owner(models.Model):
    """${documentation(next())}"""

    name = models.CharField(max_length=80)
`;
}

function views(next: () => string): string {
  return `from django.contrib.auth.decorators import permission_required
from django.db import connection
from django.http import JsonResponse

from depot.models import Crate


@permission_required(${text(next())})
def crates(request):
    """${documentation(next())}"""
    ${comment(next())}
    return JsonResponse({"rows": list(Crate.objects.filter(label=${text(next())}).values())})


def raw(request):
    with connection.cursor() as cursor:
        cursor.execute(${text(`SELECT id /* ${next()} */ FROM depot_owner WHERE name = '${next().replaceAll("'", "''")}'`)})
        return JsonResponse({"rows": cursor.fetchall()})


def named(request):
    return list(Crate.objects.raw(${text(`SELECT * FROM "${next().replaceAll('"', '""')}"`)}))
`;
}

function urls(next: () => string): string {
  return `from django.urls import path, re_path

from depot import views

urlpatterns = [
    path("crates/", views.crates),
    path(${text(next())}, views.raw),
    re_path(${text(next())}, views.named),
    path("owners/<int:pk>/", views.raw, name=${text(next())}),
]
`;
}

function migration(next: () => string): string {
  return `${comment(next())}
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("auth", ${text(next())})]
    operations = [
        migrations.CreateModel(
            name="Owner",
            fields=[("id", models.AutoField(primary_key=True)), ("name", models.CharField(max_length=80, default=${text(next())}))],
            options={"db_table": ${text(next())}},
        ),
        migrations.RunSQL(${text(`UPDATE depot_owner SET name = '${next().replaceAll("'", "''")}'`)}, reverse_sql=${text(`-- ${next()}`)}),
    ]
`;
}

/** A string literal of Python; JSON's escapes are Python's too. */
function text(value: string): string {
  return JSON.stringify(value);
}

/** Text inside a docstring, as raw as the language lets it be. */
function documentation(value: string): string {
  return value
    .replaceAll("\\", "\\\\")
    .replaceAll('"', "'")
    .replaceAll("\ud800", "")
    .replaceAll("\u0000", "");
}

/** A comment of one line. */
function comment(value: string): string {
  const line = ["\r", "\n", "\u2028", "\u0000", "\ud800"].reduce(
    (rest, part) => rest.replaceAll(part, " "),
    value,
  );
  return `# ${line}`;
}
