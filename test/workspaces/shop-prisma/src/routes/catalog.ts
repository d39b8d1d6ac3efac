import { Router } from "express";
import { authorWithBooks, listShelves, updatePublisher } from "../services/catalog.js";
import { productsRouter } from "./products.js";

export const catalogRouter = Router();

catalogRouter.use("/products", productsRouter);

catalogRouter.get("/shelves", async (_req, res) => {
  res.json(await listShelves());
});

catalogRouter.get("/authors/:slug", async (req, res) => {
  res.json(await authorWithBooks(req.params.slug));
});

// Nobody is asked who they are, and the body goes to the database as it comes.
catalogRouter.patch("/publishers/:publisherId", async (req, res) => {
  res.json(await updatePublisher(Number(req.params.publisherId), req.body));
});
