import type { LabTable, SchemaReport } from "../../database/lab.ts";
import type { LabSchema } from "../../database/schema/lab-schema.ts";
import { modelSchema } from "../../database/schema/model-schema.ts";
import { replayMigrations } from "../../database/schema/replay-migrations.ts";
import { differenceLines, schemaDifference } from "../../database/schema/schema-difference.ts";
import { workspaceDialect } from "../../database/schema/workspace-schema.ts";
import { AksaraError } from "../../errors.ts";
import type { Catalog } from "../../workspace/catalog.ts";
import type { Migration } from "../../workspace/ir/migration.ts";
import type { Model } from "../../workspace/ir/model.ts";
import type { WorkspaceTrial } from "../workspace-trial.ts";
import type { MigrationRequest, WrittenMigration } from "./migration-writer.ts";
import { literalSql } from "./sql-steps.ts";
import { writeAlembicRevision } from "./write-alembic.ts";
import { writeDjangoMigrations } from "./write-django.ts";
import { writeSqlMigration } from "./write-sql.ts";
import { writeTypeormMigration } from "./write-typeorm.ts";

export interface SuggestionRequest {
  readonly catalog: Catalog;
  readonly trial: WorkspaceTrial;
  /** Only models whose file begins so; "" for all. */
  readonly path: string;
  readonly name: string | null;
  readonly today: string;
  readonly signal: AbortSignal;
  readText(uri: string): Promise<string>;
}

export interface MigrationSuggestion extends WrittenMigration {
  /** What it does, one line each; empty: migrations and models agree. */
  readonly changes: readonly string[];
  readonly framework: string;
  /** What trying it showed. */
  readonly check: MigrationCheck;
}

export interface MigrationCheck {
  /** Every statement was accepted, and then the schema is the one that models describe. */
  readonly verdict: "verified" | "refuted" | "unverified";
  readonly lines: readonly string[];
}

interface System {
  readonly title: string;
  readonly migrations: readonly Migration[];
  write(request: MigrationRequest): Promise<WrittenMigration>;
}

/**
 * Compares what the migrations make with what the models describe, writes what is missing in the words of the
 * workspace, reads it again as it is written, and tries it in the lab.
 * @throws CONTEXT_NOT_FOUND, AMBIGUOUS_TARGET, TOOL_FAILED with what is possible
 */
export async function suggestMigration(request: SuggestionRequest): Promise<MigrationSuggestion> {
  const { catalog, trial, path, signal } = request;
  const models = catalog.models.filter(({ uri, documents }) => uri.startsWith(path) && !documents);
  const system = systemOf(models, catalog, path);
  const dialect = workspaceDialect(catalog) === "sqlite" && system.title === "SQL" ? "sqlite" : "postgresql";
  const described = modelSchema(withOwnDefaults(models, system.migrations), dialect);
  const replayed = replayMigrations(system.migrations, models, dialect);
  const from = await trial.build(replayed.schema, signal);
  const to = await trial.build(described, signal);
  demandBuilt(from, to);
  const difference = schemaDifference(from.tables, to.tables, withOwnDefaults(models, system.migrations));
  const changes = differenceLines(difference);
  const told = [
    ...replayed.unknown.map(
      (what) => `What this migration does is not known as SQL, so it was not replayed: ${what}.`,
    ),
    ...unclaimedNote(difference.unclaimed, models),
    ...to.repairs.map(({ about, what }) => `${about}: ${what}`),
  ];
  if (changes.length === 0)
    return {
      changes,
      framework: system.title,
      files: [],
      reverse: null,
      notes: told,
      check: { verdict: "verified", lines: [] },
    };
  const written = await system.write({
    ...request,
    difference,
    models,
    described,
    migrations: system.migrations,
  });
  const check = await checkMigration(written, {
    ...request,
    models,
    system,
    described: to,
    dialect,
    before: from,
  });
  return { ...written, notes: [...written.notes, ...told], changes, framework: system.title, check };
}

/** Tables that only migrations know, but for those that join many to many. */
function unclaimedNote(tables: readonly string[], models: readonly Model[]): readonly string[] {
  const joins = new Set(models.flatMap(({ relations }) => relations.map(({ through }) => through)));
  const left = tables.filter((table) => !joins.has(table));
  return left.length === 0
    ? []
    : [`Migrations name tables that no model here describes; nothing drops them: ${left.join(", ")}.`];
}

/** Frameworks whose defaults are the database's, also where they are written as plain values. */
const DATABASE_DEFAULTS: ReadonlySet<string> = new Set(["prisma", "typeorm", "drizzle"]);

function withOwnDefaults(models: readonly Model[], migrations: readonly Migration[]): readonly Model[] {
  const texts = migrations.flatMap(({ operations }) => operations.flatMap(({ sql }) => sql ?? []));
  const uuid = texts.some((sql) => sql.includes("uuid_generate_v4"))
    ? "uuid_generate_v4()"
    : "gen_random_uuid()";
  return models.map((model) => {
    if (!DATABASE_DEFAULTS.has(model.stack)) return model;
    const fields = model.fields.map((field) => {
      if (field.generated && field.primaryKey && field.type.logical === "uuid")
        return { ...field, generated: false, default: { kind: "database" as const, text: uuid } };
      const type = field.type.native ?? field.type.logical;
      const text = field.default?.kind === "literal" ? literalSql(field.default.text, type) : null;
      return text === null ? field : { ...field, default: { kind: "database" as const, text } };
    });
    return { ...model, fields };
  });
}

