import type { MarkedTool } from "./facts.ts";

/** What the comments of a migration file tell its tool. */
export interface ScriptMarks {
  readonly tool: MarkedTool | null;
  /** Offsets where a section begins, ascending; what stands before the first is "up". */
  readonly sections: readonly { readonly at: number; readonly section: "up" | "down" }[];
  /** Offsets that no statement runs across. */
  readonly boundaries: readonly number[];
  /** Ranges with a body, whose `;` end nothing. */
  readonly atomic: readonly (readonly [number, number])[];
  readonly noTransaction: boolean;
  readonly requires: readonly string[];
  /** Dialect that a header names: Sqitch's `-- Deploy app:users to pg`. */
  readonly engine: string | null;
  /** Statements in comments that undo the changes before them (Liquibase). */
  readonly rollbacks: readonly { readonly start: number; readonly end: number }[];
}

type Draft = {
  -readonly [Key in keyof ScriptMarks]: ScriptMarks[Key] extends readonly (infer Item)[]
    ? Item[]
    : ScriptMarks[Key];
};

const MARK_LINE = /^[ \t]*(?:--|#)[^\r\n]*/gm;
/** Looked for before the lines are: most scripts have no marks. */
const ANY_MARK =
  /\+goose|\+migrate|migrate:(?:up|down)|(?:Up|Down) Migration|statement-breakpoint|--\s*(?:changeset|liquibase|rollback)|# --- !|no-transaction|atlas:txmode|^--\s*(?:Deploy|Revert|requires:)/im;

export function readMarks(text: string): ScriptMarks {
  const marks: Draft = {
    tool: null,
    sections: [],
    boundaries: [],
    atomic: [],
    noTransaction: false,
    requires: [],
    engine: null,
    rollbacks: [],
  };
  if (!ANY_MARK.test(text)) return marks;
  let atomicFrom = -1;
  const section = (at: number, name: "up" | "down", tool: MarkedTool) => {
    marks.tool = tool;
    marks.sections.push({ at, section: name });
    marks.boundaries.push(at);
  };
  for (const match of text.matchAll(MARK_LINE)) {
    const line = match[0].trim();
    const at = match.index;
    const end = at + match[0].length;
    const plus = /^--\s*\+(goose|migrate)\s+(\w+)(.*)$/i.exec(line);
    const dbmate = /^--\s*migrate:(up|down)\b(.*)$/i.exec(line);
    const named = /^--\s*(up|down) migration\b/i.exec(line);
    const play = /^#\s*---\s*!(ups|downs)\b/i.exec(line);
    const sqitch = /^--\s*(deploy|revert)\s+\S+\s+(?:to|from)\s+(\w+)/i.exec(line);
    if (plus) {
      const tool = plus[1]?.toLowerCase() === "goose" ? "goose" : "sql-migrate";
      const word = plus[2]?.toLowerCase();
      if (word === "up" || word === "down") section(at, word, tool);
      else if (word === "statementbegin") {
        atomicFrom = end;
        marks.boundaries.push(end);
      } else if (word === "statementend" && atomicFrom >= 0) {
        if (isRoutine(text.slice(atomicFrom, at))) marks.atomic.push([atomicFrom, at]);
        marks.boundaries.push(at);
        atomicFrom = -1;
      }
      if (/\bno ?transaction\b/i.test(line)) marks.noTransaction = true;
    } else if (dbmate) {
      const down = dbmate[1]?.toLowerCase() === "down";
      section(at, down ? "down" : "up", "dbmate");
      if (!down && /transaction:\s*false/i.test(dbmate[2] ?? "")) marks.noTransaction = true;
    } else if (named) section(at, named[1]?.toLowerCase() === "down" ? "down" : "up", "node-pg-migrate");
    else if (play) section(at, play[1]?.toLowerCase() === "downs" ? "down" : "up", "play");
    else if (/^--\s*>?\s*statement-breakpoint/.test(line)) marks.boundaries.push(at);
    else if (/^--\s*liquibase formatted sql/i.test(line)) marks.tool = "liquibase";
    else if (/^--\s*changeset\s/i.test(line)) {
      marks.boundaries.push(at);
      if (/runInTransaction:\s*false/i.test(line)) marks.noTransaction = true;
    } else if (/^--\s*rollback\s/i.test(line)) {
      marks.rollbacks.push({ start: at + match[0].search(/rollback\s/i) + "rollback ".length, end });
    } else if (/^--\s*(?:no-transaction\b|atlas:txmode\s+none\b)/i.test(line)) marks.noTransaction = true;
    else if (sqitch) {
      marks.tool = "sqitch";
      marks.engine = sqitch[2] ?? null;
    } else {
      const requires = /^--\s*requires:\s*(\S+)/i.exec(line)?.[1];
      if (requires) marks.requires.push(requires.replace(/^:/, ""));
    }
    if (/^--\s*>\s*statement-breakpoint/.test(line)) marks.tool = "drizzle";
  }
  if (marks.tool !== "liquibase") marks.rollbacks = [];
  return marks;
}

/** A body whose `;` end nothing: many write any statements between the marks, and quotes keep bodies together already. */
function isRoutine(text: string): boolean {
  const bare = text.replace(/^(?:\s+|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, "");
  return (
    /^(?:CREATE\b[^;(]*?\b(?:FUNCTION|PROCEDURE|TRIGGER|EVENT)|BEGIN|DECLARE|IF|WHILE)\b/i.test(bare) &&
    !/\$\w*\$/.test(bare)
  );
}

/** Section that an offset lies in. */
export function sectionAt(marks: ScriptMarks, offset: number): "up" | "down" {
  return marks.sections.findLast(({ at }) => at <= offset)?.section ?? "up";
}
