/** A query of the sample workspace `shop-sql`, and the indexes that have to be advised for it. */
export interface AdvisedCase {
  readonly title: string;
  readonly sql: string;
  /** What follows after ON, in order; empty: nothing pays. */
  readonly indexes: readonly string[];
}

export const CASES: readonly AdvisedCase[] = [
  {
    title: "an equality",
    sql: "SELECT id, status FROM orders WHERE tracking_token = %s",
    indexes: ["orders (tracking_token)"],
  },
  {
    title: "a foreign key without an index",
    sql: "SELECT id, sku, title FROM products WHERE publisher_id = ?",
    indexes: ["products (publisher_id)"],
  },
  {
    title: "an equality before a range",
    sql: "SELECT * FROM orders WHERE status = $1 AND placed_at > $2",
    indexes: ["orders (status, placed_at)"],
  },
  {
    title: "an order that a limit cuts",
    sql: "SELECT * FROM orders ORDER BY placed_at DESC LIMIT 20",
    indexes: ["orders (placed_at)"],
  },
  {
    title: "an order that rises and falls",
    sql: "SELECT * FROM orders ORDER BY status, placed_at DESC LIMIT 20",
    indexes: ["orders (status, placed_at DESC)"],
  },
  {
    title: "an expression",
    sql: "SELECT * FROM customers WHERE lower(full_name) = lower($1)",
    indexes: ["customers (lower(full_name))"],
  },
  {
    title: "a beginning of a text",
    sql: "SELECT * FROM customers WHERE full_name LIKE 'Ada%'",
    indexes: ["customers (full_name text_pattern_ops)"],
  },
  {
    title: "both sides of a join",
    sql: "SELECT r.rating, r.body FROM orders o JOIN reviews r ON r.customer_id = o.customer_id WHERE o.tracking_token = $1",
    indexes: ["reviews (customer_id)", "orders (tracking_token)"],
  },
  {
    title: "rows that a constant condition leaves, in an order",
    sql: "SELECT * FROM reviews WHERE deleted_at IS NULL ORDER BY created_at DESC LIMIT 20",
    indexes: ["reviews (created_at) WHERE deleted_at IS NULL"],
  },
  {
    title: "a subquery's own condition",
    sql: "SELECT id FROM customers c WHERE c.id = $1 AND EXISTS (SELECT 1 FROM payments p WHERE p.provider_reference = $2)",
    indexes: ["payments (provider_reference)"],
  },
  {
    title: "columns that are only kept along",
    sql: "SELECT rating FROM reviews WHERE created_at >= $1",
    indexes: ["reviews (created_at) INCLUDE (rating)"],
  },
  { title: "a primary key", sql: "SELECT * FROM orders WHERE id = $1", indexes: [] },
  { title: "what a unique constraint serves", sql: "SELECT id FROM customers WHERE email = $1", indexes: [] },
  {
    title: "what an index serves that is there",
    sql: "SELECT * FROM orders WHERE customer_id = :customer ORDER BY placed_at DESC LIMIT 10",
    indexes: [],
  },
  { title: "a whole table", sql: "SELECT * FROM orders", indexes: [] },
  {
    title: "a condition that most rows meet",
    sql: "SELECT id, total FROM orders WHERE status <> 'cancelled'",
    indexes: [],
  },
  { title: "a count of everything", sql: "SELECT count(*) FROM reviews", indexes: [] },
  { title: "an insert", sql: "INSERT INTO publishers (name) VALUES ($1)", indexes: [] },
  { title: "no table at all", sql: "SELECT 1", indexes: [] },
  {
    title: "a function of a column that no index can hold",
    sql: "SELECT id FROM orders WHERE date_trunc('day', placed_at) = $1",
    indexes: [],
  },
];
