import assert from "node:assert/strict";
import type { Route } from "../../../../../src/workspace/ir/route.ts";
import { nodeStack } from "../../../../../src/workspace/stacks/node/stack.ts";
import { expectedOf, readStack, sampleTexts } from "../../read-stack.ts";

interface ExpectedRoute {
  readonly stack: string;
  readonly method: string;
  readonly path: string;
  readonly file: string;
  readonly line: number;
  readonly guards: readonly string[];
  readonly require: readonly string[];
  readonly body: readonly string[] | null;
}

function names(guards: Route["guards"]): readonly string[] {
  return guards.map(({ name }) => name);
}

describe("the services of Node", () => {
  const expected = expectedOf("services-node") as { readonly routes: readonly ExpectedRoute[] };
  const found = readStack(nodeStack, sampleTexts("services-node"));
  const route = (name: string) => {
    const [only, ...others] = found.routes.filter((candidate) => candidate.name === name);
    assert.ok(only && others.length === 0, name);
    return only;
  };

  for (const [stack, title] of [
    ["fastify", "Fastify"],
    ["koa", "Koa"],
    ["hono", "Hono"],
    ["nextjs", "Next.js"],
  ]) {
    it(`C04 ${title}: every route with its full path, its place and what runs before it`, () => {
      const wanted = expected.routes.filter((entry) => entry.stack === stack);
      assert.ok(wanted.length >= 9);
      assert.deepEqual(
        found.routes
          .filter((entry) => entry.stack === stack)
          .map(
            ({ method, path, uri, range, guards }) =>
              `${method} ${path} ${uri}:${range.start.line + 1} ${names(guards).join(", ")} | ${names(guards.filter(({ effect }) => effect === "require")).join(", ")}`,
          )
          .sort(),
        wanted
          .map(
            ({ method, path, file, line, guards, require }) =>
              `${method} ${path} ${file}:${line} ${guards.join(", ")} | ${require.join(", ")}`,
          )
          .sort(),
      );
    });
  }

  it("C04 has the bodies that schemas ask for: TypeBox, JSON schema, zod in a middleware, in a route, in a handler", () => {
    assert.deepEqual(
      found.routes
        .flatMap(({ name, body }) =>
          body
            ? `${name} ${body.fields.map((field) => field.name + (field.required ? "" : "?")).join()}`
            : [],
        )
        .sort(),
      expected.routes
        .flatMap(({ method, path, body }) => (body ? `${method} ${path} ${body.join()}` : []))
        .sort(),
    );
    assert.deepEqual(
      route("PUT /api/products/:slug").response?.fields.map(({ name }) => name),
      ["slug", "title", "price"],
    );
    assert.deepEqual(
      route("GET /v1/bins").parameters.map(({ name, in: place, required }) => [name, place, required]),
      [["aisle", "query", false]],
    );
  });

  it("C04 names the place of a guard, also of one that a folder's hooks put in front", () => {
    assert.deepEqual(
      route("PUT /v1/bins/:binId/items/:sku").guards.map(({ scope, source }) => [scope, source.uri]),
      [
        ["group", "stock/routes/autohooks.js"],
        ["method", "stock/routes/bins/_binId/items/index.js"],
      ],
    );
    assert.deepEqual(
      route("DELETE /api/messages/:id").guards.map(({ scope, source }) => [scope, source.uri]),
      [
        ["global", "mail/src/app.js"],
        ["group", "mail/src/app.js"],
        ["method", "mail/src/routes/messages.js"],
      ],
    );
  });

  it("C06 follows a handler into the functions that ask the database, through what a plugin puts on the instance", () => {
    assert.deepEqual(
      route("GET /v1/bins/:binId/items").reaches?.map(({ uri, range }) => `${uri}:${range.start.line + 1}`),
      ["stock/plugins/inventory.js:5"],
    );
    assert.deepEqual(
      route("GET /v1/transfers/:id").reaches?.map(({ uri, range }) => `${uri}:${range.start.line + 1}`),
      ["stock/transfers.js:9"],
    );
  });

  it("C08 says that server actions are no routes", () => {
    assert.deepEqual(
      found.gaps.map(({ what }) => what),
      ["server actions in 1 file of portal"],
    );
    assert.ok(found.routes.every(({ confidence }) => confidence === "certain"));
  });
});

describe("the Fastify side of the SQL shop", () => {
  const expected = expectedOf("shop-sql") as {
    readonly routes: readonly {
      readonly method: string;
      readonly path: string;
      readonly file: string;
      readonly line: number;
      readonly guards: readonly string[];
      readonly scope?: string;
    }[];
  };
  const found = readStack(nodeStack, sampleTexts("shop-sql"));

  it("C04 has every route with its full path and place, and the scope that its guard asks for", () => {
    assert.deepEqual(
      found.routes
        .map(
          ({ method, path, uri, range, guards }) =>
            `${method} ${path} ${uri}:${range.start.line + 1} ${names(guards).join()}`,
        )
        .sort(),
      expected.routes
        .map(
          ({ method, path, file, line, guards, scope }) =>
            `${method} ${path} ${file}:${line} ${guards.map((guard) => `${guard}("${scope}")`).join()}`,
        )
        .sort(),
    );
    assert.ok(
      found.routes.every(({ guards }) =>
        guards.every(({ kind, effect }) => kind === "permission" && effect === "require"),
      ),
    );
    assert.deepEqual(found.gaps, []);
  });
});
