import { Router } from "express";
import { requireAuth, userIdOf } from "../middleware/auth.js";
import { validate } from "../middleware/validate.js";
import { address } from "../schemas/accounts.js";
import * as accounts from "../services/accounts.js";

export const addressesRouter = Router();

addressesRouter.use(requireAuth);

addressesRouter.get("/", async (req, res) => {
  res.json(await accounts.listAddresses(userIdOf(req)));
});

addressesRouter.post("/", validate(address), async (req, res) => {
  res.status(201).json(await accounts.addAddress(userIdOf(req), req.body));
});

addressesRouter.put("/:addressId/default", async (req, res) => {
  await accounts.makeDefaultAddress(userIdOf(req), Number(req.params.addressId));
  res.status(204).end();
});

addressesRouter.delete("/:addressId", async (req, res) => {
  await accounts.removeAddress(userIdOf(req), Number(req.params.addressId));
  res.status(204).end();
});
