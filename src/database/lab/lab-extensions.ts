/**
 * PostgreSQL extensions that ship with the product, each as `<name>.tar.gz` in the lab's assets folder: the ones that
 * schemas ask for. The build copies these and no others.
 */
export const LAB_EXTENSIONS = [
  "btree_gin",
  "btree_gist",
  "citext",
  "fuzzystrmatch",
  "hstore",
  "ltree",
  "pg_trgm",
  "pgcrypto",
  "unaccent",
  "uuid-ossp",
] as const;

export type LabExtension = (typeof LAB_EXTENSIONS)[number];
