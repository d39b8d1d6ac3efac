import type { RequestHandler } from "express";
import type { ZodType } from "zod";

/** Replaces the body with what the schema made of it, or answers 422. */
export function validate(schema: ZodType): RequestHandler {
  return function validate(req, res, next) {
    const result = schema.safeParse(req.body);
    if (!result.success) {
      res.status(422).json({ errors: result.error.issues });
      return;
    }
    req.body = result.data;
    next();
  };
}
