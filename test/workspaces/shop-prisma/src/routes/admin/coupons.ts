import { Router } from "express";
import { validate } from "../../middleware/validate.js";
import { coupon } from "../../schemas/orders.js";
import { coupons } from "../../services/orders.js";

const router = Router();

router
  .route("/")
  .get(async (_req, res) => {
    res.json(await coupons.list());
  })
  .post(validate(coupon), async (req, res) => {
    res.status(201).json(await coupons.create(req.body));
  });

router.delete("/:couponId", async (req, res) => {
  await coupons.remove(Number(req.params.couponId));
  res.status(204).end();
});

export default router;
