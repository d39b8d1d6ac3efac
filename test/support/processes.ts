import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

/** Process groups of this process that are still alive, killed when it ends for whatever reason. */
const groups = new Set<number>();
let watching = false;

/**
 * Starts a program in a process group of its own. The group does not outlive this process: it is killed on exit,
 * on an uncaught exception and on SIGINT, SIGTERM and SIGHUP. VS Code's server leaves its children alive otherwise.
 */
export function spawnGroup(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  watchEnd();
  const child = spawn(command, args, { ...options, detached: process.platform !== "win32" });
  if (child.pid !== undefined) groups.add(child.pid);
  return child;
}

/** Ends a group started by {@link spawnGroup}: asks first, and after `graceMs` no longer asks. */
export async function endGroup(child: ChildProcess, graceMs = 3000): Promise<void> {
  const pid = child.pid;
  if (pid === undefined || !groups.has(pid)) return;
  signalGroup(pid, "SIGTERM");
  const end = Date.now() + graceMs;
  while (groupLives(pid) && Date.now() < end) await delay(50);
  signalGroup(pid, "SIGKILL");
  // A later process may get this number, so it is forgotten only once nothing is left to kill.
  const gone = Date.now() + 2000;
  while (groupLives(pid) && Date.now() < gone) await delay(50);
  groups.delete(pid);
}

/** Whether a process with this number exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function groupLives(pid: number): boolean {
  return isAlive(process.platform === "win32" ? pid : -pid);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (process.platform === "win32") {
    spawnSync("taskkill", ["/pid", String(pid), "/T", "/F"], { stdio: "ignore" });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function watchEnd(): void {
  if (watching) return;
  watching = true;
  process.on("exit", () => {
    for (const pid of groups) signalGroup(pid, "SIGKILL");
  });
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    process.on(signal, () => process.exit(code));
  }
}
