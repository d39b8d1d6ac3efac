import type { Node } from "libpg-query";
import type { LabSession, SqlError } from "../../database/lab.ts";
import { constantsOf } from "./constants-of.ts";
import { isDataError } from "./data-errors.ts";
import { fillableTables, insertRows, rowStatements } from "./generate-rows.ts";
import { judgeRejection } from "./judge-rejection.ts";
import { readStatements } from "./read-statements.ts";
import { type RowCheck, rowChecks } from "./row-checks.ts";
import { type StructureItem, structureOf, without } from "./schema-structure.ts";
import { refuted, unverified, type Verification, verified } from "./verification.ts";
import type { VerificationLab } from "./verification-lab.ts";

/** What a statement about a constraint may do; anything else is not tried. */
const CONSTRAINING: ReadonlySet<string> = new Set([
  "AT_AddConstraint",
  "AT_ValidateConstraint",
  "AT_SetNotNull",
  "AT_ColumnDefault",
]);

/** Sets of rows that are held against it: few, so that some keep to it, and more, so that some do not. */
const ROUNDS: readonly { readonly rows: number; readonly seed: number; readonly stray: boolean }[] = [
  { rows: 12, seed: 2, stray: false },
  { rows: 30, seed: 3, stray: false },
  { rows: 3, seed: 4, stray: false },
  { rows: 1, seed: 5, stray: false },
  { rows: 30, seed: 3, stray: true },
];
/** Values count as repeated below this share of distinct ones: the figure is one of a sample. */
const ALL_DISTINCT = 0.95;

/**
 * Applies a constraint to the schema, and looks for generated rows that the schema takes today and the constraint does
 * not. Verified: it applies and such a row is found, so it says something new; whether a person's own rows hold to it is
 * asked of the statistics where there are some, and otherwise left to the query that the proof gives. Refuted: it does
 * not apply, it is there already, or the statistics say that rows break it. Throws as the lab does.
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
  const texts = read.statements.map(({ sql }) => sql);
  const applied = await applyAlone(lab, texts, signal);
  if (applied.kind === "judged") return applied.verification;
  const { added, checks } = applied;
  const { engine } = await session.report(signal);
  const details = {
    applies: true,
    engine,
    adds: added.map(({ what }) => what),
    check_queries: checks.map(({ query }) => query),
  };
  const known = await knownToBreak(session, checks, signal);
  if (known !== null) return refuted(`It applies to the schema, and your rows break it: ${known}.`, details);
  if (checks.length === 0) return verified("It applies, and no row can break it.", details);
  const trees = read.statements.map(({ tree }) => tree);
  const found = await findBreach(lab, { texts, trees, checks }, signal);
  const asked = `Whether yours do is what this tells: ${checks.map(({ query }) => query).join("; ")}`;
  if (found === null) {
    const summary = `It applies to the schema; no generated row shows what it refuses. ${asked}`;
    return unverified(summary, details);
  }
  const { error, kept } = found;
  const breach = error.detail ?? error.message;
  return verified(`It applies, and refuses what the schema takes today: ${breach} ${asked}`, {
    ...details,
    breaks: { message: error.message, detail: error.detail },
    generated_rows_that_keep_to_it: kept,
  });
}

type Applied =
  | {
      readonly kind: "applied";
      readonly added: readonly StructureItem[];
      readonly checks: readonly RowCheck[];
    }
  | { readonly kind: "judged"; readonly verification: Verification };

async function applyAlone(
  { session }: VerificationLab,
  statements: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Applied> {
  const { failures, repairs } = await session.report(signal);
  return await session.withTrial(
    [],
    async (trial): Promise<Applied> => {
      const before = await structureOf(trial);
      for (const sql of statements) {
        const error = await trial.apply(sql);
        if (error === null) continue;
        const built = {
          repairs: repairs.map(({ what }) => what),
          failures: failures.map(({ about, error: why }) => `${about}: ${why.message}`),
        };
        return judged(judgeRejection("It does not apply to the schema", error, built));
      }
      const added = without(await structureOf(trial), before);
      const twin = added.find(({ what }) => before.some((item) => item.what === what));
      if (added.length === 0 || twin !== undefined) {
        const what = twin === undefined ? "" : ` ${twin.what}`;
        return judged(refuted(`It adds nothing: the schema has it already.${what}`, { applies: true }));
      }
      return { kind: "applied", added, checks: added.flatMap(rowChecks) };
    },
    signal,
  );
}

function judged(verification: Verification): Extract<Applied, { kind: "judged" }> {
  return { kind: "judged", verification };
}

interface Breach {
  readonly error: SqlError;
  /** Whether other generated rows keep to it. */
  readonly kept: boolean;
}

async function findBreach(
  { session }: VerificationLab,
  { texts, trees, checks }: { texts: readonly string[]; trees: readonly Node[]; checks: readonly RowCheck[] },
  signal: AbortSignal | undefined,
): Promise<Breach | null> {
  const tables = await fillableTables(session, [...new Set(checks.map(({ table }) => table))], signal);
  let breach: SqlError | null = null;
  let kept = false;
  for (const { rows, seed, stray } of ROUNDS) {
    const statements = rowStatements(tables, boundaries(constantsOf(trees)), rows, seed);
    const error = await session.withTrial(
      [],
      async (trial) => {
        await insertRows(trial, statements);
        if (stray)
          await insertRows(
            trial,
            checks.flatMap((check) => check.stray),
          );
        for (const sql of texts) {
          const rejected = await trial.apply(sql);
          if (rejected !== null) return rejected;
        }
        return null;
      },
      signal,
    );
    if (error === null) kept = true;
    else if (isDataError(error)) breach ??= error;
    if (breach !== null && kept) break;
  }
  return breach === null ? null : { error: breach, kept };
}

/** The values beside those that a condition names: one of them is on its other side. */
function boundaries(constants: readonly string[]): readonly string[] {
  return constants.flatMap((text) =>
    /^-?\d{1,8}$/.test(text) ? [text, String(Number(text) - 1), String(Number(text) + 1)] : [text],
  );
}

/** What the person's own statistics say against it; null where they say nothing. */
async function knownToBreak(
  session: LabSession,
  checks: readonly RowCheck[],
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const statistics = await session.statistics(signal);
  for (const { table, kind, columns } of checks) {
    const facts = statistics.find((each) => each.table === table && each.columnsFrom === "statistics");
    const [column, ...more] = columns;
    const own = facts?.columns.find((each) => each.column === column);
    if (facts === undefined || own === undefined || more.length > 0) continue;
    if (kind === "not-null" && own.nullFraction > 0)
      return `${percent(own.nullFraction)} of ${table}.${column} are empty by your statistics`;
    const share = own.distinct < 0 ? -own.distinct : own.distinct / Math.max(1, facts.rows);
    if (kind === "unique" && facts.rows > 0 && share / (1 - own.nullFraction || 1) < ALL_DISTINCT)
      return `values of ${table}.${column} repeat by your statistics`;
  }
  return null;
}

function percent(share: number): string {
  return `${Math.max(0.1, Math.round(share * 1000) / 10)} %`;
}

function constrains(tree: Node): boolean {
  if (!("AlterTableStmt" in tree)) return false;
  const { cmds = [] } = tree.AlterTableStmt;
  return cmds.every(
    (command) => "AlterTableCmd" in command && CONSTRAINING.has(command.AlterTableCmd.subtype ?? ""),
  );
}
