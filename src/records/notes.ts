import type { KeyValues } from "../storage/store.ts";
import { changeValue, tenantKey } from "./change-value.ts";

const SPACE = "notes";

/** Something that an agent, or a person, noted for later. */
export interface Note {
  readonly name: string;
  readonly text: string;
  /** Null: for all conversations of the workspace. */
  readonly threadId: string | null;
  /** Who wrote it last: an agent with the way to it, or `person`. */
  readonly by: string;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/** The notes of one tenant. */
export class Notes {
  readonly #values: KeyValues;
  readonly #tenant: string;
  readonly #now: () => number;

  constructor(values: KeyValues, tenant: string, now: () => number) {
    this.#values = values;
    this.#tenant = tenant;
    this.#now = now;
  }

  /** Those of a conversation and of the workspace, by name. */
  async list(threadId: string | null): Promise<readonly Note[]> {
    const found = await this.#values.list(SPACE, { prefix: `${tenantKey(this.#tenant)}/` });
    return found
      .map(({ value }) => value as Note)
      .filter((note) => note.threadId === null || note.threadId === threadId)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Writes a note in the place of the one of its name; empty text removes it. Gives whether there is one now. */
  async write(note: Pick<Note, "name" | "text" | "threadId" | "by">): Promise<boolean> {
    const key = tenantKey(this.#tenant, note.threadId ?? "", note.name);
    if (note.text.trim() === "") {
      await this.#values.delete(SPACE, key);
      return false;
    }
    const updatedAt = new Date(this.#now()).toISOString();
    await changeValue<Note>(this.#values, SPACE, key, () => ({ ...note, updatedAt }));
    return true;
  }
}
