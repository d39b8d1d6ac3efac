import { spawn } from "node:child_process";
import { signalAll, treeOf } from "./process-tree.ts";

export interface ProcessOptions {
  readonly file: string;
  readonly args: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Of this process; the child gets what of it is known to be harmless. */
  readonly environment: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** Characters kept of each stream; the rest is read and thrown away. */
  readonly largestOutput: number;
  readonly signal: AbortSignal;
}

export interface EndedProcess {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** Between asking a tree of processes to end and ending it. */
const GRACE_MS = 1_000;

/** Variables that programs need to run at all, and that name no secret. Everything else stays here. */
const ALLOWED =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TERM|TMPDIR|TEMP|TMP|PWD|VIRTUAL_ENV|CONDA_PREFIX|PYENV_ROOT|NVM_DIR|NVM_BIN|VOLTA_HOME|RBENV_ROOT|GOPATH|GOROOT|GOCACHE|JAVA_HOME|CARGO_HOME|RUSTUP_HOME|DJANGO_SETTINGS_MODULE|NODE_ENV|RAILS_ENV|PYTHONDONTWRITEBYTECODE|SystemRoot|SystemDrive|windir|COMSPEC|PATHEXT|APPDATA|LOCALAPPDATA|USERPROFILE|PROGRAMDATA|PROGRAMFILES)$/i;

/** What a command may know of the environment: nothing that may be a key, a token or an address with one. */
export function commandEnvironment(parent: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(parent))
    if (value !== undefined && ALLOWED.test(name)) environment[name] = value;
  // No prompt, no pager, no colours: nobody is there.
  return { ...environment, CI: "1", NO_COLOR: "1", PAGER: "cat", GIT_PAGER: "cat", GIT_TERMINAL_PROMPT: "0" };
}

/**
 * Runs a program without a shell, a terminal, or input. When its time is up, or the signal fires, it is ended with all
 * the processes it has started.
 * @throws the error of the system when it cannot be started
 */
export function runProcess(options: ProcessOptions): Promise<EndedProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(options.file, [...options.args], {
      cwd: options.cwd,
      env: commandEnvironment(options.environment),
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    const stdout = capped(child.stdout, options.largestOutput);
    const stderr = capped(child.stderr, options.largestOutput);
    let timedOut = false;
    let killing: NodeJS.Timeout | null = null;
    const end = () => {
      if (killing) return;
      const tree = treeOf(child);
      signalAll(child, tree, "SIGTERM");
      killing = setTimeout(() => {
        signalAll(child, [...new Set([...tree, ...treeOf(child)])], "SIGKILL");
        // A pipe that an escaped process holds open must not keep us waiting.
        child.stdout.destroy();
        child.stderr.destroy();
      }, GRACE_MS);
    };
    const timer = setTimeout(() => {
      timedOut = true;
      end();
    }, options.timeoutMs);
    options.signal.addEventListener("abort", end, { once: true });
    if (options.signal.aborted) end();
    const settle = () => {
      clearTimeout(timer);
      if (killing) clearTimeout(killing);
      options.signal.removeEventListener("abort", end);
    };
    child.once("error", (error) => {
      settle();
      reject(error);
    });
    child.once("close", (code, signal) => {
      // What outlived its parent in the same group goes with it.
      if (killing || timedOut) signalAll(child, [], "SIGKILL");
      settle();
      resolve({ code, signal, stdout: stdout(), stderr: stderr(), timedOut });
    });
  });
}

function capped(stream: NodeJS.ReadableStream, largest: number): () => string {
  const parts: string[] = [];
  let kept = 0;
  let left = 0;
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const part = text.slice(0, Math.max(0, largest - kept));
    if (part !== "") parts.push(part);
    kept += part.length;
    left += text.length - part.length;
  });
  return () => parts.join("") + (left > 0 ? `\n[${left} characters more were thrown away]` : "");
}
