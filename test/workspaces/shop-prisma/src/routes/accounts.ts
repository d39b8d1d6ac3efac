import { Router } from "express";
import { requireAuth, userIdOf } from "../middleware/auth.js";
import { rateLimit } from "../middleware/rate-limit.js";
import { validate } from "../middleware/validate.js";
import { credentials, profile, registration } from "../schemas/accounts.js";
import { getProfile, logIn, register, updateProfile } from "../services/accounts.js";
import { addressesRouter } from "./addresses.js";

export const accountsRouter = Router();

accountsRouter.post("/register", rateLimit(5), validate(registration), async (req, res) => {
  res.status(201).json(await register(req.body));
});

accountsRouter.post("/login", rateLimit(10), validate(credentials), async (req, res) => {
  res.json({ token: await logIn(req.body.email, req.body.password) });
});

accountsRouter
  .route("/me")
  .all(requireAuth)
  .get(async (req, res) => {
    res.json(await getProfile(userIdOf(req)));
  })
  .patch(validate(profile), async (req, res) => {
    res.json(await updateProfile(userIdOf(req), req.body));
  });

accountsRouter.use("/me/addresses", addressesRouter);
