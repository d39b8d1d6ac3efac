import { createMiddleware } from "hono/factory";

export const requireUser = createMiddleware(async (c, next) => {
  if (!c.req.header("authorization")) return c.json({ error: "who are you?" }, 401);
  await next();
});
