import { pool } from "../db.js";

export async function bestSellers(since) {
  const { rows } = await pool.query(
    `SELECT p.title, sum(s.copies) AS copies
     FROM daily_sales s
     JOIN products p ON p.id = s.product_id
     WHERE s.day >= $1
     GROUP BY p.title
     ORDER BY copies DESC
     LIMIT 10`,
    [since],
  );
  return rows;
}

export async function stockReport(sort = "units") {
  // The column comes from the query string. Known, and on the list to be fixed.
  const { rows } = await pool.query(
    `SELECT pub.name, count(*) AS titles, sum(p.stock_on_hand) AS units
     FROM products p JOIN publishers pub ON pub.id = p.publisher_id
     GROUP BY pub.name
     ORDER BY ${sort} DESC`,
  );
  return rows;
}

export async function refreshSales() {
  await pool.query("REFRESH MATERIALIZED VIEW CONCURRENTLY daily_sales");
}
