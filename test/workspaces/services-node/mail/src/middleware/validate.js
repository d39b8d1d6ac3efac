export const validate = (schema) => async (ctx, next) => {
  const result = schema.safeParse(ctx.request.body ?? {});
  if (!result.success) ctx.throw(422, "not valid");
  await next();
};
