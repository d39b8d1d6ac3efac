import assert from "node:assert/strict";
import type { Route } from "../../../../../src/workspace/ir/route.ts";
import { nodeStack } from "../../../../../src/workspace/stacks/node/stack.ts";
import { readStack, type Texts } from "../../read-stack.ts";

function routesOf(texts: Texts): readonly Route[] {
  return readStack(nodeStack, texts).routes;
}

function names(texts: Texts): readonly string[] {
  return routesOf(texts).map((route) => `${route.name} ${route.handler}`);
}

/** The guards of the one route that a text sets up: name, kind, effect and scope. */
function guards(text: string, rest: Texts = {}): readonly string[] {
  const route = routesOf({ "app.ts": text, ...rest }).find(({ path }) => path.endsWith("/x"));
  assert.ok(route);
  return route.guards.map(({ name, kind, effect, scope }) => `${name} ${kind} ${effect} ${scope}`);
}

const APP = 'import express, { Router } from "express"; const app = express();\n';

describe("routes of Express", () => {
  it("C04 mounts routers over files: named, default, re-exported, CommonJS, inline", () => {
    assert.deepEqual(
      names({
        "app.ts": `${APP}
import users, { admin } from "./routes";
app.use("/users", users);
app.use("/admin", admin);
app.use("/legacy", require("./legacy.js"));
app.use("/inline", Router().get("/a", show).post("/b", show));
function show(req, res) {}`,
        "routes/index.ts": `export { default } from "./users.js"; export * from "./admin";`,
        "routes/users.ts": `import { Router } from "express"; const router = Router(); router.get("/:id", one); export default router; function one(req, res) {}`,
        "routes/admin.ts": `import * as express from "express"; export const admin = express.Router(); admin.delete("/all", (req, res) => {});`,
        "legacy.js": `const router = require("express").Router(); router.put("/old", (req, res) => {}); module.exports = router;`,
      }),
      [
        "GET /users/:id one",
        "DELETE /admin/all function written in place",
        "PUT /legacy/old function written in place",
        "GET /inline/a show",
        "POST /inline/b show",
      ],
    );
  });

  it("C04 nests mounts, and lists a router that is mounted twice under both paths", () => {
    const routes = routesOf({
      "app.ts": `${APP}
const inner = Router(); inner.get("/", h);
const outer = Router(); outer.use("/inner", inner);
app.use("/one", outer); app.use(["/two", "/three"], outer);
function h(req, res) {}`,
    });
    assert.deepEqual(
      routes.map((route) => route.path),
      ["/one/inner", "/two/inner", "/three/inner"],
    );
    assert.equal(new Set(routes.map((route) => route.id)).size, 3);
    assert.equal(routes[0]?.mounts.length, 3);
  });

  it("C04 reads chains, lists of paths, app.all and paths from constants", () => {
    assert.deepEqual(
      names({
        "app.ts": `${APP}
import { PATHS, base } from "./paths";
app.route("/x").get(a).post(guard, a);
app.get(["/y", \`\${base}/z\`], a);
app.all("/any", a);
app.get(PATHS.users.list, a);
app.use(base, Router().get("/w", a));
app.get("view engine");
function a(req, res) {} function guard(req, res, next) { next(); }`,
        "paths.ts": `export const base = "/v" + "1"; export const PATHS = { users: { list: "/users" } };`,
      }),
      ["GET /x a", "POST /x a", "GET /y a", "GET /v1/z a", "ANY /any a", "GET /users a", "GET /v1/w a"],
    );
  });

  it("C04 reads routes out of factories, classes, functions that get the app, and loops over lists", () => {
    assert.deepEqual(
      names({
        "app.ts": `${APP}
import { userRoutes } from "./factory"; import { OrderRoutes } from "./class"; import register from "./register";
app.use("/users", userRoutes(db));
app.use("/orders", new OrderRoutes().router);
register(app);
const routes = [{ path: "/a", route: Router().get("/", h) }, { path: "/b", route: Router().get("/", h) }];
routes.forEach((item) => { app.use(item.path, item.route); });
function h(req, res) {}`,
        "factory.ts": `import { Router } from "express"; export function userRoutes(db) { const r = Router(); r.get("/me", me); return r; } function me(req, res) {}`,
        "class.ts": `import { Router } from "express"; export class OrderRoutes { router = Router(); constructor() { this.init(); } init() { this.router.get("/list", this.list.bind(this)); } list(req, res) {} }`,
        "register.ts": `import type { Express } from "express"; export default (app: Express) => { app.get("/registered", (req, res) => {}); };`,
      }),
      [
        "GET /users/me me",
        "GET /orders/list OrderRoutes.list",
        "GET /registered function written in place",
        "GET /a h",
        "GET /b h",
      ],
    );
  });

  it("C04 finds handlers through wrappers, controllers, instances and namespaces", () => {
    const routes = routesOf({
      "app.ts": `${APP}
import * as users from "./users"; import orders from "./orders"; import { wrap } from "./wrap";
app.get("/a", wrap(users.list)); app.get("/b", orders.list); app.get("/c", orders.find.bind(orders));
app.get("/d", wrap(async (req, res) => {}));
const all = wrapAll(users); app.get("/e", all.list);`,
      "users.ts": "export const list = async (req, res) => {};",
      "orders.ts":
        "class OrderController { list = (req, res) => {}; find(req, res) {} } export default new OrderController();",
      "wrap.ts": "export const wrap = (fn) => (req, res, next) => fn(req, res, next).catch(next);",
    });
    assert.deepEqual(
      routes.map((route) => [route.handler, route.handlerSource?.uri, route.handlerSource?.range.start.line]),
      [
        ["list", "users.ts", 0],
        ["OrderController.list", "orders.ts", 0],
        ["OrderController.find", "orders.ts", 0],
        ["function written in place", "app.ts", 4],
        ["list", "users.ts", 0],
      ],
    );
  });

  it("C04 attaches middleware from where it is registered on, with the paths it covers", () => {
    const routes = routesOf({
      "app.ts": `${APP}
app.get("/before", h);
app.use(first);
app.use("/api", second);
app.get("/outside", h);
const api = Router(); api.use(third); api.get("/inside", fourth, [fifth], h);
app.use("/api", mount, api);
function h(req, res) {}`,
    });
    assert.deepEqual(
      routes.map((route) => [route.path, route.guards.map(({ name, scope }) => `${name} ${scope}`)]),
      [
        ["/before", []],
        ["/outside", ["first global"]],
        [
          "/api/inside",
          ["first global", "second group", "mount group", "third group", "fourth method", "fifth method"],
        ],
      ],
    );
  });

  it("C04 calls a middleware a guard only where it evidently turns requests away", () => {
    const h = "(req, res) => {}";
    assert.deepEqual(
      guards(
        `${APP}app.get("/x", check, ${h}); function check(req, res, next) { if (!req.user) return res.status(401).end(); next(); }`,
      ),
      ["check authentication require method"],
    );
    assert.deepEqual(
      guards(
        `${APP}app.get("/x", role("a"), ${h}); const role = (r) => (req, res, next) => next(req.role === r ? undefined : new ForbiddenError());`,
      ),
      ['role("a") permission require method'],
    );
    assert.deepEqual(
      guards(
        `${APP}app.get("/x", load, ${h}); function load(req, res, next) { find().then((u) => { req.u = u; next(); }).catch(next); }`,
      ),
      ["load middleware unknown method"],
    );
    assert.deepEqual(
      guards(
        `${APP}import passport from "passport"; app.use(passport.authenticate("jwt")); app.get("/x", ${h});`,
      ),
      ['passport.authenticate("jwt") authentication require global'],
    );
    assert.deepEqual(
      guards(
        `${APP}import rateLimit from "express-rate-limit"; const few = rateLimit({ max: 5 }); app.get("/x", few, ${h});`,
      ),
      ["few throttle require method"],
    );
    assert.deepEqual(
      guards(`${APP}import { requireAuth } from "@acme/auth"; app.get("/x", requireAuth, ${h});`),
      ["requireAuth authentication require method"],
    );
    assert.deepEqual(
      guards(
        `${APP}app.get("/x", wrap(known), ${h}); const wrap = (fn) => (req, res, next) => fn(req, res, next); function known(req, res, next) { if (!req.user) throw new UnauthorizedError(); next(); }`,
      ),
      ["wrap(known) authentication require method"],
    );
    assert.deepEqual(guards(`${APP}app.get("/x", optionalAuth, cors(), ${h});`), [
      "optionalAuth middleware unknown method",
      "cors() middleware unknown method",
    ]);
  });

  it("C04 looks into lists of guards", () => {
    assert.deepEqual(
      guards(`${APP}import { staff } from "./staff"; app.get("/x", staff, (req, res) => {});`, {
        "staff.ts": `export const staff = [requireAuth, requireRole("STAFF")];`,
      }),
      ["requireAuth authentication require method", 'requireRole("STAFF") permission require method'],
    );
  });

  it("C04 reads the body from zod, Joi, express-validator and a parse in the handler", () => {
    const body = (text: string, rest: Texts = {}) =>
      routesOf({ "app.ts": APP + text, ...rest })[0]?.body?.fields.map(
        (field) => `${field.name}${field.required ? "" : "?"}`,
      );
    const schemas = {
      "schemas.ts": `import { z } from "zod"; const base = z.object({ id: z.string(), note: z.string().optional() });
export const order = base.extend({ total: z.number().default(0) }).omit({ id: true });
export const request = z.object({ body: z.object({ email: z.string() }), params: z.object({}) });`,
    };
    assert.deepEqual(
      body(
        `import { order } from "./schemas"; app.post("/", validate(order), h); function h(req, res) {}`,
        schemas,
      ),
      ["note?", "total?"],
    );
    assert.deepEqual(body(`import * as s from "./schemas"; app.post("/", validate(s.request), h)`, schemas), [
      "email",
    ]);
    assert.deepEqual(
      body(`import { order } from "./schemas"; app.post("/", validate({ body: order }), h)`, schemas),
      ["note?", "total?"],
    );
    assert.deepEqual(
      body(
        `import Joi from "joi"; app.post("/", validate(Joi.object({ a: Joi.string().required(), b: Joi.number() })), h)`,
      ),
      ["a", "b?"],
    );
    assert.deepEqual(
      body(
        `import { body, param } from "express-validator"; app.post("/", [body("a").isEmail(), body("b").optional(), param("id")], h)`,
      ),
      ["a", "b?"],
    );
    assert.deepEqual(
      body(
        `import { z } from "zod"; const s = z.object({ a: z.string() }); app.post("/", (req, res) => { const v = s.parse(req.body); })`,
      ),
      ["a"],
    );
    assert.equal(body(`app.post("/", validate(somewhere), h)`), undefined);
  });

  it("C08 says which routers nothing mounts and which part of a path is not known", () => {
    const { routes, gaps } = readStack(nodeStack, {
      "lonely.ts": `import { Router } from "express"; export const r = Router(); r.get("/a", (req, res) => {}); r.get("/b", (req, res) => {});`,
      "app.ts": `${APP}app.get(\`\${config.base}/c\`, (req, res) => {});`,
    });
    assert.deepEqual(
      routes.map((route) => [route.path, route.confidence, route.gaps.length]),
      [
        ["/${config.base}/c", "partial", 1],
        ["/a", "partial", 1],
        ["/b", "partial", 1],
      ],
    );
    assert.deepEqual(
      gaps.map((gap) => gap.what),
      ["2 routes of lonely.ts without a known mount"],
    );
  });

  it("C08 takes no other client, map or test for an app, and survives routers that mount each other", () => {
    assert.deepEqual(
      names({
        "client.ts": `import axios from "axios"; axios.post("/x", data); const m = new Map(); m.get("/a", b); function f(cache) { cache.get("/k", () => {}); }`,
        "app.test.ts": `${APP}app.get("/test", (req, res) => {});`,
        "cycle.ts": `import { Router } from "express"; const a = Router(); const b = Router(); a.use("/b", b); b.use("/a", a); a.get("/x", (req, res) => {});`,
      }).map((name) => name.split(" ")[1]),
      ["/x"],
    );
  });
});
