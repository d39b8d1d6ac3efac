import assert from "node:assert/strict";
import type { Model } from "../../../../../src/workspace/ir/model.ts";
import { readFiles, shop } from "./read-workspace.ts";

const HEAD = "from django.db import models\n";

async function modelsOf(files: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, Model>> {
  const { models } = await readFiles(shop(files));
  return new Map(models.map((model) => [model.qualifiedName, model]));
}

/** One model `Thing` of app `shop` with the given body. */
async function thing(body: string, head: string): Promise<Model> {
  const indented = body.replace(/^(?=.)/gm, "    ");
  const source = `${head}\n\nclass Thing(models.Model):\n${indented}\n`;
  const found = (await modelsOf({ "shop/models.py": source })).get("shop.Thing");
  assert.ok(found);
  return found;
}

describe("Django: models that are not", () => {
  it("C01 forms, serializers and plain classes are left alone", async () => {
    const models = await modelsOf({
      "shop/models.py": `${HEAD}class Thing(models.Model):\n    pass\n`,
      "shop/forms.py":
        "from django import forms\nclass ThingForm(forms.ModelForm):\n    name = forms.CharField()\n",
      "shop/serializers.py":
        "from rest_framework import serializers\nclass ThingSerializer(serializers.ModelSerializer):\n    name = serializers.CharField()\n",
      "shop/plain.py": "# models\nclass Model:\n    pass\nclass Fake(Model):\n    pass\n",
    });
    assert.deepEqual([...models.keys()], ["shop.Thing"]);
  });

  it("C01 a plain mixin is no model, and its Meta goes to the models that use it", async () => {
    const models = await modelsOf({
      "shop/mixins.py": "# models\nclass Plain:\n    class Meta:\n        ordering = ['-id']\n",
      "shop/models.py": `${HEAD}from .mixins import Plain\nclass Thing(Plain, models.Model):\n    pass\n`,
    });
    assert.deepEqual([...models.keys()], ["shop.Thing"]);
    assert.deepEqual(models.get("shop.Thing")?.ordering, ["-id"]);
  });

  it("C01 what imagekit computes from an image has no column", async () => {
    const model = await thing(
      "photo = models.ImageField()\nsmall = ImageSpecField(source='photo')",
      `${HEAD}from imagekit.models import ImageSpecField\n`,
    );
    assert.deepEqual(
      model.fields.map(({ name }) => name),
      ["id", "photo"],
    );
  });

  it("C08 says that the table of a model's history is not among the models", async () => {
    const model = await thing(
      "history = HistoricalRecords()",
      `${HEAD}from simple_history.models import HistoricalRecords\n`,
    );
    assert.deepEqual(
      model.gaps.map(({ what }) => what),
      ["the table of history = HistoricalRecords()"],
    );
  });
});
