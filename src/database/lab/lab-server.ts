import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { LabEngine } from "./lab-engine.ts";
import type { LabAnswer, LabMessage, LabRequest } from "./lab-protocol.ts";
import { labRequestSchema, labStartSchema } from "./lab-protocol.ts";

/** Answers the parent's requests, one at a time and in order, until it has rested for the idle time. */
export function serveLab(entry: URL): void {
  // The optimising compiler gains nothing here in the time that a planner is used, and takes half a gigabyte.
  for (const flag of ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering"]) setFlagsFromString(flag);
  const start = labStartSchema.parse(JSON.parse(process.argv[2] ?? ""));
  const engine = new LabEngine(start, () => send({ kind: "ready" }));
  new Worker(entry, { execArgv: [] }).unref();

  let working: Promise<void> = Promise.resolve();
  let waiting = 0;
  const endAfterRest = (): NodeJS.Timeout => setTimeout(() => process.exit(0), start.idleMs).unref();
  // Armed by the first answer only: the child was started because a request is on its way.
  let rest: NodeJS.Timeout | undefined;

  process.on("disconnect", () => process.exit(0));
  process.on("message", (message) => {
    clearTimeout(rest);
    waiting++;
    working = working
      .then(() => answer(engine, labRequestSchema.parse(message)))
      .then(() => {
        waiting--;
        if (waiting === 0) rest = endAfterRest();
      });
  });
}

async function answer(engine: LabEngine, request: LabRequest): Promise<void> {
  try {
    send({ kind: "answer", id: request.id, answer: await execute(engine, request) });
  } catch (error) {
    // Whatever is not an error of SQL leaves WebAssembly in an unknown state: the parent ends this process.
    send({ kind: "failed", id: request.id, message: messageOf(error) });
  }
}

function execute(engine: LabEngine, request: LabRequest): Promise<LabAnswer<LabRequest["type"]>> {
  switch (request.type) {
    case "ping":
      return Promise.resolve({ pid: process.pid, node: process.versions.node });
    case "version":
      return engine.version();
    case "query":
      return engine.query(request.sql, request.maxRows);
    case "open":
      return engine.open(request);
    case "statistics":
      return engine.statistics(request);
    case "explain":
      return engine.explain(request);
    case "run":
      return engine.run(request);
    case "describe":
      return engine.describe(request);
    case "begin":
      return engine.begin(request);
    case "clone":
      return engine.clone(request);
    case "apply":
      return engine.apply(request);
    case "rollback":
      return engine.rollback(request);
    case "locks":
      return engine.locks(request);
    case "lock-sequence":
      return engine.lockSequence(request);
  }
}

function send(message: LabMessage): void {
  process.send?.(message);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
