import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export interface SharedWork {
  readonly url: string;
  readonly namespace: string;
  readonly threads: number;
  readonly processes: number;
}

/**
 * Lets some processes work on the same threads until all are done; kills one of them, whichever, once it has begun a
 * thread. Gives how many were killed, and how many came to their end.
 */
export async function workTogether(work: SharedWork): Promise<{ killed: number; finished: number }> {
  const program = join(import.meta.dirname, "thread-worker.ts");
  const children = Array.from({ length: work.processes }, () =>
    spawn(process.execPath, [program], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, SHARED_WORK: JSON.stringify(work) },
    }),
  );
  const victim = children[Math.floor(Math.random() * children.length)];
  const kill = atSomeThread(victim);
  const codes = await Promise.all(children.map((child) => once(child, "exit")));
  kill();
  return {
    killed: codes.filter(([, signal]) => signal === "SIGKILL").length,
    finished: codes.filter(([code]) => code === 0).length,
  };
}

/** Kills it in the middle of one of the first threads that it begins. */
function atSomeThread(child: ChildProcess | undefined): () => void {
  let left = 1 + Math.floor(Math.random() * 10);
  const onLine = () => {
    left--;
    if (left === 0) child?.kill("SIGKILL");
  };
  child?.stdout?.on("data", onLine);
  return () => child?.stdout?.removeListener("data", onLine);
}

export interface WantedLease {
  readonly url: string;
  readonly namespace: string;
  readonly name: string;
  readonly holder: string;
}

/** Whether another process gets a lease. */
export async function acquireElsewhere({ url, namespace, name, holder }: WantedLease): Promise<boolean> {
  const opener = join(import.meta.dirname, "../../../src/storage/open-shared-store.ts");
  const code = `import { openSharedStore } from ${JSON.stringify(opener)};
    const store = await openSharedStore(${JSON.stringify({ url, namespace })});
    process.stdout.write(String((await store.leases.acquire(${JSON.stringify(name)}, ${JSON.stringify(holder)}, 60_000)) !== null));
    await store.close();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => said.push(chunk));
  await once(child, "close");
  return Buffer.concat(said).toString() === "true";
}
