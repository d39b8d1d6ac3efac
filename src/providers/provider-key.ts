import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { ProviderError } from "./provider-error.ts";

/**
 * A key and the origin (scheme, host, port) it was entered for. The value leaves this object only towards that
 * origin; printing, inspecting or serialising the object never shows it.
 */
export class ProviderKey {
  readonly origin: string;
  /** Tells two keys apart without giving either away. */
  readonly fingerprint: string;
  readonly #value: string;

  /** @throws ProviderError auth, when no header can carry the value */
  constructor(value: string, url: string) {
    this.#value = value.trim();
    this.origin = new URL(url).origin;
    if (!/^[\x21-\x7e]+$/.test(this.#value)) {
      throw new ProviderError({
        kind: "auth",
        provider: this.origin,
        message: `The key for ${this.origin} is empty or holds characters that no key has (a space, a line break, an accent).`,
        hint: "Enter the key again.",
      });
    }
    this.fingerprint = createHash("sha256").update(this.#value).digest("hex").slice(0, 16);
  }

  /** @throws ProviderError auth, when the URL belongs to another origin than the key */
  valueFor(url: URL, provider: string): string {
    if (url.origin !== this.origin) throw foreignOrigin(this.origin, url.origin, provider);
    return this.#value;
  }

  /** The text without the key, and without a beginning or an end of it that somebody left when cutting it short. */
  removeFrom(text: string): string {
    const value = this.#value;
    let clean = text.replaceAll(value, "[key]").replaceAll(encodeURIComponent(value), "[key]");
    for (let length = value.length - 1; length >= 8; length--) {
      clean = clean.replaceAll(value.slice(0, length), "[key]").replaceAll(value.slice(-length), "[key]");
    }
    return clean;
  }

  toJSON(): string {
    return "[key]";
  }

  toString(): string {
    return "[key]";
  }

  [inspect.custom](): string {
    return `ProviderKey(${this.origin})`;
  }
}

/** The failure of a key that would have gone where it was not entered for. */
export function foreignOrigin(keyOrigin: string, origin: string, provider: string): ProviderError {
  return new ProviderError({
    kind: "auth",
    provider,
    message: `The key was entered for ${keyOrigin} and is not sent to ${origin}.`,
    hint: `Enter a key for ${origin}, or correct base_url.`,
  });
}
