import * as vscode from "vscode";
import { isAksaraError, isCancelled } from "../../../errors.ts";
import type { EvalAttempt } from "../../../harness/evals/artifact.ts";
import type { EvalFile } from "../../../harness/evals/eval-file.ts";
import { streamEval } from "../../../harness/evals/run-eval.ts";
import { openEvals } from "../../shared/eval-access.ts";
import { baselineOf, readEvalFiles } from "../../shared/eval-files.ts";
import type { Studio } from "../studio.ts";
import { asking } from "./asking-workspace.ts";

/** The evals of the workspace as tests: a file is a suite, a case a test at its line. */
export class EvalTests implements vscode.Disposable {
  readonly #studio: Studio;
  readonly #controller = vscode.tests.createTestController("aksara.evals", vscode.l10n.t("Aksara Evals"));
  readonly #problems = vscode.languages.createDiagnosticCollection("aksara-evals");
  readonly #profile: vscode.TestRunProfile;
  #files: readonly EvalFile[] = [];
  /** What the tree shows, as text: a tree that is made anew forgets the results at its lines. */
  #shown = "";
  #reading: Promise<void> = Promise.resolve();

  constructor(studio: Studio) {
    this.#studio = studio;
    this.#profile = this.#controller.createRunProfile(
      vscode.l10n.t("Run"),
      vscode.TestRunProfileKind.Run,
      (request, token) => this.#run(request, token),
      true,
    );
    this.#controller.resolveHandler = async (item) => {
      if (!item) await this.refresh();
    };
    this.#controller.refreshHandler = () => this.refresh();
  }

  dispose(): void {
    this.#problems.dispose();
    this.#controller.dispose();
  }

  /** Reads the files again, one reading after the other. */
  refresh(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read());
    return this.#reading;
  }

  /** Runs everything, in the Testing view. */
  async runAll(): Promise<void> {
    await this.refresh();
    if (this.#controller.items.size === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t("There is no eval in .aksara/evals."));
      return;
    }
    await vscode.commands.executeCommand("workbench.view.testing.focus");
    const stop = new vscode.CancellationTokenSource();
    await this.#run(new vscode.TestRunRequest(undefined, undefined, this.#profile), stop.token);
  }

  async #read(): Promise<void> {
    try {
      const { roots } = await this.#studio.workspace();
      this.#files = await readEvalFiles(roots);
    } catch (error) {
      this.#studio.log.error(error instanceof Error ? error : String(error));
      this.#files = [];
    }
    const read = JSON.stringify(this.#files);
    if (read === this.#shown) return;
    this.#shown = read;
    this.#controller.items.replace(this.#files.flatMap((file) => this.#suiteOf(file) ?? []));
    this.#showProblems();
  }

  #suiteOf(file: EvalFile): vscode.TestItem | null {
    const uri = this.#studio.fileUri(file.uri);
    if (!uri) return null;
    const name = file.request?.name ?? file.uri.slice(file.uri.lastIndexOf("/") + 1);
    const suite = this.#controller.createTestItem(file.uri, name, uri);
    suite.range = lineRange(0);
    if (file.problems.length > 0)
      suite.error = file.problems.map(({ line, message }) => `${line + 1}: ${message}`).join("\n");
    for (const [at, { id, recording }] of (file.request?.cases ?? []).entries()) {
      const item = this.#controller.createTestItem(`${file.uri}#${id}`, id, uri);
      item.range = lineRange(file.lines[at]?.at ?? 0);
      if (recording) item.description = vscode.l10n.t("recorded");
      suite.children.add(item);
    }
    return suite;
  }

  #showProblems(): void {
    this.#problems.clear();
    for (const { uri, problems } of this.#files) {
      const file = this.#studio.fileUri(uri);
      if (!file) continue;
      const diagnostics = problems.map(({ line, message }) => {
        const diagnostic = new vscode.Diagnostic(lineRange(line), message, vscode.DiagnosticSeverity.Error);
        diagnostic.source = "Aksara";
        return diagnostic;
      });
      this.#problems.set(file, diagnostics);
    }
  }

  async #run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const run = this.#controller.createTestRun(request);
    const stop = new AbortController();
    const cancelling = [
      token.onCancellationRequested(() => stop.abort()),
      run.token.onCancellationRequested(() => stop.abort()),
    ];
    try {
      const chosen = this.#chosen(request);
      for (const [, items] of chosen) for (const item of items) run.enqueued(item);
      for (const [file, items] of chosen) {
        if (stop.signal.aborted) break;
        await this.#runFile(file, items, run, stop.signal);
      }
    } finally {
      for (const subscription of cancelling) subscription.dispose();
      run.end();
    }
  }

  /** The cases that a request means, by file. */
  #chosen(request: vscode.TestRunRequest): ReadonlyMap<EvalFile, readonly vscode.TestItem[]> {
    const excluded = new Set(request.exclude?.map(({ id }) => id));
    const included = request.include && new Set(request.include.map(({ id }) => id));
    const chosen = new Map<EvalFile, readonly vscode.TestItem[]>();
    for (const file of this.#files) {
      const suite = this.#controller.items.get(file.uri);
      if (!suite || excluded.has(suite.id)) continue;
      const items = [...suite.children].map(([, item]) => item);
      const wanted = items.filter(
        ({ id }) => !excluded.has(id) && (!included || included.has(id) || included.has(suite.id)),
      );
      if (wanted.length > 0) chosen.set(file, wanted);
    }
    return chosen;
  }

  async #runFile(
    file: EvalFile,
    items: readonly vscode.TestItem[],
    run: vscode.TestRun,
    signal: AbortSignal,
  ): Promise<void> {
    const { request } = file;
    if (!request) return;
    const byCase = new Map(items.map((item) => [item.label, item]));
    const attempts = new Map<string, EvalAttempt[]>();
    const workspace = await this.#studio.workspace();
    const distDir = vscode.Uri.joinPath(this.#studio.extension.extensionUri, "dist").fsPath;
    const access = openEvals(asking(workspace, this.#studio.extension), distDir);
    try {
      const baseline = await baselineOf(file, workspace.roots);
      const only = [...byCase.keys()];
      for await (const { event } of streamEval(request, access.services, { signal, only, baseline })) {
        if (event.type === "attempt-started") {
          const item = byCase.get(event.caseId);
          if (item && event.repeat === 1) run.started(item);
        } else if (event.type === "attempt-finished") {
          const item = byCase.get(event.caseId);
          const own = [...(attempts.get(event.caseId) ?? []), event.attempt];
          attempts.set(event.caseId, own);
          if (item && own.length === request.repeats) this.#settle(item, own, file, run);
        } else if (event.type === "complete")
          for (const { id, before, now } of event.artifact.baseline?.regressions ?? [])
            run.appendOutput(
              `${vscode.l10n.t("Worse than the baseline: {0}, {1} % → {2} %", id, before * 100, now * 100)}\r\n`,
              undefined,
              byCase.get(id),
            );
      }
    } catch (error) {
      const left = items.filter(({ label }) => (attempts.get(label)?.length ?? 0) < request.repeats);
      if (isCancelled(error)) for (const item of left) run.skipped(item);
      else {
        this.#studio.log.error(error instanceof Error ? error : String(error));
        const message = error instanceof Error ? error.message : String(error);
        const hint = isAksaraError(error) && error.hint ? `\n${error.hint}` : "";
        for (const item of left) run.errored(item, new vscode.TestMessage(`${message}${hint}`));
      }
    } finally {
      await access.dispose();
    }
  }

  /** Passed, or failed with each reason at the line of what was expected. */
  #settle(
    item: vscode.TestItem,
    attempts: readonly EvalAttempt[],
    file: EvalFile,
    run: vscode.TestRun,
  ): void {
    const took = attempts.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
    const failed = attempts.filter(({ pass }) => !pass);
    for (const { repeat, why, traceId } of attempts) {
      const trace = traceId === null ? "" : ` (${traceId})`;
      run.appendOutput(
        `${item.label} ${repeat}${trace}\r\n  ${why.replaceAll("\n", "\r\n  ")}\r\n`,
        undefined,
        item,
      );
    }
    const [first] = failed;
    if (!first) {
      run.passed(item, took);
      return;
    }
    const rate =
      attempts.length === 1
        ? ""
        : `${vscode.l10n.t("{0} of {1} runs failed.", failed.length, attempts.length)} `;
    const at = file.request?.cases.findIndex(({ id }) => id === item.label) ?? -1;
    const lines = file.lines[at];
    const message = (text: string, line: number): vscode.TestMessage => {
      const told = new vscode.TestMessage(`${rate}${text}`);
      if (item.uri) told.location = new vscode.Location(item.uri, lineRange(line));
      return told;
    };
    const reasons = first.scores.flatMap(({ pass, type, why }, index) =>
      pass ? [] : [message(`${type}: ${why}`, lines?.expect[index] ?? lines?.at ?? 0)],
    );
    run.failed(item, reasons.length > 0 ? reasons : [message(first.why, lines?.at ?? 0)], took);
  }
}

function lineRange(line: number): vscode.Range {
  return new vscode.Range(line, 0, line, 400);
}
