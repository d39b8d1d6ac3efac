import assert from "node:assert/strict";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { WorkspaceIndex } from "../../../../src/workspace/index/workspace-index.ts";
import { TEST_ASSETS } from "../languages/parser-assets.ts";
import { type Disk, openRealDisk } from "./disk.ts";

const threadUrl = new URL("./toy-index-worker.ts", import.meta.url);

/** What real folders hold besides code: read by all stacks, in a thread as hosts do. */
describe("Odd workspaces", () => {
  let disk: Disk;
  let index: WorkspaceIndex;
  beforeEach(async () => {
    disk = await openRealDisk();
    index = openIndex([{ name: "workspace", path: disk.root }]);
  });
  afterEach(async () => {
    await index.dispose();
    await disk.dispose();
  });

  function openIndex(roots: readonly { readonly name: string; readonly path: string }[]): WorkspaceIndex {
    return new WorkspaceIndex({ roots, assets: TEST_ASSETS, threadUrl });
  }

  const model = (name: string, base = "models.Model"): string =>
    `from django.db import models\n\n\nclass ${name}(${base}):\n    total = models.IntegerField()\n`;

  it("C08 a generated file of five megabytes is left out and named; the others are read", async () => {
    disk.write("shop/models.py", model("Order"));
    disk.write("shop/generated.py", `${model("Generated")}${"x = 1\n".repeat(850_000)}`);
    const { models, report } = await index.catalog();
    assert.deepEqual(
      models.map(({ name }) => name),
      ["Order"],
    );
    assert.deepEqual(report.skipped, [{ uri: "shop/generated.py", reason: "too large" }]);
  });

  it("C08 conflict markers cost the lines they are on, and are told", async () => {
    const mine = "    total = models.IntegerField()\n";
    const theirs = "    total = models.DecimalField(max_digits=9, decimal_places=2)\n";
    disk.write(
      "shop/models.py",
      `${model("Order")}\n\nclass Line(models.Model):\n<<<<<<< HEAD\n${mine}=======\n${theirs}>>>>>>> topic\n    name = models.TextField()\n\n\n${model("Later").slice(29)}`,
    );
    const { models, gaps } = await index.catalog();
    const names = models.map(({ name }) => name);
    assert.ok(names.includes("Order") && names.includes("Later"), names.join());
    assert.ok(gaps.some(({ what }) => what.startsWith("shop/models.py")));
  });

  it("C08 ends at urls, imports and bases that lead back to where they began", async () => {
    const urls = (own: string, other: string): string =>
      `from django.urls import include, path\nfrom . import views\nurlpatterns = [path("${own}/", views.show), path("${other}/", include("${other}.urls"))]\n`;
    for (const [own, other] of [
      ["one", "two"],
      ["two", "one"],
    ] as const) {
      disk.write(`${own}/__init__.py`, "");
      disk.write(`${own}/urls.py`, urls(own, other));
      disk.write(`${own}/views.py`, "def show(request):\n    pass\n");
      disk.write(
        `${own}/models.py`,
        `from django.db import models\nfrom ${other}.models import *\n\n\nclass ${own.toUpperCase()}(${other.toUpperCase()}):\n    pass\n`,
      );
    }
    disk.write("shop/models.py", model("Order"));
    disk.write("web/a.ts", 'export * from "./b";\nexport { x } from "./b";\n');
    disk.write(
      "web/b.ts",
      'export * from "./a";\nexport { x } from "./a";\nimport express from "express";\n',
    );
    const { models } = await index.catalog();
    assert.ok(models.some(({ name }) => name === "Order"));
  });

  it("C03 reads several folders in one thread, each under its name", async () => {
    disk.write("first/models.py", model("Order"));
    disk.write("second/models.py", model("Order"));
    const several = openIndex([
      { name: "shop", path: join(disk.root, "first") },
      { name: "shop", path: join(disk.root, "second") },
    ]);
    try {
      const uris = (await several.catalog()).models.map(({ uri }) => uri);
      assert.deepEqual(uris, ["shop-2/models.py", "shop/models.py"]);
      disk.write("second/models.py", `${model("Order")}\n\nclass Line(models.Model):\n    pass\n`);
      several.refresh(["shop-2/models.py"]);
      const names = (await several.catalog()).models.map(({ uri, name }) => `${uri} ${name}`);
      assert.deepEqual(names, ["shop-2/models.py Line", "shop-2/models.py Order", "shop/models.py Order"]);
      assert.match(await several.readText("shop-2/models.py"), /class Line/);
    } finally {
      await several.dispose();
    }
  });
});
