import type { LabTable } from "../lab.ts";

/** Tables that hold a list of kinds, not things that happen. */
const LOOKUP =
  /(?:^|_)(?:types?|kinds?|status(?:es)?|categor(?:y|ies)|countr(?:y|ies)|currenc(?:y|ies)|languages?|locales?|roles?|permissions?|settings?|config(?:uration)?s?|tags?|plans?|tiers?|regions?|units?|flags?|groups?|sites?|migrations?|content_type)$/i;

const LOOKUP_ROWS = 200;
const ROOT_ROWS = 10_000;
const CHILD_ROWS = 100_000;
const LEAF_ROWS = 1_000_000;

/**
 * Rows of each table when nobody has counted them: a list of kinds is short, things that belong to others are more than
 * those, things that belong to things that belong to others are most. A guess, and said so wherever it is used.
 */
export function guessRows(tables: readonly LabTable[]): ReadonlyMap<string, number> {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const levels = new Map<string, number>();
  const levelOf = (table: LabTable, open: ReadonlySet<string>): number => {
    const known = levels.get(table.name);
    if (known !== undefined) return known;
    const inner = new Set(open).add(table.name);
    const parents = table.foreignKeys.flatMap(({ target }) => {
      const parent = byName.get(target);
      return parent === undefined || inner.has(target) ? [] : [parent];
    });
    const above = parents.filter((parent) => !isLookup(parent));
    const level = above.length === 0 ? 0 : 1 + Math.max(...above.map((parent) => levelOf(parent, inner)));
    levels.set(table.name, level);
    return level;
  };
  return new Map(
    tables.map((table) => {
      if (isLookup(table)) return [table.name, LOOKUP_ROWS];
      const level = levelOf(table, new Set());
      const rows = level === 0 ? ROOT_ROWS : level === 1 ? CHILD_ROWS : LEAF_ROWS;
      return [table.name, isExtensionOf(table) ? Math.min(rows, parentRows(level)) : rows];
    }),
  );
}

function isLookup(table: LabTable): boolean {
  return LOOKUP.test(table.name) && table.foreignKeys.length <= 1 && table.columns.length <= 12;
}

/** A row for a row of another table: its primary key is also a foreign key (a profile, an inherited part). */
function isExtensionOf(table: LabTable): boolean {
  const key = table.primaryKey.join();
  return key !== "" && table.foreignKeys.some(({ columns }) => columns.join() === key);
}

function parentRows(level: number): number {
  return level <= 1 ? ROOT_ROWS : CHILD_ROWS;
}
