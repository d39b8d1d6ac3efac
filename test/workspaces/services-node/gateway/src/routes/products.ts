import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { requireUser } from "../require-user.ts";

const Product = z.object({ slug: z.string(), title: z.string(), price: z.number() });

const find = createRoute({
  method: "get",
  path: "/{slug}",
  request: { params: z.object({ slug: z.string() }), query: z.object({ fields: z.string().optional() }) },
  responses: { 200: { content: { "application/json": { schema: Product } }, description: "One product" } },
});

const change = createRoute({
  method: "put",
  path: "/{slug}",
  middleware: [requireUser] as const,
  request: {
    params: z.object({ slug: z.string() }),
    body: { content: { "application/json": { schema: Product.omit({ slug: true }) } } },
  },
  responses: { 200: { content: { "application/json": { schema: Product } }, description: "Changed" } },
});

export const products = new OpenAPIHono();
products.openapi(find, (c) => c.json({ slug: c.req.valid("param").slug, title: "", price: 0 }, 200));
products.openapi(change, (c) => c.json({ slug: c.req.valid("param").slug, title: "", price: 0 }, 200));
products.doc("/openapi.json", { openapi: "3.1.0", info: { title: "Products", version: "1" } });
