import { join } from "node:path";
import type { IndexAdvising } from "../../analysis/advise/advise-indexes.ts";
import type { JudgedQuery } from "../../analysis/verify/judged-query.ts";
import type { PlanStep, PlanVerification } from "../../analysis/verify/rollout-plan.ts";
import { type Tried, unverified, type Verification } from "../../analysis/verify/verification.ts";
import type { VerificationLab } from "../../analysis/verify/verification-lab.ts";
import type { Lab, LabSession, SchemaReport } from "../../database/lab.ts";
import type { QueryExplanation } from "../../database/plan/explain-query.ts";
import type { StatementReader } from "../../database/plan/statement-reader.ts";
import type { LabSchema } from "../../database/schema/lab-schema.ts";
import type { SchemaBefore } from "../../database/schema/schema-before.ts";
import type { ChosenSchema } from "../../database/schema/workspace-schema.ts";
import type { Statistics } from "../../database/statistics/statistics.ts";
import { isAksaraError, isCancelled } from "../../errors.ts";
import type { AdviceAnswer, PlanAnswer, PlanRequest, QueryPlanner } from "../../flows/facts/query-planner.ts";
import type { PackInput } from "../../protocol/prompt-pack.ts";
import type { Catalog, CatalogObject } from "../../workspace/catalog.ts";
import { hashText } from "../../workspace/hash.ts";
import type { WorkspaceRoot } from "../../workspace/index/workspace-index.ts";
import type { Migration } from "../../workspace/ir/migration.ts";
import type { SqlDialect } from "../../workspace/ir/query.ts";
import { labPaths, postgresParserPath, sqliteWorkerPath } from "./asset-paths.ts";
import type { GivenSchema } from "./given-schema.ts";
import { type MeterParts, MigrationMeter } from "./migration-meter.ts";
import { readWorkspaceStatistics, type WorkspaceStatistics } from "./statistics-file.ts";

export interface WorkspaceLabOptions {
  /** Folder of the built product. */
  readonly distDir: string;
  /** Absolute folder where built databases are kept; null keeps none. */
  readonly stateFolder: string | null;
  /** The schema that stands for that of the workspace; null for its own. */
  readonly given: GivenSchema | null;
}

/** The engines of one workspace. Nothing is loaded or started before the first query. */
export class WorkspaceLab {
  readonly #options: WorkspaceLabOptions;
  /** What migrations keep others from. */
  readonly meter: MigrationMeter;
  #parts: Promise<Parts> | null = null;

