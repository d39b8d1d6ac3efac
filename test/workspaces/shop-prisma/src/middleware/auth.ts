import type { NextFunction, Request, RequestHandler, Response } from "express";
import { HttpError } from "../lib/errors.js";
import { readToken, type TokenPayload } from "../lib/tokens.js";

declare global {
  namespace Express {
    interface Request {
      user?: TokenPayload;
    }
  }
}

/** Reads the token if there is one. Lets visitors pass. */
export function optionalAuth(req: Request, _res: Response, next: NextFunction): void {
  const token = req.header("authorization")?.replace(/^Bearer /, "");
  const user = token ? readToken(token) : null;
  if (user) req.user = user;
  next();
}

export function requireAuth(req: Request, res: Response, next: NextFunction): void {
  optionalAuth(req, res, () => {
    next(req.user ? undefined : new HttpError(401, "A token is needed."));
  });
}

export function requireRole(...roles: TokenPayload["role"][]): RequestHandler {
  return function requireRole(req, _res, next) {
    const allowed = req.user !== undefined && roles.includes(req.user.role);
    next(allowed ? undefined : new HttpError(403, `Needs one of: ${roles.join(", ")}.`));
  };
}

/** The id of the person who asks. Only behind requireAuth. */
export function userIdOf(req: Request): number {
  if (!req.user) throw new HttpError(401, "A token is needed.");
  return req.user.userId;
}
