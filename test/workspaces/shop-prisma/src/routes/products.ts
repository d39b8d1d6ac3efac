import { type Request, type Response, Router } from "express";
import { requireAuth, requireRole } from "../middleware/auth.js";
import { validate } from "../middleware/validate.js";
import { priceInput, productChange, productInput, productQuery } from "../schemas/catalog.js";
import * as catalog from "../services/catalog.js";

type WithSlug = Request<{ slug: string }>;

export const productsRouter = Router();
const merchandisers = [requireAuth, requireRole("ADMIN")];

productsRouter.get("/", list);
productsRouter.get("/low-stock", requireAuth, requireRole("ADMIN", "WAREHOUSE"), lowStock);
productsRouter.post("/", merchandisers, validate(productInput), create);

productsRouter
  .route("/:slug")
  .get(show)
  .patch(merchandisers, validate(productChange), update)
  .delete(merchandisers, retire);

productsRouter.put("/:slug/price", merchandisers, validate(priceInput), setPrice);
productsRouter.get("/:slug/price-history", history);

async function list(req: Request, res: Response) {
  res.json(await catalog.listProducts(productQuery.parse(req.query)));
}

async function lowStock(_req: Request, res: Response) {
  res.json(await catalog.lowStock());
}

async function create(req: Request, res: Response) {
  res.status(201).json(await catalog.createProduct(req.body));
}

async function show(req: WithSlug, res: Response) {
  res.json(await catalog.findProduct(req.params.slug));
}

async function update(req: WithSlug, res: Response) {
  res.json(await catalog.updateProduct(req.params.slug, req.body));
}

async function retire(req: WithSlug, res: Response) {
  await catalog.retireProduct(req.params.slug);
  res.status(204).end();
}

async function setPrice(req: WithSlug, res: Response) {
  res.json(await catalog.changePrice(req.params.slug, req.body.price));
}

async function history(req: WithSlug, res: Response) {
  res.json(await catalog.priceHistory(req.params.slug));
}
