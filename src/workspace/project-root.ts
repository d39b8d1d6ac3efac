/** Folders that hold the code or the database of a project and are not projects themselves. */
const INNER = new Set(
  `app cmd config conf data database databases db ddl deploy docker drizzle dump dumps etc evolutions infra infrastructure
   init internal lib main migrate migration migrations models mysql persistence pg pkg postgres postgresql prisma queries
   query repositories repository resources revert schema schemas scripts seeds server sql sqlite sqlite3 src storage store
   stores supabase tables test tests verify`.split(/\s+/),
);

/** Folder of the project that a path belongs to: what stands before its first folder for code or data. "" for the workspace. */
export function projectRoot(folder: string): string {
  const segments = folder === "" ? [] : folder.split("/");
  const cut = segments.findIndex((segment) => INNER.has(segment.toLowerCase()));
  return (cut < 0 ? segments : segments.slice(0, cut)).join("/");
}

export function folderOf(uri: string): string {
  return uri.slice(0, Math.max(uri.lastIndexOf("/"), 0));
}

/** Whether one folder is the other or lies around it. */
export function areRelated(a: string, b: string): boolean {
  return a === b || a === "" || b === "" || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

/** How many leading folders two paths share. */
export function sharedDepth(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  let depth = 0;
  while (depth < left.length && left[depth] === right[depth]) depth++;
  return depth;
}
