import { AksaraError } from "../errors.ts";
import { estimateTokens } from "../flows/pack/token-estimate.ts";
import { Journal } from "../records/journal.ts";
import type { Store } from "../storage/store.ts";
import { digestOfConversation } from "./run/compaction.ts";
import { sizeOf } from "./run/message-size.ts";
import { openSession, readPast } from "./sessions.ts";

/** Estimated tokens of what a conversation tells the model before each turn. */
export interface CompactReport {
  readonly before: number;
  /** The same number where a digest would have gained nothing: then nothing was changed. */
  readonly after: number;
}

/**
 * Replaces what was said in a conversation by a digest, for the turns that follow. The journals keep all of it.
 * @throws THREAD_BUSY while a turn goes on, INVALID_REQUEST when nothing was said or a question waits, RUN_NOT_FOUND
 */
export async function compactSession(
  sessionId: string,
  store: Store,
  agent: string,
  now: () => number,
): Promise<CompactReport> {
  const last = (await openSession(store, sessionId)).runs.at(-1);
  if (last === undefined)
    throw new AksaraError("INVALID_REQUEST", "Nothing was said yet: there is nothing to shorten.");
  const { journal } = await Journal.open(store, last, { agent, lease: `session:${sessionId}`, now });
  try {
    const { covering, messages } = await readPast(store, await openSession(store, sessionId));
    if ((covering.at(-1)?.open.length ?? 0) > 0)
      throw new AksaraError("INVALID_REQUEST", "The last turn is in the middle of something.", {
        hint: "Answer what it asks, or go on with it, and shorten the conversation afterwards.",
      });
    const before = messages.reduce((sum, message) => sum + sizeOf(message), 0);
    const digest = digestOfConversation(covering);
    const after = estimateTokens(digest);
    if (after >= before) return { before, after: before };
    await journal.append({ type: "conversation-compacted", digest }, true);
    return { before, after };
  } finally {
    await journal.close();
  }
}
