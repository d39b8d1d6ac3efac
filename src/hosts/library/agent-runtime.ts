import type { AgentSession, AgentRuntime as CoreRuntime } from "../../agent/agent-runtime.ts";
import type { Grants } from "../../agent/approvals/grants.ts";
import type { AgentHooks, AgentSettingsInput, TaskOptions } from "../../agent/options.ts";
import { readSettings, splitOptions } from "../../agent/options.ts";
import type { ToolFileQuestion } from "../../agent/tool-files/tool-files.ts";
import { shippedTools } from "../../agent/tools/shipped.ts";
import type { Tool } from "../../agent/tools/tool.ts";
import type { UndoReport, UndoTarget } from "../../agent/undo.ts";
import type { AgentEvent, AgentResult } from "../../protocol/agent.ts";
import { MemoryStore } from "../../storage/memory-store.ts";
import { type AgentAccess, openAgents } from "../shared/agent-access.ts";
import { environmentDatabases } from "../shared/agent-databases.ts";
import { distDirectory } from "../shared/dist-directory.ts";
import type { SharedStorePlace } from "../shared/shared-store.ts";
import { openWorkspace, type Workspace } from "./open-workspace.ts";

export interface OwnDatabase {
  /** `postgresql://user:password@host/database`, `sqlite:folder/file.db`. */
  readonly url: string;
  /** Rows may be changed, each time after an approval; false when absent. */
  readonly write?: boolean;
}

export interface AgentRuntimeOptions extends AgentSettingsInput, AgentHooks {
  /** The folder to work in, or an open workspace; the current folder when absent. An open one is left open. */
  readonly workspace?: string | Workspace | undefined;
  /** Keep journals, sessions and approvals in the state directory; true when absent. */
  readonly keep?: boolean | undefined;
  /**
   * Databases that the agents may use, by name: whoever writes this enables them, for this runtime alone. Absent: those
   * that a person enabled for the folder.
   */
  readonly databases?: Readonly<Record<string, OwnDatabase>> | undefined;
  /**
   * A PostgreSQL or Redis server for journals and sessions, which several processes share; absent: what
   * `AKSARA_STORE_URL` names, else this machine. Approvals stay on this machine.
   */
  readonly store?: SharedStorePlace | undefined;
  /** Says whether a file in `.aksara/tools` may be a tool; absent: only those that were allowed before are. */
  readonly allowToolFile?: ((question: ToolFileQuestion) => boolean | Promise<boolean>) | undefined;
}

/** Agents that work in a folder. Nothing is opened before the first task; close it with `dispose`. */
export class AgentRuntime {
  readonly #options: AgentSettingsInput & AgentHooks;
  readonly #given: string | Workspace | undefined;
  readonly #keep: boolean;
  readonly #databases: Readonly<Record<string, OwnDatabase>> | null;
  readonly #store: SharedStorePlace | undefined;
  readonly #allowToolFile: AgentRuntimeOptions["allowToolFile"];
  readonly #tools = shippedTools();
  #opened: Promise<{ readonly access: AgentAccess; readonly workspace: Workspace }> | null = null;

  /** @throws SPEC_INVALID for an option that is wrong */
  constructor(options: AgentRuntimeOptions = {}) {
    const { workspace, keep = true, databases = null, allowToolFile, store, ...rest } = options;
    readSettings(splitOptions(rest).settings);
    this.#options = rest;
    this.#given = workspace;
    this.#keep = keep;
    this.#databases = databases;
    this.#allowToolFile = allowToolFile;
    this.#store = store;
  }

  /** Adds a tool of the caller's own. Name it in `tools` to offer it. @throws SPEC_INVALID when the name is taken */
  registerTool(tool: Tool): this {
    this.#tools.register(tool);
    return this;
  }

  /** Works on a task to its end. How it ended is in the result. */
  async execute(task: string | TaskOptions, options: TaskOptions = {}): Promise<AgentResult> {
    return await (await this.#core()).execute(task, options);
  }

  /** The same as events; exactly one of `complete`, `error`, `interrupted`, and it is the last. */
  executeStream(task: string | TaskOptions, options: TaskOptions = {}): AsyncIterable<AgentEvent> {
    return later(async () => (await this.#core()).executeStream(task, options));
  }

  /** A conversation; of `id`, one that was begun before. */
  async startSession(id?: string): Promise<AgentSession> {
    return await (await this.#core()).startSession(id);
  }

  /** Goes on with a run that was interrupted, stopped by a limit, or left by a process that died. */
  async resume(runId: string, options: TaskOptions = {}): Promise<AgentResult> {
    return await (await this.#core()).resume(runId, options);
  }

  resumeStream(runId: string, options: TaskOptions = {}): AsyncIterable<AgentEvent> {
    return later(async () => (await this.#core()).resumeStream(runId, options));
  }

  /** Takes back what runs changed in files: a step, a turn, a whole session; all of it, or nothing. */
  async undo(target: UndoTarget): Promise<UndoReport> {
    return await (await this.#core()).undo(target);
  }

  /** Approvals that were given for longer than one call. */
  async grants(): Promise<Grants> {
    return (await this.#core()).grants;
  }

  async dispose(): Promise<void> {
    const opened = await this.#opened?.catch(() => null);
    this.#opened = null;
    await opened?.access.dispose();
    if (typeof this.#given !== "object") await opened?.workspace.dispose();
  }

  async #core(): Promise<CoreRuntime> {
    this.#opened ??= this.#open();
    return (await this.#opened).access.runtime;
  }

  async #open(): Promise<{ access: AgentAccess; workspace: Workspace }> {
    const given = this.#given;
    const workspace = typeof given === "object" ? given : openWorkspace(given ?? process.cwd());
    const allow = this.#allowToolFile;
    const access = await openAgents({
      workspace,
      distDir: distDirectory(),
      keep: this.#keep,
      options: this.#options,
      tools: this.#tools,
      ...(allow ? { askForToolFile: async (question) => await allow(question) } : {}),
      ...(this.#databases === null
        ? { databaseSecrets: environmentDatabases(process.env) }
        : ownDatabases(this.#databases)),
      ...(this.#store ? { sharedStore: this.#store } : {}),
    });
    for (const [name, { url, write = false }] of Object.entries(this.#databases ?? {}))
      await access.databases.enable(name, url, write);
    return { access, workspace };
  }
}

function ownDatabases(databases: Readonly<Record<string, OwnDatabase>>) {
  return {
    databaseStore: new MemoryStore(),
    databaseSecrets: { get: async (name: string) => databases[name]?.url ?? null },
  };
}

/** Events of something that is opened when they are first asked for. */
async function* later(open: () => Promise<AsyncIterable<AgentEvent>>): AsyncIterable<AgentEvent> {
  yield* await open();
}
