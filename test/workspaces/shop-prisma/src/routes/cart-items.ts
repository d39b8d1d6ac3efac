import { type Request, Router } from "express";
import { validate } from "../middleware/validate.js";
import { cartItem, quantity } from "../schemas/orders.js";
import { putItem, removeItem, setQuantity } from "../services/carts.js";

export const cartItemsRouter = Router({ mergeParams: true });

type InCart = Request<{ cartId: string; productId: string }>;

cartItemsRouter.post("/", validate(cartItem), async (req: InCart, res) => {
  res.status(201).json(await putItem(req.params.cartId, req.body.productId, req.body.quantity));
});

cartItemsRouter
  .route("/:productId")
  .put(validate(quantity), async (req: InCart, res) => {
    res.json(await setQuantity(req.params.cartId, req.params.productId, req.body.quantity));
  })
  .delete(async (req: InCart, res) => {
    await removeItem(req.params.cartId, req.params.productId);
    res.status(204).end();
  });
