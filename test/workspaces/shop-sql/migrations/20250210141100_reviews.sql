-- migrate:up
CREATE TABLE reviews (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    customer_id integer NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    rating smallint NOT NULL CHECK (rating BETWEEN 1 AND 5),
    body text NOT NULL DEFAULT '',
    status text NOT NULL DEFAULT 'waiting',
    deleted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE UNIQUE INDEX reviews_one_per_customer ON reviews (product_id, customer_id) WHERE deleted_at IS NULL;

CREATE VIEW product_ratings AS
SELECT product_id, avg(rating) AS rating, count(*) AS reviews
FROM reviews
WHERE status = 'published' AND deleted_at IS NULL
GROUP BY product_id;

CREATE MATERIALIZED VIEW daily_sales AS
SELECT o.placed_at::date AS day, i.product_id, sum(i.quantity) AS copies
FROM orders o
JOIN order_items i ON i.order_id = o.id
WHERE o.status <> 'cancelled'
GROUP BY 1, 2;

CREATE UNIQUE INDEX daily_sales_key ON daily_sales (day, product_id);

-- migrate:down
DROP MATERIALIZED VIEW daily_sales;
DROP VIEW product_ratings;
DROP TABLE reviews;
