import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { LabProcess } from "../database/lab/lab-process.ts";
import { AksaraError, isAksaraError, throwIfCancelled } from "../errors.ts";
import type { FileOutcome } from "../workspace/index/extract-file.ts";
import type { McpSurface } from "./mcp/surface.ts";
import {
  assetPaths,
  extractionWorkerPath,
  indexThreadPath,
  labPaths,
  postgresParserPath,
  sqliteWorkerPath,
} from "./shared/asset-paths.ts";

export interface SelfCheckResult {
  readonly name: string;
  readonly ok: boolean;
  /** One line for people: what was seen, or what failed and what to do. */
  readonly detail: string;
  readonly ms: number;
}

export interface SelfCheckOptions {
  /** The folder of the built product, which is checked. */
  readonly distDir: string;
  readonly signal?: AbortSignal;
}

/** What the checks share, made once and cleared away at the end. */
interface Bench {
  readonly distDir: string;
  readonly folder: string;
  readonly lab: LabProcess;
}

interface Check {
  readonly name: string;
  /** Resolves to what was seen; throws when it is not what it has to be. */
  run(bench: Bench, signal: AbortSignal): Promise<string>;
}

/** A part that gives no answer in this time, in milliseconds, does not work. */
const LIMIT = 30_000;

const CHECKS: readonly Check[] = [
  { name: "Python parser", run: checkPythonParser },
  { name: "SQL parser", run: checkSqlParser },
  { name: "Worker thread", run: checkExtractionWorker },
  { name: "Index thread", run: checkIndexThread },
  { name: "Storage", run: checkStorage },
  { name: "Shared stores", run: checkSharedStores },
  { name: "MCP", run: checkMcp },
  { name: "Child process", run: checkChildProcess },
  { name: "Database lab", run: checkDatabaseLab },
];

/**
 * Exercises every part of the product that lives in a file of its own: chunks loaded on demand, threads, a child
 * process, WebAssembly, PostgreSQL, SQLite. Checks run one after the other, and each runs whatever became of the
 * others. Leaves nothing behind. Throws CANCELLED only.
 */
