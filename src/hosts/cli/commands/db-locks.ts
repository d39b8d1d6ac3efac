import type { LocksAnswer } from "../../../flows/facts/lock-meter.ts";
import type { Blocked, MigrationLocks, StatementLocks } from "../../../protocol/migration-locks.ts";
import { findMigration } from "../../../workspace/find-migration.ts";
import { documentText } from "../../shared/document-text.ts";
import type { CliContext, CliLeaf, ParsedArguments } from "../context.ts";
import { bold, columns, dim, EXIT, paint, type Terminal, UsageError } from "../output.ts";
import { openOnSchema, SCHEMA_OPTIONS } from "./schema-arguments.ts";

/** `aksara db locks`: what a migration keeps others from while it runs. */
export const locksCommand: CliLeaf = {
  type: "leaf",
  summary: "measure what a migration keeps others from while it runs, statement by statement",
  positionals: "[NAME]",
  options: {
    app: { type: "string", value: "A", summary: "the app or folder of the migration" },
    name: { type: "string", value: "N", summary: "its name, as an option" },
    id: { type: "string", value: "I", summary: "its id in the catalog" },
    ...SCHEMA_OPTIONS,
  },
  run: locks,
};

async function locks(args: ParsedArguments, context: CliContext): Promise<number> {
  const { terminal, options, signal } = context;
  const [name = args.string("name"), ...more] = args.positionals;
  const [id, app] = [args.string("id"), args.string("app")];
  if (more.length > 0 || (name === undefined && id === undefined))
    throw new UsageError("Name one migration: NAME, or --app A --name N, or --id I.");
  const workspace = await openOnSchema(args, context);
  const { catalog } = await workspace.view(signal);
  const migration = findMigration(catalog, { id, app, name });
  const answer = await workspace.locks(migration.id, signal);
  if (options.format === "json") terminal.out(documentText(documentOf(migration.id, answer)));
  else terminal.out(answerText(answer, terminal));
  return answer.kind === "measured" ? EXIT.ok : EXIT.negative;
}

function documentOf(migration: string, answer: LocksAnswer) {
  return answer.kind === "measured"
    ? { ok: true, migration, locks: answer.locks, reason: null }
    : { ok: false, migration, locks: null, reason: answer.status };
}

function answerText(answer: LocksAnswer, terminal: Terminal): string {
  if (answer.kind === "not-measured") return `${paint(terminal, "red", "not measured")}: ${answer.status}\n`;
  const { locks: measured } = answer;
  const { engine, schema, transactional, statements, hazards, unknown, broken } = measured;
  const held = transactional ? "one transaction: locks are held to the end" : "no transaction";
  const lines = [
    dim(terminal, `${engine}; schema: ${schema.source}; ${held}`),
    "",
    ...statements.flatMap((statement, index) => statementText(statement, index + 1, terminal)),
    ...unknown.map((operation) => dim(terminal, `not known what it runs: ${operation}`)),
    ...timeline(measured, terminal),
    ...section(
      terminal,
      "dangers of the whole",
      hazards.map((hazard) => `  ${paint(terminal, "yellow", hazard)}`),
    ),
    ...section(
      terminal,
      "code that does not fit the new schema",
      broken.map(({ change, what, uri, line }) => `  ${change}: ${what} (${uri}:${line})`),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function statementText(statement: StatementLocks, number: number, terminal: Terminal): readonly string[] {
  const { sql, cost, origin, locks: all, hazards, safe, note } = statement;
  const old = all.filter(({ existed }) => existed);
  return [
    `${bold(terminal, String(number))}  ${sql.replace(/\s+/g, " ")}`,
    `   ${paint(terminal, COLORS[statement.blocks], WORDS[statement.blocks])}; ${cost}${origin === "measured" ? "" : `; ${origin}`}`,
    ...old.map(({ table, mode }) => dim(terminal, `   ${mode} on ${table}`)),
    ...(note === null ? [] : [dim(terminal, `   ${note}`)]),
    ...hazards.map((hazard) => `   ${paint(terminal, "yellow", hazard)}`),
    ...(safe === null ? [] : [`   ${bold(terminal, "safe sequence")}: ${safe.reason}`]),
    ...(safe?.steps ?? []).flatMap(({ title, sql: texts, in_transaction: inside }) => [
      `   - ${title}${inside || texts.length === 0 ? "" : " (outside of a transaction)"}`,
      ...texts.map((text) => `       ${text}`),
    ]),
    "",
  ];
}

const WORDS: Readonly<Record<Blocked, string>> = {
  "reads-and-writes": "stops reads and writes",
  writes: "stops writes",
  schema: "stops other schema changes only",
  none: "stops nobody",
};
const COLORS: Readonly<Record<Blocked, "red" | "yellow" | "blue" | "green">> = {
  "reads-and-writes": "red",
  writes: "yellow",
  schema: "blue",
  none: "green",
};
const MARKS: Readonly<Record<Blocked, string>> = {
  "reads-and-writes": "X",
  writes: "w",
  schema: "s",
  none: ".",
};

/** A row for each table that was there, a column for each statement. */
function timeline({ statements, transactional }: MigrationLocks, terminal: Terminal): readonly string[] {
  const tables = [
    ...new Set(
      statements.flatMap(({ locks: all }) =>
        all.filter(({ existed, blocks }) => existed && blocks !== "none").map(({ table }) => table),
      ),
    ),
  ];
  if (tables.length === 0) return [];
  const rows = tables.map((table) => {
    let held: Blocked = "none";
    const marks = statements.map(({ locks: all }) => {
      const own = all.find((lock) => lock.table === table && lock.existed)?.blocks ?? "none";
      const now = ORDER.indexOf(own) > ORDER.indexOf(held) ? own : held;
      if (transactional) held = now;
      return MARKS[now];
    });
    return [`  ${table}`, marks.join(" ")];
  });
  return [
    bold(terminal, "while it runs"),
    columns([["  statement", statements.map((_, index) => String((index + 1) % 10)).join(" ")], ...rows]),
    dim(terminal, "  X no reads and writes, w no writes, s no other schema changes"),
  ];
}

const ORDER: readonly Blocked[] = ["none", "schema", "writes", "reads-and-writes"];

function section(terminal: Terminal, title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", bold(terminal, title), ...lines];
}
