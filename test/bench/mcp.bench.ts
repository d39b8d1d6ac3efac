import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { makeTemporaryFolder } from "../support/temporary-folder.ts";
import { type Bench, type BenchRow, median } from "./bench.ts";

const ROOT = join(import.meta.dirname, "../..");
const CLI = join(ROOT, "dist/cli.js");
const SHOP = join(ROOT, "test/workspaces/shop-django");
const CONCURRENCY = 10;
const CALLS = 1_000;
const RUNS = 5;
const CALL = { name: "list_migrations", arguments: { app: "orders" } };

const CLIENT = { name: "bench", version: "0" };
/** What goes with each request of a client that keeps no session. */
const ENVELOPE = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": CLIENT,
  "io.modelcontextprotocol/clientCapabilities": {},
};
const HELLO = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: CLIENT };

type Call = (id: number) => Promise<void>;

/** Calls a second, ten at a time: the median of some runs after one that warms up. */
async function rateOf(call: Call): Promise<number> {
  const samples: number[] = [];
  let id = 1_000;
  for (let run = 0; run <= RUNS; run++) {
    let left = CALLS;
    const lane = async () => {
      for (; left > 0; left--) await call(id++);
    };
    const start = performance.now();
    await Promise.all(Array.from({ length: CONCURRENCY }, lane));
    if (run > 0) samples.push(CALLS / ((performance.now() - start) / 1_000));
  }
  return median(samples);
}

/** Answers are told apart by their ids; only that they are none of failure is looked at. */
async function overStdio(modern: boolean, state: string): Promise<number> {
  const server = start(["mcp", "--workspace", SHOP], state);
  const waiting = new Map<number, (line: string) => void>();
  createInterface({ input: server.stdout ?? process.stdin }).on("line", (line) => {
    const id = Number(/"id":(\d+)/.exec(line)?.[1]);
    waiting.get(id)?.(line);
    waiting.delete(id);
  });
  const ask = (id: number, method: string, params: object): Promise<string> => {
    const answered = new Promise<string>((resolve) => waiting.set(id, resolve));
    server.stdin?.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    return answered;
  };
  try {
    if (!modern) await ask(0, "initialize", HELLO);
    const params = modern ? { ...CALL, _meta: ENVELOPE } : CALL;
    return await rateOf(async (id) => demandFacts(await ask(id, "tools/call", params)));
  } finally {
    server.stdin?.end();
    await once(server, "exit");
  }
}

async function overHttp(modern: boolean, state: string): Promise<number> {
  const server = start(["mcp", "--http", "--format", "json", "--workspace", SHOP], state);
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  try {
    const { url, token } = await firstDocument(server);
    const headers: Record<string, string> = {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    };
    const post = (body: object): Promise<{ text: string; session: string | undefined }> =>
      new Promise((resolve, reject) => {
        const sent = request(url, { method: "POST", agent, headers }, (answer) => {
          let text = "";
          answer.setEncoding("utf8").on("data", (part: string) => {
            text += part;
          });
          answer.on("end", () => resolve({ text, session: answer.headers["mcp-session-id"]?.toString() }));
        });
        sent.on("error", reject);
        sent.end(JSON.stringify({ jsonrpc: "2.0", ...body }));
      });
    if (modern) {
      headers["mcp-protocol-version"] = "2026-07-28";
      headers["mcp-method"] = "tools/call";
      headers["mcp-name"] = CALL.name;
    } else {
      const { session } = await post({ id: 0, method: "initialize", params: HELLO });
      headers["mcp-session-id"] = session ?? "";
      headers["mcp-protocol-version"] = "2025-11-25";
    }
    const params = modern ? { ...CALL, _meta: ENVELOPE } : CALL;
    return await rateOf(async (id) => demandFacts((await post({ id, method: "tools/call", params })).text));
  } finally {
    agent.destroy();
    server.kill("SIGINT");
    await once(server, "exit");
  }
}

function start(args: readonly string[], state: string): ChildProcess {
  return spawn(process.execPath, [CLI, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { PATH: process.env.PATH, XDG_STATE_HOME: state },
  });
}

async function firstDocument(server: ChildProcess): Promise<{ url: string; token: string }> {
  let text = "";
  for await (const line of createInterface({ input: server.stdout ?? process.stdin })) {
    text += line;
    if (line === "}") break;
  }
  return JSON.parse(text);
}

function demandFacts(text: string): void {
  if (!text.includes("orders.0001")) throw new Error(`the call failed: ${text.slice(0, 300)}`);
}

function row(what: string, rate: number, bar: number): BenchRow {
  return { what, value: `${Math.round(rate)} calls/s`, bar: `≥ ${bar}`, met: rate >= bar };
}

export const bench: Bench = {
  title: `MCP server, ${CALL.name} on shop-django, ${CONCURRENCY} calls at a time`,
  run: async () => {
    const state = await makeTemporaryFolder("mcp-bench");
    try {
      return [
        row("standard streams, 2025-11-25", await overStdio(false, state.folder), 3_000),
        row("standard streams, 2026-07-28", await overStdio(true, state.folder), 3_000),
        row("HTTP, session of 2025-11-25", await overHttp(false, state.folder), 500),
        row("HTTP, 2026-07-28", await overHttp(true, state.folder), 500),
      ];
    } finally {
      await state.remove();
    }
  },
};
