import { readJournal } from "../../../records/journal.ts";
import type { JournalRecord } from "../../../records/journal-record.ts";
import type { Store } from "../../../storage/store.ts";

/** The journal of a turn, and after it those of the runs that it handed tasks to. */
export async function readTurn(store: Store, run: string): Promise<readonly JournalRecord[]> {
  const records = [...(await readJournal(store, run))];
  const below = records.flatMap((record) => (record.type === "handoff" ? [record.childRunId] : []));
  for (const child of new Set(below)) records.push(...(await readTurn(store, child)));
  return records;
}
