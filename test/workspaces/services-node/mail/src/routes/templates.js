import Router from "@koa/router";
import { requireRole } from "../middleware/require-user.js";

export function templatesRouter() {
  const router = new Router();
  router.prefix("/templates");
  router.get(["/", "/all"], async (ctx) => {
    ctx.body = [];
  });
  router.use(requireRole("editor"));
  for (const verb of ["put", "patch"]) {
    router[verb]("/:name", async (ctx) => {
      ctx.body = { name: ctx.params.name };
    });
  }
  return router;
}
