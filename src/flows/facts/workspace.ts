import type { Finding } from "../../protocol/finding.ts";
import type { Catalog } from "../../workspace/catalog.ts";
import type { LockMeter } from "./lock-meter.ts";
import type { QueryPlanner } from "./query-planner.ts";

/** What a builder may know: nothing else reaches a pack. */
export interface FlowWorkspace {
  readonly catalog: Catalog;
  /** Findings of the deterministic rules, sorted by place. */
  readonly findings: readonly Finding[];
  /** Text of a workspace file as the catalog read it (BOM removed); rejects when it is gone. */
  readText(uri: string): Promise<string>;
  /** Absent: no query is planned, and packs say so. */
  readonly planner?: QueryPlanner | undefined;
  /** Absent: no lock is measured, and packs say so. */
  readonly meter?: LockMeter | undefined;
}
