import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CatalogSearch,
  type CatalogSearchOptions,
} from "../../../src/harness/catalog-search/catalog-search.ts";
import { SearchIndex } from "../../../src/harness/catalog-search/search-index.ts";
import { trigramsOf, wordsOf } from "../../../src/harness/catalog-search/words.ts";
import { defineRuntime } from "../../../src/harness/spec/runtime-spec.ts";
import { openWorkspace, type Workspace } from "../../../src/index.ts";
import { makeTemporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";
import { copyWorkspace, type WorkspaceCopy } from "../../support/workspace-copy.ts";
import { agent, calls, collect, eventsOf, openHarness, says, TENANT } from "./support.ts";

const SHOP = fileURLToPath(new URL("../../workspaces/shop-django", import.meta.url));

describe("words of a name", () => {
  it("H25 are its parts, without plurals, accents and case", () => {
    assert.deepEqual(wordsOf("lontar_orders.createdAt HTTPServer Größen"), [
      "lontar",
      "order",
      "created",
      "at",
      "http",
      "server",
      "großen",
    ]);
    assert.deepEqual(wordsOf("categories addresses status boxes news bus"), [
      "category",
      "address",
      "status",
      "box",
      "new",
      "bus",
    ]);
    assert.deepEqual([...trigramsOf("ab")], [" ab", "ab "]);
  });
});

describe("the search in the catalog", () => {
  let shop: WorkspaceCopy;
  let workspace: Workspace;
  let temporary: TemporaryFolder;
  before(async () => {
    shop = await copyWorkspace(SHOP);
    workspace = openWorkspace(shop.folder, { cache: false });
    temporary = await makeTemporaryFolder("search");
  });
  after(async () => {
    await workspace.dispose();
    await shop.remove();
    await temporary.remove();
  });

  const OPTIONS: CatalogSearchOptions = {
    indexPath: null,
    rebuildOnStart: false,
    writeThrough: true,
    described: [],
  };
  const find = async (search: CatalogSearch, query: string, limit = 5) => {
    const { catalog } = await workspace.view();
    return (await search.search(query, catalog, limit)).map(
      ({ document }) => `${document.kind} ${document.name}`,
    );
  };

  it("H25 finds objects by their names, by what stands in them, and with typing errors", async () => {
    const search = new CatalogSearch(OPTIONS);
    const cases: readonly (readonly [query: string, wanted: string])[] = [
      ["product", "model catalog.Product"],
      ["prodcut", "model catalog.Product"],
      ["produt", "model catalog.Product"],
      ["Produkt", "model catalog.Product"],
      ["oder model", "model orders.Order"],
      ["orders.Order", "model orders.Order"],
    ];
    for (const [query, wanted] of cases) {
      const found = await find(search, query);
      assert.ok(found.includes(wanted), `${query}: ${found.join(", ")}`);
    }
    assert.deepEqual(await find(search, "zzzzqqqq"), []);
    const { catalog } = await workspace.view();
    const routes = await search.search("order", catalog, 5, ["route"]);
    assert.ok(routes.length > 0 && routes.every(({ document }) => document.kind === "route"));
  });

  it("H25 finds every model of the shop by a name in which two letters changed places or one is missing", async () => {
    const search = new CatalogSearch(OPTIONS);
    const { catalog } = await workspace.view();
    const missed: string[] = [];
    let asked = 0;
    for (const { name, qualifiedName } of catalog.models) {
      if (name.length < 5) continue;
      const middle = Math.floor(name.length / 2);
      const swapped =
        name.slice(0, middle) + (name[middle + 1] ?? "") + (name[middle] ?? "") + name.slice(middle + 2);
      const shorter = name.slice(0, middle) + name.slice(middle + 1);
      for (const query of [swapped, shorter]) {
        asked++;
        if (!(await find(search, query, 10)).includes(`model ${qualifiedName}`))
          missed.push(`${query} (${qualifiedName})`);
      }
    }
    assert.ok(asked > 20, `${asked}`);
    assert.ok(missed.length <= asked * 0.1, `${missed.length} of ${asked}: ${missed.join(", ")}`);
  });

  it("H25 joins what people say about tables and columns, and finds what they describe besides", async () => {
    const { catalog } = await workspace.view();
    const [model] = catalog.models.filter(({ table }) => table !== null);
    const search = new CatalogSearch({
      ...OPTIONS,
      described: [
        { name: model?.table ?? "", kind: "table", description: "the flamingo list", aliases: ["birds"] },
        { name: "gross margin", kind: "metric", description: "revenue minus cost", aliases: ["GM"] },
      ],
    });
    assert.equal((await find(search, "flamingo"))[0], `model ${model?.qualifiedName}`);
    assert.equal((await find(search, "bird"))[0], `model ${model?.qualifiedName}`);
    assert.ok((await find(search, "revenue")).includes("metric gross margin"));
    assert.equal((await find(search, "GM"))[0], "metric gross margin");
  });

  it("H25 follows the workspace: what changed is found, what is gone is not", async () => {
    const search = new CatalogSearch(OPTIONS);
    assert.deepEqual(
      (await find(search, "Flamingo")).filter((hit) => hit.includes("Flamingo")),
      [],
    );
    const file = join(shop.folder, "catalog/models.py");
    const before = await readFile(file, "utf8");
    await writeFile(
      file,
      `${before}\n\nclass Flamingo(models.Model):\n    wing_span = models.IntegerField()\n`,
    );
    workspace.refresh(["catalog/models.py"]);
    assert.equal((await find(search, "flamnigo"))[0], "model catalog.Flamingo");
    assert.ok((await find(search, "wingspan wing")).includes("field catalog.Flamingo.wing_span"));
    await writeFile(file, before);
    workspace.refresh(["catalog/models.py"]);
    assert.deepEqual(
      (await find(search, "Flamingo")).filter((hit) => hit.includes("Flamingo")),
      [],
    );
  });

  it("H25 keeps its index where it is told to, writes it through or at the end, and begins anew on wish", async () => {
    const { catalog } = await workspace.view();
    const indexPath = join(temporary.folder, "deep/index.json");
    const first = new CatalogSearch({ ...OPTIONS, indexPath });
    await first.search("product", catalog, 1);
    const kept = JSON.parse(await readFile(indexPath, "utf8"));
    assert.ok(kept.documents.length > catalog.models.length);
    const stray = { id: "x", kind: "metric", name: "straggler", place: "", summary: "", text: "" };
    await writeFile(indexPath, JSON.stringify({ version: 1, documents: [stray] }));
    const late = new CatalogSearch({ ...OPTIONS, indexPath, writeThrough: false });
    assert.deepEqual(await find(late, "straggler"), [], "what is not in the catalog any more is taken out");
    assert.equal(JSON.parse(await readFile(indexPath, "utf8")).documents.length, 1, "not written yet");
    await late.dispose();
    assert.equal(JSON.parse(await readFile(indexPath, "utf8")).documents.length, kept.documents.length);
    await writeFile(indexPath, "{ broken");
    assert.ok((await find(new CatalogSearch({ ...OPTIONS, indexPath }), "product")).length > 0);
    const anew = new CatalogSearch({
      ...OPTIONS,
      indexPath: join(temporary.folder, "none.json"),
      rebuildOnStart: true,
    });
    assert.ok((await find(anew, "product")).length > 0);
  });

  it("H25 is a tool of the catalog's toolkit", async () => {
    const spec = defineRuntime(TENANT, { agents: [agent("boss", "coordinator", { toolkits: ["catalog"] })] });
    const entries = [{ name: "churn", kind: "metric" as const, description: "customers who left" }];
    const bench = await openHarness(
      spec,
      [
        calls(
          ["catalog_search", { query: "custmers" }],
          ["catalog_search", { query: "nothing at all like this" }],
        ),
        says("done"),
      ],
      { dataEnvironment: { catalog: { kind: "inline", entries } } },
    );
    const [found, none] = eventsOf(await collect(bench.runtime.query("go", "t")), "result");
    await bench.dispose();
    assert.equal(found?.result.output, "metric churn · customers who left");
    assert.match(none?.result.output ?? "", /Nothing in the catalog fits/);
  });
});

describe("the search index", () => {
  it("H25 gives a word in a name more than one in a text, and a rare one more than a common one", () => {
    const index = new SearchIndex();
    const put = (id: string, name: string, text: string) =>
      index.put({ id, kind: "model", name, text, place: "", summary: "" });
    put("1", "Invoice", "money");
    put("2", "Payment", "invoice of somebody");
    for (let n = 3; n < 30; n++) put(String(n), `Thing${n}`, "money");
    assert.deepEqual(
      index.search("invoice", 2).map(({ document }) => document.id),
      ["1", "2"],
    );
    assert.equal(index.search("money invoice", 1)[0]?.document.id, "1");
    index.remove("1");
    assert.deepEqual(
      index.search("invoice", 2).map(({ document }) => document.id),
      ["2"],
    );
    put("2", "Other", "");
    assert.deepEqual(index.search("invoice", 2), []);
    assert.equal(index.size, 28);
  });
});
