import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { once } from "node:events";
import { Socket } from "node:net";
import { childEnvironment } from "../../child-environment.ts";
import { AksaraError, throwIfCancelled } from "../../errors.ts";
import type { LabExtension } from "./lab-extensions.ts";
import type { LabAnswer, LabMessage, LabQueryAnswer, LabRequest } from "./lab-protocol.ts";
import { labAnswerSchemas, labMessageSchema } from "./lab-protocol.ts";

export interface LabProcessOptions {
  /** Absolute path of the child's entry file. */
  readonly childFile: string;
  /** Absolute folder with PGlite's WASM, data and extensions. */
  readonly assetsDir: string;
  readonly extensions?: readonly LabExtension[];
  /** Rest in milliseconds after which the child ends; one minute when left out. */
  readonly idleMs?: number;
}

/** A request without its number. */
export type LabRequestBody = LabRequest extends infer Request
  ? Request extends LabRequest
    ? Omit<Request, "id">
    : never
  : never;

interface Task {
  readonly id: number;
  readonly body: LabRequestBody;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: AksaraError) => void;
  /** Set when the caller has cancelled while the child was at work on it. */
  abandoned: boolean;
  /** How often it was handed to a child. */
  attempts: number;
}

const DEFAULT_IDLE_MS = 60_000;
const DEFAULT_MAX_ROWS = 1_000;
/** How long a cancelled statement may take to end by itself before the child, and the database in it, are ended. */
const GRACE_MS = 250;
/** The same while the database starts: cut off at every cancelled request it would never finish. */
const START_GRACE_MS = 30_000;
const STDERR_KEPT = 4_000;

/**
 * PostgreSQL in a child process. The child starts with the first request and again after it was ended: by rest, by
 * a crash, or by a cancelled statement that did not stop. What a request created in the database is gone then.
 * Requests run one at a time, in order; those that wait outlive a crash of the one before them.
 */
export class LabProcess {
  readonly #options: LabProcessOptions;
  readonly #waiting: Task[] = [];
  #running: Task | null = null;
  #child: ChildProcess | null = null;
  #databaseReady = false;
  #grace: NodeJS.Timeout | null = null;
  #stderr = "";
  #nextId = 1;
  #disposed = false;

  constructor(options: LabProcessOptions) {
    this.#options = options;
  }

  /** Process id of the child; null while there is none. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Starts the child, not the database in it. */
  ping(signal?: AbortSignal): Promise<LabAnswer<"ping">> {
    return this.ask({ type: "ping" }, signal);
  }

  version(signal?: AbortSignal): Promise<LabAnswer<"version">> {
    return this.ask({ type: "version" }, signal);
  }

  /**
   * Runs SQL of one or more statements; rows are those of the last one, at most `maxRows` (1,000 when left out).
   * An error of SQL is an answer, not an exception. Throws CANCELLED, and RUNTIME_ERROR when the child fails.
   */
  query(
    sql: string,
    options: { readonly maxRows?: number; readonly signal?: AbortSignal } = {},
  ): Promise<LabQueryAnswer> {
    const maxRows = options.maxRows ?? DEFAULT_MAX_ROWS;
    return this.ask({ type: "query", sql, maxRows }, options.signal);
  }

  /** Any request of the protocol. Throws CANCELLED, and RUNTIME_ERROR when the child fails. */
  async ask<Body extends LabRequestBody>(body: Body, signal?: AbortSignal): Promise<LabAnswer<Body["type"]>> {
    throwIfCancelled(signal);
    if (this.#disposed) throw new AksaraError("CANCELLED", "The database lab was closed.");
    const given = await this.#enqueue(body, signal);
    const answer = labAnswerSchemas[body.type].safeParse(given);
    if (!answer.success)
      throw failure("The database lab gave an answer that is not understood.", answer.error);
    return answer.data as LabAnswer<Body["type"]>;
  }

  /** Ends the child. Open requests fail with CANCELLED, later ones too. Resolves when the child is gone. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    const cancelled = new AksaraError("CANCELLED", "The database lab was closed.");
    for (const task of this.#waiting.splice(0)) task.reject(cancelled);
    this.#running?.reject(cancelled);
    this.#running = null;
    const child = this.#child;
    if (child === null) return;
    // Also a process that has nothing else left to do waits for the end.
    holdOpen(child, true);
    this.#endChild();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }

  #enqueue(body: LabRequestBody, signal: AbortSignal | undefined): Promise<unknown> {
    let cancel = (): void => undefined;
    const answered = new Promise<unknown>((resolve, reject) => {
      const task: Task = { id: this.#nextId++, body, resolve, reject, abandoned: false, attempts: 0 };
      cancel = () => this.#cancel(task);
      signal?.addEventListener("abort", cancel, { once: true });
      this.#waiting.push(task);
    });
    this.#proceed();
    return answered.finally(() => signal?.removeEventListener("abort", cancel));
  }

  #cancel(task: Task): void {
    task.reject(new AksaraError("CANCELLED", "The operation was cancelled."));
    const index = this.#waiting.indexOf(task);
    if (index !== -1) this.#waiting.splice(index, 1);
    if (this.#running !== task) return;
    task.abandoned = true;
    this.#endAfterGrace();
  }

  /** Ends a child whose statement was given up and does not end. */
  #endAfterGrace(): void {
    this.#clearGrace();
    const end = (): void => {
      this.#endChild();
      this.#running = null;
      this.#proceed();
    };
    this.#grace = setTimeout(end, this.#databaseReady ? GRACE_MS : START_GRACE_MS);
  }

