import { createHash } from "node:crypto";

/** One statement of a schema. */
export interface SchemaStatement {
  /** What it makes, for the report: `table orders`, `index on orders (status)`, `migration 0003_add_note`. */
  readonly about: string;
  readonly sql: string;
}

/** A schema as the statements that build it on an empty database, and what else its source knows. */
export interface LabSchema {
  readonly dialect: "postgresql" | "sqlite";
  /** What it was read from, for people: `32 models`, `7 migrations in prisma/migrations`. */
  readonly source: string;
  readonly statements: readonly SchemaStatement[];
  /** What could not even be said as a statement, with the reason. */
  readonly repairs: readonly { readonly about: string; readonly what: string }[];
  /** Values that a column takes though its type allows others (Django's `choices`), by `table.column`. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
  /** SQL that will be run on it: the extensions that it names are made ready. */
  readonly later?: readonly string[];
}

/** Changes when statements of the same text would be built otherwise: caches of other versions are not used. */
const BUILDER_VERSION = 1;

/** Equal keys: equal databases. */
export function schemaKey(schema: LabSchema, engine: string): string {
  const hash = createHash("sha256").update(`${BUILDER_VERSION}\0${engine}\0${schema.dialect}`);
  for (const { about, sql } of schema.statements) hash.update(`\0${about}\0${sql}`);
  for (const sql of schema.later ?? []) hash.update(`\0\0${sql}`);
  return hash.digest("hex").slice(0, 32);
}
