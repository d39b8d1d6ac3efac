import assert from "node:assert/strict";
import type { Route } from "../../../../../src/workspace/ir/route.ts";
import { readableRegex } from "../../../../../src/workspace/stacks/django/url-path.ts";
import type { Contribution } from "../../../../../src/workspace/stacks/stack.ts";
import { differences, type ExpectedRoute, expected, shopFolder } from "./expected.ts";
import { filesOf, readFiles } from "./read-workspace.ts";

/** The truth keeps `re_path` as written; the catalog shows its groups as parameters. */
const pathOf = (route: ExpectedRoute) =>
  route.path.includes("(?P") ? readableRegex(route.path) : route.path;
const key = (method: string, path: string) => `${method} ${path}`;

describe("Django: routes of the sample shop", () => {
  let found: Contribution;
  before(async () => {
    found = await readFiles(filesOf(shopFolder));
  });

  const each = (text: (route: Route) => string, wanted: (route: ExpectedRoute) => string) =>
    differences(
      found.routes.map((route) => `${key(route.method, route.path)} ${text(route)}`),
      expected.routes.map((route) => `${key(route.method, pathOf(route))} ${wanted(route)}`),
    );

  it("C04 finds every method on every full path, with what answers it, and no other", () => {
    assert.deepEqual(
      each(
        (route) => `${route.handler} ${route.uri}:${route.nameRange.start.line + 1}`,
        (route) => `${route.handler} ${route.file}:${route.line}`,
      ),
      [],
    );
  });

  it("C04 finds the permissions in force, in order", () => {
    const permissions = (route: Route) =>
      route.guards.filter(
        (guard) =>
          guard.kind === "permission" || (guard.kind === "authentication" && guard.effect === "require"),
      );
    assert.deepEqual(
      each(
        (route) =>
          permissions(route)
            .map((guard) => guard.name.replace(/\(.*/, ""))
            .join(", "),
        (route) => route.guards.join(", "),
      ),
      [],
    );
    assert.deepEqual(
      each(
        (route) => String(permissions(route).some((guard) => guard.effect === "require")),
        (route) => String(route.guarded),
      ),
      [],
    );
  });

  it("C04 says where each permission comes from, with the range of that place", () => {
    const origins: Record<string, readonly string[]> = {
      settings: ["global"],
      class: ["class"],
      action: ["method"],
      decorator: ["method"],
      method: ["class", "method"],
    };
    const byKey = new Map(found.routes.map((route) => [key(route.method, route.path), route]));
    for (const wanted of expected.routes) {
      const route = byKey.get(key(wanted.method, pathOf(wanted)));
      assert.ok(route, wanted.path);
      for (const guard of route.guards) {
        assert.match(guard.source.hash, /^[0-9a-f]{16}$/, `${route.id} ${guard.name}`);
        if (guard.kind !== "permission" || wanted.guardsFrom === null) continue;
        assert.ok(
          origins[wanted.guardsFrom]?.includes(guard.scope),
          `${route.id}: ${guard.name} from ${guard.scope}, not ${wanted.guardsFrom}`,
        );
      }
    }
  });

  it("C04 keeps the mounts from the root to the route", () => {
    const route = found.routes.find((each) => each.id === "route:GET:/api/catalog/products/<slug>/");
    assert.deepEqual(
      route?.mounts.map((mount) => mount.uri),
      ["config/urls.py", "config/urls.py", "catalog/urls.py", "catalog/urls.py"],
    );
    const hashes = found.routes.flatMap((each) => each.mounts.map((mount) => mount.hash));
    assert.ok(hashes.every((hash) => /^[0-9a-f]{16}$/.test(hash)));
  });

  it("C06 ties routes to models and serializers", () => {
    const byId = new Map(found.routes.map((route) => [route.id, route]));
    const products = byId.get("route:POST:/api/catalog/products/");
    assert.deepEqual(products?.modelIds, ["model:catalog.Product"]);
    assert.equal(products?.body?.name, "ProductSerializer");
    const rating = products?.body?.fields.find((field) => field.name === "rating");
    assert.deepEqual(rating, { name: "rating", type: "FloatField", required: false, readOnly: true });
    const sku = products?.body?.fields.find((field) => field.name === "sku");
    assert.deepEqual(sku, { name: "sku", type: "varchar(32)", required: true, readOnly: false });
    const books = byId.get("route:GET:/api/catalog/books/");
    assert.equal(books?.body, null);
    assert.ok(
      books?.response?.fields.some((field) => field.name === "isbn13"),
      "Meta.fields of the parent plus its own",
    );
    assert.ok(books?.response?.fields.some((field) => field.name === "title"));
    assert.equal(byId.get("route:POST:/api/catalog/products/<slug>/price/")?.body?.name, "PriceSerializer");
    assert.equal(byId.get("route:POST:/api/orders/<pk>/ship/")?.body?.name, "ShipmentSerializer");
  });

  it("C04 keeps the default authentication apart from what demands a user", () => {
    const route = found.routes.find((each) => each.id === "route:GET:/api/catalog/publishers/");
    assert.deepEqual(
      route?.guards.map((guard) => `${guard.kind} ${guard.name} ${guard.scope} ${guard.effect}`),
      [
        "authentication SessionAuthentication global identify",
        "authentication BasicAuthentication global identify",
        "permission IsAuthenticated global require",
      ],
    );
    assert.equal(route?.guards[2]?.source.uri, "config/settings.py");
    const webhook = found.routes.find((each) => each.path === "/webhooks/midtrans/");
    assert.deepEqual(
      webhook?.guards.map((guard) => `${guard.kind} ${guard.effect}`),
      ["csrf-exempt allow-any"],
    );
  });

  it("C08 says that the admin site is left out", () => {
    assert.ok(found.gaps.some((gap) => /admin/.test(gap.what) && gap.source?.uri === "config/urls.py"));
  });
});

describe("Django: raw SQL of the sample shop", () => {
  it("C01 finds every statement with its place, and says which are built", async () => {
    const { queries } = await readFiles(filesOf(shopFolder));
    const plain = (sql: string | null) => sql?.replace(/\s+/g, " ").trim() ?? null;
    const lines = differences(
      queries
        .filter((query) => query.form === "sql")
        .map(
          (query) =>
            `${query.uri} ${query.approximate !== null} ${query.approximate === null ? plain(query.sql) : null}`,
        ),
      expected.rawSql.map((each) => `${each.file} ${each.dynamic} ${plain(each.sql)}`),
    );
    assert.deepEqual(lines, []);
    for (const query of queries) assert.equal(query.dialect, "postgresql");
  });
});
