import type * as z from "zod";
import type { PostgresParser } from "../../database/sql/parse-postgres.ts";
import type { ErrorCode } from "../../errors.ts";
import type { Risk } from "../../protocol/action.ts";
import type {
  AgentEvent,
  AgentEventOf,
  CallResult,
  FileChange,
  Preview,
  ToolClass,
  Unstamped,
} from "../../protocol/agent.ts";
import type { Blobs } from "../../storage/store.ts";
import type { AgentDatabases } from "../databases.ts";
import type { PlannedChange } from "../files/change-set.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";
import type { AgentWorkspace } from "../workspace-port.ts";

/** Something about a call that asks for a person, whatever the settings say. */
export interface Danger {
  /** `drop`, `delete-without-where`, `remove-files`, `push`, `network`, … */
  readonly name: string;
  /** For a person: what exactly was seen. */
  readonly what: string;
}

/** What a call is about to do, looked at before anybody decides. */
export interface Intent {
  readonly preview: Preview;
  readonly dangers: readonly Danger[];
  /** Changes to files, by hashes as they are now and will be. */
  readonly changes: readonly FileChange[];
  /** What a lasting approval of this call covers besides it: equal texts are covered together. Null: nothing lasting. */
  readonly covers: string | null;
  /** The changes with their contents, where the call does nothing else: then a part of them can be made. */
  readonly planned?: readonly PlannedChange[];
  /** Hash of what else it was decided on, beside the files: the rows it would touch. Handed to `execute`. */
  readonly state?: string;
}

export interface ToolOutput {
  /** Text, or a JSON value, for the model. */
  readonly output: unknown;
  readonly changes?: readonly FileChange[];
  /** Changes that were held back from the disk. */
  readonly held?: readonly FileChange[];
  /** Files that the model knows now, with the hash of what it knows. */
  readonly reads?: readonly { readonly uri: string; readonly hash: string }[];
  /** A file that is the result: an export. */
  readonly outputFile?: string;
  /** Tokens and dollars that the call used of a model by itself. */
  readonly spent?: NonNullable<CallResult["spent"]>;
  /** Why it did not do all that it was asked, where it has changed something all the same. */
  readonly failure?: ErrorCode;
}

/** The run that a call belongs to, for tools that start runs of their own. */
export interface CallingRun {
  /** Name on its events, with the way to it. */
  readonly agent: string;
  /** Does something that does not count as time of this run. */
  waiting<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Passes an event of another run on to who listens to this one. */
  relay(event: AgentEvent): void;
  /** Writes into the journal of this run, then tells who listens. */
  record(event: Unstamped<AgentEventOf<"handoff" | "plan" | "reference">>): Promise<void>;
}

/** What a tool can reach. Nothing else is handed to it. */
export interface ToolContext {
  readonly runId: string;
  readonly callId: string;
  readonly signal: AbortSignal;
  readonly files: WorkspaceFiles;
  readonly workspace: AgentWorkspace;
  readonly blobs: Blobs;
  readonly sql: PostgresParser;
  /** The whole of an output that was cut, by the id that was given for it; null when this conversation has none. */
  readonly findReference: (id: string) => string | null;
  /** Milliseconds the call may take. */
  readonly timeoutMs: number;
  /** The changes that were decided about: others must not be made. Empty while a call is only looked at. */
  readonly decided: readonly FileChange[];
  /** `state` of the intent that was decided about; null where it has none. */
  readonly decidedState: string | null;
  /** Databases of the person's that agents may use; null where the host has none. */
  readonly databases: AgentDatabases | null;
  readonly run: CallingRun;
}

/** What became of a call that a crash cut off: done, not even begun, or nobody can tell. */
export type Settled =
  | { readonly outcome: "done"; readonly output: string }
  | { readonly outcome: "not-run" }
  | { readonly outcome: "unknown" };

/** A tool as the agent uses it. Make one with `defineTool`. */
export interface Tool<Input = unknown> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType<Input>;
  readonly class: ToolClass;
  /** What a call does beyond the tool's class: a query that writes a file. Never less than the class. */
  classOf?(input: Input): ToolClass;
  readonly risk: Risk;
  /** Seconds; the agent's `toolTimeoutSeconds` when null; `run`: as long as the run may take. */
  readonly timeoutSeconds: number | "run" | null;
  /** Characters of output that the model sees; more becomes a reference. */
  readonly outputBudget: number;
  /** Looks at what a call would do, changing nothing; asked again at the moment of effect. */
  intend?(input: Input, context: ToolContext): Promise<Intent>;
  /** @throws AksaraError with a hint for the model */
  execute(input: Input, context: ToolContext): Promise<ToolOutput>;
  /** After a crash: what became of a call whose effect was announced. */
  settle?(changes: readonly FileChange[], context: ToolContext): Promise<Settled>;
}

export interface ToolDefinition<Input> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType<Input>;
  /** `read` when absent: then the tool must change nothing. */
  readonly class?: ToolClass;
  readonly classOf?: (input: Input) => ToolClass;
  /** `low` for reading, `medium` otherwise, when absent. */
  readonly risk?: Risk;
  readonly timeoutSeconds?: number | "run";
  readonly outputBudget?: number;
  readonly intend?: (input: Input, context: ToolContext) => Promise<Intent>;
  /** Gives an output, or an output with what was changed. */
  readonly execute: (input: Input, context: ToolContext) => Promise<ToolOutput>;
  readonly settle?: (changes: readonly FileChange[], context: ToolContext) => Promise<Settled>;
}

const OUTPUT_BUDGET = 24_000;

export const NO_INTENT: Intent = { preview: { kind: "none" }, dangers: [], changes: [], covers: null };

/** What a call may do to the world, with the arguments it has. A tool of class `read` that is more says so itself. */
export function classOfCall(tool: Tool, input: unknown): ToolClass {
  return tool.class === "read" ? (tool.classOf?.(input) ?? tool.class) : tool.class;
}

/** A tool with everything that a definition leaves out. @throws TypeError for a name that no provider takes */
export function defineTool<Input>(definition: ToolDefinition<Input>): Tool<Input> {
  if (!/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(definition.name))
    throw new TypeError(`"${definition.name}" is no name of a tool: letters, digits, _ and -, at most 64.`);
  const toolClass = definition.class ?? "read";
  return {
    ...definition,
    class: toolClass,
    risk: definition.risk ?? (toolClass === "read" ? "low" : "medium"),
    timeoutSeconds: definition.timeoutSeconds ?? null,
    outputBudget: definition.outputBudget ?? OUTPUT_BUDGET,
  };
}
