import assert from "node:assert/strict";
import { join } from "node:path";
import type { Route } from "../../../../../src/workspace/ir/route.ts";
import { aksaraStack } from "../../../../../src/workspace/stacks/aksara/stack.ts";
import { fastapiStack } from "../../../../../src/workspace/stacks/fastapi/stack.ts";
import { type Files, filesOf, readFiles, readTogether } from "../read-python.ts";

const shop = filesOf(join(import.meta.dirname, "../../../../workspaces/shop-aksara"));
const read = (files: Files) => readFiles(aksaraStack, files);
const guards = ({ guards: list }: Route) =>
  list.map(
    ({ name, scope, effect, source }) =>
      `${name} ${scope} ${effect} ${source.uri}:${source.range.start.line + 1}`,
  );

function named(routes: readonly Route[], name: string): Route {
  const found = routes.find((route) => route.name === name);
  assert.ok(found, `no route ${name} among ${routes.map((route) => route.name)}`);
  return found;
}

describe("Aksara routes", () => {
  it("C04 lists what viewsets generate and their actions, with full paths through routers", async () => {
    const { routes, gaps } = await read(shop);
    assert.deepEqual(
      routes.map(({ name, handler }) => `${name} ${handler}`),
      [
        "GET /api/products/ ProductViewSet.list",
        "POST /api/products/ ProductViewSet.create",
        "GET /api/products/stream ProductViewSet.stream",
        "GET /api/products/{pk} ProductViewSet.retrieve",
        "PATCH /api/products/{pk} ProductViewSet.update",
        "DELETE /api/products/{pk} ProductViewSet.delete",
        "GET /api/products/sold-out ProductViewSet.sold_out",
        "POST /api/products/{pk}/restock ProductViewSet.restock",
        "GET /api/orders/ OrderViewSet.list",
        "POST /api/orders/ OrderViewSet.create",
        "GET /api/orders/{pk} OrderViewSet.retrieve",
        "PATCH /api/orders/{pk} OrderViewSet.update",
        "DELETE /api/orders/{pk} OrderViewSet.delete",
        "GET /v1/office/shop_customers/ CustomerViewSet.list",
        "POST /v1/office/shop_customers/ CustomerViewSet.create",
        "GET /v1/office/shop_customers/{pk} CustomerViewSet.retrieve",
        "PATCH /v1/office/shop_customers/{pk} CustomerViewSet.update",
        "DELETE /v1/office/shop_customers/{pk} CustomerViewSet.delete",
      ],
    );
    assert.deepEqual(gaps, []);
    const create = named(routes, "POST /api/products/");
    assert.equal(create.body?.modelId, "model:shop.Product");
    assert.equal(create.response?.name, "Product");
    assert.deepEqual(create.modelIds, ["model:shop.Product"]);
    const restock = named(routes, "POST /api/products/{pk}/restock");
    assert.deepEqual(restock.parameters, [
      { name: "pk", in: "path", type: "str", required: true },
      { name: "amount", in: "query", type: "int", required: false },
    ]);
    assert.deepEqual(
      named(routes, "GET /v1/office/shop_customers/").mounts.map(
        ({ uri, range }) => `${uri}:${range.start.line + 1}`,
      ),
      ["main.py:10", "main.py:9"],
    );
    assert.ok(routes.every(({ mounts }) => mounts.every(({ hash }) => hash !== "")));
  });

  it("C06 gives guards with the place that lists them, own, inherited or of the action", async () => {
    const { routes } = await read(shop);
    assert.deepEqual(guards(named(routes, "POST /api/products/")), [
      "AllowAny class allow-any shop/views.py:17",
    ]);
    assert.deepEqual(guards(named(routes, "DELETE /api/orders/{pk}")), [
      "IsAuthenticated inherited require shop/views.py:10",
    ]);
    assert.deepEqual(guards(named(routes, "POST /v1/office/shop_customers/")), [
      "IsAuthenticated class require shop/views.py:38",
      "IsAdminUser class require shop/views.py:38",
    ]);
    const restock = named(routes, "POST /api/products/{pk}/restock");
    assert.deepEqual(guards(restock), ["IsStockKeeper method unknown shop/views.py:23"]);
    assert.match(restock.gaps[0]?.why ?? "", /releases of Aksara differ/);
    assert.ok(routes.every((route) => route.guards.every(({ source }) => source.hash !== "")));
  });

  it("C06 C08 does not believe a guard that an overridden method no longer asks", async () => {
    const { routes, gaps } = await read({
      "app/views.py": [
        "from aksara import Aksara, Model, ModelViewSet, fields, include_viewset",
        "from aksara.permissions import IsAuthenticated",
        "class Note(Model):",
        "    text = fields.Text()",
        "class NoteViewSet(ModelViewSet):",
        "    model = Note",
        "    permission_classes = [IsAuthenticated]",
        "    async def create(self, data, request):",
        "        return await self.model.objects.create(**data)",
        "    async def update(self, pk, data, request):",
        "        return await super().update(pk, data, request)",
        "class OldViewSet(ModelViewSet):",
        "    model = Note",
        "    prefix = '/old'",
        "urlpatterns = [NoteViewSet]",
        "def register(app):",
        "    for viewset in urlpatterns:",
        "        include_viewset(app, viewset)",
        "app = Aksara(auto_discover_views=False)",
      ].join("\n"),
    });
    const effects = (name: string) => named(routes, name).guards.map(({ effect }) => effect);
    assert.deepEqual(effects("POST /notes/"), ["unknown"]);
    assert.deepEqual(effects("PATCH /notes/{pk}"), ["require"]);
    assert.equal(named(routes, "POST /notes/").confidence, "partial");
    assert.deepEqual(
      gaps.map(({ what }) => what),
      ["viewset OldViewSet"],
    );
  });

  it("C04 leaves path operations on the app to FastAPI's reader, and tells nothing twice", async () => {
    const { routes } = await readTogether([aksaraStack, fastapiStack], shop);
    assert.deepEqual(
      routes.filter(({ stack }) => stack === "fastapi").map(({ name }) => name),
      ["GET /health"],
    );
    assert.equal(new Set(routes.map(({ name }) => name)).size, routes.length);
  });
});
