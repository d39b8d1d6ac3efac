import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Ids of all processes below one, where the system says. */
export function treeOf(child: ChildProcess): readonly number[] {
  if (child.pid === undefined || process.platform !== "linux") return [];
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree: number[] = [];
  const open = [child.pid];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    const below = children.get(pid) ?? [];
    tree.push(...below);
    open.push(...below);
  }
  return tree;
}

function parentOf(pid: number): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold anything.
    return Number(status.slice(status.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    // It has ended since it was listed.
    return null;
  }
}

/** Sends a signal to the group of a process that leads one, and to those below it that left the group. */
export function signalAll(child: ChildProcess, tree: readonly number[], signal: NodeJS.Signals): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === "win32") {
    spawn("taskkill", ["/pid", String(pid), "/t", "/f"], { stdio: "ignore", windowsHide: true });
    return;
  }
  for (const target of [-pid, ...tree]) {
    try {
      process.kill(target, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

/** Ends a process and everything below it, at once. */
export function killTree(child: ChildProcess): void {
  const hasEnded = child.exitCode !== null || child.signalCode !== null;
  // Of one that has ended, what it left behind in its group.
  signalAll(child, hasEnded ? [] : treeOf(child), "SIGKILL");
}
