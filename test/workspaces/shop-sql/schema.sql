--
-- PostgreSQL database dump
--

\restrict dbmate

-- Dumped from database version 15.18
-- Dumped by pg_dump version 15.18

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: citext; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;


--
-- Name: EXTENSION citext; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION citext IS 'data type for case-insensitive character strings';


--
-- Name: product_status; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.product_status AS ENUM (
    'draft',
    'active',
    'retired'
);


--
-- Name: rupiah; Type: DOMAIN; Schema: public; Owner: -
--

CREATE DOMAIN public.rupiah AS numeric(14,2)
	CONSTRAINT rupiah_check CHECK ((VALUE >= (0)::numeric));


--
-- Name: recalculate_order(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.recalculate_order() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE orders
    SET total = (SELECT coalesce(sum(amount), 0) FROM order_items WHERE order_id = NEW.order_id)
    WHERE id = NEW.order_id;
    RETURN NEW;
END;
$$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: api_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.api_keys (
    id bigint NOT NULL,
    owner text NOT NULL,
    key_hash text NOT NULL,
    scopes text[] DEFAULT '{}'::text[] NOT NULL,
    last_used_at timestamp with time zone
);


--
-- Name: api_keys_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.api_keys ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.api_keys_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: authors; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.authors (
    id bigint NOT NULL,
    full_name text NOT NULL,
    slug text NOT NULL,
    born_on date
);


--
-- Name: authors_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.authors ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.authors_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: book_authors; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.book_authors (
    book_id uuid NOT NULL,
    author_id bigint NOT NULL,
    "position" smallint DEFAULT 1 NOT NULL
);


--
-- Name: books; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.books (
    product_id uuid NOT NULL,
    isbn13 character(13) NOT NULL,
    pages smallint,
    CONSTRAINT books_pages_check CHECK ((pages > 0))
);


--
-- Name: customers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.customers (
    id integer NOT NULL,
    email public.citext NOT NULL,
    full_name text NOT NULL,
    phone text,
    date_of_birth date,
    address text,
    created_at timestamp without time zone DEFAULT now() NOT NULL
);


--
-- Name: customers_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.customers_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: customers_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.customers_id_seq OWNED BY public.customers.id;


--
-- Name: order_items; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.order_items (
    order_id bigint NOT NULL,
    line smallint NOT NULL,
    product_id uuid NOT NULL,
    quantity integer NOT NULL,
    unit_price public.rupiah NOT NULL,
    amount numeric(16,2) GENERATED ALWAYS AS (((quantity)::numeric * (unit_price)::numeric)) STORED,
    CONSTRAINT order_items_quantity_check CHECK ((quantity > 0))
);


--
-- Name: orders; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.orders (
    id bigint NOT NULL,
    number text NOT NULL,
    customer_id integer NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    total public.rupiah DEFAULT 0 NOT NULL,
    placed_at timestamp with time zone DEFAULT now() NOT NULL,
    channel text NOT NULL,
    tracking_token uuid DEFAULT gen_random_uuid() NOT NULL,
    CONSTRAINT orders_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'paid'::text, 'shipped'::text, 'delivered'::text, 'cancelled'::text])))
);


--
-- Name: daily_sales; Type: MATERIALIZED VIEW; Schema: public; Owner: -
--

CREATE MATERIALIZED VIEW public.daily_sales AS
 SELECT (o.placed_at)::date AS day,
    i.product_id,
    sum(i.quantity) AS copies
   FROM (public.orders o
     JOIN public.order_items i ON ((i.order_id = o.id)))
  WHERE (o.status <> 'cancelled'::text)
  GROUP BY ((o.placed_at)::date), i.product_id
  WITH NO DATA;


--
-- Name: import_log; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.import_log (
    imported_at timestamp with time zone DEFAULT now() NOT NULL,
    file_name text NOT NULL,
    rows_read integer NOT NULL,
    rows_skipped integer NOT NULL
);


--
-- Name: orders_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.orders ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.orders_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: payments; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.payments (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    order_id bigint NOT NULL,
    provider text NOT NULL,
    provider_reference text,
    amount numeric(14,2) NOT NULL,
    raw_response json,
    captured_at timestamp with time zone,
    CONSTRAINT payments_amount_positive CHECK (((amount)::double precision > (0)::double precision))
);


