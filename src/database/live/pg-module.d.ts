/** The driver `pg`, as far as `connect-postgres.ts` uses it. */
declare module "pg" {
  interface QueryResult {
    readonly rows: readonly Readonly<Record<string, unknown>>[];
  }
  class Client {
    constructor(options: {
      readonly connectionString: string;
      readonly application_name?: string;
      /** Server settings, as `psql` takes them in PGOPTIONS. */
      readonly options?: string;
      readonly connectionTimeoutMillis?: number;
      readonly query_timeout?: number;
    });
    readonly connection: { readonly stream: { destroy(): void } };
    connect(): Promise<void>;
    query(sql: string): Promise<QueryResult>;
    end(): Promise<void>;
    on(event: "error", listener: (error: Error) => void): this;
  }
  const pg: { readonly Client: typeof Client };
  export default pg;
}
