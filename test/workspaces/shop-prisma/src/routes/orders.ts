import { Router } from "express";
import { requireRole, userIdOf } from "../middleware/auth.js";
import { validate } from "../middleware/validate.js";
import { shipment } from "../schemas/orders.js";
import * as orders from "../services/orders.js";

/** Mounted behind requireAuth. */
export const ordersRouter = Router();

ordersRouter.get("/", async (req, res) => {
  const cursor = typeof req.query.after === "string" ? req.query.after : undefined;
  res.json(await orders.listOrders(userIdOf(req), cursor));
});

ordersRouter.get("/packing-list", requireRole("WAREHOUSE", "ADMIN"), async (_req, res) => {
  res.json(await orders.packingList());
});

// Shows the order of anybody: the customer is not part of the question.
ordersRouter.get("/:orderId", async (req, res) => {
  res.json(await orders.getOrder(req.params.orderId));
});

ordersRouter.get("/:orderId/events", async (req, res) => {
  res.json(await orders.orderEvents(req.params.orderId));
});

ordersRouter.post("/:orderId/cancel", async (req, res) => {
  await orders.cancelOrder(req.params.orderId, userIdOf(req));
  res.status(204).end();
});

ordersRouter.put("/:orderId/shipment", requireRole("WAREHOUSE"), validate(shipment), async (req, res) => {
  await orders.ship(req.params.orderId as string, req.body, userIdOf(req));
  res.status(204).end();
});
