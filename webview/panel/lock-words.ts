import type { Blocked, CostClass, StatementLocks } from "../../src/protocol/migration-locks.ts";
import { t } from "../ui/l10n.ts";

/** What a lock keeps others from, as a sentence's end. */
export function blockedWords(blocked: Blocked): string {
  switch (blocked) {
    case "reads-and-writes":
      return t("nobody can read or write");
    case "writes":
      return t("nobody can write");
    case "schema":
      return t("other changes of the schema wait");
    case "none":
      return t("nobody waits");
  }
}

/** The same in a word or two, for a cell. */
export function blockedWord(blocked: Blocked): string {
  switch (blocked) {
    case "reads-and-writes":
      return t("no reads, no writes");
    case "writes":
      return t("no writes");
    case "schema":
      return t("no schema changes");
    case "none":
      return t("nobody waits");
  }
}

/** How long a statement takes in terms of the table. */
export function costWords(cost: CostClass): string {
  switch (cost) {
    case "instant":
      return t("It is over at once, however big the table is.");
    case "scan":
      return t("It reads all rows.");
    case "rewrite":
      return t("It writes all rows anew.");
    case "unknown":
      return t("How long it takes is not known.");
  }
}

export function originWords(origin: StatementLocks["origin"]): string {
  switch (origin) {
    case "measured":
      return t("Measured.");
    case "documented":
      return t("From PostgreSQL's manual, not measured.");
    case "unknown":
      return t("Not measured.");
  }
}
