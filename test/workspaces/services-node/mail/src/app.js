import Router from "@koa/router";
import Koa from "koa";
import mount from "koa-mount";
import { requestId } from "./middleware/request-id.js";
import { requireUser } from "./middleware/require-user.js";
import messages from "./routes/messages.js";
import { templatesRouter } from "./routes/templates.js";
import hooks from "./routes/hooks.js";

const app = new Koa();
app.use(requestId);

const open = new Router();
open.get("/healthz", (ctx) => {
  ctx.body = { ok: true };
});
app.use(open.routes());

const api = new Router({ prefix: "/api" });
api.use(requireUser);
api.use("/messages", messages.routes(), messages.allowedMethods());
api.use(templatesRouter().routes());
app.use(api.routes()).use(api.allowedMethods());

app.use(mount("/hooks", hooks));

export default app;