export async function runSelfCheck(options: SelfCheckOptions): Promise<readonly SelfCheckResult[]> {
  const { LabProcess } = await import("../database/lab/lab-process.ts");
  const folder = await mkdtemp(join(tmpdir(), "aksara-self-check-"));
  const lab = new LabProcess(labPaths(options.distDir));
  const results: SelfCheckResult[] = [];
  try {
    for (const check of CHECKS) {
      results.push(await resultOf(check, { distDir: options.distDir, folder, lab }, options.signal));
      throwIfCancelled(options.signal);
    }
    return results;
  } finally {
    await lab.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

async function resultOf(
  check: Check,
  bench: Bench,
  cancelled: AbortSignal | undefined,
): Promise<SelfCheckResult> {
  const started = performance.now();
  const result = (ok: boolean, detail: string): SelfCheckResult => {
    return { name: check.name, ok, detail, ms: Math.round(performance.now() - started) };
  };
  const limit = AbortSignal.timeout(LIMIT);
  const signal = cancelled === undefined ? limit : AbortSignal.any([cancelled, limit]);
  try {
    return result(true, await Promise.race([check.run(bench, signal), rejectionOn(signal)]));
  } catch (error) {
    return result(false, limit.aborted ? `no answer within ${LIMIT / 1000} seconds` : describe(error));
  }
}

async function checkPythonParser({ distDir }: Bench): Promise<string> {
  const { createPythonParser } = await import("../workspace/languages/python/parser.ts");
  const parser = await createPythonParser(assetPaths(distDir));
  try {
    const { root, errors } = parser.parse("class A: pass");
    expect(errors.length === 0, "a correct class was reported as wrong");
    expect(root.children[0]?.type === "class_definition", `a class was read as ${root.children[0]?.type}`);
    return "tree-sitter read a Python class";
  } finally {
    parser.delete();
  }
}

async function checkSqlParser({ distDir }: Bench): Promise<string> {
  const { PostgresParser } = await import("../database/sql/parse-postgres.ts");
  const parser = new PostgresParser(postgresParserPath(distDir));
  const parsed = await parser.parseStatements("SELECT 'é', name FROM author; SELECT 2");
  parser.dispose();
  expect(parsed.kind === "parsed", "correct SQL was rejected");
  const kinds = parsed.kind === "parsed" ? parsed.statements.map(({ kind }) => kind) : [];
  expect(kinds.join() === "SelectStmt,SelectStmt", `two SELECTs were read as ${kinds.join(", ")}`);
  return "PostgreSQL's own grammar read two statements";
}

const SAMPLE = `from django.db import models

class Author(models.Model):
    name = models.TextField()
`;

async function checkExtractionWorker({ distDir, folder }: Bench, signal: AbortSignal): Promise<string> {
  const { ExtractionPool } = await import("../workspace/index/extraction-pool.ts");
  const path = join(folder, "models.py");
  await writeFile(path, SAMPLE);
  const workerUrl = pathToFileURL(extractionWorkerPath(distDir));
  const pool = new ExtractionPool({ workerUrl, assets: assetPaths(distDir), workers: 1 });
  const outcomes: FileOutcome[] = [];
  const job = { uri: "models.py", path, language: "python", size: SAMPLE.length, knownHash: null } as const;
  try {
    await pool.run([job], (some) => outcomes.push(...some), signal);
  } finally {
    await pool.dispose();
  }
  const [outcome] = outcomes;
  if (outcome?.kind === "skipped") throw new AksaraError("RUNTIME_ERROR", outcome.reason);
  expect(outcome?.kind === "facts" && outcome.parsed, "a file with a model was not read");
  return "a thread read the model in a Python file";
}

async function checkIndexThread({ distDir, folder }: Bench, signal: AbortSignal): Promise<string> {
  const { WorkspaceIndex } = await import("../workspace/index/workspace-index.ts");
  const path = join(folder, "indexed");
  await mkdir(path);
  await writeFile(join(path, "models.py"), SAMPLE);
  const index = new WorkspaceIndex({
    roots: [{ name: "indexed", path }],
    assets: assetPaths(distDir),
    workerUrl: pathToFileURL(extractionWorkerPath(distDir)),
    threadUrl: pathToFileURL(indexThreadPath(distDir)),
  });
  try {
    const catalog = await index.catalog({ signal });
    expect(catalog.models.length === 1, "the thread did not find the model in a folder");
    return "a thread put a catalog together";
  } finally {
    await index.dispose();
  }
}

async function checkStorage({ distDir, folder }: Bench): Promise<string> {
  const { SqliteDatabase } = await import("../storage/sqlite.ts");
  const database = await SqliteDatabase.open(join(folder, "store.db"), sqliteWorkerPath(distDir));
  try {
    await database.run("CREATE TABLE kept (text TEXT)");
    await database.run("INSERT INTO kept VALUES (?)", ["é😀"]);
    const [row] = await database.all("SELECT text, sqlite_version() AS version FROM kept");
    expect(row?.text === "é😀", "what was stored did not come back");
    return `SQLite ${row?.version} kept a row, in a thread of its own`;
  } finally {
    await database.close();
  }
}

async function checkSharedStores(): Promise<string> {
  const { openSharedStore } = await import("../storage/open-shared-store.ts");
  for (const url of ["postgresql://nobody@127.0.0.1:1/none", "redis://127.0.0.1:1/0"]) {
    const failure = await openSharedStore({ url, namespace: "self-check" }).then(
      () => null,
      (error: unknown) => error,
    );
    const said = isAksaraError(failure) && failure.code === "STORE_UNAVAILABLE" ? failure.message : "";
    expect(
      /ECONNREFUSED|Connection is closed/.test(said),
      `a driver failed otherwise than for want of a server: ${failure}`,
    );
  }
  return "the drivers of PostgreSQL and Redis said that nobody listens on a port where nobody does";
}

/** Our server and our client speak to each other, over HTTP on this machine. */
async function checkMcp(_bench: Bench, signal: AbortSignal): Promise<string> {
  const [{ McpHttpServer }, { signedStates }, { McpConnection }] = await Promise.all([
    import("./mcp/http-server.ts"),
    import("./mcp/workspace-surface.ts"),
    import("../agent/mcp-client/mcp-connection.ts"),
  ]);
  const server = await McpHttpServer.start({
    surface: EMPTY_SURFACE,
    version: "0",
    states: signedStates(),
    port: 0,
    onCrash: () => undefined,
  });
  const how = { url: server.url, headers: {}, bearer_env: "TOKEN", timeout_seconds: 10 };
  const connection = new McpConnection(
    { name: "self", how, hash: "", root: { name: "", path: "" }, timeoutMs: 10_000 },
    { TOKEN: server.token },
  );
  try {
    const [tool, ...others] = await connection.listTools(signal);
    expect(tool?.name === "ping" && others.length === 0, "the client saw other tools than the server has");
    return "a server told a client of its tool";
  } finally {
    await connection.dispose();
    await server.close();
  }
}

const EMPTY_SURFACE: McpSurface = {
  instructions: "",
  tools: async () => [
    { listed: { name: "ping", inputSchema: { type: "object" } }, call: async () => ({ content: [] }) },
  ],
  prompts: async () => [],
  resources: { templates: [], list: async () => [], read: async () => null, watch: () => () => undefined },
};

async function checkChildProcess({ lab }: Bench, signal: AbortSignal): Promise<string> {
  const { pid, node } = await lab.ping(signal);
  expect(pid !== process.pid, "the child is not a process of its own");
  return `a child process answered, on Node ${node}`;
}

async function checkDatabaseLab({ lab }: Bench, signal: AbortSignal): Promise<string> {
  const answer = await lab.query("SELECT 1", { signal });
  expect(answer.kind === "rows" && answer.rows[0]?.[0] === 1, "SELECT 1 did not give 1");
  const { text } = await lab.version(signal);
  return `${text.split(" ", 2).join(" ")} started and answered SELECT 1`;
}

function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw new AksaraError("RUNTIME_ERROR", otherwise);
}

/** For parts that cannot be cancelled: the check is given up, whatever becomes of it. */
function rejectionOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = (): void => reject(new AksaraError("CANCELLED", "The check was cancelled."));
    if (signal.aborted) give();
    else signal.addEventListener("abort", give, { once: true });
  });
}

/** An error in one line, with its cause where that says more, and what to do about it. */
function describe(error: unknown): string {
  const message = messageOf(error);
  const cause = error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : "";
  const said = cause === "" || message.includes(cause) ? message : `${message} (${cause})`;
  const hint = isAksaraError(error) ? error.hint : null;
  return hint === null ? said : `${said} ${hint}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
