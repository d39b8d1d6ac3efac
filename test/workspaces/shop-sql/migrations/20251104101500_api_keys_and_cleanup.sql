-- migrate:up
CREATE TABLE api_keys (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner text NOT NULL,
    key_hash text NOT NULL UNIQUE,
    scopes text[] NOT NULL DEFAULT '{}',
    last_used_at timestamptz
);

-- Closed to everybody but its owner: row level security without a policy.
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;

-- A policy that does nothing, because row level security is not enabled on the table.
CREATE POLICY own_reviews ON reviews USING (customer_id = current_setting('app.customer_id')::integer);

-- What the importer did. Nobody looks a row up, so it has no key.
CREATE TABLE import_log (
    imported_at timestamptz NOT NULL DEFAULT now(),
    file_name text NOT NULL,
    rows_read integer NOT NULL,
    rows_skipped integer NOT NULL
);

ALTER TABLE payments RENAME COLUMN reference TO provider_reference;
ALTER TABLE payments ALTER COLUMN amount TYPE numeric(14, 2);
ALTER TABLE products DROP COLUMN notes;

-- migrate:down
