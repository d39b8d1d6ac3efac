-- name: ListOrders :many
SELECT o.id, o.number, o.status, o.total, o.placed_at, count(i.line) AS lines
FROM orders o
LEFT JOIN order_items i ON i.order_id = o.id
WHERE o.customer_id = $1
GROUP BY o.id
ORDER BY o.placed_at DESC
LIMIT $2 OFFSET $3;

-- name: GetOrderForUpdate :one
SELECT * FROM orders WHERE id = $1 FOR UPDATE;

-- name: CreateOrder :one
INSERT INTO orders (number, customer_id, channel)
VALUES ($1, $2, $3)
RETURNING id, tracking_token;

-- name: AddOrderItem :exec
INSERT INTO order_items (order_id, line, product_id, quantity, unit_price)
SELECT $1, $2, p.id, $4, p.price
FROM products p
WHERE p.id = $3;

-- name: CancelUnpaidOrders :execrows
UPDATE orders
SET status = 'cancelled'
WHERE status = 'pending'
  AND placed_at < now() - interval '48 hours'
  AND id NOT IN (SELECT order_id FROM payments);

-- name: CountOrdersByStatus :many
SELECT status, count(*) AS orders, sum(total) AS revenue
FROM orders
GROUP BY status
ORDER BY status;
