import type { KeyValues } from "../storage/store.ts";
import { TenantRecords } from "./tenant-records.ts";

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
  readonly #records: TenantRecords<Note>;

  constructor(values: KeyValues, tenant: string, now: () => number) {
    this.#records = new TenantRecords(values, "notes", tenant, now);
  }

  /** Those of a conversation and of the workspace, by name. */
  async list(threadId: string | null): Promise<readonly Note[]> {
    const notes = await this.#records.list();
    return notes
      .filter((note) => note.threadId === null || note.threadId === threadId)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Writes a note in the place of the one of its name; empty text removes it. Gives whether there is one now. */
  async write(note: Pick<Note, "name" | "text" | "threadId" | "by">): Promise<boolean> {
    const key = [note.threadId ?? "", note.name];
    if (note.text.trim() === "") {
      await this.#records.delete(...key);
      return false;
    }
    const updatedAt = this.#records.now();
    await this.#records.change(key, () => ({ ...note, updatedAt }));
    return true;
  }
}
