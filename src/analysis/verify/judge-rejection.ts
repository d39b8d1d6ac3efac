import type { SqlError } from "../../database/lab.ts";
import type { QueryPlan } from "../../protocol/plan.ts";
import { refuted, unverified, type Verification } from "./verification.ts";

/** A schema as it was built: what was changed for that, and what could not be. */
export type BuiltSchema = Pick<QueryPlan["schema"], "repairs" | "failures">;

/** Undefined table, undefined column. */
const MISSING_PART: ReadonlySet<string> = new Set(["42P01", "42703"]);
/** Undefined object, undefined function: of types too, and of what belongs to them. */
const MISSING_OBJECT: ReadonlySet<string> = new Set(["42704", "42883"]);
/** It runs outside of a transaction only; a trial is one. */
const NO_TRANSACTION = "25001";
/** What only extensions bring, of which the lab has some and a workspace seldom names all. */
const FROM_EXTENSION = /^(?:access method|operator class|function|type) .* does not exist/;
/** Repairs after which the lab differs from the workspace's own database. */
const STANDS_IN = /stands for it|is not (?:known here|in the lab)|left out/;

/**
 * What it means that the lab rejects a statement: refuted, unless the lab may be to blame, as where a part of the schema
 * could not be built. `what`: how it failed, for people.
 */
export function judgeRejection(
  what: string,
  error: SqlError,
  { repairs, failures }: BuiltSchema,
): Verification {
  const differences = [...failures, ...repairs.filter((repair) => STANDS_IN.test(repair))];
  const { sqlState, message } = error;
  if (sqlState === NO_TRANSACTION) return unverified(`Not checked: ${message}.`, { error });
  if (MISSING_PART.has(sqlState) && failures.length > 0) {
    const summary = `Not checked: ${message}, but parts of the schema could not be built.`;
    return unverified(summary, { error, differences });
  }
  if (MISSING_OBJECT.has(sqlState) && (differences.length > 0 || FROM_EXTENSION.test(message))) {
    const summary = `Not checked: ${message} in the lab; an extension of your database may bring it.`;
    return unverified(summary, { error, differences });
  }
  return refuted(`${what}: ${message}.`, { error });
}