--
-- Name: reviews; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.reviews (
    id bigint NOT NULL,
    product_id uuid NOT NULL,
    customer_id integer NOT NULL,
    rating smallint NOT NULL,
    body text DEFAULT ''::text NOT NULL,
    status text DEFAULT 'waiting'::text NOT NULL,
    deleted_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT reviews_rating_check CHECK (((rating >= 1) AND (rating <= 5)))
);


--
-- Name: product_ratings; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.product_ratings AS
 SELECT reviews.product_id,
    avg(reviews.rating) AS rating,
    count(*) AS reviews
   FROM public.reviews
  WHERE ((reviews.status = 'published'::text) AND (reviews.deleted_at IS NULL))
  GROUP BY reviews.product_id;


--
-- Name: products; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.products (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    sku text NOT NULL,
    title text NOT NULL,
    slug text NOT NULL,
    price public.rupiah NOT NULL,
    status public.product_status DEFAULT 'draft'::public.product_status NOT NULL,
    stock_on_hand integer DEFAULT 0 NOT NULL,
    release_date date,
    publisher_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT products_stock_on_hand_check CHECK ((stock_on_hand >= 0))
);


--
-- Name: publishers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.publishers (
    id bigint NOT NULL,
    name text NOT NULL,
    country character(2) DEFAULT 'ID'::bpchar NOT NULL,
    contact_email public.citext
);


--
-- Name: publishers_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.publishers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.publishers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: reviews_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.reviews ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.reviews_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: schema_migrations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schema_migrations (
    version character varying(128) NOT NULL
);


--
-- Name: stock_movements; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.stock_movements (
    product_id uuid NOT NULL,
    moved_at timestamp with time zone DEFAULT now() NOT NULL,
    quantity integer NOT NULL,
    reason text NOT NULL
)
PARTITION BY RANGE (moved_at);


--
-- Name: stock_movements_2025; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.stock_movements_2025 (
    product_id uuid NOT NULL,
    moved_at timestamp with time zone DEFAULT now() NOT NULL,
    quantity integer NOT NULL,
    reason text NOT NULL
);


--
-- Name: stock_movements_2026; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.stock_movements_2026 (
    product_id uuid NOT NULL,
    moved_at timestamp with time zone DEFAULT now() NOT NULL,
    quantity integer NOT NULL,
    reason text NOT NULL
);


--
-- Name: stock_movements_2025; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.stock_movements ATTACH PARTITION public.stock_movements_2025 FOR VALUES FROM ('2025-01-01 00:00:00+00') TO ('2026-01-01 00:00:00+00');


--
-- Name: stock_movements_2026; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.stock_movements ATTACH PARTITION public.stock_movements_2026 FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');


--
-- Name: customers id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers ALTER COLUMN id SET DEFAULT nextval('public.customers_id_seq'::regclass);


--
-- Name: api_keys api_keys_key_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_key_hash_key UNIQUE (key_hash);


--
-- Name: api_keys api_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (id);


--
-- Name: authors authors_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.authors
    ADD CONSTRAINT authors_pkey PRIMARY KEY (id);


--
-- Name: authors authors_slug_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.authors
    ADD CONSTRAINT authors_slug_key UNIQUE (slug);


--
-- Name: book_authors book_authors_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.book_authors
    ADD CONSTRAINT book_authors_pkey PRIMARY KEY (book_id, author_id);


--
-- Name: books books_isbn13_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.books
    ADD CONSTRAINT books_isbn13_key UNIQUE (isbn13);


--
-- Name: books books_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.books
    ADD CONSTRAINT books_pkey PRIMARY KEY (product_id);


--
-- Name: customers customers_email_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_email_key UNIQUE (email);


--
-- Name: customers customers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (id);


--
-- Name: order_items order_items_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.order_items
    ADD CONSTRAINT order_items_pkey PRIMARY KEY (order_id, line);


--
-- Name: orders orders_number_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_number_key UNIQUE (number);


--
-- Name: orders orders_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);


--
-- Name: payments payments_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_pkey PRIMARY KEY (id);


--
-- Name: products products_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_pkey PRIMARY KEY (id);


--
-- Name: products products_sku_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_sku_key UNIQUE (sku);


--
-- Name: products products_slug_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_slug_key UNIQUE (slug);


--
-- Name: publishers publishers_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.publishers
    ADD CONSTRAINT publishers_name_key UNIQUE (name);


