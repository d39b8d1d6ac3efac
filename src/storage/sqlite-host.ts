import { fork } from "node:child_process";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { childEnvironment } from "../child-environment.ts";
import type { SqliteAnswer, SqliteRequest } from "./sqlite-protocol.ts";

/** Where SQLite runs: apart from the caller's thread, which it would block. */
export interface SqliteHost {
  /** Number of the thread or process. */
  readonly id: number;
  send(request: SqliteRequest): void;
  onAnswer(listener: (answer: SqliteAnswer) => void): void;
  /** Hears of the end, with the error that brought it about if there is one. */
  onEnd(listener: (error: Error | null) => void): void;
  /** While held, it keeps the caller's process alive. */
  ref(): void;
  unref(): void;
  end(): Promise<void>;
}

export function sqliteThread(workerFile: string): SqliteHost {
  // Node 22 calls node:sqlite experimental on stderr, once a thread; that is of no use to anybody here.
  const worker = new Worker(workerFile, { execArgv: ["--disable-warning=ExperimentalWarning"] });
  return {
    id: worker.threadId,
    send: (request) => worker.postMessage(request),
    onAnswer: (listener) => void worker.on("message", listener),
    onEnd: (listener) => void worker.on("error", listener).on("exit", () => listener(null)),
    ref: () => worker.ref(),
    unref: () => worker.unref(),
    end: async () => {
      await worker.terminate();
    },
  };
}

export function sqliteProcess(workerFile: string): SqliteHost {
  const child = fork(workerFile, [], {
    env: childEnvironment(process.env),
    execArgv: [],
    // As between threads: bytes stay bytes, large numbers stay exact.
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  return {
    id: child.pid ?? 0,
    send: (request) => void child.send(request, () => undefined),
    onAnswer: (listener) => void child.on("message", (answer) => listener(answer as SqliteAnswer)),
    onEnd: (listener) => void child.on("error", listener).on("exit", () => listener(null)),
    ref: () => {
      child.ref();
      child.channel?.ref();
    },
    unref: () => {
      child.unref();
      child.channel?.unref();
    },
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.ref();
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
