import { randomBytes } from "node:crypto";
import { AksaraError } from "../errors.ts";
import type { ModelMessage } from "../providers/model-stream.ts";
import { beginningOf, readJournal } from "../records/journal.ts";
import type { RunStarted } from "../records/journal-record.ts";
import type { Store } from "../storage/store.ts";
import { closedMessages, foldRun, type RunState } from "./run/run-state.ts";

const SPACE = "sessions";

/** A conversation: its runs, in order. */
export interface SessionRecord {
  readonly id: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly runs: readonly string[];
  readonly ended: boolean;
}

export function newSessionId(): string {
  return randomBytes(12).toString("hex");
}

/** Null when there is none. */
export async function findSession(store: Store, id: string): Promise<SessionRecord | null> {
  return ((await store.values.get(SPACE, id))?.value as SessionRecord | undefined) ?? null;
}

/** All that were kept, in order of their id. */
export async function listSessions(store: Store): Promise<readonly SessionRecord[]> {
  return (await store.values.list(SPACE)).map(({ value }) => value as SessionRecord);
}

export async function saveSession(store: Store, session: SessionRecord): Promise<void> {
  await store.values.set(SPACE, session.id, session);
}

/** Makes the index of sessions anew from the journals. */
export async function rebuildSessions(store: Store): Promise<void> {
  const sessions = new Map<string, { startedAt: string; runs: { runId: string; turn: number }[] }>();
  for (const runId of await store.logs.list()) {
    const [first] = await readJournal(store, runId);
    if (first?.type !== "run-started" || !isTurn(first)) continue;
    const session = sessions.get(first.sessionId) ?? { startedAt: first.at, runs: [] };
    session.runs.push({ runId, turn: first.turn });
    sessions.set(first.sessionId, session);
  }
  for (const [id, { startedAt, runs }] of sessions) {
    const known = await findSession(store, id);
    const ordered = runs.sort((a, b) => a.turn - b.turn || (a.runId < b.runId ? -1 : 1));
    await saveSession(store, {
      id,
      startedAt: known?.startedAt ?? startedAt,
      runs: ordered.map(({ runId }) => runId),
      ended: known?.ended ?? false,
    });
  }
}

/** Runs of agents that work together stand under their threads; where that is a conversation, those that it asked for. */
function isTurn({ runId, sessionId, labels: { thread, root } }: RunStarted): boolean {
  return thread === undefined || (thread === sessionId && root === runId);
}

/** What runs of a session before one leave to it. */
export interface SessionPast {
  readonly messages: readonly ModelMessage[];
  readonly tokens: number;
  readonly states: readonly RunState[];
  /** Those of the states that the messages come from: a digest stands for what was before it. */
  readonly covering: readonly RunState[];
}

/** Reads the runs of a session, all or those before one. */
export async function readPast(store: Store, session: SessionRecord, before?: string): Promise<SessionPast> {
  const end = before === undefined ? session.runs.length : session.runs.indexOf(before);
  const states: RunState[] = [];
  for (const runId of session.runs.slice(0, end === -1 ? undefined : end))
    states.push(foldRun(await readJournal(store, runId)));
  const digest = states.findLastIndex(({ coversPast }) => coversPast);
  const covering = states.slice(Math.max(0, digest));
  return {
    messages: covering.flatMap((state) => closedMessages(state)),
    covering,
    tokens: states.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0),
    states,
  };
}

/** A run as its journal says. @throws RUN_NOT_FOUND */
export async function readRun(store: Store, runId: string): Promise<RunState> {
  const isName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,119}$/.test(runId);
  const records = isName ? await readJournal(store, runId) : [];
  beginningOf(records, runId);
  return foldRun(records);
}

/** @throws RUN_NOT_FOUND, or INVALID_REQUEST for one that was ended */
export async function openSession(store: Store, id: string): Promise<SessionRecord> {
  const session = await findSession(store, id);
  if (!session) throw new AksaraError("RUN_NOT_FOUND", `There is no session ${id}.`);
  if (session.ended)
    throw new AksaraError("INVALID_REQUEST", `The session ${id} was ended.`, { hint: "Start a new one." });
  return session;
}
