-- migrate:up
ALTER TABLE orders ADD COLUMN channel text;
UPDATE orders SET channel = CASE WHEN total = 0 THEN 'gift' ELSE 'web' END;
ALTER TABLE orders ALTER COLUMN channel SET NOT NULL;
ALTER TABLE orders ADD COLUMN tracking_token uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE orders ADD CONSTRAINT orders_number_key UNIQUE (number);
CREATE INDEX orders_channel_idx ON orders (channel);

-- migrate:down
ALTER TABLE orders DROP CONSTRAINT orders_number_key;
ALTER TABLE orders DROP COLUMN tracking_token;
ALTER TABLE orders DROP COLUMN channel;
