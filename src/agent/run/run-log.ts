import type { AgentEvent, Unstamped } from "../../protocol/agent.ts";
import type { Journal } from "../../records/journal.ts";
import type { JournalRecord, NewRecord } from "../../records/journal-record.ts";
import type { RunState } from "./run-state.ts";

/** Events that show how something goes, and are not kept; and a question that is told again after a restart. */
type Passing = Extract<AgentEvent, { type: "text" | "thinking" | "progress" | "approval" }>;

const EVENTS: ReadonlySet<string> = new Set([
  "action",
  "approval",
  "result",
  "plan",
  "reference",
  "handoff",
  "usage",
  "error",
  "interrupted",
  "complete",
]);

/** Journal, state and listeners of a run, in this order: nothing is known or announced before it is written. */
export class RunLog {
  readonly state: RunState;
  readonly #journal: Journal;
  readonly #announce: (event: AgentEvent) => void;
  readonly #observe: ((entry: JournalRecord | AgentEvent) => void) | undefined;

  constructor(
    journal: Journal,
    state: RunState,
    announce: (event: AgentEvent) => void,
    observe?: (entry: JournalRecord | AgentEvent) => void,
  ) {
    this.#journal = journal;
    this.state = state;
    this.#announce = announce;
    this.#observe = observe;
  }

  get runId(): string {
    return this.#journal.runId;
  }

  /** `durable`: an effect follows, or has just been. @throws THREAD_BUSY, STORE_UNAVAILABLE */
  async record(record: NewRecord, durable = false): Promise<void> {
    const stamped = (await this.#journal.append(record, durable)) as JournalRecord;
    this.state.apply(stamped);
    this.#observe?.(stamped);
    if (EVENTS.has(stamped.type)) this.#announce(stamped as AgentEvent);
  }

  /** Tells an event of another run, which has its own journal. */
  relay(event: AgentEvent): void {
    this.#announce(event);
  }

  announce(event: Unstamped<Passing>): void {
    const stamped = this.#journal.stamp(event) as AgentEvent;
    this.#observe?.(stamped);
    this.#announce(stamped);
  }
}
