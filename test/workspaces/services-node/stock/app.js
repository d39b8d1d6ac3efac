import path from "node:path";
import AutoLoad from "@fastify/autoload";
import Fastify from "fastify";
import auth from "./plugins/auth.js";
import inventory from "./plugins/inventory.js";
import transfers from "./transfers.js";

export function buildApp(options = {}) {
  const app = Fastify(options);

  app.get("/healthz", async () => ({ ok: true }));
  app.register(auth);
  app.register(inventory);
  app.register(AutoLoad, {
    dir: path.join(import.meta.dirname, "routes"),
    options: { prefix: "/v1" },
    autoHooks: true,
    cascadeHooks: true,
    routeParams: true,
  });
  app.register(transfers, { prefix: "/v1/transfers" });

  return app;
}
