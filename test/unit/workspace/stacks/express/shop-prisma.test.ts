import assert from "node:assert/strict";
import type { Route } from "../../../../../src/workspace/ir/route.ts";
import { nodeStack } from "../../../../../src/workspace/stacks/node/stack.ts";
import { expectedOf, readStack, sampleTexts } from "../../read-stack.ts";

interface ExpectedRoute {
  readonly method: string;
  readonly path: string;
  readonly handler: string | null;
  readonly file: string;
  readonly line: number;
  readonly guards: readonly string[];
  readonly guarded: boolean;
  readonly middleware: readonly string[];
  readonly roles?: readonly string[];
}

/** What the functions that Express itself makes are called at run time. */
const RUN_TIME_NAMES: Readonly<Record<string, string>> = {
  "express.json": "jsonParser",
  "express.raw": "rawParser",
};

function shortName(guard: string): string {
  const name = guard.replace(/\(.*$/s, "");
  return RUN_TIME_NAMES[name] ?? name;
}

function isAccess({ kind, effect }: Route["guards"][number]): boolean {
  return (kind === "authentication" || kind === "permission") && effect === "require";
}

function row(route: Route): string {
  const handler = route.handler === "function written in place" ? null : route.handler;
  const guards = route.guards.filter(isAccess).map(({ name }) => shortName(name));
  const middleware = route.guards.map(({ name }) => shortName(name));
  return `${route.method} ${route.path} ${handler} ${route.uri}:${route.nameRange.start.line + 1} guards ${guards} of ${middleware}`;
}

describe("the Express side of the Prisma shop", () => {
  const expected = expectedOf("shop-prisma") as { readonly routes: readonly ExpectedRoute[] };
  const found = readStack(nodeStack, sampleTexts("shop-prisma"));

  it("C04 has every route with its full path, handler and place, its guards and its middleware in order", () => {
    const wanted = expected.routes.map(
      (route) =>
        `${route.method} ${route.path} ${route.handler} ${route.file}:${route.line} guards ${route.guards} of ${route.middleware}`,
    );
    assert.ok(wanted.length > 50);
    assert.deepEqual(found.routes.map(row).sort(), wanted.sort());
    assert.deepEqual(found.gaps, []);
    assert.ok(found.routes.every((route) => route.confidence === "certain"));
  });

  it("C04 shows whom a role guard lets pass", () => {
    for (const { method, path, roles } of expected.routes) {
      const route = found.routes.find((candidate) => candidate.method === method && candidate.path === path);
      const written = route?.guards
        .filter(({ kind }) => kind === "permission")
        .map(({ name }) => name)
        .join();
      for (const role of roles ?? [])
        assert.ok(written?.includes(`"${role}"`), `${method} ${path}: ${written}`);
    }
  });

  it("C04 names the place of a guard, from the widest to the narrowest", () => {
    const route = found.routes.find(({ name }) => name === "POST /api/v1/payments/:paymentId/refunds");
    assert.deepEqual(
      route?.guards.map(({ name, scope, source }) => [shortName(name), scope, source.uri]),
      [
        ["requestLog", "global", "src/app.ts"],
        ["jsonParser", "global", "src/app.ts"],
        ["requireAuth", "group", "src/routes/index.ts"],
        ["requireRole", "method", "src/routes/payments.ts"],
        ["validate", "method", "src/routes/payments.ts"],
      ],
    );
    assert.deepEqual(
      route?.mounts.map(({ uri }) => uri),
      ["src/app.ts", "src/routes/index.ts", "src/routes/payments.ts"],
    );
  });

  it("C04 has the shape that a validation in front of the handler asks for", () => {
    const route = found.routes.find(({ name }) => name === "POST /api/v1/carts/:cartId/checkout");
    assert.deepEqual(
      route?.body?.fields.map(({ name, required }) => [name, required]),
      [
        ["addressId", true],
        ["contactEmail", true],
        ["couponCode", false],
      ],
    );
    assert.equal(route?.body?.source?.uri, "src/schemas/orders.ts");
    assert.match(route?.body?.source?.hash ?? "", /^[0-9a-f]{16}$/);
    assert.deepEqual(route?.parameters, [{ name: "cartId", in: "path", type: null, required: true }]);
  });

  it("C06 links a route to the models that its services read and write", () => {
    const models = (name: string) =>
      found.routes.find((route) => route.name === name)?.modelIds.map((id) => id.split(":").at(-1));
    assert.deepEqual(models("GET /api/v1/catalog/products/:slug"), ["Product", "Review"]);
    assert.deepEqual(models("POST /api/v1/accounts/me/addresses"), ["Address"]);
    assert.deepEqual(models("GET /api/v1/admin/reports/best-sellers"), ["Order", "OrderItem", "Product"]);
  });
});
