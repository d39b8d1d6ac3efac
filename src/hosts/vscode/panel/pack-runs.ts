import * as vscode from "vscode";
import { AksaraError } from "../../../errors.ts";
import type { ExecutionServices } from "../../../execution/execution-services.ts";
import type { ModelChoice } from "../../../execution/resolve-model.ts";
import { runPromptPack } from "../../../execution/run-prompt-pack.ts";
import type { ExecutionResult, Suggestion } from "../../../protocol/execution.ts";
import type { FlowPanelEvent, FlowPanelPack, RunStage } from "../../../protocol/flow-panel.ts";
import { baseUrlOf } from "../../../providers/provider-address.ts";
import { describeProvider } from "../../../providers/provider-descriptors.ts";
import { isLoopback } from "../../../providers/transport/proxy-options.ts";
import { ObservedConnector } from "../providers/observed-connector.ts";
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
  result: ExecutionResult | null;
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

  suggestion(id: string): Suggestion | null {
    return this.result?.suggestions.find((candidate) => candidate.id === id) ?? null;
  }

  /** Sends the pack as it is shown. Every failure is a result. */
  async start(view: FlowPanelPack, choice: ModelChoice = {}): Promise<void> {
    if (this.running) return;
    const run: Run = {
      number: ++this.#last,
      view,
      abort: new AbortController(),
      startedAt: Date.now(),
      result: null,
    };
    this.#run = run;
    this.#send({ type: "run-started", run: run.number, started_at: run.startedAt });
    this.#send({ type: "select-tab", tab: "answer" });
    const flow = new TextFlow((type, offset, text) => this.#send({ type, run: run.number, offset, text }));
    const keep = (): Promise<void> => this.#keep(run, flow.answer);
    await keep();
    try {
      run.result = await this.#execute(run, choice, flow);
    } catch (error) {
      this.#studio.log.error(error instanceof Error ? error : String(error));
      const message = error instanceof Error ? error.message : String(error);
      run.result = lostResult(flow.answer, message, "RUNTIME_ERROR");
    } finally {
      flow.dispose();
    }
    // A pack that was built since has taken the place of this one.
    if (this.#run !== run) return;
    await keep();
    this.#send({ type: "run-finished", run: run.number, result: run.result });
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
    const number = ++this.#last;
    const { startedAt } = kept;
    const result =
      kept.result ?? lostResult(kept.text, vscode.l10n.t("The window was reloaded while the answer came."));
    this.#run = { number, view, abort: new AbortController(), startedAt, result };
    this.#send({ type: "run-started", run: number, started_at: startedAt });
    this.#send({ type: "run-finished", run: number, result });
  }

  async #execute(run: Run, choice: ModelChoice, flow: TextFlow): Promise<ExecutionResult> {
    const { pack, request } = run.view;
    const { signal } = run.abort;
    const workspace = await this.#studio.workspace();
    let provider: string | null = null;
    let model: string | null = null;
    let keptAt = Date.now();
    const progress = (stage: RunStage): void =>
      this.#send({ type: "run-progress", run: run.number, stage, provider, model });
    const services = this.#observed(workspace.execution(), run, flow, (name, wanted, stage) => {
      provider = name;
      model = wanted;
      progress(stage);
    });
    return await runPromptPack(
      pack,
      {
        ...choice,
        signal,
        onProgress: ({ stage }) => (stage === "building" ? undefined : progress(stage)),
        onDelta: (delta) => {
          flow.add("run-text", delta);
          if (Date.now() - keptAt < KEEP_EVERY_MS) return;
          keptAt = Date.now();
          void this.#keep(run, flow.answer);
        },
      },
      services,
      request.flow_type,
    );
  }

  /** The same services, but no call leaves before the person agreed to where it goes. */
  #observed(
    services: ExecutionServices,
    run: Run,
    flow: TextFlow,
    found: (provider: string, model: string, stage: RunStage) => void,
  ): ExecutionServices {
    let calls = 0;
    return {
      ...services,
      connect: async (setup, key) => {
        const { kind, name } = setup;
        const url = describeProvider(kind).baseUrlName ? baseUrlOf(setup.config, services.environment) : null;
        // What is replayed, or answered without a model, goes nowhere.
        const leaves = url ? !isLoopback(url) : kind === "vscode-lm";
        return new ObservedConnector(await services.connect(setup, key), {
          before: async ({ model }, signal) => {
            calls++;
            if (calls > 1) return;
            if (leaves) {
              found(name, model, "confirming");
              const destination = { provider: name, origin: url?.origin ?? kind, model };
              const agreed = await agreeToSend(this.#studio.extension, destination, run.view.pack);
              if (!agreed) throw new AksaraError("CANCELLED", vscode.l10n.t("Nothing was sent."));
            }
            if (signal.aborted) throw new AksaraError("CANCELLED", vscode.l10n.t("Nothing was sent."));
            found(name, model, "asking");
          },
          reasoning: (delta) => {
            if (calls === 1) flow.add("run-reasoning", delta);
          },
        });
      },
    };
  }

  async #keep({ view, startedAt, result }: Run, text: string): Promise<void> {
    const kept: KeptRun = {
      fingerprint: view.pack.fingerprint,
      startedAt,
      text,
      result,
    };
    await keepRun(this.#studio.extension.workspaceState, kept);
  }
}

/** How much of an answer a crash may cost, in milliseconds. */
const KEEP_EVERY_MS = 2000;
