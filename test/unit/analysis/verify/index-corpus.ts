import type { Verdict } from "../../../../src/protocol/execution.ts";

/** A suggestion for the sample workspace `shop-sql`, and what has to become of it. */
export interface JudgedIndex {
  readonly title: string;
  readonly sql: string;
  readonly ddl: string;
  readonly verdict: Verdict;
  /** Part of the proof's summary. */
  readonly because: RegExp;
}

const BY_PRODUCT = "SELECT order_id, line, quantity FROM order_items WHERE product_id = $1";
const BY_CHANNEL =
  "SELECT id, number FROM orders WHERE channel = $1 AND placed_at > now() - interval '1 hour'";
const BY_PLACED = "SELECT id, number, total FROM orders ORDER BY placed_at DESC LIMIT 20";
const BY_CUSTOMER =
  "SELECT id, number, total FROM orders WHERE customer_id = :customer ORDER BY placed_at DESC LIMIT 10";
const BY_TOKEN = "SELECT id, status FROM orders WHERE tracking_token = %s";
const BY_PUBLISHER = "SELECT id, sku, title FROM products WHERE publisher_id = ?";
const BY_REVIEWER = "SELECT id, rating FROM reviews WHERE customer_id = $1 AND deleted_at IS NULL";
const BY_PHONE = "SELECT id, full_name FROM customers WHERE lower(full_name) = lower($1)";
const NOT_CANCELLED = "SELECT id, total FROM orders WHERE status <> 'cancelled'";

export const GOOD: readonly JudgedIndex[] = [
  good("a foreign key", BY_PRODUCT, "CREATE INDEX ON order_items (product_id)"),
  good(
    "built concurrently, with a comment and a semicolon",
    BY_TOKEN,
    "-- lookup\nCREATE INDEX CONCURRENTLY orders_token_idx ON orders (tracking_token);",
  ),
  good("an order that a limit cuts", BY_PLACED, "CREATE INDEX orders_placed_idx ON orders (placed_at DESC)"),
  good(
    "placeholders written as question marks",
    BY_PUBLISHER,
    "CREATE INDEX products_publisher_idx ON public.products (publisher_id)",
  ),
  good(
    "a partial one",
    BY_REVIEWER,
    "CREATE INDEX reviews_live_idx ON reviews (customer_id) WHERE deleted_at IS NULL",
  ),
  good("an expression", BY_PHONE, "CREATE INDEX customers_name_idx ON customers (lower(full_name))"),
  good(
    "two columns where one is indexed",
    BY_CHANNEL,
    "CREATE INDEX orders_channel_placed_idx ON orders (channel, placed_at)",
  ),
];

export const BAD: readonly JudgedIndex[] = [
  bad(
    "a table of another query",
    BY_PRODUCT,
    "CREATE INDEX ON reviews (product_id, rating)",
    /does not use it/,
  ),
  bad(
    "a column that the query does not ask for",
    BY_TOKEN,
    "CREATE INDEX ON orders (total)",
    /does not use it/,
  ),
  bad(
    "a column behind one that is unique",
    BY_TOKEN,
    "CREATE INDEX ON orders (number, tracking_token)",
    /does not use it/,
  ),
  bad(
    "one that is there under another name",
    BY_CUSTOMER,
    "CREATE INDEX again ON orders (customer_id, placed_at DESC)",
    /orders_customer_placed_idx .* holds the same/,
  ),
  bad(
    "one that a constraint brings",
    "SELECT id FROM customers WHERE email = $1",
    "CREATE INDEX ON customers (email)",
    /holds the same/,
  ),
  bad(
    "a name that is taken, asked for politely",
    BY_CHANNEL,
    "CREATE INDEX IF NOT EXISTS orders_channel_idx ON orders (channel, placed_at)",
    /builds nothing/,
  ),
  bad(
    "a name that is taken",
    BY_CHANNEL,
    "CREATE INDEX orders_channel_idx ON orders (channel, placed_at)",
    /already exists/,
  ),
  bad("few different values", NOT_CANCELLED, "CREATE INDEX ON orders (status)", /does not use it|too little/),
  bad(
    "a column that is not there",
    BY_TOKEN,
    "CREATE INDEX ON orders (token)",
    /column "token" does not exist/,
  ),
  bad(
    "a table that is not there",
    BY_TOKEN,
    "CREATE INDEX ON purchases (tracking_token)",
    /"purchases" does not exist/,
  ),
  bad(
    "a syntax error",
    BY_TOKEN,
    "CREATE INDEX orders_token_idx ON orders tracking_token",
    /no SQL that PostgreSQL reads/,
  ),
  bad(
    "a condition that the query does not meet",
    BY_REVIEWER,
    "CREATE INDEX ON reviews (customer_id) WHERE deleted_at IS NOT NULL",
    /does not use it/,
  ),
  bad(
    "a function that is not immutable",
    BY_PLACED,
    "CREATE INDEX ON orders (date_trunc('day', placed_at))",
    /IMMUTABLE/,
  ),
  bad(
    "a method that the type does not have",
    BY_TOKEN,
    "CREATE INDEX ON orders USING gin (tracking_token)",
    /no default operator class/,
  ),
];

function good(title: string, sql: string, ddl: string): JudgedIndex {
  return { title, sql, ddl, verdict: "verified", because: /The planner uses it: cost .* less/ };
}

function bad(title: string, sql: string, ddl: string, because: RegExp): JudgedIndex {
  return { title, sql, ddl, verdict: "refuted", because };
}
