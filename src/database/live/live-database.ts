/** A connection to somebody's database that can only read. Port: the driver is loaded when it is first needed. */
export interface LiveDatabase {
  /** Host and database, without user and password. */
  readonly place: string;
  /** `PostgreSQL 17.2`. */
  readonly engine: string;
  /** @throws TIMEOUT, CANCELLED, RUNTIME_ERROR with the database's own words */
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}
