import * as vscode from "vscode";
import { assertNever } from "../../../errors.ts";
import { EditReview, hunkAt, type ReviewedContents, type ReviewFile } from "./edit-review.ts";
import type { ReviewCommand } from "./register-edit-reviews.ts";
import { REVIEW_SCHEME, reviewPlace, reviewTabs, reviewText, reviewUri } from "./review-documents.ts";
import { type HunkTarget, lensesOf, ReviewMarks, rangeOf } from "./review-marks.ts";

/** Changes that a person is to go through, and what their answer leads to. */
export interface ReviewSubject {
  /** Equal ids are the same review: what was said in it is kept. */
  readonly id: string;
  readonly contents: readonly ReviewedContents[];
  /** What stands in the tab of a file. */
  titleOf(uri: string): string;
  /** All of it, nothing of it, or what was accepted. False: not yet, the review goes on. */
  finish(review: EditReview, how: "all" | "none" | "chosen"): Promise<boolean>;
}

interface Open {
  readonly subject: ReviewSubject;
  readonly review: EditReview;
}

/** Reviews of changes in the editor's own comparison, until they are answered here or elsewhere. */
export class EditReviews implements vscode.Disposable {
  readonly #open = new Map<string, Open>();
  readonly #marks = new ReviewMarks();
  readonly #lensesChanged = new vscode.EventEmitter<void>();
  readonly #subscriptions: readonly vscode.Disposable[] = [
    this.#marks,
    this.#lensesChanged,
    vscode.workspace.registerTextDocumentContentProvider(REVIEW_SCHEME, {
      provideTextDocumentContent: (uri) => this.#textOf(uri),
    }),
    vscode.languages.registerCodeLensProvider(
      { scheme: REVIEW_SCHEME },
      {
        onDidChangeCodeLenses: this.#lensesChanged.event,
        provideCodeLenses: ({ uri }) => {
          const shown = this.#shown(uri);
          return shown?.place.side === "after" ? lensesOf(shown.place.review, shown.file) : [];
        },
      },
    ),
    vscode.window.onDidChangeVisibleTextEditors(() => this.#mark()),
  ];

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Shows the first file of a review that something is still to be said of. */
  async open(subject: ReviewSubject): Promise<void> {
    const known = this.#open.get(subject.id)?.review;
    const review = known ?? new EditReview(subject.id, subject.contents);
    this.#open.set(subject.id, { subject, review });
    const file = review.files.find(({ hunks }) => hunks.some(({ state }) => state === "open"));
    await this.#show(subject, file ?? review.files[0]);
  }

  /** It was answered: what shows it goes. */
  async settle(id: string): Promise<void> {
    this.#open.delete(id);
    const tabs = reviewTabs(id);
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
  }

  async run(command: ReviewCommand, argument: unknown): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const target = targetOf(argument) ?? this.#atCursor(editor);
    const open = target ? this.#open.get(target.review) : undefined;
    if (!target || !open) {
      say(vscode.l10n.t("No change of an agent is being looked at."));
      return;
    }
    switch (command) {
      case "aksara.acceptChange":
        return await this.#decide(open, target, "accepted");
      case "aksara.rejectChange":
        return await this.#decide(open, target, "rejected");
      case "aksara.acceptAllChanges":
        return await this.#finish(open, "all");
      case "aksara.rejectAllChanges":
        return await this.#finish(open, "none");
      case "aksara.finishReview":
        return await this.#finish(open, "chosen");
      case "aksara.nextReviewedFile":
        return await this.#showNext(open, target.uri);
      default:
        return assertNever(command);
    }
  }

  async #finish({ subject, review }: Open, how: "all" | "none" | "chosen"): Promise<void> {
    if (await subject.finish(review, how)) await this.settle(subject.id);
  }

  async #decide(open: Open, { uri, index }: HunkTarget, state: "accepted" | "rejected"): Promise<void> {
    const { review } = open;
    if (index === -1) {
      say(vscode.l10n.t("No change stands at the cursor."));
      return;
    }
    review.decide(uri, index, state);
    this.#mark();
    const hunks = review.file(uri)?.hunks ?? [];
    const next = [...hunks.slice(index + 1), ...hunks].find((hunk) => hunk.state === "open");
    const editor = vscode.window.activeTextEditor;
    if (next && editor && reviewPlace(editor.document.uri)?.side === "after") {
      editor.selection = new vscode.Selection(next.line, 0, next.line, 0);
      editor.revealRange(rangeOf(next), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    } else if (!next && review.count("open") > 0) await this.#showNext(open, uri);
  }

  async #showNext({ subject, review }: Open, uri: string): Promise<void> {
    const at = review.files.findIndex((file) => file.uri === uri);
    const others = [...review.files.slice(at + 1), ...review.files.slice(0, at)];
    const file = others.find(({ hunks }) => hunks.some(({ state }) => state === "open")) ?? others[0];
    if (file) await this.#show(subject, file);
    else say(vscode.l10n.t("This is the only file."));
  }

  async #show({ id, titleOf }: ReviewSubject, file: ReviewFile | undefined): Promise<void> {
    if (!file) return;
    const { uri, hunks } = file;
    const first = hunks.find(({ state }) => state === "open") ?? hunks[0];
    const [before, after] = (["before", "after"] as const).map((side) =>
      reviewUri({ review: id, uri, side }),
    );
    await vscode.commands.executeCommand("vscode.diff", before, after, titleOf(uri), {
      preview: true,
      viewColumn: vscode.ViewColumn.One,
      selection: new vscode.Range(first?.line ?? 0, 0, first?.line ?? 0, 0),
    } satisfies vscode.TextDocumentShowOptions);
    this.#mark();
  }

  /** What the cursor stands at in a document of a review; `index` is -1 where nothing changes. */
  #atCursor(editor: vscode.TextEditor | undefined): HunkTarget | null {
    const shown = editor ? this.#shown(editor.document.uri) : null;
    if (!shown || !editor) return null;
    const { review, uri, side } = shown.place;
    return { review, uri, index: hunkAt(shown.file, side, editor.selection.active.line) ?? -1 };
  }

  #mark(): void {
    this.#lensesChanged.fire();
    for (const editor of vscode.window.visibleTextEditors) {
      const shown = this.#shown(editor.document.uri);
      if (shown?.place.side === "after") this.#marks.show(editor, shown.place.review, shown.file);
    }
  }

  #textOf(document: vscode.Uri): string {
    const shown = this.#shown(document);
    return shown ? reviewText(shown.file, shown.place.side) : "";
  }

  #shown(document: vscode.Uri) {
    const place = reviewPlace(document);
    const file = place ? this.#open.get(place.review)?.review.file(place.uri) : null;
    return place && file ? { place, file } : null;
  }
}

function targetOf(argument: unknown): HunkTarget | null {
  // A button in the title of an editor gives the address of its document.
  if (typeof argument !== "object" || argument === null || argument instanceof vscode.Uri) return null;
  const { review, uri, index } = argument as Partial<Record<keyof HunkTarget, unknown>>;
  return typeof review === "string" && typeof uri === "string" && typeof index === "number"
    ? { review, uri, index }
    : null;
}

function say(message: string): void {
  void vscode.window.showInformationMessage(message);
}
