import assert from "node:assert/strict";
import { tablesIn } from "../../../../../src/workspace/stacks/django/queries.ts";
import { readFiles, shop } from "./read-workspace.ts";

const MODELS =
  "from django.db import models\nclass Thing(models.Model):\n    pass\nclass Part(models.Model):\n    thing = models.ForeignKey(Thing, on_delete=models.CASCADE)\n    class Meta:\n        db_table = 'parts'\n";

async function read(code: string, settings = "") {
  return readFiles(shop({ "shop/models.py": MODELS, "shop/services.py": code }, settings));
}

describe("Django: queries and uses", () => {
  it("C01 finds ORM calls with model, operation and where they stand", async () => {
    const { queries } = await read(
      [
        "from django.shortcuts import get_object_or_404",
        "from django.contrib.auth import get_user_model",
        "from shop import models",
        "from shop.models import Part, Thing as T",
        "EVERY = T.objects.all()",
        "class Service:",
        "    def run(self):",
        "        T.objects.filter(a=1).exclude(b=2).update(c=3)",
        "        models.Part.objects.create(thing=get_object_or_404(T, pk=1))",
        "        for part in Part.objects.select_related('thing')[:5]:",
        "            part.delete()",
        "        return list(T.objects.published().filter(id__in=Part.objects.values('thing')))",
        "def late():",
        "    from shop.models import Part as Local",
        "    return Local.objects.filter().delete()",
        "def other(request):",
        "    request.objects.filter()",
        "    Unknown.objects.get()",
      ].join("\n"),
    );
    assert.deepEqual(
      queries.map(
        (query) =>
          `${query.within} ${query.name} ${query.operation} ${query.tables} ${query.approximate !== null}`,
      ),
      [
        "null Thing.all select shop.Thing false",
        "Service.run Thing.filter.exclude.update update shop.Thing false",
        "Service.run Part.create insert shop.Part false",
        "Service.run Thing.get select shop.Thing false",
        "Service.run Part.select_related select shop.Part false",
        "Service.run Thing.published.filter select shop.Thing true",
        "Service.run Part.values select shop.Part false",
        "late Part.filter.delete delete shop.Part false",
      ],
    );
    const update = queries.find((query) => query.operation === "update");
    assert.equal(update?.text, "T.objects.filter(a=1).exclude(b=2).update(c=3)");
    assert.deepEqual(update?.modelIds, ["model:shop.Thing"]);
    assert.equal(new Set(queries.map((query) => query.id)).size, queries.length);
  });

  it("C01 finds raw SQL, tells literals from what is built, and ties tables to models", async () => {
    const { queries } = await read(
      [
        "from django.db import connection",
        "from shop.models import Thing",
        "from shop.sql import FAR",
        "NEAR = 'SELECT 1'",
        "def run(name):",
        "    with connection.cursor() as cursor:",
        "        cursor.execute('SELECT * FROM parts JOIN shop_thing t ON true WHERE id = %s', [1])",
        "        cursor.execute(NEAR)",
        "        cursor.execute(FAR)",
        "        cursor.execute(f'SELECT {name} FROM parts')",
        "        cursor.execute('SELECT ' + name)",
        "        cursor.execute(name)",
        "    return Thing.objects.raw('SELECT * FROM shop_thing')",
      ].join("\n"),
      "DATABASES = {'default': {'ENGINE': 'django.db.backends.mysql'}}\n",
    );
    const sql = queries.filter((query) => query.form === "sql");
    assert.deepEqual(
      sql.map((query) => `${query.operation} ${query.tables} ${query.modelIds} ${query.approximate}`),
      [
        "select parts,shop_thing model:shop.Part,model:shop.Thing null",
        "select   null",
        "other   the text of the statement comes from the variable FAR",
        "select parts model:shop.Part the statement interpolates variables (f-string)",
        "select   the statement is put together from parts",
        "other   the text of the statement comes from the variable name",
        "select shop_thing model:shop.Thing null",
      ],
    );
    assert.ok(sql.every((query) => query.dialect === "mysql"));
  });

  it("C01 tables of a statement, without its own names", () => {
    assert.deepEqual(
      tablesIn(
        "WITH recent AS (SELECT * FROM a) SELECT extract(year FROM x) FROM recent JOIN public.b ON true",
      ),
      ["a", "public.b"],
    );
    assert.deepEqual(tablesIn("DELETE FROM \"Odd\" WHERE note = 'from nowhere'"), ["Odd"]);
    assert.deepEqual(tablesIn("UPDATE only t SET a = 1"), ["t"]);
  });

  it("C06 finds the uses of a model through its imports", async () => {
    const { uses } = await read(
      "from shop import models as m\nfrom shop.models import Thing\nfrom other import Part\ndef f(x: Thing):\n    if isinstance(x, m.Part):\n        return Part\n",
    );
    assert.deepEqual(
      uses
        .filter((use) => use.uri === "shop/services.py")
        .map((use) => `${use.modelId} ${use.range.start.line} ${use.within} ${use.line}`),
      ["model:shop.Thing 3 f def f(x: Thing):", "model:shop.Part 4 f if isinstance(x, m.Part):"],
    );
  });
});
