import type { Verdict } from "../../../../src/protocol/execution.ts";

/** A rollout plan for a migration of the sample workspace `shop-sql`, and what has to become of it. */
export interface JudgedPlan {
  readonly title: string;
  readonly migration: string;
  readonly steps: readonly { readonly statements: readonly string[]; readonly rollback: readonly string[] }[];
  readonly verdict: Verdict;
  /** Part of the plan's summary. */
  readonly because: RegExp;
}

const CHANNEL = "20250203095500_order_channel";
const CLEANUP = "20251104101500_api_keys_and_cleanup";
const POSITIVE = "20250815072000_positive_payments";
const SEARCH = "20250602134700_title_search";
const REVIEWS = "20250210141100_reviews";

type Step = JudgedPlan["steps"][number];
const step = (statements: string | readonly string[], rollback: string | readonly string[] = []): Step => ({
  statements: [statements].flat(),
  rollback: [rollback].flat(),
});
const BY_HAND: Step = { statements: [], rollback: [] };

const FILLED =
  "UPDATE orders SET channel = CASE WHEN total = 0 THEN 'gift' ELSE 'web' END WHERE channel IS NULL;";
const ADD_CHANNEL = step(
  "ALTER TABLE orders ADD COLUMN channel text;",
  "ALTER TABLE orders DROP COLUMN channel;",
);
const NOT_NULL = [
  step(
    "ALTER TABLE orders ADD CONSTRAINT orders_channel_has_value CHECK (channel IS NOT NULL) NOT VALID;",
    "ALTER TABLE orders DROP CONSTRAINT orders_channel_has_value;",
  ),
  step(
    [
      "ALTER TABLE orders VALIDATE CONSTRAINT orders_channel_has_value;",
      "ALTER TABLE orders ALTER COLUMN channel SET NOT NULL;",
      "ALTER TABLE orders DROP CONSTRAINT orders_channel_has_value;",
    ],
    [
      "ALTER TABLE orders ADD CONSTRAINT orders_channel_has_value CHECK (channel IS NOT NULL) NOT VALID;",
      "ALTER TABLE orders ALTER COLUMN channel DROP NOT NULL;",
    ],
  ),
];
const TOKEN = [
  step(
    [
      "ALTER TABLE orders ADD COLUMN tracking_token uuid;",
      "ALTER TABLE orders ALTER COLUMN tracking_token SET DEFAULT gen_random_uuid();",
    ],
    "ALTER TABLE orders DROP COLUMN tracking_token;",
  ),
  step("UPDATE orders SET tracking_token = gen_random_uuid() WHERE tracking_token IS NULL;"),
  step(
    "ALTER TABLE orders ALTER COLUMN tracking_token SET NOT NULL;",
    "ALTER TABLE orders ALTER COLUMN tracking_token DROP NOT NULL;",
  ),
];
const NUMBER = [
  step(
    "CREATE UNIQUE INDEX CONCURRENTLY orders_number_key ON orders (number);",
    "DROP INDEX CONCURRENTLY orders_number_key;",
  ),
  step("ALTER TABLE orders ADD CONSTRAINT orders_number_key UNIQUE USING INDEX orders_number_key;", [
    "ALTER TABLE orders DROP CONSTRAINT orders_number_key;",
    "CREATE UNIQUE INDEX CONCURRENTLY orders_number_key ON orders (number);",
  ]),
];
const INDEX = step(
  "CREATE INDEX CONCURRENTLY orders_channel_idx ON orders (channel);",
  "DROP INDEX CONCURRENTLY orders_channel_idx;",
);

const KEYS = step(
  `CREATE TABLE api_keys (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner text NOT NULL, key_hash text NOT NULL UNIQUE,
    scopes text[] NOT NULL DEFAULT '{}', last_used_at timestamptz);
   ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
   CREATE POLICY own_reviews ON reviews USING (customer_id = current_setting('app.customer_id')::integer);
   CREATE TABLE import_log (imported_at timestamptz NOT NULL DEFAULT now(), file_name text NOT NULL,
    rows_read integer NOT NULL, rows_skipped integer NOT NULL);`,
  ["DROP TABLE import_log;", "DROP POLICY own_reviews ON reviews;", "DROP TABLE api_keys;"],
);
const NEW_REFERENCE = step(
  "ALTER TABLE payments ADD COLUMN provider_reference text;",
  "ALTER TABLE payments DROP COLUMN provider_reference;",
);
const COPY_REFERENCE = step(
  "UPDATE payments SET provider_reference = reference WHERE provider_reference IS NULL AND reference IS NOT NULL;",
);
const OLD_REFERENCE = step("ALTER TABLE payments DROP COLUMN reference;", [
  "ALTER TABLE payments ADD COLUMN reference text;",
  "UPDATE payments SET reference = provider_reference;",
]);
const AMOUNT = step(
  "SET lock_timeout = '2s'; ALTER TABLE payments ALTER COLUMN amount TYPE numeric(14, 2);",
  "ALTER TABLE payments ALTER COLUMN amount TYPE double precision;",
);
const NOTES = step("ALTER TABLE products DROP COLUMN notes;", "ALTER TABLE products ADD COLUMN notes text;");

