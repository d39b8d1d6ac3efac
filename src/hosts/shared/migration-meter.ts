import type { MeasuredMigration } from "../../analysis/locks/migration-locks.ts";
import { isAksaraError, isCancelled } from "../../errors.ts";
import type { LockMeter, LocksAnswer } from "../../flows/facts/lock-meter.ts";
import type { MigrationLocks } from "../../protocol/migration-locks.ts";
import type { Catalog } from "../../workspace/catalog.ts";
import { hashText } from "../../workspace/hash.ts";
import type { Migration } from "../../workspace/ir/migration.ts";
import type { SqlDialect } from "../../workspace/ir/query.ts";

/** What measuring takes of the lab. */
export interface MeterParts {
  readonly dialectOf: (catalog: Catalog) => SqlDialect;
  readonly prepare: (catalog: Catalog, migration: Migration) => MeasuredMigration;
  readonly measure: (of: MeasuredMigration, signal: AbortSignal | undefined) => Promise<MigrationLocks>;
}

/**
 * Measures migrations, each once for a reading of the workspace: the engine is started anew for every one, and a panel
 * asks again whenever a file changes.
 */
export class MigrationMeter {
  readonly #load: () => Promise<MeterParts>;
  readonly #known = new WeakMap<Catalog, Map<string, MigrationLocks>>();

  constructor(load: () => Promise<MeterParts>) {
    this.#load = load;
  }

  on(catalog: Catalog): LockMeter {
    return { measure: (migrationId, signal) => this.#measure(catalog, migrationId, signal) };
  }

  async #measure(
    catalog: Catalog,
    migrationId: string,
    signal: AbortSignal | undefined,
  ): Promise<LocksAnswer> {
    const migration = catalog.byId(migrationId);
    if (migration?.kind !== "migration") return refused("the migration is not in the workspace");
    try {
      const parts = await this.#load();
      const dialect = parts.dialectOf(catalog);
      if (dialect === "mysql") return refused("MySQL cannot be embedded, and its locks are not PostgreSQL's");
      if (dialect === "sqlite")
        return refused("SQLite locks the whole database for every statement that writes");
      if (migration.operations.every(({ sql }) => sql === null || sql.length === 0))
        return refused("what its operations run is not known as SQL");
      const known = this.#known.get(catalog) ?? new Map<string, MigrationLocks>();
      this.#known.set(catalog, known);
      const locks =
        known.get(migrationId) ?? (await parts.measure(parts.prepare(catalog, migration), signal));
      known.set(migrationId, locks);
      return { kind: "measured", locks, inputs: [{ name: "lab", hash: hashText(locks.engine) }] };
    } catch (error) {
      if (isCancelled(error) && signal?.aborted) throw error;
      return refused(isAksaraError(error) ? error.message : String(error), "failed");
    }
  }
}

function refused(reason: string, state = "refused"): LocksAnswer {
  const inputs = [{ name: "lab", hash: hashText(state) }];
  return { kind: "not-measured", status: `not available (T0): ${reason}`, inputs };
}
