/** One of several processes that share threads: takes what nobody has, does it, writes what it did. */
import { setTimeout as pause } from "node:timers/promises";
import { isAksaraError } from "../../../src/errors.ts";
import { openSharedStore } from "../../../src/storage/open-shared-store.ts";
import type { Store } from "../../../src/storage/store.ts";
import type { SharedWork } from "./work-together.ts";

const LEASE_MS = 2_000;
const { url, namespace, threads }: SharedWork = JSON.parse(process.env.SHARED_WORK ?? "");
// Called the same in every process: that must not make one of them.
const HOLDER = "worker";
const by = String(process.pid);

const store = await openSharedStore({ url, namespace });
const order = Array.from({ length: threads }, (_, thread) => thread).sort(() => Math.random() - 0.5);
for (let open = order; open.length > 0; ) {
  const left: number[] = [];
  for (const thread of open) if (!(await work(store, `thread-${thread}`))) left.push(thread);
  open = left;
  if (open.length > 0) await pause(100);
}
await store.close();

/** Whether the thread is done, by whomever. */
async function work({ leases, logs }: Store, thread: string): Promise<boolean> {
  const lease = await leases.acquire(thread, HOLDER, LEASE_MS);
  if (!lease) return false;
  try {
    const entries = (await logs.read(thread)) as { type: string }[];
    if (entries.some(({ type }) => type === "done")) return true;
    const begun = await logs.append(
      thread,
      entries.length,
      [{ type: "begin", by, token: lease.token }],
      true,
    );
    process.stdout.write(`${thread}\n`);
    await pause(Math.random() * 20);
    await logs.append(thread, begun, [{ type: "done", by, token: lease.token }], true);
    return true;
  } catch (error) {
    if (isAksaraError(error) && error.code === "THREAD_BUSY") return false;
    throw error;
  } finally {
    await leases.release(lease);
  }
}