export const GOOD_PLANS: readonly JudgedPlan[] = [
  good("a column in steps of expand, backfill and contract", CHANNEL, [
    ADD_CHANNEL,
    BY_HAND,
    step(FILLED),
    ...NOT_NULL,
    ...TOKEN,
    ...NUMBER,
    INDEX,
  ]),
  good("the same in batches, with transactions of its own and a step that only looks", CHANNEL, [
    step(
      ["BEGIN;", "SET LOCAL lock_timeout = '2s';", "ALTER TABLE orders ADD COLUMN channel text;", "COMMIT;"],
      ["BEGIN; ALTER TABLE orders DROP COLUMN channel; COMMIT;"],
    ),
    step(`DO $$
      DECLARE changed integer;
      BEGIN
        LOOP
          UPDATE orders SET channel = CASE WHEN total = 0 THEN 'gift' ELSE 'web' END
          WHERE id IN (SELECT id FROM orders WHERE channel IS NULL LIMIT 5);
          GET DIAGNOSTICS changed = ROW_COUNT;
          COMMIT;
          EXIT WHEN changed = 0;
        END LOOP;
      END $$;`),
    step("SELECT count(*) FROM orders WHERE channel IS NULL;"),
    ...NOT_NULL,
    ...TOKEN,
    ...NUMBER,
    INDEX,
  ]),
  good("a constraint that is validated later", POSITIVE, [
    step(
      "ALTER TABLE payments ADD CONSTRAINT payments_amount_positive CHECK (amount > 0) NOT VALID;",
      "ALTER TABLE payments DROP CONSTRAINT payments_amount_positive;",
    ),
    step("ALTER TABLE payments VALIDATE CONSTRAINT payments_amount_positive;", [
      "ALTER TABLE payments DROP CONSTRAINT payments_amount_positive;",
      "ALTER TABLE payments ADD CONSTRAINT payments_amount_positive CHECK (amount > 0) NOT VALID;",
    ]),
  ]),
  good("an index built concurrently", SEARCH, [
    step(
      "CREATE INDEX CONCURRENTLY IF NOT EXISTS products_title_search_idx ON products USING gin (to_tsvector('simple', title));",
      "DROP INDEX CONCURRENTLY IF EXISTS products_title_search_idx;",
    ),
  ]),
  good("a rename by way of two columns, and values that are gone", CLEANUP, [
    KEYS,
    NEW_REFERENCE,
    COPY_REFERENCE,
    OLD_REFERENCE,
    AMOUNT,
    NOTES,
  ]),
  good("what is new table by table, with views and indexes", REVIEWS, [
    step(
      `CREATE TABLE reviews (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        product_id uuid NOT NULL REFERENCES products (id) ON DELETE CASCADE,
        customer_id integer NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
        rating smallint NOT NULL CHECK (rating BETWEEN 1 AND 5),
        body text NOT NULL DEFAULT '', status text NOT NULL DEFAULT 'waiting',
        deleted_at timestamptz, created_at timestamptz NOT NULL DEFAULT now());
       CREATE UNIQUE INDEX reviews_one_per_customer ON reviews (product_id, customer_id) WHERE deleted_at IS NULL;`,
      "DROP TABLE reviews;",
    ),
    step(
      `CREATE VIEW product_ratings AS SELECT product_id, avg(rating) AS rating, count(*) AS reviews
       FROM reviews WHERE status = 'published' AND deleted_at IS NULL GROUP BY product_id;`,
      "DROP VIEW product_ratings;",
    ),
    step(
      `CREATE MATERIALIZED VIEW daily_sales AS
       SELECT o.placed_at::date AS day, i.product_id, sum(i.quantity) AS copies
       FROM orders o JOIN order_items i ON i.order_id = o.id WHERE o.status <> 'cancelled' GROUP BY 1, 2;
       CREATE UNIQUE INDEX daily_sales_key ON daily_sales (day, product_id);`,
      "DROP MATERIALIZED VIEW daily_sales;",
    ),
  ]),
];

