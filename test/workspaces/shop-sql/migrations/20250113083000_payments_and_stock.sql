-- migrate:up
CREATE TABLE payments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    order_id bigint NOT NULL,
    provider text NOT NULL,
    reference text,
    amount double precision NOT NULL,
    raw_response json,
    captured_at timestamptz
);

ALTER TABLE payments ADD CONSTRAINT payments_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders (id);
CREATE INDEX payments_order_id_idx ON payments (order_id);

-- One partition a year; the job that makes them is scripts/nightly.py.
CREATE TABLE stock_movements (
    product_id uuid NOT NULL REFERENCES products (id),
    moved_at timestamptz NOT NULL DEFAULT now(),
    quantity integer NOT NULL,
    reason text NOT NULL
) PARTITION BY RANGE (moved_at);

CREATE TABLE stock_movements_2025 PARTITION OF stock_movements
    FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE stock_movements_2026 PARTITION OF stock_movements
    FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

CREATE INDEX stock_movements_product_idx ON stock_movements (product_id, moved_at);

-- migrate:down
DROP TABLE stock_movements;
DROP TABLE payments;