--
-- Name: publishers publishers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.publishers
    ADD CONSTRAINT publishers_pkey PRIMARY KEY (id);


--
-- Name: reviews reviews_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_pkey PRIMARY KEY (id);


--
-- Name: schema_migrations schema_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);


--
-- Name: book_authors_author_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX book_authors_author_idx ON public.book_authors USING btree (author_id);


--
-- Name: daily_sales_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX daily_sales_key ON public.daily_sales USING btree (day, product_id);


--
-- Name: orders_channel_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX orders_channel_idx ON public.orders USING btree (channel);


--
-- Name: orders_customer_placed_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX orders_customer_placed_idx ON public.orders USING btree (customer_id, placed_at DESC);


--
-- Name: payments_order_id_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX payments_order_id_idx ON public.payments USING btree (order_id);


--
-- Name: products_sku_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX products_sku_idx ON public.products USING btree (sku);


--
-- Name: products_status_release_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX products_status_release_idx ON public.products USING btree (status, release_date DESC NULLS LAST);


--
-- Name: products_title_search_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX products_title_search_idx ON public.products USING gin (to_tsvector('simple'::regconfig, title));


--
-- Name: reviews_one_per_customer; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX reviews_one_per_customer ON public.reviews USING btree (product_id, customer_id) WHERE (deleted_at IS NULL);


--
-- Name: stock_movements_product_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX stock_movements_product_idx ON ONLY public.stock_movements USING btree (product_id, moved_at);


--
-- Name: stock_movements_2025_product_id_moved_at_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX stock_movements_2025_product_id_moved_at_idx ON public.stock_movements_2025 USING btree (product_id, moved_at);


--
-- Name: stock_movements_2026_product_id_moved_at_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX stock_movements_2026_product_id_moved_at_idx ON public.stock_movements_2026 USING btree (product_id, moved_at);


--
-- Name: stock_movements_2025_product_id_moved_at_idx; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.stock_movements_product_idx ATTACH PARTITION public.stock_movements_2025_product_id_moved_at_idx;


--
-- Name: stock_movements_2026_product_id_moved_at_idx; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.stock_movements_product_idx ATTACH PARTITION public.stock_movements_2026_product_id_moved_at_idx;


--
-- Name: order_items order_items_total; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER order_items_total AFTER INSERT OR UPDATE ON public.order_items FOR EACH ROW EXECUTE FUNCTION public.recalculate_order();


--
-- Name: book_authors book_authors_author_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.book_authors
    ADD CONSTRAINT book_authors_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.authors(id);


--
-- Name: book_authors book_authors_book_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.book_authors
    ADD CONSTRAINT book_authors_book_id_fkey FOREIGN KEY (book_id) REFERENCES public.books(product_id) ON DELETE CASCADE;


--
-- Name: books books_product_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.books
    ADD CONSTRAINT books_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id) ON DELETE CASCADE;


--
-- Name: order_items order_items_order_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.order_items
    ADD CONSTRAINT order_items_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id) ON DELETE CASCADE;


--
-- Name: order_items order_items_product_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.order_items
    ADD CONSTRAINT order_items_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id);


--
-- Name: orders orders_customer_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customers(id);


--
-- Name: payments payments_order_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);


--
-- Name: products products_publisher_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_publisher_id_fkey FOREIGN KEY (publisher_id) REFERENCES public.publishers(id) ON DELETE RESTRICT;


--
-- Name: reviews reviews_customer_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customers(id) ON DELETE CASCADE;


--
-- Name: reviews reviews_product_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.reviews
    ADD CONSTRAINT reviews_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id) ON DELETE CASCADE;


--
-- Name: stock_movements stock_movements_product_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE public.stock_movements
    ADD CONSTRAINT stock_movements_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id);


--
-- Name: api_keys; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.api_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: reviews own_reviews; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY own_reviews ON public.reviews USING ((customer_id = (current_setting('app.customer_id'::text))::integer));


--
-- PostgreSQL database dump complete
--

\unrestrict dbmate


--
-- Dbmate schema migrations
--

INSERT INTO public.schema_migrations (version) VALUES
    ('20240916091200'),
    ('20240917154000'),
    ('20250113083000'),
    ('20250203095500'),
    ('20250210141100'),
    ('20250602134700'),
    ('20250815072000'),
    ('20251104101500');
