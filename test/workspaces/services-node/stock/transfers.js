import { pool } from "./db.js";

const transferBody = {
  type: "object",
  required: ["sku", "quantity"],
  properties: { sku: { type: "string" }, quantity: { type: "integer", minimum: 1 }, reason: { type: "string" } },
};

async function findTransfer(id) {
  const { rows } = await pool.query("SELECT id, sku, quantity FROM transfers WHERE id = $1", [id]);
  return rows[0] ?? null;
}

export default function transfers(app, _options, done) {
  // Outside of the folder that is loaded: its hooks do not reach here.
  app.post("/", { schema: { body: transferBody }, onRequest: app.authenticate }, async (request, reply) => {
    await pool.query("INSERT INTO transfers (sku, quantity) VALUES ($1, $2)", [request.body.sku, request.body.quantity]);
    return reply.code(201).send();
  });

  app.get("/:id", async (request, reply) => (await findTransfer(request.params.id)) ?? reply.code(404).send());

  app.register(async (inner) => {
    inner.addHook("preHandler", inner.requireRole("manager"));
    inner.delete("/:id", async (_request, reply) => reply.code(204).send());
  });

  done();
}
