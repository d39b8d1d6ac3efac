export async function requireUser(ctx, next) {
  if (!ctx.get("authorization")) ctx.throw(401, "who are you?");
  await next();
}

export const requireRole = (role) => async (ctx, next) => {
  if (ctx.get("x-role") !== role) ctx.throw(403, `needs ${role}`);
  await next();
};
