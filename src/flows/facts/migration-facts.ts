import type { FlowContext } from "../../protocol/action.ts";
import { findMigration } from "../../workspace/find-migration.ts";
import type { Migration } from "../../workspace/ir/migration.ts";
import type { Model } from "../../workspace/ir/model.ts";
import type { FlowAction } from "../actions/action.ts";
import { EvidenceList } from "../pack/evidence.ts";
import { plainName } from "../pack/fence.ts";
import type { Section } from "../pack/section.ts";
import type { BuiltFacts } from "./built-facts.ts";
import { representativeUses } from "./call-sites.ts";
import { excerpt } from "./excerpt.ts";
import { findingsAbout, findingsSection } from "./finding-facts.ts";
import { lockFacts, lockLines } from "./lock-lines.ts";
import { NO_LOCKS } from "./lock-meter.ts";
import { migrationSummary } from "./migration-summary.ts";
import { fieldLine } from "./model-lines.ts";
import { citedLine, linesOr, placedLine } from "./section-lines.ts";
import type { FlowWorkspace } from "./workspace.ts";

const SHOWN_CALLERS = 10;

/** Facts about one migration: contracts, section 1, kind "migration". */
export async function buildMigrationFacts(
  workspace: FlowWorkspace,
  action: FlowAction,
  context: FlowContext,
  signal?: AbortSignal,
): Promise<BuiltFacts> {
  const { catalog } = workspace;
  const migration = findMigration(catalog, {
    id: context.migration_id,
    app: context.app,
    name: context.name,
  });
  const evidence = new EvidenceList();
  const models = migration.modelIds.map((id) => catalog.model(id)).filter((model) => model !== null);
  const dependents = catalog.migrations.filter((other) => other.dependencies.includes(migration.id));
  const findings = findingsAbout(workspace.findings, [migration.id]);
  const source = await workspace.readText(migration.uri);
  const locks = (await workspace.meter?.measure(migration.id, signal)) ?? NO_LOCKS;

  const sections: Section[] = [
    { key: "migration", title: "migration", text: identity(migration, evidence), dropRank: null },
    {
      key: "operations",
      title: "operations and the SQL they become",
      text: operations(migration, evidence),
      dropRank: null,
    },
    { key: "locks", title: "locks per statement", text: lockLines(locks), dropRank: null },
    {
      key: "sizes",
      title: "table sizes",
      text: "not available (T0): no statistics of a database were given",
      dropRank: null,
    },
    findingsSection(findings, evidence),
    { key: "order", title: "dependencies", text: order(migration, dependents, evidence), dropRank: null },
    {
      key: "tables",
      title: "models it touches, as they are now",
      text: modelLines(models, evidence),
      dropRank: 3,
    },
    {
      key: "callers",
      title: "code that uses these models",
      text: callers(workspace, models, evidence),
      dropRank: 4,
    },
    { key: "source", title: "source", text: excerpt(source, migration), dropRank: 1 },
  ];
  if (migration.gaps.length > 0) {
    const text = migration.gaps.map((gap) => `- ${gap.what}: ${gap.why}`).join("\n");
    sections.push({
      key: "not-understood",
      title: "what the catalog did not understand",
      text,
      dropRank: null,
    });
  }

  const label = migration.app ? `${migration.app}.${migration.name}` : migration.name;
  return {
    target: {
      id: migration.id,
      name: label,
      uri: migration.uri,
      range: migration.range,
      hash: migration.hash,
    },
    subject: `the migration ${plainName(label) ?? 'in the section "migration"'}`,
    echo: { migration_id: migration.id, app: migration.app, name: migration.name, action: action.key },
    facts: {
      operations: migration.operations.map(
        ({ name, summary, table, columns, sql, reverseSql, reversible }) => ({
          name,
          summary,
          table,
          columns,
          sql,
          reverse_sql: reverseSql,
          reversible,
        }),
      ),
      transactional: migration.transactional,
      reversible: migration.reversible,
      dependencies: migration.dependencies,
      external_dependencies: migration.externalDependencies,
      dependents: dependents.map((other) => other.id),
      models: models.map((model) => model.id),
      ...lockFacts(locks),
    },
    sections,
    evidence,
    findings,
    summary: migrationSummary(migration, models, findings, locks),
    tier: locks.kind === "measured" ? "T1" : "T0",
    files: [],
    outside: locks.inputs,
  };
}

function identity(migration: Migration, evidence: EvidenceList): string {
  return [
    `${migration.id} [${evidence.cite(`migration ${migration.name}`, migration)}]`,
    `stack: ${migration.stack}`,
    migration.transactional ? "runs in one transaction" : "does not run in one transaction",
    migration.reversible === null
      ? "reversible: not known"
      : `reversible: ${migration.reversible ? "yes" : "no"}`,
    `found as: ${migration.reason} (${migration.confidence})`,
  ].join("\n");
}

function operations(migration: Migration, evidence: EvidenceList): string {
  const lines = migration.operations.flatMap((operation, index) => {
    const reversible = operation.reversible === null ? "not known" : operation.reversible ? "yes" : "no";
    const id = evidence.cite(`operation ${index + 1} ${operation.name}`, operation.source);
    const sql =
      operation.sql === null
        ? ["   sql: not known from the source"]
        : operation.sql.map((statement) => `   sql: ${statement}`);
    const reverse = operation.reverseSql?.map((statement) => `   undone by: ${statement}`) ?? [];
    return [`${index + 1}. ${operation.summary}; reversible: ${reversible} [${id}]`, ...sql, ...reverse];
  });
  return linesOr(lines, "none: the migration has no operations");
}

function order(migration: Migration, dependents: readonly Migration[], evidence: EvidenceList): string {
  const lines = [
    ...migration.dependencies.map((id) => `- runs after ${id}`),
    ...migration.externalDependencies.map((name) => `- runs after ${name}, which is not in the workspace`),
    ...dependents.map((other) =>
      citedLine(evidence, `${other.id} runs after it`, `migration ${other.name}`, other),
    ),
  ];
  return linesOr(lines, "no other migration before or after it");
}

function modelLines(models: readonly Model[], evidence: EvidenceList): string {
  const blocks = models.map((model) =>
    [
      `${model.qualifiedName} (${model.table ?? "no table"}) [${evidence.cite(`model ${model.qualifiedName}`, model)}]`,
      ...model.fields.map((field) => `- ${fieldLine(field)}`),
    ].join("\n"),
  );
  return linesOr(blocks, "none found in the workspace");
}

/** What may break while old code runs beside the new schema: call sites, spread over the models. */
function callers(workspace: FlowWorkspace, models: readonly Model[], evidence: EvidenceList): string {
  const lines = models.flatMap((model) => {
    const uses = workspace.catalog.usesOf(model.id);
    const shown = representativeUses(uses, Math.max(2, Math.floor(SHOWN_CALLERS / models.length)));
    const head = `${model.qualifiedName}: ${uses.length} uses`;
    return [head, ...shown.map((use) => placedLine(evidence, use.line, `use of ${model.name}`, use))];
  });
  return linesOr(lines, "none found in the workspace");
}