  constructor(options: WorkspaceLabOptions) {
    this.#options = options;
    this.meter = new MigrationMeter(async () => (await this.#load()).meter);
  }

  /** Plans queries of a catalog, for packs. */
  planner(catalog: Catalog, roots: readonly WorkspaceRoot[]): QueryPlanner {
    return {
      plan: async (request, signal) =>
        await this.#answer(request, catalog, await readWorkspaceStatistics(roots), signal),
      advise: async (request, signal) => await this.#adviceFor(request, catalog, roots, signal),
    };
  }

  /**
   * Plans one query, for people who ask for nothing else. Throws CANCELLED, and RUNTIME_ERROR when the engine fails.
   */
  async explain(
    request: PlanRequest,
    catalog: Catalog,
    { statistics, problem }: WorkspaceStatistics,
    signal?: AbortSignal,
  ): Promise<QueryExplanation> {
    const parts = await this.#load();
    const near = uriOf(request, catalog);
    const opened = await parts.open({ catalog, statistics, dialect: request.dialect, near }, signal);
    if (opened.kind === "none") {
      const { reason: message } = opened;
      const refusal = { reason: "dialect" as const, message, position: null, expected: [] };
      return { kind: "refused", refusal };
    }
    const explanation = await parts.explain(opened, request, signal);
    if (explanation.kind === "refused" || problem === null) return explanation;
    const { plan } = explanation;
    return { kind: "planned", plan: { ...plan, notes: [...plan.notes, problem] } };
  }

  /** Looks for indexes that pay for a query. Throws CANCELLED, and RUNTIME_ERROR when the engine fails. */
  async advise(
    { sql, ...request }: PlanRequest,
    catalog: Catalog,
    statistics: Statistics | null,
    signal?: AbortSignal,
  ): Promise<IndexAdvising> {
    const parts = await this.#load();
    const near = uriOf({ sql, ...request }, catalog);
    const about = { catalog, statistics, dialect: request.dialect, near };
    const opened = await parts.open(about, signal);
    if (opened.kind === "none") return { kind: "not-advised", reason: opened.reason };
    return await parts.advise(opened, about, { sql, dialect: request.dialect }, signal);
  }

  /** A session on the schema that a query of this dialect is planned on; null when there is none. */
  async session(
    catalog: Catalog,
    statistics: Statistics | null,
    dialect: SqlDialect = "unknown",
    near = "",
  ): Promise<LabSession | null> {
    const opened = await (await this.#load()).open({ catalog, statistics, dialect, near });
    return opened.kind === "none" ? null : opened.session;
  }

  /** Builds a schema that is not the workspace's. Throws CANCELLED, and RUNTIME_ERROR when the engine fails. */
  async build(schema: LabSchema, signal?: AbortSignal): Promise<SchemaReport> {
    return await (await this.#load()).session(schema).report(signal);
  }

  /** Tries a suggestion, and leaves nothing of it. Throws CANCELLED, and RUNTIME_ERROR when the engine fails. */
  async verify(
    suggestion: Tried,
    { query, ...about }: VerificationSubject,
    signal?: AbortSignal,
  ): Promise<Verification> {
    const parts = await this.#load();
    const request = { ...about, dialect: query?.dialect ?? "unknown" };
    const opened = await parts.open(request, signal);
    if (opened.kind === "open") return await parts.verify(opened, request, suggestion, query, signal);
    return unverified(`Not checked: ${opened.reason}`);
  }

  /**
   * Carries the steps of a plan for a migration out on a copy of the schema before it, and takes them back; without a
   * plan the migration itself. Throws CANCELLED, and RUNTIME_ERROR when the engine fails.
   */
  async verifyPlan(
    steps: readonly PlanStep[] | null,
    migrationId: string,
    catalog: Catalog,
    signal?: AbortSignal,
  ): Promise<PlanVerification> {
    return await (await this.#load()).verifyPlan(steps, migrationId, catalog, signal);
  }

  async dispose(): Promise<void> {
    await (await this.#parts)?.dispose();
  }

  #load(): Promise<Parts> {
    this.#parts ??= loadParts(this.#options);
    return this.#parts;
  }

  async #adviceFor(
    request: PlanRequest,
    catalog: Catalog,
    roots: readonly WorkspaceRoot[],
    signal: AbortSignal | undefined,
  ): Promise<AdviceAnswer> {
    try {
      const { statistics } = await readWorkspaceStatistics(roots);
      const advising = await this.advise(request, catalog, statistics, signal);
      if (advising.kind === "advised") return advising;
      return { kind: "not-advised", status: `not available: ${advising.reason}` };
    } catch (error) {
      if (isCancelled(error) && signal?.aborted) throw error;
      const message = isAksaraError(error) ? error.message : String(error);
      return { kind: "not-advised", status: `not available: ${message}` };
    }
  }

  async #answer(
    request: PlanRequest,
    catalog: Catalog,
    known: WorkspaceStatistics,
    signal: AbortSignal | undefined,
  ): Promise<PlanAnswer> {
    const { statistics } = known;
    const inputs = (state: string): readonly PackInput[] => [
      { name: "lab", hash: hashText(state) },
      ...(statistics === null ? [] : [{ name: "statistics", hash: statistics.hash }]),
    ];
    try {
      const explanation = await this.explain(request, catalog, known, signal);
      if (explanation.kind === "planned") {
        const { plan } = explanation;
        return { kind: "planned", plan, inputs: inputs(`${plan.engine} ${plan.tier}`) };
      }
      const { refusal } = explanation;
      const status = `not available (T0): ${refusal.message}`;
      return { kind: "not-planned", status, refusal, inputs: inputs(refusal.reason) };
    } catch (error) {
      if (isCancelled(error) && signal?.aborted) throw error;
      // A lab that fails leaves the facts that need none, and is named in the pack's inputs.
      const message = isAksaraError(error) ? error.message : String(error);
      const status = `not available (T0): ${message}`;
      return { kind: "not-planned", status, refusal: null, inputs: inputs("failed") };
    }
  }
}

/** What a suggestion is about. */
export interface VerificationSubject {
  readonly catalog: Catalog;
  readonly statistics: Statistics | null;
  /** Null when it is about no query. */
  readonly query: JudgedQuery | null;
  /** Uri of the object; "" for none. */
  readonly near: string;
}

function uriOf({ queryId }: PlanRequest, catalog: Catalog): string {
  return queryId === null ? "" : (catalog.byId(queryId)?.uri ?? "");
}

interface OpenedSession {
  readonly kind: "open";
  readonly session: LabSession;
  readonly reader: StatementReader;
}

type Opened = OpenedSession | { readonly kind: "none"; readonly reason: string };

interface OpenRequest {
  readonly catalog: Catalog;
  readonly statistics: Statistics | null;
  readonly dialect: SqlDialect;
  /** Uri of the query; "" for none. */
  readonly near: string;
}

interface Parts {
  readonly meter: MeterParts;
  session(schema: LabSchema): LabSession;
  open(request: OpenRequest, signal?: AbortSignal): Promise<Opened>;
  explain(
    opened: Extract<Opened, { kind: "open" }>,
    request: PlanRequest,
    signal: AbortSignal | undefined,
  ): Promise<QueryExplanation>;
  advise(
    opened: OpenedSession,
    request: OpenRequest,
    query: JudgedQuery,
    signal: AbortSignal | undefined,
  ): Promise<IndexAdvising>;
  verify(
    opened: OpenedSession,
    request: OpenRequest,
    suggestion: Tried,
    query: JudgedQuery | null,
    signal: AbortSignal | undefined,
  ): Promise<Verification>;
  verifyPlan(
    steps: readonly PlanStep[] | null,
    migrationId: string,
    catalog: Catalog,
    signal: AbortSignal | undefined,
  ): Promise<PlanVerification>;
  dispose(): Promise<void>;
}

/** Why a migration, or a plan for it, cannot be carried out here; null when it can. */
function unplayedReason(migration: CatalogObject | null, dialect: SqlDialect): string | null {
  if (migration?.kind !== "migration") return "the migration is not in the workspace";
  if (dialect === "mysql") return "MySQL cannot be embedded, and another database would say nothing about it";
  if (dialect === "sqlite") return "plans are tried on PostgreSQL only";
  return null;
}

/** An edited model makes another schema; those before it are of no more use. */
const KEPT_SESSIONS = 8;

/** Everything that has to do with the lab is loaded on first use: few windows ever plan a query. */
async function loadParts({ distDir, stateFolder, given }: WorkspaceLabOptions): Promise<Parts> {
  const [
    { PostgresLab },
    { SqliteLab },
    { PostgresParser },
    { postgresStatements, sqliteStatements },
    { explainQuery },
    { insteadOf, isBroken, workspaceDialect, workspaceSchema },
    { schemaKey },
    { verifySuggestion },
    { adviseIndexes },
    { indexCode },
    { measureMigration },
    { schemaBefore, statementsIn },
    { verifyPlan },
    { promiseOf, verifyMigration },
  ] = await Promise.all([
    import("../../database/postgres-lab.ts"),
    import("../../database/sqlite-lab.ts"),
    import("../../database/sql/parse-postgres.ts"),
    import("../../database/plan/statement-reader.ts"),
    import("../../database/plan/explain-query.ts"),
    import("../../database/schema/workspace-schema.ts"),
    import("../../database/schema/lab-schema.ts"),
    import("../../analysis/verify/verify-suggestion.ts"),
    import("../../analysis/advise/advise-indexes.ts"),
    import("../../analysis/advise/index-code.ts"),
    import("../../analysis/locks/migration-locks.ts"),
    import("../../database/schema/schema-before.ts"),
    import("../../analysis/verify/verify-plan.ts"),
    import("../../analysis/verify/verify-migration.ts"),
  ]);
  const imageFolder = stateFolder === null ? null : join(stateFolder, "lab");
  const parser = new PostgresParser(postgresParserPath(distDir));
  const postgres: Lab = new PostgresLab({ ...labPaths(distDir), imageFolder });
  const sqlite: Lab = new SqliteLab({ workerFile: sqliteWorkerPath(distDir) });
  const engines = {
    postgresql: { lab: postgres, reader: postgresStatements(parser) },
    sqlite: { lab: sqlite, reader: sqliteStatements() },
  };
  const bySchema = new Map<string, OpenedSession>();
  const byQuery = new WeakMap<Catalog, Map<string, ChosenSchema>>();
  const sessionOn = (schema: LabSchema, statistics: Statistics | null): OpenedSession => {
    const key = `${schemaKey(schema, schema.source)}\n${statistics?.hash ?? ""}`;
    const known = bySchema.get(key);
    if (known !== undefined) return known;
    const { lab, reader } = engines[schema.dialect];
    const opened = { kind: "open" as const, session: lab.open(schema, statistics), reader };
    if (bySchema.size >= KEPT_SESSIONS) bySchema.clear();
    bySchema.set(key, opened);
    return opened;
  };
  const onGiven = (
    { schema, statistics }: GivenSchema,
    dialect: SqlDialect,
    own: Statistics | null,
  ): Opened =>
    dialect === "unknown" || dialect === schema.dialect
      ? sessionOn(schema, statistics ?? own)
      : { kind: "none", reason: `${schema.source} is of ${schema.dialect}, and the query is for ${dialect}` };
  const labOf = ({ session, reader }: OpenedSession, { catalog, dialect }: OpenRequest): VerificationLab => ({
    session,
    reader,
    parser,
    isDialectKnown: dialect !== "unknown" || dialectOf(catalog) !== "unknown",
  });
  const dialectOf = (catalog: Catalog): SqlDialect => given?.schema.dialect ?? workspaceDialect(catalog);
  /** A database that is given has not seen the migration yet. */
  const before = (catalog: Catalog, migration: Migration): SchemaBefore =>
    given === null
      ? schemaBefore(catalog, migration)
      : { schema: { ...given.schema, later: statementsIn(migration) }, prelude: [] };
  const meter: MeterParts = {
    dialectOf,
    prepare: (catalog, migration) => {
      const { schema, prelude } = before(catalog, migration);
      return { catalog, migration, session: postgres.open(schema), parser, prelude };
    },
    measure: measureMigration,
  };
  return {
    meter,
    session: (schema) => sessionOn(schema, null).session,
    async open({ catalog, statistics, dialect, near }, signal) {
      if (given !== null) return onGiven(given, dialect, statistics);
      const known = byQuery.get(catalog) ?? new Map<string, ChosenSchema>();
      byQuery.set(catalog, known);
      const key = `${dialect}\n${near}`;
      const chosen = known.get(key) ?? workspaceSchema(catalog, dialect, near);
      known.set(key, chosen);
      if (chosen.kind === "none") return chosen;
      const opened = sessionOn(chosen.schema, statistics);
      if (chosen.instead === null) return opened;
      const report = await opened.session.report(signal);
      if (!isBroken(report)) return opened;
      const instead = insteadOf(report, chosen.instead);
      known.set(key, { kind: "schema", schema: instead, instead: null });
      return sessionOn(instead, statistics);
    },
    explain: ({ session, reader: own }, { sql, dialect }, signal) =>
      explainQuery(session, own, { sql, dialect, signal }),
    async advise(opened, about, query, signal) {
      const advising = await adviseIndexes(labOf(opened, about), query, signal);
      if (advising.kind === "not-advised") return advising;
      const { advice } = advising;
      const indexes = advice.indexes.map((index) => ({
        ...index,
        code: indexCode(index, about.catalog.models),
      }));
      return { kind: "advised", advice: { ...advice, indexes } };
    },
    verify: (opened, about, suggestion, query, signal) =>
      verifySuggestion(labOf(opened, about), suggestion, query, signal),
    async verifyPlan(steps, migrationId, catalog, signal) {
      const migration = catalog.byId(migrationId);
      const reason = unplayedReason(migration, dialectOf(catalog));
      if (migration?.kind !== "migration" || reason !== null) {
        const none = unverified(`Not checked: ${reason ?? "it is no migration"}.`);
        return { ...none, steps: (steps ?? []).map(() => none) };
      }
      const { schema, prelude } = before(catalog, migration);
      const { session, reader } = sessionOn(schema, null);
      const on = { session, reader, parser, isDialectKnown: dialectOf(catalog) !== "unknown" };
      if (steps === null) return await verifyMigration(on, migration, prelude, signal);
      return await verifyPlan(on, { steps, promise: promiseOf(migration, prelude) }, signal);
    },
    async dispose() {
      parser.dispose();
      await Promise.all([postgres.dispose(), sqlite.dispose()]);
    },
  };
}
