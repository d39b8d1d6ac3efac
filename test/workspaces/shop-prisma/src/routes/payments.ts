import { Router } from "express";
import { z } from "zod";
import { requireRole, userIdOf } from "../middleware/auth.js";
import { validate } from "../middleware/validate.js";
import { refund } from "../schemas/orders.js";
import { refundPayment, startPayment } from "../services/payments.js";

export const paymentsRouter = Router();

const paymentInput = z.object({ orderId: z.uuid(), provider: z.enum(["MIDTRANS", "XENDIT"]) });

paymentsRouter.post("/", validate(paymentInput), async (req, res) => {
  res.status(201).json(await startPayment(req.body.orderId, userIdOf(req), req.body.provider));
});

paymentsRouter.post("/:paymentId/refunds", requireRole("ADMIN"), validate(refund), async (req, res) => {
  const { amount, reason } = req.body;
  res.status(201).json(await refundPayment(req.params.paymentId as string, amount, reason, userIdOf(req)));
});
