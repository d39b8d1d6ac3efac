import { Socket } from "node:net";

/**
 * Kills this process as soon as its standard input ends, which the parent holds open as long as it lives. Called in a
 * thread of its own; costs nothing while waiting.
 */
export function endWithParent(): void {
  const parent = new Socket({ fd: 0, readable: true, writable: false });
  const end = (): void => {
    process.kill(process.pid, "SIGKILL");
  };
  parent.on("end", end).on("error", end).on("close", end).resume();
}
