import { randomInt } from "node:crypto";
import { inTransaction, pool } from "../db.js";

const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const orderNumber = () => Array.from({ length: 10 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");

export async function listOrders(customerId, page) {
  const { rows } = await pool.query({
    name: "list-orders",
    text: `SELECT id, number, status, total, placed_at
           FROM orders
           WHERE customer_id = $1
           ORDER BY placed_at DESC
           LIMIT 20 OFFSET $2`,
    values: [customerId, (page - 1) * 20],
  });
  return rows;
}

export async function findOrder(id) {
  const order = await pool.query("SELECT * FROM orders WHERE id = $1", [id]);
  if (order.rows.length === 0) return null;
  const items = await pool.query(
    `SELECT i.line, p.title, i.quantity, i.unit_price, i.amount
     FROM order_items i
     JOIN products p ON p.id = i.product_id
     WHERE i.order_id = $1
     ORDER BY i.line`,
    [id],
  );
  return { ...order.rows[0], items: items.rows };
}

export async function createOrder(customerId, items) {
  return inTransaction(async (client) => {
    const { rows } = await client.query(
      "INSERT INTO orders (number, customer_id, channel) VALUES ($1, $2, 'web') RETURNING id, number",
      [orderNumber(), customerId],
    );
    const [order] = rows;
    for (const [index, item] of items.entries()) {
      const taken = await client.query(
        "UPDATE products SET stock_on_hand = stock_on_hand - $2 WHERE id = $1 AND stock_on_hand >= $2",
        [item.productId, item.quantity],
      );
      if (taken.rowCount === 0) throw new Error(`not enough of ${item.productId}`);
      await client.query(
        `INSERT INTO order_items (order_id, line, product_id, quantity, unit_price)
         SELECT $1, $2, id, $4, price FROM products WHERE id = $3`,
        [order.id, index + 1, item.productId, item.quantity],
      );
    }
    return order;
  });
}

export async function cancelOrder(id) {
  const result = await pool.query(
    "UPDATE orders SET status = 'cancelled' WHERE id = $1 AND status IN ('pending', 'paid')",
    [id],
  );
  return result.rowCount === 1;
}
