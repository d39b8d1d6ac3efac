import { PendingApprovals } from "../../agent/approvals/approver.ts";
import type { AgentAccess } from "../shared/agent-access.ts";

/** The agents of a server. Opened by the first request that needs them. */
export class AgentHost {
  /** Questions of all runs whose clients answer them. */
  readonly approvals = new PendingApprovals();
  readonly #open: () => Promise<AgentAccess>;
  #opened: Promise<AgentAccess> | null = null;

  constructor(open: () => Promise<AgentAccess>) {
    this.#open = open;
  }

  access(): Promise<AgentAccess> {
    this.#opened ??= this.#open().catch((error: unknown) => {
      // What kept them from opening may have gone by the next request.
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  async dispose(): Promise<void> {
    const opened = await this.#opened?.catch(() => null);
    await opened?.dispose();
  }
}
