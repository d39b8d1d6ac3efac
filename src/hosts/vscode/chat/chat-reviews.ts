import * as vscode from "vscode";
import { AksaraError } from "../../../errors.ts";
import type { Store } from "../../../storage/store.ts";
import { loadReviews, settleReview } from "../edits/register-edit-reviews.ts";
import type { ChatThread } from "./chat-thread.ts";
import type { TranscriptChange } from "./transcript.ts";
import { stepOf } from "./transcript-run.ts";

/**
 * Shows what a question of a thread would change in the editor's own comparison, to be answered there. `goOn`: the answer
 * is given and its run is to be taken up again.
 * @throws APPROVAL_UNKNOWN
 */
export async function reviewQuestion(
  thread: ChatThread | null,
  id: string,
  { blobs }: Store,
  goOn: () => void,
): Promise<void> {
  const asked = thread?.transcript.asked.find(({ approval }) => approval?.request.id === id);
  if (!thread || !asked?.approval)
    throw new AksaraError("APPROVAL_UNKNOWN", vscode.l10n.t("The agent does not ask this any more."));
  const { proposalReview } = await import("../edits/review-proposal.ts");
  const subject = await proposalReview(asked.approval.request, blobs, async (given) => {
    if (await thread.answer(id, given)) goOn();
  });
  await (await loadReviews()).open(subject);
}

/** Shows what a step of a thread changed in files, of which a part can be taken back there. */
export async function reviewStep(thread: ChatThread, item: string, store: Store): Promise<void> {
  const step = stepOf(item);
  const { stepReview } = await import("../edits/review-step.ts");
  const subject = await stepReview(step, store, (kept) => thread.undoParts(step, kept));
  await (await loadReviews()).open(subject);
}

/** A question that was answered in the chat is not looked at in the editor any more. */
export function settleAnswered(change: TranscriptChange): void {
  if (change.type !== "item" || change.item.kind !== "call" || change.item.state === "asking") return;
  const { approval } = change.item;
  if (approval) void settleReview(approval.request.id);
}
