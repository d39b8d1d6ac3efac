import type { NextFunction, Request, Response } from "express";
import { HttpError } from "../lib/errors.js";

export function notFound(_req: Request, res: Response): void {
  res.status(404).json({ error: "No such route." });
}

export function errorHandler(error: unknown, _req: Request, res: Response, _next: NextFunction): void {
  if (error instanceof HttpError) {
    res.status(error.status).json({ error: error.message });
    return;
  }
  console.error(error);
  res.status(500).json({ error: "Something went wrong." });
}
