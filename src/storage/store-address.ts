import { AksaraError } from "../errors.ts";

/** An address of a store on a server: `postgresql://…`, `redis://…`, `rediss://…`. */
export interface StoreAddress {
  readonly kind: "postgres" | "redis";
  readonly url: string;
  /** Host, port and database: what may be said of it. */
  readonly place: string;
}

const KINDS: Readonly<Record<string, StoreAddress["kind"]>> = {
  "postgres:": "postgres",
  "postgresql:": "postgres",
  "redis:": "redis",
  "rediss:": "redis",
};

/** @throws SPEC_INVALID, which never repeats the address: it may hold a password */
export function readStoreAddress(url: string): StoreAddress {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const kind = parsed && Object.hasOwn(KINDS, parsed.protocol) ? KINDS[parsed.protocol] : undefined;
  if (!parsed || !kind)
    throw new AksaraError("SPEC_INVALID", "This is no address of a store.", {
      hint: "Write postgresql://user:password@host:5432/database or redis://user:password@host:6379/0.",
    });
  return { kind, url, place: `${parsed.host || "localhost"}${parsed.pathname}` };
}

/** What a server or driver said, without the name and the password of the address. */
export function withoutCredentials(text: string, url: string): string {
  const { username, password } = new URL(url);
  const secrets = [password, decoded(password), `${username}:${password}`].filter((secret) => secret !== "");
  return secrets.reduce((said, secret) => said.replaceAll(secret, "[redacted]"), text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