  #proceed(): void {
    if (this.#running !== null) return;
    const task = this.#waiting.shift();
    if (task === undefined) {
      if (this.#child !== null) holdOpen(this.#child, false);
      return;
    }
    task.attempts++;
    this.#running = task;
    const child = this.#child ?? this.#startChild();
    holdOpen(child, true);
    const request: LabRequest = { ...task.body, id: task.id };
    // A failed send is followed by the end of the child, which settles the request.
    child.send(request, () => undefined);
  }

  #startChild(): ChildProcess {
    const { childFile, assetsDir, extensions = [], idleMs = DEFAULT_IDLE_MS } = this.#options;
    const child = fork(childFile, [JSON.stringify({ assetsDir, extensions, idleMs })], {
      env: childEnvironment(process.env),
      execArgv: [],
      stdio: ["pipe", "ignore", "pipe", "ipc"],
    });
    this.#child = child;
    this.#databaseReady = false;
    this.#stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT);
    });
    // The pipe breaks when the child ends, which "close" reports.
    child.stdin?.on("error", () => undefined);
    child.on("message", (message) => {
      if (child === this.#child) this.#receive(labMessageSchema.safeParse(message).data);
    });
    child.on("error", (error) => this.#childEnded(child, error.message));
    child.on("close", (code, signal) => this.#childEnded(child, signal ?? `exit code ${code}`));
    return child;
  }

  #receive(message: LabMessage | undefined): void {
    if (message?.kind === "ready") {
      this.#databaseReady = true;
      if (this.#running?.abandoned) this.#endAfterGrace();
      return;
    }
    const task = this.#running;
    this.#running = null;
    this.#clearGrace();
    if (message?.kind === "answer" && message.id === task?.id) {
      task.resolve(message.answer);
    } else {
      this.#endChild();
      const reason = message?.kind === "failed" ? message.message : "its answer is not understood";
      task?.reject(failure(`The database lab failed: ${reason}`));
    }
    this.#proceed();
  }

  #childEnded(child: ChildProcess, reason: string): void {
    if (child !== this.#child) return;
    this.#child = null;
    this.#clearGrace();
    const task = this.#running;
    this.#running = null;
    // The child ended for want of work just as the request was on its way: nothing of it has run.
    if (task !== null && reason === "exit code 0" && task.attempts === 1) this.#waiting.unshift(task);
    else
      task?.reject(failure(`The database lab stopped unexpectedly (${reason}).`, firstError(this.#stderr)));
    this.#proceed();
  }

  #endChild(): void {
    this.#clearGrace();
    const child = this.#child;
    this.#child = null;
    child?.kill("SIGKILL");
  }

  #clearGrace(): void {
    if (this.#grace !== null) clearTimeout(this.#grace);
    this.#grace = null;
  }
}

function failure(message: string, cause?: unknown): AksaraError {
  const hint =
    "It starts again on the next use. If that fails too, run the self-check or install the extension again.";
  return new AksaraError("RUNTIME_ERROR", message, { hint, cause });
}

/** The line of a stack trace that says what happened; the lines around it can be whole minified files. */
function firstError(stderr: string): string | undefined {
  return stderr
    .split("\n")
    .find((line) => /^(\w*Error|FATAL ERROR)\b/.test(line))
    ?.slice(0, 300);
}

/** A child at rest does not keep a command line from ending; it ends with its parent. */
function holdOpen(child: ChildProcess, hold: boolean): void {
  const pipes = [child.stdin, child.stderr].filter((pipe) => pipe instanceof Socket);
  for (const handle of [child, child.channel, ...pipes]) {
    if (hold) handle?.ref();
    else handle?.unref();
  }
}
