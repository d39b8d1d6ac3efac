import { messages, type PGlite } from "@electric-sql/pglite";
import type { SchemaFailure, SchemaRepair } from "../lab.ts";
import type { SchemaStatement } from "../schema/lab-schema.ts";
import { type Repair, repairOf } from "./schema-repairs.ts";
import { sqlErrorOf } from "./sql-error.ts";

export interface BuildResult {
  readonly applied: number;
  readonly repairs: readonly SchemaRepair[];
  readonly failures: readonly SchemaFailure[];
}

/** A statement is tried this often, each time with one more thing repaired. */
const ATTEMPTS = 8;

/**
 * Runs the statements of a schema, each in a transaction of its own. What is rejected for the lack of something that
 * the lab does not have is repaired and tried again, and the repair is told; what is rejected still is left out, and
 * tried once more at the end, when what it needed may be there.
 */
export async function buildSchema(
  database: PGlite,
  statements: readonly SchemaStatement[],
): Promise<BuildResult> {
  const builder = new SchemaBuilder(database);
  const rejected: SchemaStatement[] = [];
  let failures: SchemaFailure[] = [];
  for (const statement of statements) {
    const failure = await builder.apply(statement);
    if (failure === null) continue;
    failures.push(failure);
    rejected.push(statement);
  }
  const late = new Set<SchemaFailure>();
  for (const [index, statement] of rejected.entries()) {
    const failure = failures[index];
    if (failure?.error.sqlState !== UNDEFINED_TABLE || (await builder.apply(statement)) !== null) continue;
    late.add(failure);
    builder.tell(statement, "built after the statements that follow it: it names a table that they create");
  }
  failures = failures.filter((failure) => !late.has(failure));
  return { applied: statements.length - failures.length, repairs: builder.repairs, failures };
}

const UNDEFINED_TABLE = "42P01";

class SchemaBuilder {
  readonly #database: PGlite;
  readonly #repairs: SchemaRepair[] = [];

  constructor(database: PGlite) {
    this.#database = database;
  }

  get repairs(): readonly SchemaRepair[] {
    return this.#repairs;
  }

  tell({ about }: SchemaStatement, what: string): void {
    if (this.#repairs.some((repair) => repair.about === about && repair.what === what)) return;
    this.#repairs.push({ about, what });
  }

  /** Null when the statement was applied, as it is or repaired. */
  async apply(statement: SchemaStatement): Promise<SchemaFailure | null> {
    const done: Repair[] = [];
    let sql = statement.sql;
    let failure: SchemaFailure | null = null;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      failure = await this.#failureOf(statement, sql);
      if (failure === null) break;
      const repair = repairOf(failure.error, sql);
      if (repair === null || done.some(({ what }) => what === repair.what)) return failure;
      done.push(repair);
      if (repair.kind === "leave-out") {
        failure = null;
        break;
      }
      if (repair.kind === "rewrite") sql = repair.sql;
      else if ((await this.#failureOf(statement, repair.sql)) !== null) return failure;
    }
    if (failure !== null) return failure;
    for (const { what } of done) this.tell(statement, what);
    return null;
  }

  async #failureOf({ about, sql: written }: SchemaStatement, sql: string): Promise<SchemaFailure | null> {
    try {
      await this.#database.exec(sql);
      return null;
    } catch (error) {
      // A text of several statements that opened a transaction leaves it open.
      await this.#database.exec("ROLLBACK");
      if (!(error instanceof messages.DatabaseError)) throw error;
      return { about, sql: written.slice(0, 2_000), error: sqlErrorOf(error, sql) };
    }
  }
}
