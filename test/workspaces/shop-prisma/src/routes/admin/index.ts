import { Router } from "express";
import { listCustomers } from "../../services/accounts.js";
import couponsRouter from "./coupons.js";
import reportsRouter from "./reports.js";

const router = Router();

router.use("/coupons", couponsRouter);
router.use("/reports", reportsRouter);

router.get("/customers", async (req, res) => {
  res.json(await listCustomers(Number(req.query.page ?? 1)));
});

export default router;
