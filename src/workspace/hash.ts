import crypto from "node:crypto";

/** Without an object for each text it takes a third of the time; Node 20 has it from its twelfth release on. */
const hashAtOnce: typeof crypto.hash | undefined = crypto.hash;

/** SHA-256 in hex of the UTF-8 bytes of a text. */
export function sha256(text: string | Uint8Array): string {
  return hashAtOnce?.("sha256", text, "hex") ?? crypto.createHash("sha256").update(text).digest("hex");
}

/** The short hash carried by catalog objects and evidence: the first 16 hex digits of SHA-256. */
export function hashText(text: string | Uint8Array): string {
  return sha256(text).slice(0, 16);
}
