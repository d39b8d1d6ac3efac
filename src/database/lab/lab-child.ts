import { isMainThread } from "node:worker_threads";

/**
 * The lab's child process. Its own file runs a second time, as a thread that only watches the parent: a statement
 * without end occupies the main thread, which then cannot notice that the parent is gone.
 */
if (isMainThread) {
  const { serveLab } = await import("./lab-server.ts");
  serveLab(new URL(import.meta.url));
} else {
  const { endWithParent } = await import("./end-with-parent.ts");
  endWithParent();
}
