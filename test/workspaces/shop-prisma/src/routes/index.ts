import { Router } from "express";
import { requireAuth, requireRole } from "../middleware/auth.js";
import { accountsRouter } from "./accounts.js";
import adminRouter from "./admin/index.js";
import { cartsRouter } from "./carts.js";
import { catalogRouter } from "./catalog.js";
import { ordersRouter } from "./orders.js";
import { paymentsRouter } from "./payments.js";
import { reviewsRouter } from "./reviews.js";

export const apiRouter = Router();

apiRouter.use("/accounts", accountsRouter);
apiRouter.use("/catalog", catalogRouter);
apiRouter.use("/carts", cartsRouter);
apiRouter.use("/orders", requireAuth, ordersRouter);
apiRouter.use("/payments", requireAuth, paymentsRouter);
apiRouter.use("/admin", requireAuth, requireRole("ADMIN"), adminRouter);
// Its paths hang below those of the catalogue and below /reviews.
apiRouter.use(reviewsRouter);
