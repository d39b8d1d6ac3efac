/** Id of the model of a table. `path`: folder or file of the database it belongs to; `key`: the table, folded. */
export function sqlModelId(path: string, key: string): string {
  return `model:sql:${path}#${key}`;
}

/** What the ids of all tables of one database have in common. */
export function databaseOfModelId(id: string): string {
  return id.slice(0, id.lastIndexOf("#"));
}
