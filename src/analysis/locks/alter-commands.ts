import { quoted } from "../../database/sql/quote-name.ts";

const ALTER =
  /^\s*ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?((?:"(?:[^"]|"")+"|[\w$]+)(?:\.(?:"(?:[^"]|"")+"|[\w$]+))?)\s+/i;

/** The commands of one ALTER TABLE as they are written; nothing for another statement. */
export function alterCommands(sql: string): readonly string[] {
  const head = ALTER.exec(sql);
  if (head === null) return [];
  const body = sql.slice(head[0].length).replace(/;\s*$/, "");
  const parts: string[] = [];
  let depth = 0;
  let quote = "";
  let from = 0;
  for (const [at, character] of [...body].entries()) {
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === "'" || character === '"') quote = character;
    else if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === "," && depth === 0) {
      parts.push(body.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, body.slice(from)].map((part) => part.trim());
}

/** What a command says of the column that it adds. */
export interface AddedColumn {
  readonly type: string;
  /** Null when it has none. */
  readonly default: string | null;
}

const NEXT = "NOT\\s+NULL|NULL|DEFAULT|CONSTRAINT|CHECK|REFERENCES|UNIQUE|PRIMARY\\s+KEY|GENERATED|COLLATE";

/** Null where it is written in a way that is not understood. */
export function addedColumn(command: string): AddedColumn | null {
  const [, definition] =
    /^ADD\s+(?:COLUMN\s+)?(?:IF\s+NOT\s+EXISTS\s+)?(?:"(?:[^"]|"")+"|[\w$]+)\s+(.+)$/is.exec(command) ?? [];
  if (definition === undefined) return null;
  const type = new RegExp(`^(.+?)(?=\\s+(?:${NEXT})\\b|$)`, "is").exec(definition)?.[1]?.trim();
  const value = new RegExp(`\\bDEFAULT\\s+(.+?)(?=\\s+(?:${NEXT})\\b|$)`, "is").exec(definition)?.[1]?.trim();
  return type === undefined ? null : { type, default: value ?? null };
}

/** A table's name as SQL. */
export function tableSql(table: string): string {
  return table.split(".").map(quoted).join(".");
}
