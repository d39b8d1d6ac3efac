import assert from "node:assert/strict";
import type { Route } from "../../../../../src/workspace/ir/route.ts";
import { nodeStack } from "../../../../../src/workspace/stacks/node/stack.ts";
import { readStack, type Texts } from "../../read-stack.ts";

function read(texts: Texts) {
  const { routes, gaps } = readStack(nodeStack, texts);
  const guards = (name: string) => {
    const route = routes.find((candidate) => candidate.name === name);
    assert.ok(route, name);
    return route.guards.map((guard) => guard.name);
  };
  return { routes, gaps, guards, names: routes.map(({ name }) => name) };
}

function place({ uri, range }: Route): string {
  return `${uri}:${range.start.line + 1}`;
}

describe("Express beyond plain routers", () => {
  const controller = `import { Router } from "express";
export default class Controller {
  constructor(config) { this.app = Router(); }
  get(path, handler, permission) { this.route({ method: "get", path, handler, permission }); }
  route(options) { this.app[options.method](options.path, checkPermission(options.permission), options.handler.bind(this)); }
  use(path, router) { this.app.use(path, router); }
  get router() { return this.app; }
}
const checkPermission = (permission) => (req, res, next) => req.can(permission) ? next() : res.status(403).end();`;

  it("C04 reads what methods of a base class register for each class that extends it, at the call that says it", () => {
    const { names, routes, guards } = read({
      "app.ts": `import express from "express"; import { Index } from "./index.js";
const app = express();
app.use("/api", new Index(config).router);`,
      "index.ts": `import Controller from "./controller.js"; import { Users, Teams } from "./users.js";
export class Index extends Controller {
  constructor(config) { super(config); this.use("/users", new Users(config).router); this.app.use("/teams", new Teams(config).router); }
}`,
      "users.ts": `import Controller from "./controller.js";
export class Users extends Controller {
  constructor(config) {
    super(config);
    this.get("/", this.list, NONE);
    this.route({ method: "delete", path: "/:id", handler: this.remove, permission: ADMIN });
  }
  list(req, res) {}
  remove(req, res) {}
}
export class Teams extends Controller { constructor(config) { super(config); this.get("/all", this.all, ADMIN); } all(req, res) {} }`,
      "controller.ts": controller,
    });
    assert.deepEqual(names, ["GET /api/users", "DELETE /api/users/:id", "GET /api/teams/all"]);
    assert.deepEqual(
      routes.map((route) => `${place(route)} ${route.handler}`),
      ["users.ts:5 Users.list", "users.ts:6 Users.remove", "users.ts:11 Teams.all"],
    );
    assert.deepEqual(guards("DELETE /api/users/:id"), ["checkPermission(ADMIN)"]);
    // What asks for nothing stops nobody, whatever its definition does for others.
    assert.deepEqual(
      routes.map((route) => route.guards.map(({ effect }) => effect)),
      [["unknown"], ["require"], ["require"]],
    );
  });

  it("C04 reads helper functions that get router, path and handler", () => {
    const { names, routes } = read({
      "app.js": `const express = require("express"); const app = express();
const { page } = require("./helpers");
page(app, "/login", show);
route("post", "/session", show);
function route(method, path, handler) { app[method](path, handler); }
function show(req, res) {}`,
      "helpers.js": `exports.page = (router, path, handler) => { router.get(path, handler); router.get(\`/api\${path}\`, handler); };`,
    });
    assert.deepEqual([...names].sort(), ["GET /api/login", "GET /login", "POST /session"]);
    assert.deepEqual([...new Set(routes.map(place))].sort(), ["app.js:3", "app.js:4"]);
    assert.ok(routes.every(({ handler }) => handler === "show"));
  });

  it("C04 takes no error handler for a guard", () => {
    const { guards } = read({
      "app.ts": `import express from "express"; const app = express();
app.use((err, req, res, next) => { res.status(401).end(); });
app.use(failed);
app.get("/x", (req, res) => {});
function failed(err, req, res, next) { res.status(403).end(); }`,
    });
    assert.deepEqual(guards("GET /x"), []);
  });

  it("C04 goes through lists of constants with forEach and for-of", () => {
    const { names, gaps } = read({
      "app.ts": `import express, { Router } from "express"; const app = express();
for (const verb of ["get", "post"]) app[verb]("/x", h);
const routers = [{ path: "/a", router: Router().get("/", h) }];
for (const { path, router } of routers) app.use(path, router);
for (const router of list()) app.use(router);
function list() { const one = Router(); one.get("/one", h); const two = Router(); two.get("/two", h); return [one, two]; }
function h(req, res) {}`,
    });
    assert.deepEqual([...names].sort(), ["GET /a", "GET /one", "GET /two", "GET /x", "POST /x"]);
    assert.deepEqual(gaps, []);
  });

  it("C08 says where a list of routes or a method is not written out", () => {
    const { names, gaps } = read({
      "app.ts": `import express from "express"; import { routes } from "./routes"; const app = express();
routes.forEach((route) => { app[route.method](route.path, route.handler); });
app.get("/x", (req, res) => {});`,
      "routes.ts": `export const routes = [{ method: "get", path: "/y", handler: (req, res) => {} }];`,
    });
    assert.deepEqual(names, ["GET /x"]);
    assert.deepEqual(
      gaps.map(({ what, source }) => [what, source?.range.start.line]),
      [["routes that app.ts registers in a loop or by a computed method", 1]],
    );
  });

  it("C06 follows a handler over services and repositories", () => {
    const [route] = read({
      "app.ts": `import express from "express"; import { OrderService } from "./order-service"; const app = express();
const service = new OrderService();
app.get("/orders", async (req, res) => { res.json(await service.list()); });`,
      "order-service.ts": `import { OrderRepository } from "./order-repository";
export class OrderService { private repository = new OrderRepository(); async list() { return this.repository.all(); } other() {} }`,
      "order-repository.ts": `import { db } from "./db";
export class OrderRepository { all() { return db.query("SELECT 1"); } }`,
    }).routes;
    assert.deepEqual(
      route?.reaches?.map(({ uri }) => uri),
      ["order-service.ts", "order-repository.ts"],
    );
  });
});

