-- migrate:up
CREATE TABLE customers (
    id serial PRIMARY KEY,
    email citext NOT NULL UNIQUE,
    full_name text NOT NULL,
    phone text,
    date_of_birth date,
    address text,
    created_at timestamp NOT NULL DEFAULT now()
);

CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number text NOT NULL,
    customer_id integer NOT NULL REFERENCES customers (id),
    status text NOT NULL DEFAULT 'pending',
    total rupiah NOT NULL DEFAULT 0,
    placed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT orders_status_check CHECK (status IN ('pending', 'paid', 'shipped', 'delivered', 'cancelled'))
);

CREATE INDEX orders_customer_placed_idx ON orders (customer_id, placed_at DESC);

CREATE TABLE order_items (
    order_id bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    line smallint NOT NULL,
    product_id uuid NOT NULL REFERENCES products (id),
    quantity integer NOT NULL CHECK (quantity > 0),
    unit_price rupiah NOT NULL,
    amount numeric(16, 2) GENERATED ALWAYS AS (quantity * unit_price) STORED,
    PRIMARY KEY (order_id, line)
);

CREATE FUNCTION recalculate_order() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE orders
    SET total = (SELECT coalesce(sum(amount), 0) FROM order_items WHERE order_id = NEW.order_id)
    WHERE id = NEW.order_id;
    RETURN NEW;
END;
$$;

CREATE TRIGGER order_items_total
    AFTER INSERT OR UPDATE ON order_items
    FOR EACH ROW EXECUTE FUNCTION recalculate_order();

-- migrate:down
DROP TABLE order_items;
DROP FUNCTION recalculate_order();
DROP TABLE orders;
DROP TABLE customers;
