import * as vscode from "vscode";
import { AksaraError } from "../../../errors.ts";
import { flowRunOf } from "../../../execution/flow-run.ts";
import type { ModelChoice } from "../../../execution/resolve-model.ts";
import type { RunDestination } from "../../../execution/run-options.ts";
import { runPromptPack } from "../../../execution/run-prompt-pack.ts";
import type { ExecutionResult, Suggestion } from "../../../protocol/execution.ts";
import type { FlowPanelEvent, FlowPanelPack, RunStage } from "../../../protocol/flow-panel.ts";
import { baseUrlOf, type Environment } from "../../../providers/provider-address.ts";
import { describeProvider } from "../../../providers/provider-descriptors.ts";
import { isLoopback } from "../../../providers/transport/proxy-options.ts";
import { documentText } from "../../shared/document-text.ts";
import { agreeToSend } from "../providers/send-consent.ts";
import type { Studio } from "../studio.ts";
import type { Unnumbered } from "./event-log.ts";
import { type KeptRun, keepRun, keptRun, lostResult } from "./kept-run.ts";
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
  /** Whether something may have left this machine: only then is the run worth keeping. */
  sent: boolean;
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
    const flow = new TextFlow((type, offset, text) =>
      this.#tell(run, { type, run: run.number, offset, text }),
    );
    try {
      run.result = await this.#execute(run, choice, flow);
    } catch (error) {
      this.#studio.log.error(error instanceof Error ? error : String(error));
      const message = error instanceof Error ? error.message : String(error);
      run.result = lostResult(flow.answer, message, "RUNTIME_ERROR");
    } finally {
      flow.dispose();
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
      kept.result ?? lostResult(kept.text, vscode.l10n.t("The window was reloaded while the answer came."));
    this.#tell(run, { type: "run-finished", run: run.number, result: run.result });
  }

  #begin(view: FlowPanelPack, startedAt: number): Run {
    const number = ++this.#last;
    this.#run = { number, view, abort: new AbortController(), startedAt, result: null, sent: false };
    this.#send({ type: "run-started", run: number, started_at: startedAt });
    return this.#run;
  }

  /** A run whose place was taken has nothing more to say. */
  #tell(run: Run, event: Unnumbered<FlowPanelEvent>): void {
    if (this.#run === run) this.#send(event);
  }

  async #execute(run: Run, choice: ModelChoice, flow: TextFlow): Promise<ExecutionResult> {
    const { pack, request } = run.view;
    const { signal } = run.abort;
    const services = (await this.#studio.workspace()).execution();
    let destination: RunDestination | null = null;
    let keptAt = 0;
    const progress = (stage: RunStage): void => {
      const provider = destination?.setup.name ?? null;
      const model = destination?.model ?? null;
      this.#tell(run, { type: "run-progress", run: run.number, stage, provider, model });
    };
    const keep = (): void => {
      if (Date.now() - keptAt < KEEP_EVERY_MS) return;
      keptAt = Date.now();
      void this.#keep(run, flow.answer);
    };
    return await runPromptPack(
      pack,
      {
        ...choice,
        signal,
        agree: async (to) => {
          destination = to;
          await this.#demandConsent(run, to, services.environment, () => progress("confirming"));
          run.sent = true;
          keep();
        },
        onProgress: ({ stage }) => (stage === "building" ? undefined : progress(stage)),
        onReasoning: (delta) => flow.add("run-reasoning", delta),
        onDelta: (delta) => {
          flow.add("run-text", delta);
          keep();
        },
      },
      services,
      request.flow_type,
    );
  }

  /** @throws CANCELLED when the person does not want it, or meanwhile ended the run */
  async #demandConsent(
    { abort, view }: Run,
    { setup, model }: RunDestination,
    environment: Environment,
    waiting: () => void,
  ): Promise<void> {
    const { kind, name, config } = setup;
    const { baseUrlName } = describeProvider(kind);
    const url = baseUrlName ? baseUrlOf(config, environment) : null;
    // What is replayed, or answered without a model, goes nowhere.
    if (url ? isLoopback(url) : kind !== "vscode-lm") return;
    waiting();
    const place = url
      ? { origin: url.origin, words: url.origin }
      : { origin: kind, words: vscode.l10n.t("the language models of the editor") };
    const agreed = await agreeToSend(this.#studio.extension, { provider: name, model, ...place }, view.pack);
    if (!agreed || abort.signal.aborted)
      throw new AksaraError("CANCELLED", vscode.l10n.t("Nothing was sent."));
  }

  async #keep({ view, startedAt, result, sent }: Run, text: string): Promise<void> {
    if (!sent) return;
    const kept: KeptRun = { fingerprint: view.pack.fingerprint, startedAt, text, result };
    await keepRun(this.#studio.extension.workspaceState, kept);
  }
}

/** How much of an answer a crash may cost, in milliseconds. */
const KEEP_EVERY_MS = 2000;
