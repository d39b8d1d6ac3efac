import { createHmac } from "node:crypto";
import { type NextFunction, type Request, type Response, Router } from "express";
import { HttpError } from "../lib/errors.js";
import { sameText } from "../lib/tokens.js";
import { recordDelivery } from "../services/payments.js";

function requireSignature(req: Request, _res: Response, next: NextFunction): void {
  const expected = createHmac("sha256", process.env.WEBHOOK_SECRET ?? "").update(req.body).digest("hex");
  const matches = sameText(req.header("x-signature") ?? "", expected);
  next(matches ? undefined : new HttpError(403, "The signature does not match."));
}

export const webhooksRouter = Router();

webhooksRouter.post("/midtrans", requireSignature, async (req, res) => {
  await recordDelivery("MIDTRANS", JSON.parse(req.body.toString()));
  res.status(202).end();
});

// Xendit signs nothing; its addresses are checked by the proxy in front of us.
webhooksRouter.post("/xendit", async (req, res) => {
  await recordDelivery("XENDIT", JSON.parse(req.body.toString()));
  res.status(202).end();
});