describe("Fastify", () => {
  const start = `import Fastify from "fastify"; import fp from "fastify-plugin"; const app = Fastify();\n`;

  it("C04 attaches hooks by instance: before and after the routes, of shared plugins only to what comes later", () => {
    const { guards } = read({
      "app.ts": `${start}
app.get("/first", h);
app.register(async (child) => { child.get("/early", h); child.addHook("preHandler", own); });
app.register(fp(async (shared) => { shared.addHook("onRequest", verify); }));
app.register(async (child) => { child.get("/late", h); }, { prefix: "/v1" });
app.addHook("preValidation", all);
async function h(request, reply) {}`,
    });
    assert.deepEqual(guards("GET /first"), ["verify", "all"]);
    assert.deepEqual(guards("GET /early"), ["all", "own"]);
    assert.deepEqual(guards("GET /v1/late"), ["verify", "all"]);
  });

  it("C04 gives no prefix to a shared plugin, and joins those of the others", () => {
    const { names } = read({
      "app.ts": `${start}
app.register(fp(async (shared) => { shared.get("/shared", h); }), { prefix: "/lost" });
app.register(outer, { prefix: "/outer" });
async function outer(instance) {
  instance.register(import("./inner.js"), { prefix: "/inner" });
  instance.route({ method: ["GET", "HEAD"], url: "/", handler: h });
}
async function h(request, reply) {}`,
      "inner.ts": `export default async function inner(fastify) { fastify.withTypeProvider().post("/x/", { schema: {} }, async () => {}); }`,
    });
    assert.deepEqual([...names].sort(), ["GET /outer", "GET /shared", "HEAD /outer", "POST /outer/inner/x/"]);
  });

  it("C08 says which plugins nothing registers and which folder is not known", () => {
    const { routes, gaps } = read({
      "app.ts": `${start}import AutoLoad from "@fastify/autoload"; app.register(AutoLoad, { dir: process.env.ROUTES });`,
      "lonely.ts": `export default async function (fastify) { fastify.get("/a", async (request, reply) => {}); }`,
    });
    assert.deepEqual(
      routes.map(({ name, confidence }) => [name, confidence]),
      [["GET /a", "partial"]],
    );
    assert.deepEqual(gaps.map(({ what }) => what).sort(), [
      "1 route of lonely.ts without a known mount",
      "the plugins that app.ts loads from a folder",
    ]);
  });
});

