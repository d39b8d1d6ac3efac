/**
 * The tables of the store. Names and keys sort by their bytes, whatever the database's own order is. The lock lets one
 * process make them at a time: `IF NOT EXISTS` alone fails when two begin together.
 */
export const POSTGRES_SCHEMA = `
BEGIN;
SELECT pg_advisory_xact_lock(hashtext('aksara.store'));
CREATE SCHEMA IF NOT EXISTS aksara;
CREATE TABLE IF NOT EXISTS aksara.stored_values (
  namespace text COLLATE "C" NOT NULL,
  space text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  value text NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (namespace, space, key)
);
CREATE TABLE IF NOT EXISTS aksara.logs (
  namespace text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  length bigint NOT NULL,
  PRIMARY KEY (namespace, name)
);
CREATE TABLE IF NOT EXISTS aksara.log_entries (
  namespace text COLLATE "C" NOT NULL,
  log text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  entry text NOT NULL,
  batch uuid NOT NULL,
  PRIMARY KEY (namespace, log, position),
  FOREIGN KEY (namespace, log) REFERENCES aksara.logs (namespace, name) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE IF NOT EXISTS aksara.leases (
  namespace text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  holder text NOT NULL,
  token bigint NOT NULL,
  expires_at bigint NOT NULL,
  PRIMARY KEY (namespace, name)
);
CREATE TABLE IF NOT EXISTS aksara.contents (
  namespace text COLLATE "C" NOT NULL,
  hash text COLLATE "C" NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (namespace, hash)
);
COMMIT;
`;
