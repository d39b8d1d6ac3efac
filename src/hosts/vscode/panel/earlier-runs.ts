import * as vscode from "vscode";
import type { Suggestion } from "../../../protocol/execution.ts";
import type { FlowPanelEvent } from "../../../protocol/flow-panel.ts";
import type { PromptPack } from "../../../protocol/prompt-pack.ts";
import type { EarlierRun } from "../../../protocol/run-history.ts";
import type { RunHistory, RunSubject } from "../../../records/run-history.ts";
import type { Unnumbered } from "./event-log.ts";

/** As many are listed; older ones stay in the state directory. */
const MOST_LISTED = 100;

/** The kept runs of one pack's action on its object, and those of them that a person looks at. */
export class EarlierRuns {
  readonly #history: RunHistory;
  readonly #subject: RunSubject;
  readonly #send: (event: Unnumbered<FlowPanelEvent>) => void;
  #opened: readonly EarlierRun[] = [];

  constructor(
    history: RunHistory,
    { action_key, target }: Pick<PromptPack, "action_key" | "target">,
    send: (event: Unnumbered<FlowPanelEvent>) => void,
  ) {
    this.#history = history;
    this.#subject = { action_key, target_id: target?.id ?? null };
    this.#send = send;
  }

  /** Tells the page which runs there are now. */
  async list(): Promise<void> {
    const runs = await this.#history.list(this.#subject);
    this.#send({ type: "history", runs: runs.slice(0, MOST_LISTED) });
  }

  /** Shows runs to the person, or none. */
  async open(ids: readonly string[]): Promise<void> {
    const found = (await Promise.all(ids.map((id) => this.#history.open(id)))).filter((run) => run !== null);
    this.#opened = found;
    this.#send({ type: "history-opened", runs: [...found] });
    if (found.length === ids.length) return;
    void vscode.window.showInformationMessage(vscode.l10n.t("That run is no longer kept."));
    await this.list();
  }

  suggestion(traceId: string, id: string): Suggestion | null {
    const run = this.#opened.find(({ summary }) => summary.trace_id === traceId);
    return run?.result.suggestions.find((candidate) => candidate.id === id) ?? null;
  }
}
