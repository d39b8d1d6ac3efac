import Fastify from "fastify";
import { pool } from "./db.js";
import catalogRoutes from "./routes/catalog.js";
import orderRoutes from "./routes/orders.js";
import reportRoutes from "./routes/reports.js";

export function buildServer() {
  const app = Fastify({ logger: true });

  app.get("/healthz", async () => {
    await pool.query("SELECT 1");
    return { status: "ok" };
  });

  app.register(catalogRoutes, { prefix: "/catalog" });
  app.register(orderRoutes, { prefix: "/orders" });
  app.register(reportRoutes, { prefix: "/reports" });
  return app;
}

if (import.meta.filename === process.argv[1]) {
  await buildServer().listen({ port: Number(process.env.PORT ?? 3000), host: "0.0.0.0" });
}
