import Router from "@koa/router";
import compose from "koa-compose";
import * as z from "zod";
import { requireRole } from "../middleware/require-user.js";
import { validate } from "../middleware/validate.js";

const Message = z.object({ to: z.email(), subject: z.string(), text: z.string().optional() });

const router = new Router();

router.get("message-list", "/", async (ctx) => {
  ctx.body = [];
});
router.post("/", validate(Message), create);
router.get("/:id", async (ctx) => {
  ctx.body = { id: ctx.params.id };
});
router.del("/:id", compose([requireRole("operator"), remove]));
router.all("/:id/raw", async (ctx) => {
  ctx.body = "";
});

async function create(ctx) {
  ctx.status = 201;
}

async function remove(ctx) {
  ctx.status = 204;
}

export default router;
