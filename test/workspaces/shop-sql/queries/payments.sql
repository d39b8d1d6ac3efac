-- name: RecordPayment :one
INSERT INTO payments (order_id, provider, provider_reference, amount, raw_response)
VALUES ($1, $2, $3, $4, $5)
RETURNING id;

-- name: CapturePayment :exec
WITH captured AS (
    UPDATE payments
    SET captured_at = now()
    WHERE id = $1 AND captured_at IS NULL
    RETURNING order_id
)
UPDATE orders SET status = 'paid' FROM captured WHERE orders.id = captured.order_id;

-- name: FindPaymentByReference :one
SELECT * FROM payments WHERE provider = $1 AND provider_reference = $2;
