import { UsageError } from "./output.ts";

/** The port that an option names; 0 for any. @throws UsageError */
export function portOf(text: string | undefined): number {
  const port = Number(text ?? 0);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`--port is a number up to 65535, not "${text}".`);
}

/** Ctrl-C, or the polite signal of a service manager. */
export function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
    process.once("SIGTERM", () => resolve());
  });
}
