import * as vscode from "vscode";
import type { ReviewFile } from "./edit-review.ts";

/** Scheme of documents that show a file as it was or would be; nobody can write them. */
export const REVIEW_SCHEME = "aksara-edit";

export type ReviewSide = "before" | "after";

/** What a document of a review shows. */
export interface ReviewPlace {
  readonly review: string;
  readonly uri: string;
  readonly side: ReviewSide;
}

/** The path ends as the file's does, so that the editor knows its language. */
export function reviewUri({ review, uri, side }: ReviewPlace): vscode.Uri {
  return vscode.Uri.from({ scheme: REVIEW_SCHEME, path: `/${uri}`, query: JSON.stringify({ review, side }) });
}

/** Null for a document that is none of a review. */
export function reviewPlace(document: vscode.Uri): ReviewPlace | null {
  if (document.scheme !== REVIEW_SCHEME) return null;
  const { review, side } = JSON.parse(document.query) as Readonly<Record<string, unknown>>;
  if (typeof review !== "string" || (side !== "before" && side !== "after")) return null;
  return { review, side, uri: document.path.slice(1) };
}

export function reviewText(file: ReviewFile, side: ReviewSide): string {
  const content = file[side];
  return content === null ? "" : new TextDecoder().decode(content);
}

/** Tabs that compare files of a review, or of any. */
export function reviewTabs(review: string | null): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => {
      const place = input instanceof vscode.TabInputTextDiff ? reviewPlace(input.modified) : null;
      return place !== null && (review === null || place.review === review);
    });
}
