import assert from "node:assert/strict";
import type { PythonImport } from "../../../../../src/workspace/languages/python/module.ts";
import {
  PythonNameResolver,
  type PythonNames,
} from "../../../../../src/workspace/languages/python/name-resolution.ts";

/** `a.b:c as d` is `from a.b import c as d`; without a colon a plain import. */
function imported(text: string): PythonImport {
  const [source = "", alias] = text.split(" as ");
  const [module = "", name] = source.split(":");
  return { module, name: name ?? null, alias: alias ?? name ?? module };
}

function resolver(
  files: Readonly<Record<string, readonly [imports: readonly string[], defines: readonly string[]]>>,
): PythonNameResolver {
  const names = new Map<string, PythonNames>();
  for (const [uri, [imports, defines]] of Object.entries(files)) {
    names.set(uri, { imports: imports.map(imported), defines: new Set(defines) });
  }
  return new PythonNameResolver(names);
}

function text(names: PythonNameResolver, uri: string, name: string): string {
  const found = names.resolve(uri, name);
  if (!found) return "nothing";
  if (found.kind === "external") return `outside ${found.name}`;
  if (found.kind === "module") return `module ${found.path}`;
  return [`${found.uri}#${found.name}`, ...found.rest].join(".");
}

describe("Python names", () => {
  it("C01 leads through re-exports, aliases and star imports to the definition", () => {
    const names = resolver({
      "app/models/__init__.py": [[".product:Product as Item", ".tag:*"], []],
      "app/models/product.py": [["django.db:models"], ["Product"]],
      "app/models/tag.py": [[], ["Tag", "_hidden"]],
      "app/views.py": [
        ["app.models:Item", "app:models", "app.models as m", "app.models", ".:models as near"],
        [],
      ],
    });
    assert.equal(text(names, "app/views.py", "Item"), "app/models/product.py#Product");
    assert.equal(text(names, "app/views.py", "models.Tag"), "app/models/tag.py#Tag");
    assert.equal(text(names, "app/views.py", "m.Item.Status"), "app/models/product.py#Product.Status");
    assert.equal(text(names, "app/views.py", "app.models.Tag"), "app/models/tag.py#Tag");
    assert.equal(text(names, "app/views.py", "near.Tag"), "app/models/tag.py#Tag");
    assert.equal(text(names, "app/views.py", "models._hidden"), "nothing");
    assert.equal(
      text(names, "app/models/product.py", "models.CharField"),
      "outside django.db.models.CharField",
    );
  });

  it("C01 learns import roots: src layouts, tests beside them, two projects in one folder", () => {
    const names = resolver({
      "one/src/app/models.py": [["app.base.core:Root"], ["Thing"]],
      "one/src/app/base/core.py": [[], ["Root"]],
      "one/tests/test_app.py": [["app.models:Thing"], []],
      "two/app/models.py": [["app.other.core:Leaf"], ["Thing"]],
      "two/app/other/core.py": [[], ["Leaf"]],
      "two/app/views.py": [["app.models:Thing"], []],
    });
    assert.equal(text(names, "one/src/app/models.py", "Root"), "one/src/app/base/core.py#Root");
    assert.equal(text(names, "two/app/views.py", "Thing"), "two/app/models.py#Thing");
    assert.equal(names.moduleName("one/src/app/models.py"), "app.models");
  });

  it("C01 a lone name beside the file is the standard library's", () => {
    const names = resolver({
      "app/json.py": [[], ["dumps"]],
      "app/views.py": [["json", "app.json:dumps"], []],
    });
    assert.equal(text(names, "app/views.py", "json.dumps"), "outside json.dumps");
    assert.equal(text(names, "app/views.py", "dumps"), "app/json.py#dumps");
  });

  it("C01 circles of imports end, whichever file is asked first", () => {
    const files = {
      "app/a.py": [["app.b:*", "app.c:X"], []],
      "app/b.py": [["app.a:*"], ["Y"]],
      "app/c.py": [["app.a:X"], []],
    } as const;
    for (const uri of Object.keys(files)) {
      const names = resolver(files);
      assert.equal(text(names, uri, "X"), "nothing");
      assert.equal(text(names, "app/a.py", "Y"), "app/b.py#Y");
      assert.equal(text(names, "app/c.py", "X"), "nothing");
    }
  });

  it("C01 resolves dotted paths of settings to modules and to names in them", () => {
    const names = resolver({
      "site/manage.py": [[], []],
      "site/shop/apps.py": [[], ["ShopConfig"]],
      "site/conf/settings.py": [[], []],
    });
    const found = names.resolvePath("shop.apps.ShopConfig", "site/conf/settings.py");
    assert.deepEqual(found, { kind: "definition", uri: "site/shop/apps.py", name: "ShopConfig", rest: [] });
    assert.deepEqual(names.resolvePath("shop", "site/conf/settings.py"), {
      kind: "module",
      path: "site/shop",
      uri: null,
    });
    assert.deepEqual(names.resolvePath("other.thing", "site/conf/settings.py"), {
      kind: "external",
      name: "other.thing",
    });
  });
});
