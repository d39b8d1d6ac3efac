import { Router } from "express";
import { optionalAuth, requireAuth, userIdOf } from "../middleware/auth.js";
import { validate } from "../middleware/validate.js";
import { checkout } from "../schemas/orders.js";
import { getCart, openCart } from "../services/carts.js";
import { checkOut } from "../services/orders.js";
import { cartItemsRouter } from "./cart-items.js";

/** A cart belongs to whoever knows its id. */
export const cartsRouter = Router();

cartsRouter.post("/", optionalAuth, async (req, res) => {
  res.status(201).json(await openCart(req.user?.userId));
});

cartsRouter.get("/:cartId", async (req, res) => {
  res.json(await getCart(req.params.cartId));
});

cartsRouter.post("/:cartId/checkout", requireAuth, validate(checkout), async (req, res) => {
  res.status(201).json(await checkOut(req.params.cartId as string, userIdOf(req), req.body));
});

cartsRouter.use("/:cartId/items", cartItemsRouter);
