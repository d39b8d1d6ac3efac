import express, { type Express } from "express";
import { findBookByIsbn } from "./services/catalog.js";
import { errorHandler, notFound } from "./middleware/errors.js";
import { requestLog } from "./middleware/request-log.js";
import { apiRouter } from "./routes/index.js";
import { healthRouter } from "./routes/health.js";
import { webhooksRouter } from "./routes/webhooks.js";

export function createApp(): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(requestLog);

  app.use("/health", healthRouter);
  // Signatures are checked over the bytes, so this comes before the JSON parser.
  app.use("/webhooks", express.raw({ type: "application/json" }), webhooksRouter);
  app.use(express.json({ limit: "200kb" }));
  app.use("/api/v1", apiRouter);

  // Printed on the backs of old catalogues; must keep working.
  app.get(["/isbn/:isbn", "/books/:isbn"], async (req, res) => {
    const book = await findBookByIsbn(req.params.isbn as string);
    res.redirect(301, `/api/v1/catalog/products/${book.product.slug}`);
  });

  app.use(notFound);
  app.use(errorHandler);
  return app;
}
