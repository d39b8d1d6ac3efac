export async function requestId(ctx, next) {
  ctx.set("x-request-id", crypto.randomUUID());
  await next();
}
