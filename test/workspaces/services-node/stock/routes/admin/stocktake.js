export const autoPrefix = "/stocktake";

export default async function stocktake(app) {
  app.route({
    method: ["GET", "DELETE"],
    url: "/:id",
    onRequest: app.requireRole("manager"),
    handler: async (request) => ({ id: request.params.id }),
  });
}
