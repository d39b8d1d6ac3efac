import Router from "@koa/router";
import Koa from "koa";

const hooks = new Koa();
const router = new Router();
router.post("/bounce", async (ctx) => {
  ctx.status = 204;
});
hooks.use(router.routes());

export default hooks;
