import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { AksaraError, isAksaraError, isCancelled } from "../../errors.ts";
import { nearestNames } from "../../workspace/nearest-names.ts";
import { distDirectory } from "../shared/dist-directory.ts";
import { documentText } from "../shared/document-text.ts";
import { nodeProviderAccess } from "../shared/node-provider-access.ts";
import { openStudioWorkspace, type StudioWorkspace } from "../shared/studio-workspace.ts";
import type { CliCommand, CliLeaf, ParsedArguments } from "./context.ts";
import { helpText } from "./help.ts";
import { EXIT, failureText, type Terminal, UsageError } from "./output.ts";
import { PROGRAM } from "./program.ts";

const GLOBAL: ParseArgsOptionsConfig = {
  workspace: { type: "string" },
  format: { type: "string" },
  quiet: { type: "boolean" },
  "no-color": { type: "boolean" },
  help: { type: "boolean", short: "h" },
};

/** Runs one command line; resolves to the exit code. Everything it opened is closed again. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const terminal = terminalFor(argv);
  const cancel = new AbortController();
  const onInterrupt = () => cancel.abort();
  process.once("SIGINT", onInterrupt);
  const opened: StudioWorkspace[] = [];
  const providers = nodeProviderAccess(process.env);
  let format = "text";
  try {
    const { command, path, rest } = findCommand(argv);
    if (command.type === "group" || rest.includes("--help") || rest.includes("-h"))
      return printHelp(command, path, rest, terminal);
    const { args, globals } = parse(command, rest);
    format = globals.format ?? "text";
    const formats = command.formats ?? ["text", "json"];
    if (!formats.includes(format))
      throw new UsageError(`--format is ${formats.join(" or ")}, not "${format}".`);
    const folder = resolve(globals.workspace ?? process.cwd());
    return await command.run(args, {
      options: { workspace: folder, format, quiet: globals.quiet === true },
      terminal,
      signal: cancel.signal,
      openWorkspace: async (given) => {
        await demandFolder(folder);
        const workspace = openStudioWorkspace({
          roots: [{ name: basename(folder), path: folder }],
          distDir: distDirectory(),
          // Whoever types the command in a folder has chosen it; keys still go nowhere that its files say.
          trusted: () => true,
          providers,
          ...(given === undefined ? {} : { given }),
        });
        opened.push(workspace);
        return workspace;
      },
    });
  } catch (error) {
    return fail(error, format, terminal);
  } finally {
    process.removeListener("SIGINT", onInterrupt);
    await Promise.all([...opened, providers].map((each) => each.dispose()));
  }
}

function findCommand(argv: readonly string[]): { command: CliCommand; path: string[]; rest: string[] } {
  let command: CliCommand = PROGRAM;
  const path: string[] = [];
  const rest = [...argv];
  while (command.type === "group" && rest[0] !== undefined && !rest[0].startsWith("-")) {
    const word: string = rest[0];
    const next: CliCommand | undefined = Object.hasOwn(command.commands, word)
      ? command.commands[word]
      : undefined;
    if (!next) {
      const near = nearestNames(word, Object.keys(command.commands));
      const hint = near.length > 0 ? ` Did you mean ${near.join(" or ")}?` : "";
      throw new UsageError(`"${["aksara", ...path, word].join(" ")}" is not a command.${hint}`);
    }
    command = next;
    path.push(word);
    rest.shift();
  }
  return { command, path, rest };
}

function printHelp(
  command: CliCommand,
  path: readonly string[],
  rest: readonly string[],
  terminal: Terminal,
): number {
  const asked = rest.includes("--help") || rest.includes("-h") || (rest.length === 0 && path.length === 0);
  (asked ? terminal.out : terminal.err)(helpText(command, path, terminal));
  return asked ? EXIT.ok : EXIT.usage;
}

function parse(leaf: CliLeaf, rest: readonly string[]): { args: ParsedArguments; globals: Globals } {
  const options: ParseArgsOptionsConfig = { ...GLOBAL };
  for (const [name, option] of Object.entries(leaf.options)) options[name] = { type: option.type };
  try {
    const { values, positionals } = parseArgs({
      args: [...rest],
      options,
      allowPositionals: true,
      strict: true,
    });
    const string = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
    const flag = (name: string) => values[name] === true;
    return {
      args: { positionals, string, flag },
      globals: { workspace: string("workspace"), format: string("format"), quiet: flag("quiet") },
    };
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error),
    );
  }
}

interface Globals {
  readonly workspace: string | undefined;
  readonly format: string | undefined;
  readonly quiet: boolean;
}

async function demandFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory()) return;
  throw new AksaraError("CONTEXT_NOT_FOUND", `There is no folder ${folder}.`, {
    hint: "Name the folder of a backend with --workspace.",
  });
}

function fail(error: unknown, format: string, terminal: Terminal): number {
  if (isCancelled(error)) {
    terminal.err("cancelled\n");
    return EXIT.cancelled;
  }
  if (error instanceof UsageError) {
    terminal.err(`${failureText(terminal, error)}"aksara --help" lists all commands.\n`);
    return EXIT.usage;
  }
  if (isAksaraError(error)) {
    if (format === "json") {
      terminal.out(
        documentText({
          ok: false,
          error_code: error.code,
          error: error.message,
          hint: error.hint,
          candidates: error.candidates,
        }),
      );
    } else {
      terminal.err(failureText(terminal, error));
    }
    return error.code === "CONTEXT_NOT_FOUND" && error.message.startsWith("There is no folder")
      ? EXIT.nothing
      : EXIT.negative;
  }
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.err(
    `aksara crashed. This is a defect of ours; please report it with these lines:\n\n${details}\nNode ${process.versions.node}, ${process.platform} ${process.arch}\n`,
  );
  return EXIT.crash;
}

function terminalFor(argv: readonly string[]): Terminal {
  const color =
    process.stdout.isTTY === true &&
    !argv.includes("--no-color") &&
    process.env.NO_COLOR === undefined &&
    process.env.TERM !== "dumb";
  return {
    color,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  };
}
