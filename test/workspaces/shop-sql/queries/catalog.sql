-- name: GetProduct :one
SELECT p.*, b.isbn13, b.pages, r.rating, r.reviews
FROM products p
LEFT JOIN books b ON b.product_id = p.id
LEFT JOIN product_ratings r ON r.product_id = p.id
WHERE p.slug = $1;

-- name: SearchProducts :many
SELECT id, title, slug, price
FROM products
WHERE status = 'active'
  AND to_tsvector('simple', title) @@ plainto_tsquery('simple', $1)
ORDER BY release_date DESC NULLS LAST
LIMIT $2;

-- name: ListProductsOfPublisher :many
SELECT id, sku, title, price, stock_on_hand
FROM products
WHERE publisher_id = sqlc.arg(publisher_id)
ORDER BY title;

-- name: ReserveStock :execrows
UPDATE products
SET stock_on_hand = stock_on_hand - sqlc.arg(quantity)::integer
WHERE id = sqlc.arg(product_id) AND stock_on_hand >= sqlc.arg(quantity)::integer;

-- name: ListBooksOfAuthor :many
SELECT p.title, p.slug, b.isbn13
FROM authors a
JOIN book_authors ba ON ba.author_id = a.id
JOIN books b ON b.product_id = ba.book_id
JOIN products p ON p.id = b.product_id
WHERE a.slug = $1
ORDER BY p.release_date;
