import type { Blocked, BrokenUse, MigrationLocks, StatementLocks } from "../../protocol/migration-locks.ts";
import { code, codeBlock, escapeMarkdown } from "../pack/markdown.ts";
import type { LocksAnswer } from "./lock-meter.ts";

const BLOCKED_WORDS: Readonly<Record<Blocked, string>> = {
  "reads-and-writes": "stops reads and writes",
  writes: "stops writes",
  schema: "stops other schema changes only",
  none: "stops nobody",
};

/** Uses that a prompt names; the rest is counted. */
const SHOWN_USES = 12;

/** What was measured, as a section of a prompt. */
export function lockLines(answer: LocksAnswer): string {
  if (answer.kind === "not-measured") return answer.status;
  const { engine, schema, transactional, statements, hazards, unknown, broken } = answer.locks;
  return [
    `measured with ${engine}; schema: ${schema.source}`,
    ...schema.failures.map((failure) => `not built: ${failure}`),
    transactional
      ? "one transaction: what a statement locks stays locked until the last one has ended"
      : "no transaction around the statements: locks are given back after each",
    ...statements.flatMap((statement, index) => [
      `${index + 1}. ${oneLine(statement.sql)}`,
      ...statementLines(statement).map((line) => `   ${line}`),
    ]),
    ...unknown.map((operation) => `not known what it runs, so not measured: ${operation}`),
    ...hazards.map((hazard) => `danger: ${hazard}`),
    ...useLines(broken),
  ].join("\n");
}

function statementLines({ locks, cost, origin, hazards, safe, note }: StatementLocks): readonly string[] {
  const old = locks.filter(({ existed }) => existed);
  const where = old.map(({ table, mode, blocks }) => `${mode} on ${table} (${BLOCKED_WORDS[blocks]})`);
  return [
    `${origin}; cost: ${cost}; ${where.length === 0 ? "no lock on a table that was there" : where.join(", ")}`,
    ...(note === null ? [] : [note]),
    ...hazards.map((hazard) => `danger: ${hazard}`),
    ...(safe === null ? [] : [`safe sequence: ${safe.reason}`]),
    ...(safe?.steps ?? []).flatMap(({ title, sql, in_transaction: inside }) => [
      `  - ${title}${sql.length === 0 || inside ? "" : " (outside of a transaction)"}`,
      ...sql.map((text) => `      ${text}`),
    ]),
  ];
}

function useLines(broken: readonly BrokenUse[]): readonly string[] {
  if (broken.length === 0) return [];
  const more = broken.length - SHOWN_USES;
  return [
    "code of the workspace that does not fit the new schema:",
    ...broken
      .slice(0, SHOWN_USES)
      .map(({ change, what, uri, line }) => `- ${change}: ${oneLine(what)} (${uri}:${line})`),
    ...(more > 0 ? [`- and ${more} more places`] : []),
  ];
}

/** The same as members of `result_json.facts`. */
export function lockFacts(answer: LocksAnswer): {
  readonly locks: MigrationLocks | null;
  readonly locks_status: string;
} {
  return answer.kind === "measured"
    ? { locks: answer.locks, locks_status: `measured with ${answer.locks.engine}` }
    : { locks: null, locks_status: answer.status };
}

/** The same for a person. */
export function lockMarkdown(answer: LocksAnswer): string {
  if (answer.kind === "not-measured") {
    const sentence = `${answer.status.charAt(0).toUpperCase()}${answer.status.slice(1)}`;
    return `${escapeMarkdown(sentence)}${/[.!?]$/.test(sentence) ? "" : "."}`;
  }
  const { statements, hazards, broken, engine } = answer.locks;
  const waiting = statements.filter(({ blocks }) => blocks === "reads-and-writes" || blocks === "writes");
  const parts = [
    escapeMarkdown(
      waiting.length === 0
        ? `No statement stops reads or writes of a table that was there before (${engine}).`
        : `Statements that stop reads or writes of a table that was there before: ${waiting.length} of ${statements.length} (${engine}).`,
    ),
    ...waiting.map((statement) =>
      [
        codeBlock(statement.sql, "sql"),
        ...statement.locks
          .filter(({ existed, blocks }) => existed && blocks !== "none")
          .map(
            ({ table, mode, blocks }) =>
              `- ${escapeMarkdown(mode)} on ${code(table)}: ${BLOCKED_WORDS[blocks]}; ${statement.cost}`,
          ),
        ...statement.hazards.map((hazard) => `- **${escapeMarkdown(hazard)}**`),
      ].join("\n"),
    ),
  ];
  if (hazards.length > 0) parts.push(hazards.map((hazard) => `- **${escapeMarkdown(hazard)}**`).join("\n"));
  if (broken.length > 0) {
    parts.push(
      "### Code that does not fit the new schema",
      broken
        .map(
          ({ change, what, uri, line }) =>
            `- ${escapeMarkdown(`${change}: ${oneLine(what)}`)} (${code(`${uri}:${line}`)})`,
        )
        .join("\n"),
    );
  }
  return parts.join("\n\n");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
