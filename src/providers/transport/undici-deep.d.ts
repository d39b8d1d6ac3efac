// undici's own entry replaces the process-wide dispatcher when it loads, so that the proxy of everybody else in the
// process is dropped. These modules do not; the package types only its entry.

declare module "undici/lib/dispatcher/agent.js" {
  import type { Agent } from "undici";

  const DirectAgent: typeof Agent;
  export default DirectAgent;
}

declare module "undici/lib/dispatcher/env-http-proxy-agent.js" {
  import type { EnvHttpProxyAgent } from "undici";

  const ProxiedAgent: typeof EnvHttpProxyAgent;
  export default ProxiedAgent;
}

declare module "undici/lib/dispatcher/pool.js" {
  import type { Pool } from "undici";

  const ProxyPool: typeof Pool;
  export default ProxyPool;
}

declare module "undici/lib/api/api-connect.js" {
  import type { Dispatcher } from "undici";

  const connect: Dispatcher["connect"];
  export default connect;
}
