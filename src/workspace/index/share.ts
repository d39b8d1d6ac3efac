import type { Share } from "../stacks/stack.ts";

export const SHARE_LISTS = ["models", "routes", "queries", "migrations", "uses"] as const;

export const EMPTY_SHARE: Share = { models: [], routes: [], queries: [], migrations: [], uses: [] };

type Growing = { -readonly [K in keyof Share]: Share[K][number][] };

/** What was found by the file that it stands in, each list in the order it had. */
export function sharesOf(found: Share): Map<string, Share> {
  const shares = new Map<string, Growing>();
  const shareAt = (uri: string): Growing => {
    let share = shares.get(uri);
    if (!share) {
      share = { models: [], routes: [], queries: [], migrations: [], uses: [] };
      shares.set(uri, share);
    }
    return share;
  };
  for (const model of found.models) shareAt(model.uri).models.push(model);
  for (const route of found.routes) shareAt(route.uri).routes.push(route);
  for (const query of found.queries) shareAt(query.uri).queries.push(query);
  for (const migration of found.migrations) shareAt(migration.uri).migrations.push(migration);
  for (const use of found.uses) shareAt(use.uri).uses.push(use);
  return shares;
}

/** Files that parts of a value stand in. */
export function urisIn(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof value !== "object" || value === null) return found;
  if (Array.isArray(value)) {
    for (const item of value) urisIn(item, found);
    return found;
  }
  for (const [key, part] of Object.entries(value)) {
    if (key === "uri" && typeof part === "string") found.add(part);
    else urisIn(part, found);
  }
  return found;
}