/** Migrations that a person's own tool would run, and how they are written. */
function systemOf(models: readonly Model[], catalog: Catalog, path: string): System {
  if (models.length === 0)
    throw new AksaraError("CONTEXT_NOT_FOUND", "There are no models there to compare migrations with.");
  const stacks = [...new Set(models.map(({ stack }) => stack))].filter((stack) => stack !== "sql");
  const [stack] = stacks;
  if (stack === undefined)
    throw new AksaraError(
      "TOOL_FAILED",
      "The models here are what the SQL migrations make: there is nothing to compare.",
      {
        hint: "Write the migration that you want with write_file; explain_query and the rules look at it.",
      },
    );
  if (stacks.length > 1)
    throw new AksaraError("AMBIGUOUS_TARGET", `There are models of ${stacks.join(" and ")}.`, {
      hint: "Name with path the folder of those that are meant.",
      candidates: stacks,
    });
  const inPath = catalog.migrations.filter(({ uri }) => uri.startsWith(path) || sharesProject(uri, models));
  const of = (...wanted: readonly string[]) => inPath.filter((migration) => wanted.includes(migration.stack));
  switch (stack) {
    case "django":
      return { title: "Django", migrations: of("django"), write: writeDjangoMigrations };
    case "sqlalchemy":
      if (of("alembic").length > 0)
        return { title: "Alembic", migrations: of("alembic"), write: writeAlembicRevision };
      break;
    case "typeorm":
      if (of("typeorm").length > 0)
        return { title: "TypeORM", migrations: of("typeorm"), write: writeTypeormMigration };
      break;
  }
  // Loose scripts beside a framework's own migrations are not among them.
  const scripts = of("sql");
  if (scripts.length > 0)
    return { title: stack === "prisma" ? "Prisma" : "SQL", migrations: scripts, write: writeSqlMigration };
  throw new AksaraError("TOOL_FAILED", `There are no migrations of ${stack} here that can be followed.`, {
    hint: "Migrations of Django, Alembic, Prisma, TypeORM, and folders of SQL can be written. Make the first one with the project's own tool.",
  });
}

function sharesProject(uri: string, models: readonly Model[]): boolean {
  const [top = ""] = uri.split("/");
  return models.some((model) => model.uri.split("/")[0] === top);
}

function demandBuilt(from: SchemaReport, to: SchemaReport): void {
  const [failure] = [...from.failures, ...to.failures].filter(({ sql }) =>
    /^\s*(?:CREATE|ALTER)\s+TABLE/i.test(sql),
  );
  if (!failure) return;
  throw new AksaraError(
    "TOOL_FAILED",
    `The schema cannot be built: ${failure.about}: ${failure.error.message}.`,
    {
      hint: "Without it nobody knows what is missing. Correct that first.",
    },
  );
}

interface CheckRequest extends SuggestionRequest {
  readonly models: readonly Model[];
  readonly system: System;
  readonly before: SchemaReport;
  readonly described: SchemaReport;
  readonly dialect: LabSchema["dialect"];
}

/** Reads the written files with the workspace's own readers, applies what they say, and looks what came of it. */
async function checkMigration(written: WrittenMigration, request: CheckRequest): Promise<MigrationCheck> {
  const { trial, signal, system, models, described, dialect, before } = request;
  const contents = new Map(written.files.map(({ uri, content }) => [uri, content]));
  const catalog = await trial.catalogWith(contents, signal);
  const made = catalog.migrations.filter(({ uri }) => contents.has(uri));
  if (made.length === 0)
    return { verdict: "refuted", lines: ["What was written is not read as a migration."] };
  const known = new Set(system.migrations.map(({ id }) => id));
  const all = catalog.migrations.filter(({ id, uri }) => known.has(id) || contents.has(uri));
  const replayed = replayMigrations(all, models, dialect);
  const own = replayed.unknown.filter((line) => made.some(({ name }) => line.startsWith(`${name}:`)));
  const report = await trial.build(replayed.schema, signal);
  const failures = report.failures.filter(({ about }) =>
    made.some(({ name }) => about.startsWith(`${name}:`)),
  );
  const left = differenceLines(schemaDifference(report.tables, described.tables, models));
  const back = await checkReverse(made, replayed.schema, before, request);
  const lines = [
    ...failures.map(({ about, error }) => `${about} was rejected: ${error.message}`),
    ...left.map((line) => `still to do: ${line}`),
    ...back,
  ];
  if (failures.length > 0 || left.length > 0) return { verdict: "refuted", lines };
  if (own.length > 0)
    return { verdict: "unverified", lines: [...own.map((line) => `not known as SQL: ${line}`), ...lines] };
  return { verdict: "verified", lines };
}

/** What is wrong with the way back; empty when it leads to where it began, or nobody wrote one. */
async function checkReverse(
  made: readonly Migration[],
  applied: LabSchema,
  before: SchemaReport,
  { trial, signal, models }: CheckRequest,
): Promise<readonly string[]> {
  const reverse = made
    .toReversed()
    .flatMap(({ operations }) => operations.toReversed().map(({ reverseSql }) => reverseSql));
  if (reverse.length === 0 || reverse.some((sql) => sql === null)) return [];
  const statements = reverse.flatMap((sql) => sql ?? []).map((sql) => ({ about: "the way back", sql }));
  const report = await trial.build(
    { ...applied, statements: [...applied.statements, ...statements] },
    signal,
  );
  const failed = report.failures.filter(({ about }) => about === "the way back");
  const lines = failed.map(
    ({ error, sql }) => `the way back was rejected: ${error.message} (${sql.split("\n")[0]})`,
  );
  const left = differenceLines(schemaDifference(report.tables, before.tables, models));
  return [...lines, ...left.map((line) => `the way back leaves: ${line}`)];
}

/** Tables of a report by name, for tests and for who compares. */
export function tablesByName(report: SchemaReport): ReadonlyMap<string, LabTable> {
  return new Map(report.tables.map((table) => [table.name, table]));
}
