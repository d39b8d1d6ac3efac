import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "./free-port.ts";

const execute = promisify(execFile);
const PASSWORD = "open-sesame";

/** A PostgreSQL server of its own, on this machine, for one test file. */
export interface TestPostgres {
  /** Address for a user; the password of each is its name, but for the owner. */
  url(user?: string): string;
  /** Runs SQL as the owner; the rows of all statements, one line each. */
  run(sql: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Null where PostgreSQL is not installed. It refuses to run as root, so then it runs as its own user. */
export async function startPostgres(): Promise<TestPostgres | null> {
  const bin = binaries();
  if (bin === null) return null;
  const asRoot = process.getuid?.() === 0;
  const owner = asRoot ? ["runuser", "-u", "postgres", "--"] : [];
  const [command = "", ...prefix] = [...owner];
  const program = (name: string, args: readonly string[]): readonly [string, readonly string[]] =>
    asRoot ? [command, [...prefix, join(bin, name), ...args]] : [join(bin, name), args];

  const folder = await mkdtemp(join(tmpdir(), "aksara-postgres-"));
  await chmod(folder, 0o777);
  const data = join(folder, "data");
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, PASSWORD);
  await chmod(passwordFile, 0o644);
  const [initdb, initArgs] = program("initdb", [
    "-D",
    data,
    "-U",
    "owner",
    "-A",
    "scram-sha-256",
    `--pwfile=${passwordFile}`,
    "--no-sync",
  ]);
  await execute(initdb, [...initArgs]);
  const port = await freePort();
  const settings = [
    "listen_addresses=127.0.0.1",
    `port=${port}`,
    `unix_socket_directories=${folder}`,
    "fsync=off",
  ];
  const [postgres, postgresArgs] = program("postgres", [
    "-D",
    data,
    ...settings.flatMap((setting) => ["-c", setting]),
  ]);
  const server = spawn(postgres, [...postgresArgs], { stdio: "ignore" });
  const ended = once(server, "exit");
  const url = (user = "owner"): string =>
    `postgresql://${user}:${user === "owner" ? PASSWORD : user}@127.0.0.1:${port}/postgres`;
  const run = async (sql: string): Promise<readonly string[]> => {
    const { stdout } = await execute(join(bin, "psql"), [
      url(),
      "-X",
      "-q",
      "-A",
      "-t",
      "-v",
      "ON_ERROR_STOP=1",
      "-c",
      sql,
    ]);
    return stdout.split("\n").filter((line) => line !== "");
  };
  const stop = async (): Promise<void> => {
    const [control, controlArgs] = program("pg_ctl", ["-D", data, "stop", "-m", "immediate"]);
    await execute(control, [...controlArgs]);
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  for (let attempt = 0; ; attempt++) {
    try {
      await run("SELECT 1");
      return { url, run, stop };
    } catch (error) {
      if (attempt > 100) {
        await stop();
        throw error;
      }
      await pause(100);
    }
  }
}

function binaries(): string | null {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, "bin")),
    "/usr/local/bin",
    "/opt/homebrew/bin",
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb"))) ?? null;
}
