import { listSessions, type SessionRecord } from "../../../agent/sessions.ts";
import type { ThreadSummary } from "../../../protocol/chat.ts";
import { readJournal } from "../../../records/journal.ts";
import { titleOf } from "../../../records/task-title.ts";
import type { Store } from "../../../storage/store.ts";
import { readTurn } from "./read-turn.ts";
import { Transcript } from "./transcript.ts";

/** Threads that are listed; older ones are on the disk still. */
const MOST = 100;

/** The conversations of a workspace, by whatever host, the newest first. */
export async function listThreads(store: Store): Promise<readonly ThreadSummary[]> {
  const sessions = (await listSessions(store)).filter(({ runs }) => runs.length > 0);
  const newest = [...sessions].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)).slice(0, MOST);
  const threads: ThreadSummary[] = [];
  for (const session of newest) threads.push(await summaryOf(session, store));
  return threads.sort((a, b) => (a.at < b.at ? 1 : -1));
}

async function summaryOf(session: SessionRecord, store: Store): Promise<ThreadSummary> {
  const [first] = session.runs;
  const last = session.runs.at(-1);
  const begun = first === undefined ? [] : await readJournal(store, first);
  const ended = last === undefined ? begun : await readTurn(store, last);
  const opening = begun[0];
  const transcript = new Transcript();
  for (const record of ended) transcript.apply(record);
  return {
    id: session.id,
    title: opening?.type === "run-started" ? titleOf(opening.task) : "",
    at: ended.map(({ at }) => at).reduce((a, b) => (a > b ? a : b), session.startedAt),
    turns: session.runs.length,
    state: await stateOf(transcript, session.id, store),
  };
}

async function stateOf(
  transcript: Transcript,
  session: string,
  store: Store,
): Promise<ThreadSummary["state"]> {
  const end = transcript.last?.end ?? "open";
  if (end !== "open") return "done";
  if (transcript.asked.length > 0) return "asking";
  return (await store.leases.holderOf(`session:${session}`)) === null ? "open" : "working";
}
