import { Hono } from "hono";
import { basicAuth } from "hono/basic-auth";
import { logger } from "hono/logger";
import { carts } from "./routes/carts.ts";
import { products } from "./routes/products.ts";
import { sessions } from "./routes/sessions.ts";
import { requireUser } from "./require-user.ts";

const app = new Hono();
app.use(logger(() => {}));
app.get("/", (c) => c.text("gateway"));
app.use("/internal/*", basicAuth({ username: "ops", password: process.env.OPS_PASSWORD ?? "ops" }));
app.get("/internal/metrics", (c) => c.text(""));

const api = app.basePath("/api");
api.use("/carts/*", requireUser);
api.route("/carts", carts);
api.route("/products", products);
api.on(["GET", "POST"], "/sessions/*", (c) => sessions.fetch(c.req.raw));

const reports = new Hono().basePath("/reports").get("/daily", requireUser, (c) => c.json([])).get("/weekly", (c) => c.json([]));
app.route("/", reports);

export default app;
