import { createHash } from "node:crypto";

/** SHA-256 in hex of the UTF-8 bytes of a text. */
export function sha256(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The short hash carried by catalog objects and evidence: the first 16 hex digits of SHA-256. */
export function hashText(text: string | Uint8Array): string {
  return sha256(text).slice(0, 16);
}
