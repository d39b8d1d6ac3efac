/** The driver `pg`, as far as `connect-postgres.ts` uses it. */
declare module "pg" {
  interface QueryResult {
    readonly rows: readonly Readonly<Record<string, unknown>>[];
  }
  interface ArrayResult {
    readonly rows: readonly (readonly unknown[])[];
    readonly fields: readonly { readonly name: string }[];
    readonly rowCount: number | null;
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
    query(config: {
      readonly text: string;
      readonly values: readonly unknown[];
      readonly rowMode: "array";
      readonly queryMode: "extended";
      readonly types: { getTypeParser(type: number): (text: string) => unknown };
    }): Promise<ArrayResult>;
    end(): Promise<void>;
    on(event: "error", listener: (error: Error) => void): this;
  }
  const pg: { readonly Client: typeof Client };
  export default pg;
}
