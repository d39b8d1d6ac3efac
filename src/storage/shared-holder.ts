import { randomBytes } from "node:crypto";

/**
 * A name of this process that no other has, on whatever machine or in whatever container it runs: two processes that
 * call themselves the same are two holders.
 */
const PROCESS = randomBytes(9).toString("base64url");

/** A holder as a store on a server keeps it. */
export function stampedHolder(holder: string): string {
  return `${PROCESS} ${holder}`;
}

/** The holder by the name that it gave itself. */
export function holderOf(stamped: string): string {
  return stamped.slice(stamped.indexOf(" ") + 1);
}
