import type { SharedStoreOptions } from "./postgres-store.ts";
import type { Store } from "./store.ts";
import { readStoreAddress } from "./store-address.ts";

/** Opens a store on a server, by the kind of its address; loads the one driver it needs. @throws SPEC_INVALID, STORE_UNAVAILABLE */
export async function openSharedStore(options: SharedStoreOptions): Promise<Store> {
  switch (readStoreAddress(options.url).kind) {
    case "postgres": {
      const { PostgresStore } = await import("./postgres-store.ts");
      return await PostgresStore.open(options);
    }
    case "redis": {
      const { RedisStore } = await import("./redis-store.ts");
      return await RedisStore.open(options);
    }
  }
}
