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

  /** The text with the key, and what is left of it after a provider masked it, taken out. */
  removeFrom(text: string): string {
    const whole = text.replaceAll(this.#value, "[key]");
    const encoded = encodeURIComponent(this.#value);
    return encoded === this.#value ? whole : whole.replaceAll(encoded, "[key]");
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
