import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { AgentDatabases, EnabledDatabase } from "../../agent/databases.ts";
import type { DataConnection } from "../../database/live/data-connection.ts";
import { type DatabaseAddress, readDatabaseAddress } from "../../database/live/database-address.ts";
import { AksaraError, isAksaraError } from "../../errors.ts";
import type { Store } from "../../storage/store.ts";
import type { WorkspaceRoot } from "../../workspace/index/workspace-index.ts";

/** Where whole addresses are, passwords included: the environment, or an editor's secret storage. Port. */
export interface DatabaseSecrets {
  /** Null when there is none; then the address that was enabled must do without a password. */
  get(name: string): Promise<string | null>;
}

/** A file of the workspace that takes away: nothing in it can enable a database, or writing to one. */
export const DATABASE_LIMITS_FILE = ".aksara/databases.json";
const SPACE = "databases";
const NAME = /^[A-Za-z][\w-]{0,39}$/;

/** Whether agents can call a database so. */
export function isDatabaseName(name: string): boolean {
  return NAME.test(name);
}

const recordSchema = z.strictObject({
  name: z.string(),
  dialect: z.enum(["postgresql", "sqlite"]),
  place: z.string(),
  /** Without the password. */
  address: z.string(),
  write: z.boolean(),
});
type DatabaseRecord = z.output<typeof recordSchema>;

const limitsSchema = z.strictObject({
  version: z.literal(1),
  databases: z.record(
    z.string(),
    z.strictObject({ use: z.literal(false).optional(), write: z.literal(false).optional() }),
  ),
});

export interface StoredDatabasesOptions {
  /** Of the workspace, in its state directory: no file of the workspace reaches it. */
  readonly store: Store;
  readonly roots: readonly WorkspaceRoot[];
  readonly secrets: DatabaseSecrets;
  /** Absolute path of the SQLite worker's entry file. */
  readonly workerFile: string;
}

/**
 * The databases that a person enabled for agents in a workspace. A permission is for one place (host, port and database,
 * or file): an address that leads elsewhere by now is refused.
 */
export class StoredDatabases implements AgentDatabases {
  readonly #options: StoredDatabasesOptions;

  constructor(options: StoredDatabasesOptions) {
    this.#options = options;
  }

  async list(): Promise<readonly EnabledDatabase[]> {
    const { store, roots } = this.#options;
    const limits = await readLimits(roots);
    return (await store.values.list(SPACE))
      .map(({ value }) => recordSchema.parse(value))
      .filter(({ name }) => !limits.some((limit) => limit[name]?.use === false))
      .map(({ name, dialect, place, write }) => ({
        name,
        dialect,
        place,
        write: write && !limits.some((limit) => limit[name]?.write === false),
      }));
  }

  async open(name: string, write: boolean, signal: AbortSignal) {
    const found = (await this.list()).find((each) => each.name === name);
    if (!found || (write && !found.write))
      throw new AksaraError(
        "NO_DATABASE",
        `The database "${name}" was not enabled${write ? " for writing" : ""}.`,
      );
    return await this.#open(await this.#addressOf(name), write, signal);
  }

  /** Opens a database that was not enabled, for a person who tries its address. @throws as `open`, INVALID_REQUEST */
  async connect(url: string, write: boolean, signal: AbortSignal): Promise<DataConnection> {
    return await this.#open(this.#read(url), write, signal);
  }

  /** Why a text is no address of a database; null when it is one. */
  refusal(url: string): string | null {
    try {
      this.#read(url);
      return null;
    } catch (error) {
      if (!isAksaraError(error)) throw error;
      return error.hint === null ? error.message : `${error.message} ${error.hint}`;
    }
  }

  async #open(address: DatabaseAddress, write: boolean, signal: AbortSignal): Promise<DataConnection> {
    if (address.dialect === "postgresql") {
      const { connectPostgresRows } = await import("../../database/live/postgres-rows.ts");
      return await connectPostgresRows(address, write, signal);
    }
    const { openSqliteRows } = await import("../../database/live/sqlite-rows.ts");
    return await openSqliteRows(address, write, this.#options.workerFile, signal);
  }

  /** Lets agents of this workspace use a database. @throws INVALID_REQUEST, SPEC_INVALID for a name */
  async enable(name: string, url: string, write: boolean): Promise<EnabledDatabase> {
    if (!isDatabaseName(name))
      throw new AksaraError("SPEC_INVALID", `"${name}" is no name: letters, digits, _ and -, at most 40.`);
    const { dialect, place, withoutPassword } = this.#read(url);
    const record: DatabaseRecord = { name, dialect, place, address: withoutPassword, write };
    await this.#options.store.values.set(SPACE, name, record);
    return { name, dialect, place, write };
  }

  /** Whether there was one. */
  async disable(name: string): Promise<boolean> {
    return await this.#options.store.values.delete(SPACE, name);
  }

  async #addressOf(name: string): Promise<DatabaseAddress> {
    const { store, secrets } = this.#options;
    const record = recordSchema.parse((await store.values.get(SPACE, name))?.value);
    const whole = await secrets.get(name);
    if (whole === null) return this.#read(record.address);
    const address = this.#read(whole);
    if (address.place === record.place) return address;
    throw new AksaraError(
      "NO_DATABASE",
      `"${name}" was enabled for ${record.place}, and its address says ${address.place} now.`,
      { hint: "A person enables the new place, or corrects the address." },
    );
  }

  #read(url: string): DatabaseAddress {
    return readDatabaseAddress(url, this.#options.roots[0]?.path ?? process.cwd());
  }
}

/** Whole addresses from the environment: `AKSARA_DATABASE_SHOP` for the database `shop`. */
export function environmentDatabases(environment: NodeJS.ProcessEnv): DatabaseSecrets {
  return { get: async (name) => environment[databaseVariable(name)]?.trim() || null };
}

export function databaseVariable(name: string): string {
  return `AKSARA_DATABASE_${name.toUpperCase().replaceAll("-", "_")}`;
}

type Limits = z.output<typeof limitsSchema>["databases"];

/** @throws SPEC_INVALID: a limit that cannot be read is not taken for none */
async function readLimits(roots: readonly WorkspaceRoot[]): Promise<readonly Limits[]> {
  const found: Limits[] = [];
  for (const { path } of roots) {
    const text = await readFile(join(path, DATABASE_LIMITS_FILE), "utf8").catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
        throw invalid(error.message);
      },
    );
    if (text !== null) found.push(parseLimits(text));
  }
  return found;
}

function parseLimits(text: string): Limits {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
  const parsed = limitsSchema.safeParse(value);
  if (parsed.success) return parsed.data.databases;
  const issue = parsed.error.issues[0];
  throw invalid(`${issue?.path.join(".")}: ${issue?.message}`);
}

function invalid(why: string): AksaraError {
  return new AksaraError(
    "SPEC_INVALID",
    `${DATABASE_LIMITS_FILE} cannot be read, so no database is used: ${why}`,
    {
      hint: 'It can only take away: {"version": 1, "databases": {"shop": {"write": false}}}.',
    },
  );
}
