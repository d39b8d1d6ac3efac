import type { Verdict } from "../../../../src/protocol/execution.ts";

/** A rewrite of a query of the sample workspace `shop-sql`, and what has to become of it. */
export interface JudgedRewrite {
  readonly title: string;
  readonly sql: string;
  readonly rewrite: string;
  readonly verdict: Verdict;
  /** Part of the proof's summary. */
  readonly because: RegExp;
}

const SAME = /the same rows in \d+ runs/;
const OTHER = /gives other rows/;

export const GOOD_REWRITES: readonly JudgedRewrite[] = [
  good(
    "NOT EXISTS in place of NOT IN on a column without NULL",
    "SELECT id, full_name FROM customers WHERE id NOT IN (SELECT customer_id FROM orders)",
    "SELECT c.id, c.full_name FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)",
  ),
  good(
    "EXISTS in place of DISTINCT over a join",
    "SELECT DISTINCT c.id, c.email FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.status = 'paid'",
    "SELECT c.id, c.email FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.status = 'paid')",
  ),
  good(
    "a join that only repeats a foreign key left out",
    "SELECT i.order_id, i.quantity FROM order_items i JOIN orders o ON o.id = i.order_id WHERE i.quantity > 1",
    "SELECT order_id, quantity FROM order_items WHERE quantity > 1",
  ),
  good(
    "a half-open range in place of a function of the column",
    "SELECT id, total FROM orders WHERE date_trunc('year', placed_at) = timestamptz '2026-01-01'",
    "SELECT id, total FROM orders WHERE placed_at >= timestamptz '2026-01-01' AND placed_at < timestamptz '2027-01-01'",
  ),
  good(
    "IN in place of OR",
    "SELECT id FROM orders WHERE status = 'paid' OR status = 'shipped' ORDER BY id",
    "SELECT id FROM orders WHERE status IN ('paid', 'shipped') ORDER BY id",
  ),
  good(
    "named placeholders in another order",
    "SELECT id FROM orders WHERE status = :status AND total >= :least ORDER BY id",
    "SELECT id FROM orders WHERE total >= :least AND status = :status ORDER BY id",
  ),
  good(
    "UNION ALL of parts that cannot overlap",
    "SELECT id FROM orders WHERE status = 'paid' UNION SELECT id FROM orders WHERE status = 'shipped'",
    "SELECT id FROM orders WHERE status = 'paid' UNION ALL SELECT id FROM orders WHERE status = 'shipped'",
  ),
  good(
    "a count without the join to a parent",
    "SELECT count(*) FROM reviews r JOIN products p ON p.id = r.product_id WHERE r.rating = $1",
    "SELECT count(*) FROM reviews WHERE rating = $1",
  ),
];

export const BAD_REWRITES: readonly JudgedRewrite[] = [
  bad(
    "an outer join made an inner one",
    "SELECT c.id, count(o.id) AS orders FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id",
    "SELECT c.id, count(o.id) AS orders FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id",
    OTHER,
  ),
  bad(
    "a DISTINCT that was needed left out",
    "SELECT DISTINCT customer_id FROM orders WHERE status = 'paid'",
    "SELECT customer_id FROM orders WHERE status = 'paid'",
    OTHER,
  ),
  bad(
    "a condition moved from ON to WHERE",
    "SELECT p.id, r.rating FROM products p LEFT JOIN reviews r ON r.product_id = p.id AND r.rating > 3",
    "SELECT p.id, r.rating FROM products p LEFT JOIN reviews r ON r.product_id = p.id WHERE r.rating > 3",
    OTHER,
  ),
  bad(
    "a comparison that forgets its bound",
    "SELECT id FROM products WHERE stock_on_hand >= $1",
    "SELECT id FROM products WHERE stock_on_hand > $1",
    OTHER,
  ),
  bad(
    "NULL taken for a value",
    "SELECT id FROM products WHERE publisher_id IS DISTINCT FROM 1",
    "SELECT id FROM products WHERE publisher_id <> 1",
    OTHER,
  ),
  bad(
    "UNION ALL of parts that overlap",
    "SELECT id FROM orders WHERE status = 'paid' UNION SELECT id FROM orders WHERE total >= 0",
    "SELECT id FROM orders WHERE status = 'paid' UNION ALL SELECT id FROM orders WHERE total >= 0",
    OTHER,
  ),
  bad(
    "another order",
    "SELECT id FROM orders ORDER BY placed_at, id",
    "SELECT id FROM orders ORDER BY placed_at DESC, id",
    /another order/,
  ),
  bad(
    "count of a column in place of rows",
    "SELECT count(*) FROM products",
    "SELECT count(publisher_id) FROM products",
    OTHER,
  ),
  bad(
    "a column too many",
    "SELECT id FROM orders WHERE status = 'paid'",
    "SELECT id, number FROM orders WHERE status = 'paid'",
    /columns are others/,
  ),
  bad(
    "a column that is not there",
    "SELECT id FROM orders WHERE status = 'paid'",
    "SELECT id FROM orders WHERE state = 'paid'",
    /has no plan.*"state" does not exist/,
  ),
  bad("a syntax error", "SELECT id FROM orders", "SELECT id FORM orders", /no query/),
  bad(
    "a value that the query does not have",
    "SELECT id FROM orders WHERE status = :status",
    "SELECT id FROM orders WHERE status = :status AND channel = :channel",
    /a value "channel"/,
  ),
  bad(
    "the same rows at a higher cost",
    "SELECT number FROM orders WHERE id = $1",
    "SELECT number FROM orders WHERE id + 0 = $1",
    /costs more/,
  ),
];

function good(title: string, sql: string, rewrite: string): JudgedRewrite {
  return { title, sql, rewrite, verdict: "verified", because: SAME };
}

function bad(title: string, sql: string, rewrite: string, because: RegExp): JudgedRewrite {
  return { title, sql, rewrite, verdict: "refuted", because };
}
