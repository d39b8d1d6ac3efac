import type { LabSession } from "../../database/lab.ts";
import type { StatementReader } from "../../database/plan/statement-reader.ts";
import type { PostgresParser } from "../../database/sql/parse-postgres.ts";

/** What trying a suggestion needs: an engine with the schema, and the grammars. */
export interface VerificationLab {
  readonly session: LabSession;
  /** Reads queries of the session's dialect. */
  readonly reader: StatementReader;
  readonly parser: PostgresParser;
  /** False: neither query nor workspace says which database it is for, and the session's dialect is assumed. */
  readonly isDialectKnown: boolean;
}
