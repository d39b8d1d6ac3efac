import type { GivenSchema } from "../shared/given-schema.ts";
import type { StudioWorkspace } from "../shared/studio-workspace.ts";
import type { Terminal } from "./output.ts";

/** Options every command knows. */
export interface GlobalOptions {
  readonly workspace: string;
  readonly format: string;
  readonly quiet: boolean;
}

/** What a command runs with. Opening the workspace costs nothing until it is asked for objects. */
export interface CliContext {
  readonly options: GlobalOptions;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** @throws CONTEXT_NOT_FOUND when the folder does not exist. */
  openWorkspace(given?: GivenSchema): Promise<StudioWorkspace>;
}

/** One word of the command line: either it leads to more words, or it runs. */
export type CliCommand = CliGroup | CliLeaf;

export interface CliGroup {
  readonly type: "group";
  readonly summary: string;
  readonly commands: Readonly<Record<string, CliCommand>>;
}

export interface CliOption {
  readonly type: "string" | "boolean";
  readonly summary: string;
  /** Shown in help for the value: `KEY`. */
  readonly value?: string;
}

export interface CliLeaf {
  readonly type: "leaf";
  readonly summary: string;
  /** Positional arguments as help shows them: `NAME`. */
  readonly positionals: string;
  readonly options: Readonly<Record<string, CliOption>>;
  /** What `--format` may be; text or json when absent. */
  readonly formats?: readonly string[];
  /** Resolves to the exit code. @throws UsageError, AksaraError */
  run(args: ParsedArguments, context: CliContext): Promise<number>;
}

export interface ParsedArguments {
  readonly positionals: readonly string[];
  string(name: string): string | undefined;
  flag(name: string): boolean;
}
