/** How connections leave this machine. */
export interface ProxyOptions {
  /** URL of a proxy for all; empty or absent: what the environment says. */
  readonly proxy?: string;
  /** Hosts that are reached directly, as in NO_PROXY; absent: what the environment says. */
  readonly noProxy?: readonly string[];
  /** False accepts any certificate. */
  readonly strictSsl?: boolean;
  /** Certificates (PEM) trusted besides those that Node trusts. */
  readonly ca?: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What the options and the environment come to; "" is none. */
export interface ProxySettings {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

export function proxySettings(options: ProxyOptions): ProxySettings {
  const { environment: env } = options;
  const all = env.all_proxy ?? env.ALL_PROXY ?? "";
  const given = options.proxy ?? "";
  return {
    httpProxy: given || (env.http_proxy ?? env.HTTP_PROXY ?? all),
    httpsProxy: given || (env.https_proxy ?? env.HTTPS_PROXY ?? all),
    noProxy: options.noProxy?.join(",") ?? env.no_proxy ?? env.NO_PROXY ?? "",
  };
}

/** Whether a URL names this very machine; such connections take no proxy. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  return (
    host === "localhost" || host.endsWith(".localhost") || host === "::1" || /^127(?:\.\d+){3}$/.test(host)
  );
}
