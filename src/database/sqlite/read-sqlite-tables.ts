import type { SqliteDatabase } from "../../storage/sqlite.ts";
import type { LabTable } from "../lab.ts";

/** The tables of the database, in order of their names. */
export async function readSqliteTables(database: SqliteDatabase): Promise<readonly LabTable[]> {
  const names = await database.all(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
  );
  const tables: LabTable[] = [];
  for (const { name } of names) tables.push(await readTable(database, String(name)));
  return tables;
}

async function readTable(database: SqliteDatabase, name: string): Promise<LabTable> {
  const columns = await database.all(
    'SELECT name, type, "notnull", pk FROM pragma_table_info(?) ORDER BY cid',
    [name],
  );
  const indexes: LabTable["indexes"][number][] = [];
  for (const index of await database.all(
    'SELECT name, "unique", partial FROM pragma_index_list(?) ORDER BY name',
    [name],
  )) {
    const parts = await database.all("SELECT name FROM pragma_index_info(?) ORDER BY seqno", [
      String(index.name),
    ]);
    indexes.push({
      name: String(index.name),
      columns: parts.map((part) => (part.name === null ? null : String(part.name))),
      unique: index.unique === 1,
      partial: index.partial === 1,
      method: "btree",
    });
  }
  const keys = await database.all(
    'SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?) ORDER BY id, seq',
    [name],
  );
  const primaryKey = columns
    .filter(({ pk }) => Number(pk) > 0)
    .sort((a, b) => Number(a.pk) - Number(b.pk))
    .map((column) => String(column.name));
  const unique = indexes.filter((index) => index.unique && !index.partial).map((index) => index.columns);
  return {
    name,
    columns: columns.map((column) => ({
      name: String(column.name),
      type: typeName(String(column.type)),
      nullable: column.notnull === 0 && column.pk === 0,
      labels: [],
    })),
    primaryKey,
    uniqueKeys: [primaryKey, ...unique].filter(
      (key): key is readonly string[] => key.length > 0 && !key.includes(null),
    ),
    foreignKeys: [...Map.groupBy(keys, ({ id }) => id).values()].map((rows) => ({
      columns: rows.map(({ from }) => String(from)),
      target: String(rows[0]?.table),
      targetColumns: rows.map(({ to }) => String(to ?? "id")),
    })),
    indexes,
  };
}

/** The type's kind in the words that statistics are derived by. */
function typeName(type: string): string {
  if (/int/i.test(type)) return "bigint";
  if (/bool/i.test(type)) return "boolean";
  if (/timestamp|datetime/i.test(type)) return "timestamp without time zone";
  if (/^date$/i.test(type)) return "date";
  if (/real|floa|doub|dec|num/i.test(type)) return "numeric";
  if (/blob/i.test(type)) return "bytea";
  return "text";
}
