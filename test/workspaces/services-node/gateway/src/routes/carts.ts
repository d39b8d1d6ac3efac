import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { createFactory } from "hono/factory";
import * as z from "zod";

const Item = z.object({ sku: z.string(), quantity: z.number().int(), note: z.string().optional() });
const factory = createFactory();

const clear = factory.createHandlers(async (c) => c.body(null, 204));

export const carts = new Hono()
  .get("/", (c) => c.json([]))
  .get("/:id", zValidator("query", z.object({ currency: z.string().optional() })), (c) => c.json({ id: c.req.param("id") }))
  .post("/:id/items", zValidator("json", Item), async (c) => c.json(c.req.valid("json"), 201))
  .delete("/:id/items", ...clear);
