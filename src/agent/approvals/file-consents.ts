import * as z from "zod";
import type { Store } from "../../storage/store.ts";

/** A person's yes to something that a file of the workspace names, for exactly this state of the file. */
export interface FileConsent {
  /** `mcp-server`, `tool`, … */
  readonly kind: string;
  readonly name: string;
  /** Of all that was said yes to. */
  readonly hash: string;
  /** What was allowed, in words of the kind. */
  readonly extent: string;
  /** ISO 8601. */
  readonly givenAt: string;
}

const SPACE = "file-consents";
/** The kind of the tools that files of a workspace define. */
export const TOOL_CONSENT = "tool";

/** What the extent of a yes to a tool says, as JSON. */
export const toolExtentSchema = z.object({ name: z.string(), class: z.string(), risk: z.string() });
export type ToolExtent = z.output<typeof toolExtentSchema>;

/**
 * What a person allowed of what files of the workspace name. It lies in the state directory of this machine: no file of
 * the workspace can add one, and a file that changes loses its own.
 */
export class FileConsents {
  readonly #store: Store;
  readonly #now: () => number;

  /** `store`: one that only this person writes to. */
  constructor(store: Store, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /** Null when there is none for this state of the file. */
  async find(kind: string, name: string, hash: string): Promise<FileConsent | null> {
    const consent = await this.last(kind, name);
    return consent?.hash === hash ? consent : null;
  }

  /** The last one, for whatever state of the file; null when there is none. */
  async last(kind: string, name: string): Promise<FileConsent | null> {
    const found = await this.#store.values.get(SPACE, keyOf(kind, name));
    return (found?.value as FileConsent | undefined) ?? null;
  }

  async give(kind: string, name: string, hash: string, extent: string): Promise<FileConsent> {
    const givenAt = new Date(this.#now()).toISOString();
    const consent = { kind, name, hash, extent, givenAt };
    await this.#store.values.set(SPACE, keyOf(kind, name), consent);
    return consent;
  }

  /** Whether there was one. */
  revoke(kind: string, name: string): Promise<boolean> {
    return this.#store.values.delete(SPACE, keyOf(kind, name));
  }

  /** Takes all back; gives how many there were. */
  async reset(): Promise<number> {
    const { values } = this.#store;
    const all = await values.list(SPACE);
    for (const { key } of all) await values.delete(SPACE, key);
    return all.length;
  }
}

function keyOf(kind: string, name: string): string {
  return `${kind}:${name}`;
}
