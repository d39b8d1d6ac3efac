-- The only statement of its file, so that it does not run inside a transaction.
CREATE INDEX CONCURRENTLY "orders_customer_id_placed_at_idx" ON "orders"("customer_id", "placed_at" DESC);
