import { pool } from "../db.js";

const COLUMNS = "p.id, p.title, p.slug, p.price, p.stock_on_hand";

export async function searchProducts({ q = "", page = 1 }) {
  const { rows } = await pool.query(
    `SELECT p.id, p.title, p.slug, p.price
     FROM products p
     WHERE p.status = 'active' AND lower(p.title) LIKE '%' || lower($1) || '%'
     ORDER BY p.release_date DESC NULLS LAST
     LIMIT 24 OFFSET $2`,
    [q, (Number(page) - 1) * 24],
  );
  return rows;
}

export async function findProduct(slug) {
  const { rows } = await pool.query(
    `SELECT ${COLUMNS}, pub.name AS publisher
     FROM products p
     LEFT JOIN publishers pub ON pub.id = p.publisher_id
     WHERE p.slug = $1`,
    [slug],
  );
  return rows[0] ?? null;
}

export async function setPrice(slug, price) {
  const result = await pool.query("UPDATE products SET price = $2 WHERE slug = $1 AND price <> $2", [slug, price]);
  return result.rowCount === 1;
}
