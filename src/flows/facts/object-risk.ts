import type { Risk } from "../../protocol/action.ts";
import type { Finding } from "../../protocol/finding.ts";
import type { CatalogObject } from "../../workspace/catalog.ts";
import type { Migration } from "../../workspace/ir/migration.ts";
import { findingsAbout } from "./finding-facts.ts";
import { guardVerdict } from "./route-lines.ts";

/** Why an object deserves care, as far as its source and the rules say. */
export type RiskReason =
  /** Changes data, and no guard was found or each is written to refuse nobody. */
  | "open-to-change"
  /** Changes data, and a guard of it was not understood. */
  | "guard-unclear"
  | "drops-data"
  | "irreversible"
  /** Other sessions wait for one of its statements. */
  | "blocks-writes"
  /** A rule found something that has no word of its own here. */
  | "findings";

export interface ObjectRisk {
  readonly level: Risk;
  /** In the order in which a person should read them; empty where the level is low. */
  readonly reasons: readonly RiskReason[];
}

const MUTATING: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);

const DROPS_ROWS = /^\s*(?:TRUNCATE|DELETE\s+FROM)\b|\bDROP\s+COLUMN\b/im;
const DROPS_TABLE = /^\s*DROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?([^\s;,]+)/im;
const MAKES_TABLE =
  /^\s*CREATE\s+(?:\w+\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([^\s(;]+)|\bRENAME\s+TO\s+([^\s;]+)/im;

/** Rules whose findings are said by a reason of their own. */
const REASON_OF_RULE: Readonly<Record<string, RiskReason>> = {
  "route/mutating-without-guard": "open-to-change",
  "migration/non-concurrent-index": "blocks-writes",
};

const ORDER: readonly RiskReason[] = [
  "open-to-change",
  "guard-unclear",
  "drops-data",
  "irreversible",
  "blocks-writes",
  "findings",
];

/**
 * How much care an object deserves. A finding of severity error, and data that is lost, count as high; a warning,
 * what cannot be undone and what was not understood count as medium. What a rule merely mentions (info) is low.
 */
export function riskOf(object: CatalogObject, findings: readonly Finding[]): ObjectRisk {
  const serious = findingsAbout(findings, [object.id]).filter(({ severity }) => severity !== "info");
  const reasons = new Set<RiskReason>(serious.map(({ rule }) => REASON_OF_RULE[rule] ?? "findings"));
  if (object.kind === "route" && MUTATING.has(object.method) && isUnclear(guardVerdict(object.guards)))
    reasons.add("guard-unclear");
  if (object.kind === "migration") {
    if (dropsData(object)) reasons.add("drops-data");
    if (object.reversible === false) reasons.add("irreversible");
  }
  if (reasons.size === 0) return { level: "low", reasons: [] };
  const high = reasons.has("drops-data") || serious.some(({ severity }) => severity === "error");
  return { level: high ? "high" : "medium", reasons: ORDER.filter((reason) => reasons.has(reason)) };
}

function isUnclear(verdict: string): boolean {
  return verdict.startsWith("unknown");
}

/**
 * Only statements that run forwards: what undoes them drops what they made. A table that the same migration makes, or
 * puts another in the place of, is not lost with its rows.
 */
function dropsData(migration: Migration): boolean {
  const statements = migration.operations.flatMap(({ sql }) => sql ?? []);
  const made = new Set(statements.map((statement) => MAKES_TABLE.exec(statement)).map(bareTable));
  return statements.some((statement) => {
    if (DROPS_ROWS.test(statement)) return true;
    const dropped = DROPS_TABLE.exec(statement);
    return dropped !== null && !made.has(bareTable(dropped));
  });
}

/** The table that a pattern found, without schema and quotes. */
function bareTable(match: RegExpExecArray | null): string | undefined {
  return (match?.[1] ?? match?.[2])
    ?.split(".")
    .at(-1)
    ?.replace(/["'`[\]]/g, "");
}
