import { compareText } from "../../source.ts";
import type { MarkedTool, ScriptFacts } from "./facts.ts";

export type MigrationTool =
  | MarkedTool
  | "golang-migrate"
  | "diesel"
  | "flyway"
  | "supabase"
  | "prisma"
  /** A folder of numbered files that no tool is known to own. */
  | "plain";

/** Tools whose migrations have a way back written beside them. */
const WITH_DOWN: ReadonlySet<MigrationTool> = new Set([
  "goose",
  "sql-migrate",
  "dbmate",
  "node-pg-migrate",
  "play",
  "golang-migrate",
  "diesel",
  "sqitch",
  "liquibase",
]);

export interface MigrationEntry {
  readonly name: string;
  readonly up: string;
  /** File with the way back; null when it is in the same file or there is none. */
  readonly down: string | null;
  readonly tool: MigrationTool;
}

/** One line of migrations, in the order in which they run. */
export interface MigrationFolder {
  readonly path: string;
  readonly entries: readonly MigrationEntry[];
}

export function hasWayBack(tool: MigrationTool): boolean {
  return WITH_DOWN.has(tool);
}

interface Found {
  readonly uri: string;
  readonly folder: string;
  readonly name: string;
  readonly direction: "up" | "down";
  readonly tool: MigrationTool;
  /** Sorts within the folder before the name does. */
  readonly order: readonly number[];
}

/** The folders of migrations among the scripts of a workspace. */
export function findMigrationFolders(scripts: ReadonlyMap<string, ScriptFacts>): readonly MigrationFolder[] {
  const numbered = numberedFolders(scripts);
  const folders = new Map<string, Found[]>();
  for (const [uri, facts] of scripts) {
    const found = recognise(uri, facts, numbered);
    if (!found) continue;
    const list = folders.get(found.folder) ?? [];
    folders.set(found.folder, list);
    list.push(found);
  }
  return [...folders].map(([path, found]) => ({ path, entries: entriesOf(found, scripts) }));
}

function recognise(uri: string, facts: ScriptFacts, numbered: ReadonlySet<string>): Found | null {
  const segments = uri.split("/");
  const file = segments.at(-1) ?? "";
  const stem = file.replace(/\.sql$/i, "");
  const parent = segments.at(-2) ?? "";
  const folder = segments.slice(0, -1).join("/");
  const above = segments.slice(0, -2).join("/");
  const sqitch = sqitchFile(segments, facts);
  if (sqitch !== undefined) return sqitch && { ...sqitch, uri, tool: "sqitch", order: [] };
  if (file === "migration.sql" && parent !== "") {
    return { uri, folder: above, name: parent, direction: "up", tool: "prisma", order: numbersIn(parent) };
  }
  const both = /^(up|down)\.sql$/.exec(file)?.[1];
  if (both && /^\d/.test(parent)) {
    const direction = both === "up" ? "up" : "down";
    return { uri, folder: above, name: parent, direction, tool: "diesel", order: numbersIn(parent) };
  }
  // golang-migrate takes anything for the ending: `1_name.up..sql` too.
  const split = /^(.+)\.(up|down)\.*$/.exec(stem);
  if (split?.[1]) {
    const direction = split[2] === "up" ? "up" : "down";
    return { uri, folder, name: split[1], direction, tool: "golang-migrate", order: numbersIn(split[1]) };
  }
  const flyway = /^([VUB])(\d+(?:[._]\d+)*)__(.+)$/.exec(stem);
  if (flyway?.[2]) {
    const order = flyway[2].split(/[._]/).map(Number);
    const undo = flyway[1] === "U";
    return {
      uri,
      folder,
      name: undo ? `V${stem.slice(1)}` : stem,
      direction: undo ? "down" : "up",
      tool: "flyway",
      order,
    };
  }
  // Repeatable ones run after all others.
  if (/^R__.+$/.test(stem)) {
    return { uri, folder, name: stem, direction: "up", tool: "flyway", order: [Number.MAX_SAFE_INTEGER] };
  }
  const version = numbered.has(folder) && /^v?\d+(?:\.\d+)+$/.test(parent);
  if (version) {
    const order = [...numbersIn(parent.replace(/^v/, "")), ...numbersIn(stem)];
    return { uri, folder: above, name: `${parent}/${stem}`, direction: "up", tool: "plain", order };
  }
  const plain = { uri, folder, name: stem, direction: "up", order: numbersIn(stem) } as const;
  if (facts.tool && facts.tool !== "sqitch") return { ...plain, tool: facts.tool };
  if (/(?:^|\/)supabase\/migrations$/.test(folder)) return { ...plain, tool: "supabase" };
  if (numbered.has(folder) && (plain.order.length > 0 || isMigrationsFolder(parent))) {
    return { ...plain, tool: /(?:^|\/)drizzle(?:\/|$)/.test(folder) ? "drizzle" : "plain" };
  }
  return null;
}

