-- name: WriteReview :exec
INSERT INTO reviews (product_id, customer_id, rating, body)
VALUES ($1, $2, $3, $4)
ON CONFLICT (product_id, customer_id) WHERE deleted_at IS NULL
DO UPDATE SET rating = excluded.rating, body = excluded.body, status = 'waiting';

-- name: ListWaitingReviews :many
SELECT r.id, p.title, r.rating, r.body, r.created_at
FROM reviews r
JOIN products p ON p.id = r.product_id
WHERE r.status = 'waiting' AND r.deleted_at IS NULL
ORDER BY r.created_at;

-- name: PurgeReviews :exec
DELETE FROM reviews;
