/** A store on a server that several processes share. */
export interface SharedStorePlace {
  /** `postgresql://…` or `redis://…`, with its password: kept nowhere, said nowhere. */
  readonly url: string;
  /** Who uses the same name shares threads; absent: the id of the workspace, from its path. */
  readonly namespace?: string | undefined;
}

/**
 * The store that the person's environment names (`AKSARA_STORE_URL`, `AKSARA_STORE_NAMESPACE`); null when it names none.
 * There is no other place to name one: a file of a workspace must not choose a server that conversations are sent to.
 */
export function storeOfEnvironment(environment: NodeJS.ProcessEnv): SharedStorePlace | null {
  const { AKSARA_STORE_URL: url, AKSARA_STORE_NAMESPACE: namespace } = environment;
  return url ? { url, namespace: namespace || undefined } : null;
}
