import type { RequestHandler } from "express";
import { HttpError } from "../lib/errors.js";

/** So many requests per address and minute, counted in this process only. */
export function rateLimit(perMinute: number): RequestHandler {
  const seen = new Map<string, { count: number; since: number }>();
  return function rateLimit(req, _res, next) {
    const key = req.ip ?? "unknown";
    const entry = seen.get(key);
    if (!entry || Date.now() - entry.since > 60_000) {
      seen.set(key, { count: 1, since: Date.now() });
      next();
      return;
    }
    entry.count += 1;
    next(entry.count > perMinute ? new HttpError(429, "Slow down, please.") : undefined);
  };
}
