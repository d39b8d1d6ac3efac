import { requireScope } from "../auth.js";
import { cancelOrder, createOrder, findOrder, listOrders } from "../store/orders.js";

const orderBody = {
  type: "object",
  required: ["customerId", "items"],
  properties: {
    customerId: { type: "integer" },
    items: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["productId", "quantity"],
        properties: { productId: { type: "string", format: "uuid" }, quantity: { type: "integer", minimum: 1 } },
      },
    },
  },
};

export default async function orderRoutes(app) {
  // For every route of this file.
  app.addHook("preHandler", requireScope("orders"));

  app.get("/", async (request) => listOrders(Number(request.query.customerId), Number(request.query.page ?? 1)));

  app.post("/", { schema: { body: orderBody } }, async (request, reply) => {
    reply.code(201);
    return createOrder(request.body.customerId, request.body.items);
  });

  app.get("/:id", async (request, reply) => {
    const order = await findOrder(request.params.id);
    return order ?? reply.code(404).send({ error: "no such order" });
  });

  app.route({
    method: "POST",
    url: "/:id/cancel",
    handler: async (request, reply) => {
      const cancelled = await cancelOrder(request.params.id);
      return reply.code(cancelled ? 204 : 409).send();
    },
  });
}
