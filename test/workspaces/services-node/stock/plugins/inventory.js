import fp from "fastify-plugin";
import { pool } from "../db.js";

export class Inventory {
  async list(binId) {
    const { rows } = await pool.query("SELECT sku, quantity FROM stock_items WHERE bin_id = $1", [binId]);
    return rows;
  }

  async put(binId, sku, quantity) {
    await pool.query("INSERT INTO stock_items (bin_id, sku, quantity) VALUES ($1, $2, $3)", [binId, sku, quantity]);
  }
}

export default fp(async (app) => {
  app.decorate("inventory", new Inventory());
});
