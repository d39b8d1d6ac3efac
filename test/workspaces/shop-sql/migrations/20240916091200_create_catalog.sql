-- migrate:up
CREATE EXTENSION IF NOT EXISTS citext;

CREATE TYPE product_status AS ENUM ('draft', 'active', 'retired');
CREATE DOMAIN rupiah AS numeric(14, 2) CHECK (VALUE >= 0);

CREATE TABLE publishers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    country char(2) NOT NULL DEFAULT 'ID',
    contact_email citext
);

CREATE TABLE authors (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    full_name text NOT NULL,
    slug text NOT NULL UNIQUE,
    born_on date
);

CREATE TABLE products (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    sku text NOT NULL,
    title text NOT NULL,
    slug text NOT NULL UNIQUE,
    price rupiah NOT NULL,
    status product_status NOT NULL DEFAULT 'draft',
    stock_on_hand integer NOT NULL DEFAULT 0 CHECK (stock_on_hand >= 0),
    release_date date,
    notes text,
    publisher_id bigint REFERENCES publishers (id) ON DELETE RESTRICT,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT products_sku_key UNIQUE (sku)
);

CREATE INDEX products_sku_idx ON products (sku);
CREATE INDEX products_status_release_idx ON products (status, release_date DESC NULLS LAST);

CREATE TABLE books (
    product_id uuid PRIMARY KEY REFERENCES products (id) ON DELETE CASCADE,
    isbn13 char(13) NOT NULL UNIQUE,
    pages smallint CHECK (pages > 0)
);

CREATE TABLE book_authors (
    book_id uuid NOT NULL REFERENCES books (product_id) ON DELETE CASCADE,
    author_id bigint NOT NULL REFERENCES authors (id),
    position smallint NOT NULL DEFAULT 1,
    PRIMARY KEY (book_id, author_id)
);

CREATE INDEX book_authors_author_idx ON book_authors (author_id);

-- migrate:down
DROP TABLE book_authors;
DROP TABLE books;
DROP TABLE products;
DROP TABLE authors;
DROP TABLE publishers;
DROP DOMAIN rupiah;
DROP TYPE product_status;
