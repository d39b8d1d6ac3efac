import { hashText } from "../../hash.ts";
import type { SqlDialect } from "../../ir/query.ts";
import { LineIndex } from "../../languages/line-index.ts";
import { classifyStatement } from "../../languages/sql/classify.ts";
import type { Definition, Place } from "../../languages/sql/definition.ts";
import type { DefinitionSource } from "../../languages/sql/definition-source.ts";
import {
  addEvidence,
  dialectEvidence,
  dialectNamed,
  dialectOfPath,
  evidenceFor,
  foreignDialect,
  judgeDialect,
  NO_EVIDENCE,
} from "../../languages/sql/dialect.ts";
import type { SqlName } from "../../languages/sql/identifier.ts";
import { readDefinitions } from "../../languages/sql/read-definition.ts";
import { type SqlStatement, splitScript } from "../../languages/sql/statements.ts";
import { readTables } from "../../languages/sql/tables.ts";
import type { SqlToken } from "../../languages/sql/tokenize.ts";
import type { QueryTitle, ScriptFacts, StatementFacts } from "./facts.ts";
import { type TitleComment, titleBoundaries, titlesOf } from "./query-titles.ts";
import { readMarks, type ScriptMarks, sectionAt } from "./script-marks.ts";

/** Longer statements are loads of data; their text is not kept. */
const MAX_TEXT = 100_000;
/** As much of a script is looked at for its dialect. */
const EVIDENCE_TEXT = 200_000;

const NO_TRANSACTION =
  /\bCONCURRENTLY\b|^(?:VACUUM|CREATE DATABASE|DROP DATABASE|ALTER SYSTEM|REINDEX (?:DATABASE|SYSTEM))\b/i;

/** Facts of a `.sql` file: its statements, what they define, and what its comments say to tools. */
export function extractScript(uri: string, source: string): ScriptFacts {
  const text = source.startsWith("\uFEFF") ? source.slice(1) : source;
  const marks = readMarks(text);
  const foreign = foreignDialect(uri, text.length > EVIDENCE_TEXT ? text.slice(0, EVIDENCE_TEXT) : text);
  const evidence = foreign === null ? evidenceOf(uri, text, marks) : NO_EVIDENCE;
  const dialect = judgeDialect(evidence);
  const titles = titleBoundaries(text);
  const script = splitScript(foreign === null ? text : "", dialect, {
    boundaries: [...marks.boundaries, ...titles].sort((a, b) => a - b),
    atomic: marks.atomic,
    hyphenatedPlaceholders: /^--+\s*:name\s/m.test(text),
  });
  const reader = new StatementReader(text, dialect);
  const titleOf = titlesOf(script);
  const statements = reader.joinRows(
    script.statements.map((statement) =>
      reader.read(statement, sectionAt(marks, statement.start), titleOf.get(statement) ?? null),
    ),
    script.statements,
  );
  const dump = isDump(uri, text);
  return {
    k: "script",
    place: reader.place(0, text.length),
    evidence,
    foreign,
    tool: marks.tool,
    hasDown: marks.sections.some(({ section }) => section === "down") || marks.rollbacks.length > 0,
    noTransaction: marks.noTransaction,
    ownTransaction: hasOwnTransaction(statements),
    isDump: dump,
    requires: marks.requires,
    // Of a description only what it defines is told, not its text.
    statements: dump
      ? statements.map((statement) => ({ ...statement, text: null }))
      : [...statements, ...rollbackStatements(text, dialect, marks, reader)],
  };
}

function evidenceOf(uri: string, text: string, marks: ScriptMarks) {
  const written = dialectEvidence(text.length > EVIDENCE_TEXT ? text.slice(0, EVIDENCE_TEXT) : text);
  const named = dialectOfPath(uri) ?? (marks.engine === null ? null : dialectNamed(marks.engine));
  return addEvidence(written, named ? evidenceFor(named, 4) : NO_EVIDENCE);
}

function isDump(uri: string, text: string): boolean {
  const name = uri.slice(uri.lastIndexOf("/") + 1).toLowerCase();
  return (
    /^(?:schema|structure|dump|ddl|create[-_]?(?:tables?|schema|db)|init(?:[-_]?(?:db|schema))?|database|db|tables?)(?:[._-].*)?\.sql$/.test(
      name,
    ) ||
    /^-- (?:PostgreSQL database dump|MySQL dump|MariaDB dump)|^-- (?:phpMyAdmin SQL Dump|HeidiSQL)/m.test(
      text.slice(0, 2000),
    )
  );
}

function hasOwnTransaction(statements: readonly StatementFacts[]): boolean {
  const verbs = statements.filter(({ section }) => section === "up").map(({ verb }) => verb);
  return (verbs[0] === "BEGIN" || verbs[0] === "START") && verbs.includes("COMMIT");
}

function rollbackStatements(
  text: string,
  dialect: SqlDialect,
  marks: ScriptMarks,
  reader: StatementReader,
): readonly StatementFacts[] {
  return marks.rollbacks.flatMap(({ start, end }) =>
    // Blanks before it keep the offsets of the file.
    splitScript(" ".repeat(start) + text.slice(start, end), dialect).statements.map((statement) =>
      reader.read(statement, "down", null),
    ),
  );
}

