import * as vscode from "vscode";
import type { Contribution } from "../contribution.ts";
import { reportFailure } from "../report-failure.ts";
import type { EditReviews } from "./edit-reviews.ts";
import { reviewTabs } from "./review-documents.ts";

export const REVIEW_COMMANDS = [
  "aksara.acceptChange",
  "aksara.rejectChange",
  "aksara.acceptAllChanges",
  "aksara.rejectAllChanges",
  "aksara.finishReview",
  "aksara.nextReviewedFile",
] as const;
export type ReviewCommand = (typeof REVIEW_COMMANDS)[number];

/** The reviews of this window; null until the first. */
let current: Promise<EditReviews> | null = null;

/** Commands to answer in the editor's own comparison. Its code is loaded with the first change that is looked at. */
export const registerEditReviews: Contribution = ({ studio }) => {
  // A window that was reloaded still has the tabs, and nobody who knows what they showed.
  const stale = reviewTabs(null);
  if (stale.length > 0) void vscode.window.tabGroups.close(stale, true);
  return vscode.Disposable.from(
    ...REVIEW_COMMANDS.map((command) =>
      vscode.commands.registerCommand(command, (argument?: unknown) =>
        reportFailure(studio, async () => (await loadReviews()).run(command, argument)),
      ),
    ),
    {
      dispose: () => {
        void current?.then((reviews) => reviews.dispose());
        current = null;
      },
    },
  );
};

export function loadReviews(): Promise<EditReviews> {
  current ??= import("./edit-reviews.ts").then(({ EditReviews }) => new EditReviews());
  return current;
}

/** Something that may be under review was answered. */
export async function settleReview(id: string): Promise<void> {
  await (await current)?.settle(id);
}
