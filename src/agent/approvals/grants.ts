import { AksaraError } from "../../errors.ts";
import type { ApprovalScope } from "../../protocol/agent.ts";
import type { Store } from "../../storage/store.ts";
import { hashText } from "../../workspace/hash.ts";

/** An approval that holds for more than one call. */
export interface Grant {
  readonly id: string;
  readonly scope: Exclude<ApprovalScope, "once">;
  readonly tool: string;
  /** What it covers besides the tool: see `Intent.covers`. */
  readonly covers: string;
  /** ISO 8601. */
  readonly givenAt: string;
  /** Set for `session`. */
  readonly sessionId: string | null;
}

export interface GrantStores {
  /** Of the workspace: grants for a session and for the workspace. */
  readonly workspace: Store;
  /** Of the person: grants for every workspace; null when they cannot be kept. */
  readonly person: Store | null;
}

const SPACE = "grants";

/** Approvals that were given for longer. They lie in the state directory; no file of a workspace can add one. */
export class Grants {
  readonly #stores: GrantStores;
  readonly #now: () => number;

  constructor(stores: GrantStores, now: () => number) {
    this.#stores = stores;
    this.#now = now;
  }

  /** The widest scope that covers a call; null when none does. */
  async find(tool: string, covers: string | null, sessionId: string): Promise<ApprovalScope | null> {
    if (covers === null) return null;
    for (const scope of ["always", "workspace", "session"] as const) {
      const store = this.#storeOf(scope);
      if (store && (await store.values.get(SPACE, keyOf(scope, tool, covers, sessionId)))) return scope;
    }
    return null;
  }

  /** @throws STORE_UNAVAILABLE */
  async give(scope: Grant["scope"], tool: string, covers: string, sessionId: string): Promise<Grant> {
    const store = this.#storeOf(scope);
    if (!store)
      throw new AksaraError(
        "STORE_UNAVAILABLE",
        "There is no place to keep an approval for every workspace.",
      );
    const id = keyOf(scope, tool, covers, sessionId);
    const grant: Grant = {
      id,
      scope,
      tool,
      covers,
      givenAt: new Date(this.#now()).toISOString(),
      sessionId: scope === "session" ? sessionId : null,
    };
    await store.values.set(SPACE, id, grant);
    return grant;
  }

  /** All that hold, the widest first. */
  async list(): Promise<readonly Grant[]> {
    const stores = [this.#stores.person, this.#stores.workspace].filter((store) => store !== null);
    const found = await Promise.all(stores.map((store) => store.values.list(SPACE)));
    const grants = found.flat().map(({ value }) => value as Grant);
    return [...new Map(grants.map((grant) => [grant.id, grant])).values()];
  }

  /** Takes one back. @throws APPROVAL_UNKNOWN */
  async revoke(id: string): Promise<void> {
    const removed = await Promise.all([
      this.#stores.workspace.values.delete(SPACE, id),
      this.#stores.person?.values.delete(SPACE, id) ?? false,
    ]);
    if (!removed.includes(true)) throw new AksaraError("APPROVAL_UNKNOWN", `There is no approval ${id}.`);
  }

  /** Takes all back, or those of one scope; gives how many there were. */
  async reset(scope?: Grant["scope"]): Promise<number> {
    const grants = (await this.list()).filter((grant) => scope === undefined || grant.scope === scope);
    for (const { id } of grants) await this.revoke(id);
    return grants.length;
  }

  #storeOf(scope: Grant["scope"]): Store | null {
    return scope === "always" ? this.#stores.person : this.#stores.workspace;
  }
}

function keyOf(scope: Grant["scope"], tool: string, covers: string, sessionId: string): string {
  return `${scope}:${hashText(JSON.stringify([tool, covers, scope === "session" ? sessionId : ""]))}`;
}