export const BAD_PLANS: readonly JudgedPlan[] = [
  bad(
    "a column that must have values and gets none",
    CHANNEL,
    /contains null values\. Nothing gives the old rows a value in orders\.channel/,
    [
      ADD_CHANNEL,
      step(
        "ALTER TABLE orders ALTER COLUMN channel SET NOT NULL;",
        "ALTER TABLE orders ALTER COLUMN channel DROP NOT NULL;",
      ),
    ],
  ),
  bad("a backfill that leaves rows out", CHANNEL, /Step 3: .*contains null values/, [
    ADD_CHANNEL,
    step("UPDATE orders SET channel = 'gift' WHERE total = 0;"),
    step(
      "ALTER TABLE orders ALTER COLUMN channel SET NOT NULL;",
      "ALTER TABLE orders ALTER COLUMN channel DROP NOT NULL;",
    ),
  ]),
  bad(
    "one that stops half way",
    CHANNEL,
    /not what the migration promises: .*column orders\.channel text NOT NULL is missing/,
    [ADD_CHANNEL, step(FILLED)],
  ),
  bad(
    "a constraint that stays in its first form",
    POSITIVE,
    /CHECK \(\(amount > .*\) is missing.*NOT VALID is left over/,
    [
      step(
        "ALTER TABLE payments ADD CONSTRAINT payments_amount_positive CHECK (amount > 0) NOT VALID;",
        "ALTER TABLE payments DROP CONSTRAINT payments_amount_positive;",
      ),
    ],
  ),
  bad(
    "a column that is not there",
    CHANNEL,
    /Step 2: Statement 1 of 1 is rejected: column "chanel" .*does not exist/,
    [ADD_CHANNEL, step("UPDATE orders SET chanel = 'web';"), ...TOKEN],
  ),
  bad(
    "an index built concurrently inside of a transaction",
    SEARCH,
    /cannot run inside a transaction block/,
    [
      step(
        [
          "BEGIN;",
          "CREATE INDEX CONCURRENTLY products_title_search_idx ON products USING gin (to_tsvector('simple', title));",
          "COMMIT;",
        ],
        "DROP INDEX products_title_search_idx;",
      ),
    ],
  ),
  bad(
    "a rollback that names something else",
    SEARCH,
    /its rollback is rejected: index "products_search_idx" does not exist/,
    [
      step(
        "CREATE INDEX CONCURRENTLY products_title_search_idx ON products USING gin (to_tsvector('simple', title));",
        "DROP INDEX products_search_idx;",
      ),
    ],
  ),
  bad(
    "a rollback that brings back another type",
    CLEANUP,
    /rollback leaves another schema: .*column payments\.amount double precision.* is missing/,
    [
      KEYS,
      NEW_REFERENCE,
      COPY_REFERENCE,
      OLD_REFERENCE,
      step(
        "ALTER TABLE payments ALTER COLUMN amount TYPE numeric(14, 2);",
        "ALTER TABLE payments ALTER COLUMN amount TYPE numeric(16, 4);",
      ),
      NOTES,
    ],
  ),
  bad("a rename that forgets to copy", CLEANUP, /values are missing .*payments\.provider_reference/, [
    KEYS,
    NEW_REFERENCE,
    OLD_REFERENCE,
    AMOUNT,
    NOTES,
  ]),
  bad("what is left over at the end", CLEANUP, /column payments\.reference text is left over/, [
    KEYS,
    NEW_REFERENCE,
    COPY_REFERENCE,
    AMOUNT,
    NOTES,
  ]),
  bad(
    "an index on another column",
    SEARCH,
    /index on products: gin .*title.* is missing; index on products: gin .*sku.* is left over/,
    [
      step(
        "CREATE INDEX CONCURRENTLY products_title_search_idx ON products USING gin (to_tsvector('simple', sku));",
        "DROP INDEX products_title_search_idx;",
      ),
    ],
  ),
  bad("words that are no SQL", POSITIVE, /no SQL that PostgreSQL reads/, [
    step("ALTER TABLE payments ADD CHECK amount > 0", "ALTER TABLE payments DROP CONSTRAINT c"),
  ]),
  bad("a table that is not there", POSITIVE, /relation "payment" does not exist/, [
    step(
      "ALTER TABLE payment ADD CONSTRAINT c CHECK (amount > 0);",
      "ALTER TABLE payment DROP CONSTRAINT c;",
    ),
  ]),
];

function good(title: string, migration: string, steps: JudgedPlan["steps"]): JudgedPlan {
  return { title, migration, steps, verdict: "verified", because: /apply|applies/ };
}

function bad(title: string, migration: string, because: RegExp, steps: JudgedPlan["steps"]): JudgedPlan {
  return { title, migration, steps, verdict: "refuted", because };
}