/** Undefined for a file that is not Sqitch's, null for one of it that is no step. */
function sqitchFile(
  segments: readonly string[],
  facts: ScriptFacts,
): Pick<Found, "folder" | "name" | "direction"> | null | undefined {
  const at = segments.findLastIndex(
    (segment) => segment === "deploy" || segment === "revert" || segment === "verify",
  );
  if (at < 0 || (facts.tool !== "sqitch" && segments[at] !== "verify")) return undefined;
  if (segments[at] === "verify") return facts.tool === "sqitch" ? null : undefined;
  const name = segments
    .slice(at + 1)
    .join("/")
    .replace(/\.sql$/i, "");
  return {
    folder: segments.slice(0, at).join("/"),
    name,
    direction: segments[at] === "revert" ? "down" : "up",
  };
}

function isMigrationsFolder(name: string): boolean {
  return /^(?:migrations?|migrate|drizzle|patches|changes|evolutions)$/i.test(name);
}

/** Folders whose numbered files define tables one after the other. */
function numberedFolders(scripts: ReadonlyMap<string, ScriptFacts>): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const [uri, facts] of scripts) {
    const cut = uri.lastIndexOf("/");
    const folder = uri.slice(0, Math.max(cut, 0));
    const segments = folder.split("/");
    const inVersion = /^v?\d+(?:\.\d+)+$/.test(segments.at(-1) ?? "");
    const named = inVersion || segments.slice(-2).some(isMigrationsFolder);
    const isNumbered = /^\d+(?:[-_. ]|\.sql$)/.test(uri.slice(cut + 1));
    const defines = facts.statements.some(({ definitions }) => definitions.length > 0);
    const changesRows = facts.statements.some(
      ({ operation }) => operation !== "select" && operation !== "other",
    );
    if (!(defines || (inVersion && changesRows)) || facts.isDump) continue;
    if (isNumbered || isMigrationsFolder(segments.at(-1) ?? "")) {
      counts.set(folder, (counts.get(folder) ?? 0) + (named ? 2 : 1));
    }
  }
  return new Set([...counts].filter(([, weight]) => weight >= 2).map(([folder]) => folder));
}

function numbersIn(name: string): readonly number[] {
  const digits = /^\d+(?:[._]\d+(?=[._-]|$))*/.exec(name)?.[0];
  return digits === undefined ? [] : digits.split(/[._]/).map(Number);
}

function entriesOf(
  found: readonly Found[],
  scripts: ReadonlyMap<string, ScriptFacts>,
): readonly MigrationEntry[] {
  const downs = new Map(
    found.filter(({ direction }) => direction === "down").map(({ name, uri }) => [name, uri]),
  );
  const ups = found.filter(({ direction }) => direction === "up").sort(compareFound);
  const entries = ups.map(({ name, uri, tool }) => ({ name, up: uri, down: downs.get(name) ?? null, tool }));
  return ups.some(({ tool }) => tool === "sqitch") ? byRequirement(entries, scripts) : entries;
}

function compareFound(a: Found, b: Found): number {
  for (let at = 0; at < Math.max(a.order.length, b.order.length); at++) {
    const difference = (a.order[at] ?? 0) - (b.order[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return compareText(a.name, b.name);
}

/** Sqitch orders by its plan; what the steps say they require gives an order that the plan cannot contradict. */
function byRequirement(
  entries: readonly MigrationEntry[],
  scripts: ReadonlyMap<string, ScriptFacts>,
): readonly MigrationEntry[] {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const ordered: MigrationEntry[] = [];
  const state = new Map<string, "open" | "done">();
  const open: { readonly entry: MigrationEntry; readonly waits: Iterator<string> }[] = [];
  const enter = (entry: MigrationEntry) => {
    if (state.has(entry.name)) return;
    state.set(entry.name, "open");
    open.push({ entry, waits: (scripts.get(entry.up)?.requires ?? [])[Symbol.iterator]() });
  };
  for (const first of entries) {
    enter(first);
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const next = top.waits.next();
      if (next.done) {
        open.pop();
        state.set(top.entry.name, "done");
        ordered.push(top.entry);
      } else {
        const needed = byName.get(next.value);
        if (needed) enter(needed);
      }
    }
  }
  return ordered;
}
