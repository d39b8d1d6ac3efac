/** The driver `pg`, as far as it is used here. */
declare module "pg" {
  export interface QueryResult {
    readonly rows: readonly Readonly<Record<string, unknown>>[];
    readonly rowCount: number | null;
  }
  export interface ArrayResult {
    readonly rows: readonly (readonly unknown[])[];
    readonly fields: readonly { readonly name: string }[];
    readonly rowCount: number | null;
  }
  interface ConnectionOptions {
    readonly connectionString: string;
    readonly application_name?: string;
    /** Server settings, as `psql` takes them in PGOPTIONS. */
    readonly options?: string;
    readonly connectionTimeoutMillis?: number;
    readonly query_timeout?: number;
    readonly keepAlive?: boolean;
  }
  export class Client {
    constructor(options: ConnectionOptions);
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
  export class Pool {
    constructor(
      options: ConnectionOptions & {
        readonly max: number;
        readonly idleTimeoutMillis: number;
        /** Connections at rest do not keep the process alive. */
        readonly allowExitOnIdle: boolean;
      },
    );
    query(sql: string, params?: readonly unknown[]): Promise<QueryResult>;
    end(): Promise<void>;
    on(event: "error", listener: (error: Error) => void): this;
  }
  const pg: { readonly Client: typeof Client; readonly Pool: typeof Pool };
  export default pg;
}
