import assert from "node:assert/strict";
import type { Route } from "../../../../../src/workspace/ir/route.ts";
import { fastapiStack } from "../../../../../src/workspace/stacks/fastapi/stack.ts";
import { sqlalchemyStack } from "../../../../../src/workspace/stacks/sqlalchemy/stack.ts";
import type { Contribution } from "../../../../../src/workspace/stacks/stack.ts";
import { differences, filesOf, readFiles, readTogether } from "../read-python.ts";
import { type ExpectedRoute, expected, shopFolder } from "../shop-fastapi.ts";

describe("FastAPI: routes of the sample shop", () => {
  let found: Contribution;
  before(async () => {
    found = await readFiles(fastapiStack, filesOf(shopFolder));
  });

  const each = (text: (route: Route) => string, wanted: (route: ExpectedRoute) => string) =>
    differences(
      found.routes.map((route) => `${route.method} ${route.path} ${text(route)}`),
      expected.routes.map((route) => `${route.method} ${route.path} ${wanted(route)}`),
    );
  const route = (id: string) => found.routes.find((one) => one.id === `route:fastapi:${id}`);
  /** Middleware sees every request, and the truth lists what the route itself asks for. */
  const deciding = (one: Route) =>
    one.guards.filter(({ kind, effect }) => kind !== "middleware" && effect === "require");

  it("C04 finds every method on every full path, with what answers it, and no other", () => {
    assert.deepEqual(
      each(
        (one) => `${one.handler} ${one.uri}:${one.nameRange.start.line + 1}`,
        (one) => `${one.handler} ${one.file}:${one.line}`,
      ),
      [],
    );
  });

  it("C04 finds the guards in force, from the app inwards", () => {
    assert.deepEqual(
      each(
        (one) =>
          deciding(one)
            .map(({ name }) => name)
            .join(", "),
        (one) => one.guards.join(", "),
      ),
      [],
    );
    assert.deepEqual(
      each(
        (one) => String(deciding(one).some(({ kind }) => kind !== "throttle")),
        (one) => String(one.guarded),
      ),
      [],
    );
  });

  it("C04 says where each guard comes from, with the range of that place", () => {
    const places = (id: string) =>
      route(id)?.guards.map(
        ({ name, kind, scope, source }) =>
          `${name} ${kind} ${scope} ${source.uri}:${source.range.start.line + 1}`,
      );
    assert.deepEqual(places("POST /api/v1/orders"), [
      "block_banned_clients middleware global lontar/main.py:12",
      "limit_rate throttle group lontar/routers/__init__.py:7",
      "get_current_user authentication group lontar/routers/__init__.py:10",
      "get_current_user authentication method lontar/routers/orders.py:26",
    ]);
    assert.deepEqual(places("POST /api/v1/admin/carts/purge"), [
      "block_banned_clients middleware global lontar/main.py:12",
      "limit_rate throttle group lontar/routers/__init__.py:7",
      "RequireRole(Role.ADMIN) permission group lontar/routers/admin.py:8",
    ]);
    for (const one of found.routes)
      for (const guard of one.guards)
        assert.match(guard.source.hash, /^[0-9a-f]{16}$/, `${one.id} ${guard.name}`);
  });

  it("C04 keeps the mounts from the app to the route", () => {
    assert.deepEqual(
      route("GET /api/v1/books/{book_id}")?.mounts.map(({ uri, range }) => `${uri}:${range.start.line + 1}`),
      ["lontar/main.py:8", "lontar/main.py:29", "lontar/routers/__init__.py:9", "lontar/routers/books.py:37"],
    );
    assert.deepEqual(
      route("GET /feeds/books.xml")?.mounts.map(({ uri, range }) => `${uri}:${range.start.line + 1}`),
      ["lontar/main.py:8", "lontar/main.py:31", "lontar/main.py:24"],
    );
  });

  it("C04 finds the parameters, those of dependencies included", () => {
    const lines = (one: Pick<Route, "parameters"> | ExpectedRoute) =>
      one.parameters
        .map(({ in: place, name, required }) => `${place}:${name}${required ? "" : "?"}`)
        .sort()
        .join(", ");
    assert.deepEqual(each(lines, lines), []);
  });

  it("C04 finds body and response with the fields of the schema", () => {
    assert.deepEqual(
      each(
        (one) => (one.body?.source ? one.body.name : "null"),
        (one) => String(one.body),
      ),
      [],
    );
    // A response of plain types has no shape to show.
    assert.deepEqual(
      each(
        (one) => one.response?.name ?? "null",
        (one) => (one.response === null || /^(str|dict\[.*)$/.test(one.response) ? "null" : one.response),
      ),
      [],
    );
    assert.deepEqual(
      route("POST /api/v1/books")?.body?.fields.map(({ name, required }) => `${name} ${required}`),
      ["title true", "price true", "published_on false", "isbn true", "publisher_id true", "tags false"],
    );
  });

  it("C06 ties routes to the models that their handlers name", async () => {
    const together = await readTogether([sqlalchemyStack, fastapiStack], filesOf(shopFolder));
    const models = (id: string) => together.routes.find((one) => one.id === `route:fastapi:${id}`)?.modelIds;
    assert.deepEqual(models("POST /api/v1/books"), [
      "model:lontar.models.catalog.Book",
      "model:lontar.models.catalog.Tag",
    ]);
    assert.deepEqual(models("GET /api/v1/payments/{payment_id}/refunds"), [
      "model:lontar.models.payments.Refund",
    ]);
    assert.deepEqual(models("GET /healthz"), []);
  });
});
