import * as vscode from "vscode";
import { AksaraError } from "../../../errors.ts";
import { flowRunOf } from "../../../execution/flow-run.ts";
import type { ModelChoice } from "../../../execution/resolve-model.ts";
import type { RunDestination } from "../../../execution/run-options.ts";
import { runPromptPack } from "../../../execution/run-prompt-pack.ts";
import type { ExecutionResult, Suggestion } from "../../../protocol/execution.ts";
import type { FlowPanelEvent, FlowPanelPack, RunStage } from "../../../protocol/flow-panel.ts";
import type { Environment } from "../../../providers/provider-address.ts";
import { documentText } from "../../shared/document-text.ts";
import { agreeToSend, destinationOf } from "../providers/send-consent.ts";
import type { Studio } from "../studio.ts";
import type { Unnumbered } from "./event-log.ts";
import { type KeptRun, keepRun, keptRun, lostResult } from "./kept-run.ts";
import { RunKeeper } from "./run-keeper.ts";
import { TextFlow } from "./text-flow.ts";

type Send = (event: Unnumbered<FlowPanelEvent>) => void;

/** One pack on its way through a model. */
interface Run {
  readonly number: number;
  readonly view: FlowPanelPack;
  readonly abort: AbortController;
  readonly startedAt: number;
  /** Null while it goes on. */
  result: ExecutionResult | null;
  /** Who is asked; null until it is known. */
  destination: RunDestination | null;
  /** The person agreed, so something may have left this machine: only then is the run worth keeping. */
  agreed: boolean;
}

/** Runs the pack that the panel shows, one at a time, and tells the panel what happens. */
export class PackRuns {
  readonly #studio: Studio;
  readonly #send: Send;
  #run: Run | null = null;
  #last = 0;

  constructor(studio: Studio, send: Send) {
    this.#studio = studio;
    this.#send = send;
  }

  get running(): boolean {
    return this.#run !== null && this.#run.result === null;
  }

  /** The answer that is shown; null when there is none. */
  get result(): ExecutionResult | null {
    return this.#run?.result ?? null;
  }

  /** The document of the run that is shown, as the command line prints it; null while there is none. */
  get document(): string | null {
    const run = this.#run;
    return run?.result ? documentText(flowRunOf(run.view.pack, run.result)) : null;
  }

  suggestion(id: string): Suggestion | null {
    return this.result?.suggestions.find((candidate) => candidate.id === id) ?? null;
  }

  /** Sends the pack as it is shown. Every failure is a result. */
  async start(view: FlowPanelPack, choice: ModelChoice = {}): Promise<void> {
    if (this.running) return;
    const run = this.#begin(view, Date.now());
    this.#send({ type: "select-tab", tab: "answer" });
    const keeper = new RunKeeper(() => this.#keep(run, flow.answer));
    const flow = new TextFlow((type, offset, text) =>
      this.#tell(run, { type, run: run.number, offset, text }),
    );
    try {
      run.result = await this.#execute(run, choice, flow, keeper);
    } catch (error) {
      this.#studio.log.error(error instanceof Error ? error : String(error));
      const message = error instanceof Error ? error.message : String(error);
      run.result = lostResult({ ...askedOf(run), text: flow.answer }, message, "RUNTIME_ERROR");
    } finally {
      flow.dispose();
      keeper.dispose();
    }
    // Also of a run that nobody looks at any more: what is kept must not say that it still goes on.
    await this.#keep(run, flow.answer);
    this.#tell(run, { type: "run-finished", run: run.number, result: run.result });
  }

  cancel(): void {
    this.#run?.abort.abort();
  }

  /** Ends what is going on and forgets it: another pack is shown. */
  leave(): void {
    this.cancel();
    this.#run = null;
  }

  /** Shows again what is known of the last run of exactly this pack: after a rebuild, or a reload of the window. */
  restore(view: FlowPanelPack): void {
    const kept = keptRun(this.#studio.extension.workspaceState, view.pack);
    if (!kept) return;
    const run = this.#begin(view, kept.startedAt);
    run.result =
      kept.result ?? lostResult(kept, vscode.l10n.t("The window was reloaded while the answer came."));
    this.#tell(run, { type: "run-finished", run: run.number, result: run.result });
  }

  #begin(view: FlowPanelPack, startedAt: number): Run {
    const number = ++this.#last;
    const abort = new AbortController();
    this.#run = { number, view, abort, startedAt, result: null, destination: null, agreed: false };
    this.#send({ type: "run-started", run: number, started_at: startedAt });
    return this.#run;
  }

  /** A run whose place was taken has nothing more to say. */
  #tell(run: Run, event: Unnumbered<FlowPanelEvent>): void {
    if (this.#run === run) this.#send(event);
  }

  async #execute(run: Run, choice: ModelChoice, flow: TextFlow, keeper: RunKeeper): Promise<ExecutionResult> {
    const { pack, request } = run.view;
    const { signal } = run.abort;
    const services = (await this.#studio.workspace()).execution();
    const progress = (stage: RunStage): void => {
      const provider = run.destination?.setup.name ?? null;
      const model = run.destination?.model ?? null;
      this.#tell(run, { type: "run-progress", run: run.number, stage, provider, model });
    };
    return await runPromptPack(
      pack,
      {
        ...choice,
        signal,
        agree: async (to) => {
          run.destination = to;
          await this.#demandConsent(run, to, services.environment, () => progress("confirming"));
          run.agreed = true;
          await this.#keep(run, "");
        },
        onProgress: ({ stage }) => (stage === "building" ? undefined : progress(stage)),
        onReasoning: (delta) => flow.add("run-reasoning", delta),
        onDelta: (delta) => {
          flow.add("run-text", delta);
          keeper.due();
        },
      },
      services,
      request.flow_type,
    );
  }

  /** @throws CANCELLED when the person does not want it, or meanwhile ended the run */
  async #demandConsent(
    { abort, view }: Run,
    to: RunDestination,
    environment: Environment,
    waiting: () => void,
  ): Promise<void> {
    const destination = destinationOf(to, environment);
    if (!destination) return;
    waiting();
    const agreed = await agreeToSend(this.#studio.extension, destination, view.pack);
    if (!agreed || abort.signal.aborted)
      throw new AksaraError("CANCELLED", vscode.l10n.t("Nothing was sent."));
  }

  async #keep(run: Run, text: string): Promise<void> {
    if (!run.agreed) return;
    const { view, startedAt, result } = run;
    const { fingerprint } = view.pack;
    const kept: KeptRun = { fingerprint, startedAt, ...askedOf(run), text, result };
    await keepRun(this.#studio.extension.workspaceState, kept);
  }
}

function askedOf({ destination }: Run): Pick<KeptRun, "provider" | "model"> {
  return { provider: destination?.setup.name ?? "", model: destination?.model ?? "" };
}