describe("Hono and Koa", () => {
  it("C04 lets a middleware of Hono cover its path alone, unless it ends in a star", () => {
    const { guards } = read({
      "app.ts": `import { Hono } from "hono"; const app = new Hono();
app.use("/a", one); app.use("/a/*", many);
app.get("/a", (c) => c.text("")); app.get("/a/b", (c) => c.text(""));`,
    });
    assert.deepEqual(guards("GET /a"), ["one", "many"]);
    assert.deepEqual(guards("GET /a/b"), ["many"]);
  });

  it("C04 hands routers of Koa on through rest parameters and chains with a name", () => {
    const { names } = read({
      "app.ts": `import Koa from "koa"; import Router from "@koa/router"; import users from "./users.js";
const app = new Koa(); const router = new Router({ prefix: "/api" });
users(router, db);
app.use(router.routes());`,
      "users.ts": `import one from "./one.js"; import type { AppRouter } from "./types.js";
export default function users(...args: Args<AppRouter>) { one(...args); const [router, db] = args; const inner = router.use(load); more(inner); }
function more(inner: AppRouter) { inner.post("/more", async (ctx) => {}); }`,
      "one.ts": `export default function one(...[router, db]: Args) { router.get("/one", async (ctx) => {}); }`,
    });
    assert.deepEqual([...names].sort(), ["GET /api/one", "POST /api/more"]);
  });
});

describe("Next.js", () => {
  const route = `export async function GET() { return new Response(); }`;

  it("C04 knows groups, slots, private folders, catch-alls and the project that a file belongs to", () => {
    const { names } = read({
      "apps/web/package.json": `{ "name": "web" }`,
      "apps/web/next.config.mjs": `const nextConfig = {}; export default nextConfig;`,
      "apps/web/app/(shop)/@modal/cart/[id]/route.ts": route,
      "apps/web/app/_parts/route.ts": route,
      "apps/web/app/docs/[[...slug]]/route.ts": route,
      "apps/web/lib/app-store/route.ts": route,
      "apps/web/pages/api/index.ts": `export default function handler(req, res) { res.end(); }`,
    });
    assert.deepEqual([...names].sort(), ["ANY /api", "GET /cart/[id]", "GET /docs/[[...slug]]"]);
  });

  it("C04 reads methods that are exported under another name, from another file, or told apart by a table", () => {
    const { routes } = read({
      "package.json": `{ "name": "web" }`,
      "next.config.js": `/** @type {import('next').NextConfig} */ module.exports = {};`,
      "app/a/route.ts": `export { read as GET, write as POST } from "../../lib/handlers";`,
      "app/b/route.ts": `const handler = async () => new Response(); export { handler as PUT };`,
      "lib/handlers.ts": `import type { NextRequest } from "next/server";
export async function read(request: NextRequest) { return new Response(); }
export async function write(request: NextRequest) { return new Response(); }`,
      "pages/api/c.ts": `export default defaultHandler({ GET: import("./_get"), DELETE: remove }); async function remove(req, res) {}`,
      "pages/api/_get.ts": `export async function other() {}`,
    });
    assert.deepEqual(routes.map(({ name, handlerSource }) => `${name} ${handlerSource?.uri}`).sort(), [
      "DELETE /api/c pages/api/c.ts",
      "GET /a lib/handlers.ts",
      "GET /api/c pages/api/c.ts",
      "POST /a lib/handlers.ts",
      "PUT /b app/b/route.ts",
    ]);
  });

  it("C04 puts the middleware of a project in front of what its matcher names", () => {
    const { guards } = read({
      "package.json": `{ "name": "web" }`,
      "middleware.ts": `export { default } from "next-auth/middleware"; export const config = { matcher: ["/api/private/:path*", "/((?!api|static).*)"] };`,
      "app/api/private/x/route.ts": route,
      "app/api/open/route.ts": route,
      "app/feed/route.ts": `import { NextResponse } from "next/server"; ${route}`,
    });
    assert.deepEqual(guards("GET /api/private/x"), ["next-auth/middleware"]);
    assert.deepEqual(guards("GET /api/open"), []);
    assert.deepEqual(guards("GET /feed"), ["next-auth/middleware"]);
  });

  it("C08 takes no route.ts for one where nothing is of Next.js", () => {
    assert.deepEqual(read({ "app/users/route.ts": route, "package.json": `{ "name": "other" }` }).names, []);
  });
});
