import type { DataRows, DataValue } from "../../database/live/data-connection.ts";

/** Rows as objects by column; a name that comes twice gets a number. */
export function rowObjects({ columns, rows }: DataRows): readonly Readonly<Record<string, DataValue>>[] {
  const names = uniqueNames(columns);
  return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? null])));
}

export function rowsJson(rows: DataRows): string {
  return `${JSON.stringify(rowObjects(rows), null, 2)}\n`;
}

/** As RFC 4180 has it, but with line feeds: an empty field is NULL, an empty text is quoted. */
export function rowsCsv({ columns, rows }: DataRows): string {
  const lines = [
    uniqueNames(columns).map(csvField),
    ...rows.map((row) => columns.map((_, at) => csvField(row[at] ?? null))),
  ];
  return `${lines.map((fields) => fields.join(",")).join("\n")}\n`;
}

function csvField(value: DataValue): string {
  if (value === null) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return text === "" || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function uniqueNames(columns: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let name = column;
    for (let next = 2; taken.has(name); next++) name = `${column}_${next}`;
    taken.add(name);
    return name;
  });
}
