-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY products_title_search_idx ON products USING gin (to_tsvector('simple', title));

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY products_title_search_idx;
