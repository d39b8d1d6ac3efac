import type { MigrationLocks } from "../../protocol/migration-locks.ts";
import type { PackInput } from "../../protocol/prompt-pack.ts";

/** `inputs`: what the answer depends on besides the workspace's files. */
export type LocksAnswer =
  | { readonly kind: "measured"; readonly locks: MigrationLocks; readonly inputs: readonly PackInput[] }
  | {
      readonly kind: "not-measured";
      /** One line for people, of the form "not available (T0): …". */
      readonly status: string;
      readonly inputs: readonly PackInput[];
    };

/** Measures what migrations keep others from. Port: the host has the engine. Throws CANCELLED only. */
export interface LockMeter {
  measure(migrationId: string, signal?: AbortSignal): Promise<LocksAnswer>;
}

/** Said where nothing can measure. */
export const NO_LOCKS: LocksAnswer = {
  kind: "not-measured",
  status: "not available (T0): no lock was measured",
  inputs: [],
};
