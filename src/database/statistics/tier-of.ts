import type { Tier } from "../../protocol/finding.ts";
import type { TableStatistics } from "./statistics.ts";

/** The weakest foundation among the tables of a plan. */
export function tierOf(virtualSizes: boolean, tables: readonly TableStatistics[]): Tier {
  if (!virtualSizes) return "T0";
  if (tables.length === 0 || tables.some(({ rowsFrom }) => rowsFrom === "guess")) return "T1";
  return tables.some(({ columnsFrom }) => columnsFrom === "schema") ? "T2" : "T3";
}
