import { fork } from "node:child_process";
import { AksaraError, throwIfCancelled } from "../../errors.ts";
import { killTree } from "../process-tree.ts";
import { commandEnvironment } from "../run-process.ts";
import { type ToolFileAnswer, type ToolFileRequest, toolFileAnswerSchema } from "./tool-file-protocol.ts";

export interface ToolFileProcess {
  /** Absolute path of the child's entry file. */
  readonly childFile: string;
  /** Absolute folder in which it runs. */
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Characters of JSON that an answer may have. */
const LARGEST_ANSWER = 4_000_000;

/**
 * Runs one request in a process of its own, which ends with it, whatever it has started with it. What it prints is
 * thrown away; its environment holds no secrets.
 * @throws TOOL_FAILED, TOOL_TIMEOUT, CANCELLED
 */
export function askToolFile(request: ToolFileRequest, options: ToolFileProcess): Promise<ToolFileAnswer> {
  const { childFile, cwd, timeoutMs, signal } = options;
  throwIfCancelled(signal);
  return new Promise((resolve, reject) => {
    const child = fork(childFile, [], {
      cwd,
      env: { ...commandEnvironment(process.env), ELECTRON_RUN_AS_NODE: "1" },
      execArgv: [],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      detached: process.platform !== "win32",
    });
    let isSettled = false;
    const settle = (end: () => void) => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      killTree(child);
      end();
    };
    const onAbort = () =>
      settle(() => reject(new AksaraError("CANCELLED", "The tool was stopped with the run.")));
    const timer = setTimeout(
      () =>
        settle(() =>
          reject(new AksaraError("TOOL_TIMEOUT", `The tool took longer than ${timeoutMs / 1000} seconds.`)),
        ),
      timeoutMs,
    );
    signal.addEventListener("abort", onAbort, { once: true });
    child.once("error", (error) =>
      settle(() => reject(new AksaraError("TOOL_FAILED", `The tool could not be started: ${error.message}`))),
    );
    child.once("exit", (code, ended) =>
      settle(() =>
        reject(
          new AksaraError("TOOL_FAILED", `The tool's process ended without an answer (${ended ?? code}).`),
        ),
      ),
    );
    child.once("message", (message) =>
      settle(() => {
        const answer = toolFileAnswerSchema.safeParse(message);
        if (!answer.success) reject(new AksaraError("TOOL_FAILED", "The tool's answer is not understood."));
        else if (JSON.stringify(message).length > LARGEST_ANSWER)
          reject(new AksaraError("TOOL_FAILED", "The tool's answer is too large."));
        else resolve(answer.data);
      }),
    );
    child.send(request, (error) => {
      if (error)
        settle(() => reject(new AksaraError("TOOL_FAILED", `The tool ended at once: ${error.message}`)));
    });
  });
}
