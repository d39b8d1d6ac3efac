import type { Node } from "libpg-query";
import { judgeRejection } from "./judge-rejection.ts";
import { readStatements } from "./read-statements.ts";
import { unverified, type Verification } from "./verification.ts";
import type { VerificationLab } from "./verification-lab.ts";

/** What a statement about a constraint may do; anything else is not tried. */
const CONSTRAINING: ReadonlySet<string> = new Set([
  "AT_AddConstraint",
  "AT_ValidateConstraint",
  "AT_SetNotNull",
  "AT_ColumnDefault",
]);

/**
 * Applies a constraint to the schema without rows. Refuted: it does not apply. One that applies stays unverified, since
 * whether the rows hold to it is what a constraint is about, and the lab has none. Throws as the lab does.
 */
export async function verifyConstraint(
  lab: VerificationLab,
  statements: readonly string[],
  signal?: AbortSignal,
): Promise<Verification> {
  const { session } = lab;
  if (session.dialect !== "postgresql") {
    return unverified("Not checked: SQLite takes constraints only with a new table.");
  }
  const read = await readStatements(lab, statements);
  if (read.kind === "judged") return read.verification;
  if (!read.statements.every(({ tree }) => constrains(tree))) {
    return unverified("Not checked: it does something else than ALTER TABLE with constraints.");
  }
  const { engine, failures, repairs } = await session.report(signal);
  return await session.withTrial(
    read.statements.map(({ sql }) => sql),
    async ({ failure }) => {
      if (failure === null) {
        const summary = "It applies to the schema; whether the rows hold to it is not known without data.";
        return unverified(summary, { applies: true, engine });
      }
      return judgeRejection("It does not apply to the schema", failure.error, {
        repairs: repairs.map(({ what }) => what),
        failures: failures.map(({ about, error }) => `${about}: ${error.message}`),
      });
    },
    signal,
  );
}

function constrains(tree: Node): boolean {
  if (!("AlterTableStmt" in tree)) return false;
  const { cmds = [] } = tree.AlterTableStmt;
  return cmds.every(
    (command) => "AlterTableCmd" in command && CONSTRAINING.has(command.AlterTableCmd.subtype ?? ""),
  );
}
