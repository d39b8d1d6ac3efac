import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { RedisConnection } from "../../src/storage/redis-connection.ts";
import { freePort } from "./free-port.ts";

const PASSWORD = "open-sesame";
const PROGRAMS = ["/usr/bin/redis-server", "/usr/local/bin/redis-server", "/opt/homebrew/bin/redis-server"];

/** A Redis server of its own, on this machine, for one test file. */
export interface TestRedis {
  readonly url: string;
  /** Ends every connection to it, as a network does. */
  dropConnections(): Promise<void>;
  stop(): Promise<void>;
}

/** Null where Redis is not installed. */
export async function startRedis(): Promise<TestRedis | null> {
  const program = PROGRAMS.find((path) => existsSync(path));
  if (program === undefined) return null;
  const folder = await mkdtemp(join(tmpdir(), "aksara-redis-"));
  const port = await freePort();
  const settings = {
    port,
    bind: "127.0.0.1",
    dir: folder,
    requirepass: PASSWORD,
    save: "",
    appendonly: "no",
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = spawn(program, args, { stdio: "ignore" });
  const ended = once(server, "exit");
  const url = `redis://:${PASSWORD}@127.0.0.1:${port}/0`;
  const ask = async (...words: readonly [string, ...string[]]) => {
    const connection = await RedisConnection.open(url);
    try {
      await connection.ask(...words);
    } finally {
      await connection.close();
    }
  };
  const stop = async () => {
    server.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  for (let attempt = 0; ; attempt++) {
    try {
      await ask("PING");
      return { url, dropConnections: () => ask("CLIENT", "KILL", "TYPE", "normal"), stop };
    } catch (error) {
      if (attempt > 20) {
        await stop();
        throw error;
      }
      await pause(100);
    }
  }
}
