import { AksaraError } from "../../errors.ts";
import { commonNotes, type MigrationRequest, nameOf, type WrittenMigration } from "./migration-writer.ts";
import { sqlSteps } from "./sql-steps.ts";

/** A migration as a script, in the manner of those that are there: Prisma, Drizzle, dbmate, goose, Flyway, … */
export async function writeSqlMigration(request: MigrationRequest): Promise<WrittenMigration> {
  const { up, down, notes } = sqlSteps(request.difference, request.described);
  const written = await scriptMigration({ up, down }, nameOf(request), request);
  return { ...written, notes: [...commonNotes(request), ...notes, ...written.notes] };
}

/** Statements there and back as a script of the project's own kind, behind the newest one. */
export async function scriptMigration(
  { up, down }: { readonly up: readonly string[]; readonly down: readonly string[] },
  name: string,
  { migrations, today, readText }: Pick<MigrationRequest, "migrations" | "today" | "readText">,
): Promise<WrittenMigration> {
  const last = migrations.toSorted((a, b) => (a.uri < b.uri ? -1 : 1)).at(-1);
  if (!last)
    throw new AksaraError(
      "TOOL_FAILED",
      "There is no migration to follow: nobody knows where the first one goes.",
      {
        hint: "Make an empty first migration with the project's own tool.",
      },
    );
  const style = styleOf(last.uri, await readText(last.uri));
  return {
    files: style.files(script(up), script(down), name, today),
    reverse: style.hasWayBack ? null : script(down),
    notes: style.notes,
  };
}

interface ScriptStyle {
  readonly hasWayBack: boolean;
  readonly notes: readonly string[];
  files(up: string, down: string, name: string, today: string): WrittenMigration["files"];
}

function styleOf(lastUri: string, text: string): ScriptStyle {
  const segments = lastUri.split("/");
  const file = segments.at(-1) ?? "";
  const folder = segments.slice(0, -1).join("/");
  const place = (parent: string, name: string) => (parent === "" ? name : `${parent}/${name}`);
  if (file === "migration.sql") {
    const above = segments.slice(0, -2).join("/");
    return {
      hasWayBack: false,
      notes: ["Prisma has no way back of its own: the reverse is given beside it."],
      files: (up, _down, name, today) => [
        {
          uri: place(
            above,
            `${place("", `${nextNumber(segments.at(-2) ?? "", today)}_${name}`)}/migration.sql`,
          ),
          content: up,
        },
      ],
    };
  }
  const split = /^(.+)\.(up|down)\.sql$/.exec(file);
  if (split) {
    return {
      hasWayBack: true,
      notes: [],
      files: (up, down, name, today) => {
        const stem = place(folder, `${nextNumber(file, today)}_${name}`);
        return [
          { uri: `${stem}.up.sql`, content: up },
          { uri: `${stem}.down.sql`, content: down },
        ];
      },
    };
  }
  const flyway = /^V([\d._]+)__/.exec(file);
  if (flyway)
    return {
      hasWayBack: false,
      notes: ["The reverse is given beside it; an undo file of Flyway begins with U."],
      files: (up, _down, name, today) => [
        { uri: place(folder, `V${nextNumber(flyway[1] ?? "", today)}__${name}.sql`), content: up },
      ],
    };
  const next = (name: string, today: string) => place(folder, `${nextNumber(file, today)}_${name}.sql`);
  const marks = MARKS.find(({ up }) => text.includes(up));
  if (marks)
    return {
      hasWayBack: true,
      notes: [],
      files: (up, down, name, today) => [
        { uri: next(name, today), content: `${marks.up}\n${up}\n${marks.down}\n${down}` },
      ],
    };
  if (text.includes("--> statement-breakpoint") || /(?:^|\/)drizzle(?:\/|$)/.test(folder))
    return {
      hasWayBack: false,
      notes: [
        'Drizzle runs what its journal lists: "drizzle-kit generate --custom" makes the entry, this is what goes into it.',
      ],
      files: (up, _down, name, today) => [
        {
          uri: next(name, today),
          content: up
            .replaceAll(";\n", ";\n--> statement-breakpoint\n")
            .replace(/--> statement-breakpoint\n$/, ""),
        },
      ],
    };
  return {
    hasWayBack: false,
    notes: [],
    files: (up, _down, name, today) => [{ uri: next(name, today), content: up }],
  };
}

/** Lines by which tools tell the way there from the way back. */
const MARKS = [
  { up: "-- migrate:up", down: "-- migrate:down" },
  { up: "-- +goose Up", down: "-- +goose Down" },
  { up: "-- +migrate Up", down: "-- +migrate Down" },
  { up: "-- Up Migration", down: "-- Down Migration" },
] as const;

/** The number after the last one, in its form: a date and time where that is one, else one more. */
export function nextNumber(last: string, today: string): string {
  const number = /^\d+/.exec(last)?.[0] ?? "";
  const day = today.replaceAll("-", "");
  if (number.length === 14 || number.length === 12) {
    const first = day.padEnd(number.length, "0");
    // A clock that is behind must not put it before what is there.
    return number < first ? first : String(BigInt(number) + 1n);
  }
  return String(BigInt(number || "0") + 1n).padStart(number.length, "0");
}

function script(statements: readonly string[]): string {
  return statements.map((statement) => `${statement.trim()};\n`).join("");
}
