/** What a framework was asked: see the programs beside this one. Names are the framework's own. */
export interface Truth {
  readonly models: Readonly<
    Record<
      string,
      {
        /** With `--tables` the type in SQL, followed by ` not null`. */
        readonly fields: Readonly<Record<string, unknown>>;
        /** With `--tables` the columns of a foreign key, and `table(columns)`. */
        readonly relations: Readonly<Record<string, string>>;
        readonly indexes: readonly { readonly columns: readonly string[]; readonly unique: boolean }[];
      }
    >
  >;
  readonly routes: readonly {
    readonly path: readonly string[];
    readonly methods: readonly string[];
    /** Whether the handler is the project's own. */
    readonly own: boolean | null;
  }[];
  readonly migrations: readonly string[];
  /** Relations by name that need not be foreign keys: `posts.author → users`. */
  readonly declared?: readonly string[];
}

/** Names of each kind that is compared. */
export type Names = ReadonlyMap<string, ReadonlySet<string>>;
