import { requireScope } from "../auth.js";
import { bestSellers, refreshSales, stockReport } from "../store/reports.js";

export default async function reportRoutes(app) {
  app.get("/best-sellers", { preHandler: [requireScope("reports")] }, async (request) =>
    bestSellers(request.query.since ?? "1970-01-01"),
  );

  app.get("/stock", { onRequest: requireScope("reports") }, async (request) => stockReport(request.query.sort));

  // Called by cron on the same machine. Nothing keeps others from calling it.
  app.post("/sales/refresh", async (_request, reply) => {
    await refreshSales();
    return reply.code(204).send();
  });
}
