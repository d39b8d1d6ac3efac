import * as vscode from "vscode";
import { AksaraError } from "../../../errors.ts";
import type { ApprovalAnswer, ApprovalRequest } from "../../../protocol/agent.ts";
import type { Blobs } from "../../../storage/store.ts";
import type { EditReview, ReviewedContents } from "./edit-review.ts";
import type { ReviewSubject } from "./edit-reviews.ts";

/**
 * The question of an agent whether it may change files, as a review: what is accepted there is the answer.
 * @throws STORE_UNAVAILABLE where what would be changed is not kept
 */
export async function proposalReview(
  { id, preview }: ApprovalRequest,
  blobs: Blobs,
  answer: (answer: ApprovalAnswer) => Promise<void>,
): Promise<ReviewSubject> {
  const contents: ReviewedContents[] = [];
  for (const { uri, before, after } of preview.kind === "diff" ? preview.files : [])
    contents.push({
      uri,
      before: await content(blobs, uri, before),
      after: await content(blobs, uri, after),
    });
  return {
    id,
    contents,
    titleOf: (uri) => vscode.l10n.t("{0} (proposed by the agent)", nameOf(uri)),
    finish: async (review, how) => {
      const given = how === "chosen" ? await chosenAnswer(review) : answerTo(how);
      if (given === null) return false;
      await answer(given);
      return true;
    },
  };
}

function answerTo(how: "all" | "none"): ApprovalAnswer {
  return how === "all" ? { outcome: "approve", scope: "once" } : { outcome: "reject" };
}

/** What was accepted, as an answer; null where there is nothing to answer yet. */
async function chosenAnswer(review: EditReview): Promise<ApprovalAnswer | null> {
  const [accepted, open] = [review.count("accepted"), review.count("open")];
  const total = accepted + open + review.count("rejected");
  if (accepted === 0 && open === 0) return answerTo("none");
  if (accepted === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("No change is accepted yet."));
    return null;
  }
  if (accepted === total) return answerTo("all");
  if (open > 0 && !(await leaveOut(accepted, total))) return null;
  const chosen = review
    .chosen(["accepted"])
    .filter(({ uri, hunks }) => hunks.length > 0 || review.file(uri)?.hunks.length === 0);
  return { outcome: "revise", chosen };
}

async function leaveOut(accepted: number, total: number): Promise<boolean> {
  const make = vscode.l10n.t("Make Them");
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t("Make {0} of {1} changes?", accepted, total),
    { modal: true, detail: vscode.l10n.t("What is undecided is left out.") },
    make,
  );
  return answer === make;
}

async function content(blobs: Blobs, uri: string, hash: string | null): Promise<Uint8Array | null> {
  if (hash === null) return null;
  const kept = await blobs.get(hash);
  if (kept) return kept;
  throw new AksaraError("STORE_UNAVAILABLE", vscode.l10n.t("What {0} would become is not kept.", uri));
}

export function nameOf(uri: string): string {
  return uri.slice(uri.lastIndexOf("/") + 1);
}
