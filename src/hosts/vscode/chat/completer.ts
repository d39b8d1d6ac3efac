import * as vscode from "vscode";
import { walkFiles } from "../../../agent/files/file-walk.ts";
import { WorkspaceFiles } from "../../../agent/files/workspace-files.ts";
import type { FlowTarget } from "../../../flows/context-of.ts";
import type { FlowKind } from "../../../protocol/action.ts";
import type { ChatCompletion } from "../../../protocol/chat.ts";
import { translateAction } from "../action-texts.ts";
import { targetsAtCursor } from "../commands/flow-target.ts";
import type { CatalogView, Studio } from "../studio.ts";
import { agentRefusal } from "./chat-access.ts";
import { kindsFor, kindTyped, MentionCompletions } from "./mention-completions.ts";
import { type MentionKind, mentionKind } from "./mentions.ts";
import { nameFit } from "./name-fit.ts";
import { actionsOf } from "./read-draft.ts";
import { CHAT_WORDS, type ChatWord } from "./slash-commands.ts";

/** How long a list of files is taken for true, in milliseconds: nobody tells us of all changes. */
const FILES_HOLD_MS = 10_000;
const MOST_FILES = 20_000;
const FILE_DEPTH = 20;

/** Says what can stand where a person types in the chat. Looks at nothing before it is asked. */
export class Completer {
  readonly #studio: Studio;
  readonly #mentions = new MentionCompletions();
  #files: { readonly at: number; readonly names: Promise<readonly string[]> } | null = null;

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  /** What fits behind a trigger, maybe several times: what comes later takes the place of what came before. */
  async *options(trigger: "@" | "/", typed: string): AsyncIterable<readonly ChatCompletion[]> {
    if (agentRefusal() === "no-folder") return yield [];
    if (trigger === "/") return yield await this.#commands(typed);
    const kinds = kindsFor(typed).map(kindOption);
    // The first reading of a workspace takes a while.
    if (this.#studio.latest === null) yield kinds;
    const view = await this.#studio.view();
    const near = this.#near(view);
    const chosen = kindTyped(typed);
    const wantsFiles = chosen === "file" || (chosen === null && typed !== "");
    if (!wantsFiles)
      return yield [...kinds, ...(await this.#mentions.find(typed, { view, near, files: [] }))];
    const files = await this.#fileNames();
    yield [...kinds, ...(await this.#mentions.find(typed, { view, near, files }))];
  }

  /** What stands at the cursor, then what stands in the same file. */
  #near(view: CatalogView): readonly FlowTarget[] {
    const editor = vscode.window.activeTextEditor;
    const uri = editor ? this.#studio.relativeUri(editor.document.uri) : null;
    if (uri === null) return [];
    return [...new Set([...targetsAtCursor(this.#studio, view), ...view.catalog.inFile(uri)])];
  }

  /** Files that an agent may read. */
  #fileNames(): Promise<readonly string[]> {
    if (this.#files === null || Date.now() - this.#files.at > FILES_HOLD_MS)
      this.#files = { at: Date.now(), names: this.#walk() };
    return this.#files.names;
  }

  async #walk(): Promise<readonly string[]> {
    const { roots } = await this.#studio.workspace();
    const files = new WorkspaceFiles(roots, false);
    const starts = roots.length > 1 ? roots.map(({ name }) => name) : [""];
    const walks = await Promise.all(
      starts.map((start) => walkFiles(files, start, FILE_DEPTH, new AbortController().signal)),
    );
    const found = walks.flatMap(({ entries }) => entries.filter(({ kind }) => kind === "file"));
    return found.slice(0, MOST_FILES).map(({ uri }) => uri);
  }

  async #commands(typed: string): Promise<readonly ChatCompletion[]> {
    const actions = (await actionsOf(this.#studio)).map(translateAction);
    const options = [
      ...actions.map(({ key, kind, title }) => ({ name: key, detail: title, insert: beginning(key, kind) })),
      ...CHAT_WORDS.map((word) => ({ name: word, detail: wordsOf(word), insert: `/${word}` })),
    ];
    return options
      .flatMap((option) => {
        const fits = [option.name, option.detail].flatMap((name) => nameFit(typed, name) ?? []);
        return typed === "" || fits.length > 0 ? [{ option, fit: Math.min(...fits) }] : [];
      })
      .sort((a, b) => (typed === "" ? 0 : a.fit - b.fit))
      .map(({ option: { name, detail, insert } }) => ({
        insert,
        label: `/${name}`,
        detail,
        icon: "command",
        goesOn: insert.endsWith(":"),
      }));
  }
}

/** An action, and the beginning of what it is about; all issues are what that of issues is usually about. */
function beginning(key: string, kind: FlowKind): string {
  return kind === "diagnostic" ? `/${key}` : `/${key} @${mentionKind(kind)}:`;
}

function kindOption(kind: MentionKind): ChatCompletion {
  const text = `@${kind}:`;
  return {
    insert: text,
    label: text,
    detail: kindWords(kind),
    icon: kind === "issue" ? "diagnostic" : kind,
    goesOn: true,
  };
}

function kindWords(kind: MentionKind): string {
  switch (kind) {
    case "model":
      return vscode.l10n.t("A model");
    case "route":
      return vscode.l10n.t("A route");
    case "query":
      return vscode.l10n.t("A query");
    case "migration":
      return vscode.l10n.t("A migration");
    case "issue":
      return vscode.l10n.t("An issue");
    case "file":
      return vscode.l10n.t("A file");
  }
}

function wordsOf(word: ChatWord): string {
  switch (word) {
    case "plan":
      return vscode.l10n.t("Have a plan proposed before anything is changed");
    case "undo":
      return vscode.l10n.t("Take back what the last turn changed in files");
    case "compact":
      return vscode.l10n.t("Go on with a digest of what was said so far");
    case "export":
      return vscode.l10n.t("Open this chat as Markdown or JSON");
  }
}
