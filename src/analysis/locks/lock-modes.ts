import type { Blocked } from "../../protocol/migration-locks.ts";

/** What each lock of a table keeps others from (PostgreSQL's manual, "Explicit Locking"). */
const BLOCKS: Readonly<Record<string, Blocked>> = {
  "ACCESS EXCLUSIVE": "reads-and-writes",
  EXCLUSIVE: "writes",
  "SHARE ROW EXCLUSIVE": "writes",
  SHARE: "writes",
  "SHARE UPDATE EXCLUSIVE": "schema",
  "ROW EXCLUSIVE": "none",
  "ROW SHARE": "none",
  "ACCESS SHARE": "none",
};

/** `ShareRowExclusiveLock` → `SHARE ROW EXCLUSIVE`. */
export function modeName(mode: string): string {
  return mode
    .replace(/Lock$/, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toUpperCase();
}

export function blockedBy(mode: string): Blocked {
  return BLOCKS[mode] ?? "none";
}

const STRENGTH: readonly Blocked[] = ["none", "schema", "writes", "reads-and-writes"];

/** The most of several. */
export function mostBlocked(all: readonly Blocked[]): Blocked {
  return all.reduce((most, each) => (STRENGTH.indexOf(each) > STRENGTH.indexOf(most) ? each : most), "none");
}
