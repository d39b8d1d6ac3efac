import { type ChildProcess, execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("../..", import.meta.url));
const main = join(checkout, "src/hosts/cli/main.ts");

export interface CliAnswer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What the command line may know of this process's environment: no keys of the machine's owner, and no Ollama of theirs. */
export function cliEnvironment(state: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR, XDG_STATE_HOME: state, NO_COLOR: "1", OLLAMA_HOST: "127.0.0.1:9", ...more };
}

/** Runs the command line as a process of its own to its end. */
export function aksara(args: readonly string[], env: NodeJS.ProcessEnv): Promise<CliAnswer> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env, maxBuffer: 1 << 26 }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

export interface ServingProcess {
  readonly url: string;
  readonly token: string;
  readonly child: ChildProcess;
  /** Sends a signal and waits for the end; the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts `aksara serve` and waits until it says where it listens. */
export async function serve(args: readonly string[], env: NodeJS.ProcessEnv): Promise<ServingProcess> {
  const child = spawn(process.execPath, [main, "serve", "--format", "json", ...args], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  const text = await firstDocument(child);
  const { url, token } = JSON.parse(text) as { url: string; token: string };
  return {
    url,
    token,
    child,
    stop: async (signal = "SIGINT") => {
      child.kill(signal);
      return await ended;
    },
  };
}

async function firstDocument(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("no standard output");
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (line === "}") return lines.join("\n");
  }
  throw new Error("aksara serve ended before it listened");
}