/** Statements of SQL that stands in a program: places are those in the text itself. */
export function readStatements(text: string, dialect: SqlDialect): readonly StatementFacts[] {
  const reader = new StatementReader(text, dialect);
  return splitScript(text, dialect).statements.map((statement) => reader.read(statement, "up", null));
}

class StatementReader implements DefinitionSource {
  readonly dialect: SqlDialect;
  readonly #text: string;
  readonly #lines: LineIndex;

  constructor(text: string, dialect: SqlDialect) {
    this.#text = text;
    this.dialect = dialect;
    this.#lines = new LineIndex(text);
  }

  place(start: number, end: number): Place {
    return { span: this.#lines.span(start, end), hash: hashText(this.#text.slice(start, end)) };
  }

  read(statement: SqlStatement, section: "up" | "down", title: TitleComment | null): StatementFacts {
    const { start, end, tokens } = statement;
    const { verb, operation, names } = classifyStatement(this.#text, tokens);
    const definitions = readDefinitions(this.#text, tokens, this);
    const isQuery = operation !== "ddl" && operation !== "other";
    const text = this.#text.slice(start, end);
    const markup = hasMarkup(this.#text, tokens);
    return {
      section,
      verb,
      operation,
      names,
      tables: isQuery ? readTables(this.#text, tokens) : tablesDefined(definitions),
      text: text.length > MAX_TEXT ? null : text,
      place: this.place(start, end),
      definitions,
      title: title && this.#titleOf(title, end),
      isData: operation === "insert" && isData(this.#text, statement),
      needsNoTransaction: operation !== "insert" && NO_TRANSACTION.test(text.slice(0, 400)),
      approximate: markup ? "the file is a template" : null,
      broken: brokenBy(statement, verb, markup),
    };
  }

  /** Puts neighbouring INSERTs of constants into one table together: they are one load of rows. */
  joinRows(facts: readonly StatementFacts[], statements: readonly SqlStatement[]): readonly StatementFacts[] {
    const joined: StatementFacts[] = [];
    let start = 0;
    facts.forEach((current, index) => {
      const last = joined.at(-1);
      const end = statements[index]?.end ?? 0;
      if (!last || !continuesRows(last, current)) {
        start = statements[index]?.start ?? 0;
        joined.push(current);
      } else if (index + 1 === facts.length || !continuesRows(current, facts[index + 1])) {
        const text = end - start > MAX_TEXT ? null : this.#text.slice(start, end);
        joined[joined.length - 1] = { ...last, text, place: this.place(start, end) };
      }
    });
    return joined;
  }

  #titleOf(title: TitleComment, end: number): QueryTitle {
    return {
      name: title.name,
      nameSpan: this.#lines.span(title.nameStart, title.nameEnd),
      place: this.place(title.start, end),
      command: title.command,
    };
  }
}

function continuesRows(before: StatementFacts, next: StatementFacts | undefined): boolean {
  if (!next?.isData || !before.isData || next.title || before.title || next.broken || before.broken)
    return false;
  const [a, b] = [before.tables[0], next.tables[0]];
  return before.section === next.section && a?.name === b?.name && a?.schema === b?.schema;
}

/** Marks that something fills in before the server sees the text: `{{ table }}`, `%order%`. */
function hasMarkup(text: string, tokens: readonly SqlToken[]): boolean {
  return tokens.some((token, index) => {
    if (token.kind === "unknown") return "{}".includes(text.charAt(token.start));
    const word = tokens[index + 1];
    const last = tokens[index + 2];
    const tight = word?.start === token.end && last?.start === word.end;
    return (
      tight && word.kind === "word" && text.startsWith("%", token.start) && text.startsWith("%", last.start)
    );
  });
}

function brokenBy(statement: SqlStatement, verb: string, markup: boolean): string | null {
  if (statement.conflicted) return "A merge conflict runs through it; both sides were read.";
  if (!statement.complete) return "It is not finished: a quote or a bracket stays open.";
  return verb === "" && !markup ? "It begins with no word that SQL statements begin with." : null;
}

function tablesDefined(definitions: readonly Definition[]): readonly SqlName[] {
  return definitions.flatMap((definition) => {
    switch (definition.k) {
      case "table":
        return [definition.name];
      case "alter":
      case "index":
      case "comment":
        return [definition.table];
      case "rename":
        return definition.kind === "table" ? [definition.name] : [];
      case "drop":
        return definition.kind === "table" ? definition.names : definition.table ? [definition.table] : [];
      default:
        return [];
    }
  });
}

function isData(text: string, statement: SqlStatement): boolean {
  for (const token of statement.tokens) {
    if (token.kind === "placeholder") return false;
    if (token.kind === "word" && /^(?:select|with|excluded)$/i.test(text.slice(token.start, token.end)))
      return false;
  }
  return true;
}
