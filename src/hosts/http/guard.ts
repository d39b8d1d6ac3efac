import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { TransportError } from "./transport-error.ts";

/** Who may talk to the server: the address it listens on, and the token it printed. */
export interface Gate {
  /** As given to listen: `127.0.0.1`, `0.0.0.0`, a name. */
  readonly host: string;
  readonly port: number;
  readonly token: string;
}

/**
 * Lets a request pass, or says why not. Host and Origin come first: a page in the person's browser that was led here
 * by a rebound name learns nothing, not even whether a token fits.
 * @throws TransportError 403, 401
 */
export function checkRequest(request: IncomingMessage, gate: Gate): void {
  const { host, origin, authorization } = request.headers;
  if (host === undefined || !isOwnHost(host, gate))
    throw new TransportError(403, `This server is not ${host ?? "named"}.`);
  if (origin !== undefined && !isOwnOrigin(origin, gate))
    throw new TransportError(403, `Pages of ${origin} may not use this server.`);
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (given === undefined || !isEqual(given, gate.token))
    throw new TransportError(401, "The bearer token that was printed at the start is missing or wrong.", {
      "www-authenticate": 'Bearer realm="aksara"',
    });
}

const LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"];
const WILDCARDS = ["0.0.0.0", "::"];

function isOwnHost(host: string, { host: listening, port }: Gate): boolean {
  const url = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : null;
  // What is not exactly a name and a port is not a Host header.
  if (!url || url.host !== host.toLowerCase().replace(/:80$/, "") || Number(url.port || 80) !== port)
    return false;
  const name = url.hostname;
  if (LOOPBACK_NAMES.includes(name) || name === listening.toLowerCase() || name === `[${listening}]`)
    return true;
  return WILDCARDS.includes(listening) && isIP(name.replace(/^\[|\]$/g, "")) !== 0;
}

function isOwnOrigin(origin: string, gate: Gate): boolean {
  const match = /^http:\/\/([^/]+)$/.exec(origin);
  return match?.[1] !== undefined && isOwnHost(match[1], gate);
}

/** Compares in a time that tells nothing about how much of the token was right. */
function isEqual(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
