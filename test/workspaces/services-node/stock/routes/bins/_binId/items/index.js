export default async function items(app) {
  app.get("/", async (request) => app.inventory.list(request.params.binId));

  app.put("/:sku", { preHandler: [app.requireRole("clerk")] }, async (request, reply) => {
    await app.inventory.put(request.params.binId, request.params.sku, request.body.quantity);
    return reply.code(204).send();
  });
}
