import type { Verdict } from "../../../../src/protocol/execution.ts";

/** A constraint for the sample workspace `shop-sql`, and what has to become of it. */
export interface JudgedConstraint {
  readonly title: string;
  readonly statements: readonly string[];
  readonly verdict: Verdict;
  /** Part of the proof's summary. */
  readonly because: RegExp;
}

export const GOOD_CONSTRAINTS: readonly JudgedConstraint[] = [
  good(
    "a check of two columns",
    /Failing row|violated by some row/,
    "ALTER TABLE payments ADD CONSTRAINT captured CHECK (captured_at IS NULL OR amount >= 5)",
  ),
  good(
    "a check with a bound",
    /violated by some row|Failing row/,
    "ALTER TABLE order_items ADD CONSTRAINT quantity_limit CHECK (quantity <= 100)",
  ),
  good(
    "a check that is validated later",
    /violated by some row/,
    "ALTER TABLE books ADD CONSTRAINT books_pages_limit CHECK (pages < 10) NOT VALID; -- first",
    "ALTER TABLE books VALIDATE CONSTRAINT books_pages_limit;",
  ),
  good(
    "a check of a list",
    /violated by some row/,
    "ALTER TABLE reviews ADD CHECK (status IN ('waiting', 'published', 'rejected'))",
  ),
  good(
    "a column that must have a value",
    /contains null values/,
    "ALTER TABLE products ALTER COLUMN publisher_id SET NOT NULL",
  ),
  good(
    "a column that is optional today and is named like a word",
    /contains null values/,
    "ALTER TABLE customers ALTER COLUMN phone SET NOT NULL",
  ),
  good(
    "one value once",
    /is duplicated/,
    "ALTER TABLE products ADD CONSTRAINT products_title_key UNIQUE (title)",
  ),
  good("two values once together", /is duplicated/, "ALTER TABLE payments ADD UNIQUE (order_id, provider)"),
  good(
    "a reference",
    /is not present in table/,
    "ALTER TABLE payments ADD FOREIGN KEY (id) REFERENCES products (id)",
  ),
  good("a default", /no row can break it/, "ALTER TABLE customers ALTER COLUMN phone SET DEFAULT ''"),
  good(
    "no two at a time",
    /conflicts with key/,
    "ALTER TABLE payments ADD EXCLUDE USING btree (provider WITH =)",
  ),
];

export const BAD_CONSTRAINTS: readonly JudgedConstraint[] = [
  bad(
    "a column that is not there",
    /column "price" does not exist/,
    "ALTER TABLE orders ADD CONSTRAINT c CHECK (price > 0)",
  ),
  bad(
    "a table that is not there",
    /relation "purchases" does not exist/,
    "ALTER TABLE purchases ADD UNIQUE (number)",
  ),
  bad(
    "a name that is taken",
    /already exists/,
    "ALTER TABLE orders ADD CONSTRAINT orders_number_key UNIQUE (number)",
  ),
  bad(
    "the same under another name",
    /adds nothing.*unique/,
    "ALTER TABLE orders ADD CONSTRAINT orders_number_again UNIQUE (number)",
  ),
  bad("a check that is there", /adds nothing/, "ALTER TABLE books ADD CHECK (pages > 0)"),
  bad(
    "a value that it must have already",
    /adds nothing/,
    "ALTER TABLE orders ALTER COLUMN number SET NOT NULL",
  ),
  bad(
    "a reference that is there",
    /adds nothing/,
    "ALTER TABLE payments ADD FOREIGN KEY (order_id) REFERENCES orders (id)",
  ),
  bad(
    "a reference between types that do not compare",
    /cannot be implemented/,
    "ALTER TABLE orders ADD FOREIGN KEY (number) REFERENCES customers (id)",
  ),
  bad(
    "a reference to what is not unique",
    /no unique constraint matching/,
    "ALTER TABLE payments ADD FOREIGN KEY (provider) REFERENCES products (title)",
  ),
  bad(
    "a check that compares a text with a number",
    /operator does not exist/,
    "ALTER TABLE orders ADD CHECK (status > 5)",
  ),
  bad("words that are no SQL", /no SQL that PostgreSQL reads/, "ALTER TABLE orders ADD CHECK total > 0"),
  bad("a second primary key", /multiple primary keys/, "ALTER TABLE orders ADD PRIMARY KEY (number)"),
];

function good(title: string, because: RegExp, ...statements: readonly string[]): JudgedConstraint {
  return { title, statements, verdict: "verified", because };
}

function bad(title: string, because: RegExp, ...statements: readonly string[]): JudgedConstraint {
  return { title, statements, verdict: "refuted", because };
}
