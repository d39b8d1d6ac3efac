import { AksaraError } from "../../../errors.ts";
import { databaseVariable, environmentDatabases, StoredDatabases } from "../../shared/agent-databases.ts";
import { sqliteWorkerPath } from "../../shared/asset-paths.ts";
import { distDirectory } from "../../shared/dist-directory.ts";
import { documentText } from "../../shared/document-text.ts";
import { agentFolder } from "../../shared/state-directory.ts";
import type { CliContext, CliLeaf, ParsedArguments } from "../context.ts";
import { columns, EXIT, UsageError } from "../output.ts";

export const enableCommand: CliLeaf = {
  type: "leaf",
  summary: "let agents of this folder use a database of yours",
  positionals: "NAME",
  options: {
    url: {
      type: "string",
      value: "URL",
      summary: "its address; absent: that of AKSARA_DATABASE_<NAME>. A password is never kept",
    },
    write: { type: "boolean", summary: "rows may be changed, each time after an approval" },
  },
  run: (args, context) => withDatabases(context, (databases) => enable(args, context, databases)),
};

export const disableCommand: CliLeaf = {
  type: "leaf",
  summary: "take that back",
  positionals: "NAME",
  options: {},
  run: (args, context) =>
    withDatabases(context, async (databases) => {
      const name = nameOf(args);
      const removed = await databases.disable(name);
      if (!removed) throw new AksaraError("CONTEXT_NOT_FOUND", `No database called "${name}" was enabled.`);
      if (context.options.format === "json") context.terminal.out(documentText({ ok: true, name }));
      else context.terminal.out(`Agents no longer use ${name}.\n`);
      return EXIT.ok;
    }),
};

export const enabledCommand: CliLeaf = {
  type: "leaf",
  summary: "list the databases that agents of this folder may use",
  positionals: "",
  options: {},
  run: (_args, context) =>
    withDatabases(context, async (databases) => {
      const found = await databases.list();
      const { terminal, options } = context;
      if (options.format === "json") terminal.out(documentText({ databases: found }));
      else if (found.length === 0) terminal.out("No database was enabled for the agents of this folder.\n");
      else
        terminal.out(
          `${columns(found.map(({ name, place, write }) => [name, write ? "read and write" : "read", place]))}\n`,
        );
      return EXIT.ok;
    }),
};

async function enable(
  args: ParsedArguments,
  { terminal, options, signal }: CliContext,
  databases: StoredDatabases,
): Promise<number> {
  const name = nameOf(args);
  const url = args.string("url") ?? (await environmentDatabases(process.env).get(name));
  if (url === null || url === undefined)
    throw new UsageError(`Give its address with --url, or in ${databaseVariable(name)}.`);
  const write = args.flag("write");
  const enabled = await databases.enable(name, url, write);
  // Tried at once, so that a wrong address is known before an agent needs it.
  const problem = await databases
    .open(name, write, signal)
    .then((connection) => connection.close())
    .then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  if (options.format === "json") {
    terminal.out(documentText({ ok: true, database: enabled, problem }));
    return EXIT.ok;
  }
  terminal.out(`Agents of this folder may ${write ? "read and change" : "read"} rows of ${enabled.place}.\n`);
  if (problem !== null)
    terminal.err(
      `It could not be opened just now: ${problem}\nIf it needs a password, put the whole address into ${databaseVariable(name)}.\n`,
    );
  return EXIT.ok;
}

function nameOf({ positionals }: ParsedArguments): string {
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0) throw new UsageError("Give the database one name.");
  return name;
}

async function withDatabases(
  context: CliContext,
  work: (databases: StoredDatabases) => Promise<number>,
): Promise<number> {
  const { roots } = await context.openWorkspace();
  const folder = agentFolder(roots.map(({ path }) => path));
  if (folder === null)
    throw new AksaraError(
      "STORE_UNAVAILABLE",
      "The state directory is inside the workspace, so nothing is kept.",
    );
  const { SqliteStore } = await import("../../../storage/sqlite-store.ts");
  const workerFile = sqliteWorkerPath(distDirectory());
  const store = await SqliteStore.open({ folder, workerFile });
  try {
    return await work(
      new StoredDatabases({ store, roots, secrets: environmentDatabases(process.env), workerFile }),
    );
  } finally {
    await store.close();
  }
}
