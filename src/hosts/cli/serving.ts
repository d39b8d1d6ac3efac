import { AksaraError } from "../../errors.ts";
import { documentText } from "../shared/document-text.ts";
import type { CliContext } from "./context.ts";
import { bold, UsageError } from "./output.ts";

/** The port that an option names; 0 for any. @throws UsageError */
export function portOf(text: string | undefined): number {
  const port = Number(text ?? 0);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`--port is a number up to 65535, not "${text}".`);
}

interface Served {
  readonly url: string;
  /** Asked for in every request. */
  readonly token: string;
  close(): Promise<void>;
}

interface Serving {
  /** As the person asked for it. */
  readonly port: number;
  /** @throws the error of the operating system: address in use, not allowed */
  readonly start: (onCrash: (error: unknown) => void) => Promise<Served>;
  /** What is said above the address. */
  readonly title: string;
  /** What the JSON document has beside the address and the token. */
  readonly more?: (served: Served) => Readonly<Record<string, string>>;
}

/**
 * Starts a server, says where it is, and closes it once the command is stopped. Defects go to standard error.
 * @throws AksaraError RUNTIME_ERROR: the port cannot be listened on
 */
export async function serveUntilStopped(context: CliContext, serving: Serving): Promise<void> {
  const { terminal, options, signal } = context;
  const onCrash = (error: unknown) =>
    terminal.err(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  const server = await serving.start(onCrash).catch((error: NodeJS.ErrnoException) => {
    throw new AksaraError("RUNTIME_ERROR", `Cannot listen on port ${serving.port}: ${error.message}`, {
      cause: error,
    });
  });
  try {
    const { url, token } = server;
    if (options.format === "json") terminal.out(documentText({ url, token, ...serving.more?.(server) }));
    else terminal.out(`${serving.title}\n${bold(terminal, url)}\nAuthorization: Bearer ${token}\n`);
    await untilStopped(signal);
  } finally {
    await server.close();
  }
}

/** Ctrl-C, or the polite signal of a service manager. */
export function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
    process.once("SIGTERM", () => resolve());
  });
}
