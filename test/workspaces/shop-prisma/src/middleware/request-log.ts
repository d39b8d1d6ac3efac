import type { NextFunction, Request, Response } from "express";

export function requestLog(req: Request, res: Response, next: NextFunction): void {
  const startedAt = process.hrtime.bigint();
  res.on("finish", () => {
    const milliseconds = Number(process.hrtime.bigint() - startedAt) / 1e6;
    console.log(`${req.method} ${req.originalUrl} ${res.statusCode} ${milliseconds.toFixed(1)} ms`);
  });
  next();
}
