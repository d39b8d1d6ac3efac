import { type ChildProcess, spawn } from "node:child_process";
import {
  type JSONRPCMessage,
  ReadBuffer,
  serializeMessage,
  type Transport,
} from "@modelcontextprotocol/client";
import { signalAll, treeOf } from "../process-tree.ts";
import { commandEnvironment } from "../run-process.ts";
import type { McpProcess } from "./mcp-file.ts";

/** Between asking a server to end and ending it, in milliseconds. */
const GRACE_MS = 1_500;
const LARGEST_MESSAGE = 10 * 1024 * 1024;
/** Characters kept of what a server writes to its standard error. */
const LARGEST_ERRORS = 4_000;

/** The connection to a server that is a process of ours: it ends with all the processes it has started. */
export class ProcessTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #how: McpProcess;
  readonly #cwd: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #buffer = new ReadBuffer({ maxBufferSize: LARGEST_MESSAGE });
  #child: ChildProcess | null = null;
  #ended: Promise<void> = Promise.resolve();
  #errors = "";

  constructor(how: McpProcess, cwd: string, environment: NodeJS.ProcessEnv) {
    this.#how = how;
    this.#cwd = cwd;
    this.#environment = environment;
  }

  /** The last that the server wrote to its standard error. */
  get errors(): string {
    return this.#errors.trim();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): Promise<void> {
    const { command, args, env, pass_env: passed } = this.#how;
    const own = Object.fromEntries(passed.map((name) => [name, this.#environment[name]]));
    const child = spawn(command, args, {
      cwd: this.#cwd,
      env: { ...commandEnvironment(this.#environment), ...own, ...env },
      stdio: ["pipe", "pipe", "pipe"],
      // The leader of a group, which can be ended as one.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once("close", () => resolve()));
    child.stdout.on("data", (chunk: Buffer) => this.#read(chunk));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#errors = (this.#errors + text).slice(-LARGEST_ERRORS);
    });
    child.stdin.on("error", (error) => this.onerror?.(error));
    child.once("close", () => {
      this.#child = null;
      this.onclose?.();
    });
    return new Promise((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (error) => {
        this.onerror?.(error);
        reject(error);
      });
    });
  }

  send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin;
    if (!stdin?.writable) return Promise.reject(new Error("The server has ended."));
    return new Promise((resolve, reject) => {
      stdin.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Asks the server and what it started to end, then ends them. */
  async close(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const tree = treeOf(child);
    child.stdin?.end();
    const patience = setTimeout(() => signalAll(child, [...tree, ...treeOf(child)], "SIGKILL"), GRACE_MS);
    signalAll(child, tree, "SIGTERM");
    await this.#ended;
    clearTimeout(patience);
    // What outlived it in its group goes with it.
    signalAll(child, tree, "SIGKILL");
  }

  #read(chunk: Buffer): void {
    try {
      this.#buffer.append(chunk);
      for (let message = this.#buffer.readMessage(); message; message = this.#buffer.readMessage())
        this.onmessage?.(message);
    } catch (error) {
      this.onerror?.(error instanceof Error ? error : new Error(String(error)));
      void this.close();
    }
  }
}
