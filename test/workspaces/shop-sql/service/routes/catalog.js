import { requireScope } from "../auth.js";
import { findProduct, searchProducts, setPrice } from "../store/catalog.js";

const priceBody = {
  type: "object",
  required: ["price"],
  properties: { price: { type: "number", minimum: 0 } },
};

export default async function catalogRoutes(app) {
  app.get("/products", async (request) => searchProducts(request.query));

  app.get("/products/:slug", async (request, reply) => {
    const product = await findProduct(request.params.slug);
    return product ?? reply.code(404).send({ error: "no such product" });
  });

  app.put(
    "/products/:slug/price",
    { preHandler: requireScope("catalog:write"), schema: { body: priceBody } },
    async (request) => ({ changed: await setPrice(request.params.slug, request.body.price) }),
  );
}
