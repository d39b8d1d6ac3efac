import * as vscode from "vscode";
import { type StepId, stepChanges } from "../../../agent/undo-parts.ts";
import { AksaraError } from "../../../errors.ts";
import type { ChosenFile } from "../../../protocol/agent.ts";
import type { Store } from "../../../storage/store.ts";
import { sha256 } from "../../../workspace/hash.ts";
import type { EditReview } from "./edit-review.ts";
import type { ReviewSubject } from "./edit-reviews.ts";
import { nameOf } from "./review-proposal.ts";

/**
 * What a step of an agent made of files, as a review: what is rejected there is taken back.
 * @throws CONTEXT_NOT_FOUND where it changed nothing, or nothing that was not taken back
 */
export async function stepReview(
  step: StepId,
  store: Store,
  keep: (kept: readonly ChosenFile[]) => Promise<void>,
): Promise<ReviewSubject> {
  const changes = await stepChanges(step, store);
  if (changes.length === 0)
    throw new AksaraError("CONTEXT_NOT_FOUND", vscode.l10n.t("This step has left no change in a file."));
  const left = sha256(
    changes.map(({ uri, after }) => `${uri} ${after === null ? "" : sha256(after)}`).join(),
  );
  const contents = changes.map(({ uri, before, after }) => ({ uri, before: before?.bytes ?? null, after }));
  return {
    // Of the same step something may have been taken back since it was looked at: that is another review.
    id: `${step.runId}.${step.callId}.${left.slice(0, 12)}`,
    contents,
    titleOf: (uri) => vscode.l10n.t("{0} (changed by the agent)", nameOf(uri)),
    finish: async (review, how) => {
      const kept = how === "all" ? [] : rejectedFiles(review, how === "none");
      if (kept.length > 0) await keep(kept);
      return true;
    },
  };
}

/** Files that something is taken back of, with what stays. */
function rejectedFiles(review: EditReview, everything: boolean): readonly ChosenFile[] {
  return review
    .chosen(everything ? [] : ["accepted", "open"])
    .filter(({ uri, hunks }) => hunks.length < (review.file(uri)?.hunks.length ?? 0));
}
