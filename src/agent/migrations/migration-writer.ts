import type { LabSchema } from "../../database/schema/lab-schema.ts";
import type { SchemaDifference } from "../../database/schema/schema-difference.ts";
import type { Catalog } from "../../workspace/catalog.ts";
import type { Migration } from "../../workspace/ir/migration.ts";
import type { Model } from "../../workspace/ir/model.ts";

/** What a writer of migrations is given. */
export interface MigrationRequest {
  readonly difference: SchemaDifference;
  readonly catalog: Catalog;
  /** The migrations that were replayed, those that depend on nothing first. */
  readonly migrations: readonly Migration[];
  readonly models: readonly Model[];
  /** What models describe, as statements. */
  readonly described: LabSchema;
  /** Words for the file's name, `add_slug`; null: told from what it does. */
  readonly name: string | null;
  /** `2026-03-01`. */
  readonly today: string;
  /** The text of a file of the workspace. */
  readText(uri: string): Promise<string>;
}

/** Files as they would be; nothing is written. */
export interface WrittenMigration {
  readonly files: readonly { readonly uri: string; readonly content: string }[];
  /** The way back as SQL, where the framework's files have no place for it; null where it stands in them. */
  readonly reverse: string | null;
  /** What a person should know: what was left out, what may fail on rows. */
  readonly notes: readonly string[];
}

/** Words for what a migration does, from what is in it. */
export function nameOf({ difference, name }: MigrationRequest): string {
  if (name !== null) return slug(name);
  const { tables } = difference;
  const [first] = tables;
  if (!first) return "empty";
  const what =
    first.before === null
      ? `create_${first.table.name}`
      : first.addedColumns[0]
        ? `add_${first.table.name}_${first.addedColumns[0].column.name}`
        : first.droppedColumns[0]
          ? `drop_${first.table.name}_${first.droppedColumns[0].name}`
          : `change_${first.table.name}`;
  return slug(tables.length > 1 ? `${what}_and_more` : what);
}

export function slug(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "")
      .slice(0, 60) || "change"
  );
}

/** Notes that concern every kind of migration. */
export function commonNotes({ difference }: MigrationRequest): readonly string[] {
  const notes: string[] = [];
  for (const { table, before, addedColumns, droppedColumns, changedColumns } of difference.tables) {
    if (before === null) continue;
    for (const { column, field } of addedColumns)
      if (!column.nullable && field?.default == null && !field?.generated)
        notes.push(
          `${table.name}.${column.name} takes no NULL and has no default: adding it fails where the table has rows.`,
        );
    for (const { column, before: old } of changedColumns)
      if (old.nullable && !column.nullable)
        notes.push(
          `${table.name}.${column.name} takes no NULL any more: rows that have one must be filled first.`,
        );
    if (droppedColumns.length > 0 && addedColumns.length > 0)
      notes.push(
        `${table.name}: columns come and go in one step. If one was renamed, write a rename instead: dropping loses what is in it.`,
      );
    else if (droppedColumns.length > 0)
      notes.push(
        `${table.name}: ${droppedColumns.map(({ name }) => name).join(", ")} and what is in it are lost.`,
      );
  }
  return notes;
}
