import type { FlowContext } from "../../protocol/action.ts";
import type { Migration } from "../../workspace/ir/migration.ts";
import type { Model } from "../../workspace/ir/model.ts";
import type { ModelUse } from "../../workspace/ir/reference.ts";
import type { SourceRef } from "../../workspace/source.ts";
import type { FlowAction } from "../actions/action.ts";
import { EvidenceList } from "../pack/evidence.ts";
import { plainName } from "../pack/fence.ts";
import type { Section } from "../pack/section.ts";
import type { BuiltFacts } from "./built-facts.ts";
import { representativeUses } from "./call-sites.ts";
import { excerpt } from "./excerpt.ts";
import { findingsAbout, findingsSection } from "./finding-facts.ts";
import { constraintLine, fieldLine, indexLine, modelTraits, relationLine } from "./model-lines.ts";
import { modelSummary } from "./model-summary.ts";
import { personalFields } from "./personal-data.ts";
import { citedLine, linesOr, placedLine } from "./section-lines.ts";
import type { FlowWorkspace } from "./workspace.ts";

/** Call sites listed in a prompt; the count says how many there are. */
const SHOWN_CALLERS = 12;
const SHOWN_SIBLINGS = 8;

/** Facts about one model: contracts, section 1, kind "model". */
export async function buildModelFacts(
  workspace: FlowWorkspace,
  action: FlowAction,
  context: FlowContext,
): Promise<BuiltFacts> {
  const { catalog } = workspace;
  const model = catalog.findModel(context.model_name ?? "");
  const evidence = new EvidenceList();
  const own: SourceRef = { uri: model.uri, range: model.range, hash: model.hash };
  const migrations = catalog.migrations.filter((migration) => migration.modelIds.includes(model.id));
  const uses = catalog.usesOf(model.id);
  const findings = findingsAbout(workspace.findings, [model.id]);
  const siblings = action.key === "refactor_suggestions" ? siblingsOf(model, catalog.models) : [];
  const source = await workspace.readText(model.uri);

  const sections: Section[] = [
    { key: "model", title: "model", text: identity(model, evidence, own), dropRank: null },
    { key: "fields", title: "fields", text: fields(model, evidence), dropRank: null },
    {
      key: "relations",
      title: "relations, both directions",
      text: relations(model, evidence),
      dropRank: null,
    },
    { key: "indexes", title: "indexes", text: indexes(model, evidence), dropRank: null },
    { key: "constraints", title: "constraints", text: constraints(model, evidence), dropRank: null },
    findingsSection(findings, evidence),
    {
      key: "migrations",
      title: "migrations that touched it",
      text: history(migrations, model, evidence),
      dropRank: 3,
    },
    { key: "callers", title: "code that uses it", text: callers(uses, evidence), dropRank: 4 },
    { key: "source", title: "source", text: excerpt(source, own), dropRank: 2 },
  ];
  const writes = uses.filter((use) => WRITE.test(use.line));
  if (action.key === "suggest_constraints") {
    sections.push({
      key: "writes",
      title: "code that writes it",
      text: writeSites(writes, evidence),
      dropRank: 1,
    });
  }
  if (action.key === "refactor_suggestions") {
    sections.push({
      key: "siblings",
      title: "sibling models",
      text: siblingLines(siblings, evidence),
      dropRank: 5,
    });
  }
  if (model.gaps.length > 0) {
    const text = model.gaps.map((gap) => `- ${gap.what}: ${gap.why}`).join("\n");
    sections.push({
      key: "not-understood",
      title: "what the catalog did not understand",
      text,
      dropRank: null,
    });
  }

  const personal = personalFields(model).map((field) => field.name);
  return {
    target: { id: model.id, name: model.qualifiedName, uri: model.uri, range: model.range, hash: model.hash },
    subject: `the model ${plainName(model.qualifiedName) ?? 'in the section "model"'}`,
    echo: { model_name: context.model_name ?? "", action: action.key },
    facts: {
      model: plainModel(model),
      personal_data_candidates: personal,
      migrations: migrations.map((migration) => migration.id),
      callers: { count: uses.length, sites: representativeUses(uses, SHOWN_CALLERS).map(site) },
      ...(action.key === "suggest_constraints" ? { writes: writes.map(site) } : {}),
      ...(action.key === "refactor_suggestions"
        ? { siblings: siblings.map((sibling) => sibling.qualifiedName) }
        : {}),
    },
    sections,
    evidence,
    findings,
    summary: modelSummary(model, { migrations, uses, findings, personal }),
    tier: "T0",
    files: [],
  };
}

const WRITE =
  /\.(?:create|bulk_create|update|bulk_update|save|get_or_create|update_or_create|upsert|insert|createMany|updateMany)\b|\bINSERT\b|\bUPDATE\b|\w\(\s*\w+\s*=/i;

function identity(model: Model, evidence: EvidenceList, own: SourceRef): string {
  const id = evidence.cite(`model ${model.qualifiedName}`, own);
  return [`${model.qualifiedName} [${id}]`, ...modelTraits(model)].join("\n");
}

function fields(model: Model, evidence: EvidenceList): string {
  return linesOr(
    model.fields.map((field) =>
      citedLine(evidence, fieldLine(field), `field ${model.name}.${field.name}`, field.source),
    ),
    "none declared",
  );
}

function relations(model: Model, evidence: EvidenceList): string {
  return linesOr(
    model.relations.map((relation) =>
      citedLine(evidence, relationLine(relation), `relation ${model.name}.${relation.name}`, relation.source),
    ),
    "none in the workspace",
  );
}

function indexes(model: Model, evidence: EvidenceList): string {
  return linesOr(
    model.indexes.map((index) =>
      citedLine(
        evidence,
        indexLine(index),
        `index ${index.name ?? index.columns.map((c) => c.column ?? "?").join(", ")}`,
        index.source,
      ),
    ),
    "none declared",
  );
}

function constraints(model: Model, evidence: EvidenceList): string {
  return linesOr(
    model.constraints.map((constraint) =>
      citedLine(
        evidence,
        constraintLine(constraint),
        `constraint ${constraint.name ?? constraint.kind}`,
        constraint.source,
      ),
    ),
    "none declared besides keys, not-null and the foreign keys above",
  );
}

function history(migrations: readonly Migration[], model: Model, evidence: EvidenceList): string {
  const lines = migrations.flatMap((migration) =>
    migration.operations
      .filter(
        (operation) =>
          operation.model === model.qualifiedName ||
          (operation.table !== null && operation.table === model.table),
      )
      .map((operation) =>
        citedLine(
          evidence,
          `${migration.name}: ${operation.summary}`,
          `migration ${migration.name}`,
          operation.source,
        ),
      ),
  );
  return linesOr(lines, "none found in the workspace");
}

function callers(uses: readonly ModelUse[], evidence: EvidenceList): string {
  if (uses.length === 0) return "none found in the workspace";
  const files = new Set(uses.map((use) => use.uri)).size;
  const shown = representativeUses(uses, SHOWN_CALLERS).map((use) => useLine(use, evidence));
  const more = uses.length > shown.length ? [`… ${uses.length - shown.length} more`] : [];
  return [`${uses.length} uses in ${files} files`, ...shown, ...more].join("\n");
}

function writeSites(writes: readonly ModelUse[], evidence: EvidenceList): string {
  return linesOr(
    representativeUses(writes, SHOWN_CALLERS).map((use) => useLine(use, evidence)),
    "no direct write was found; rows may be written through serializers, forms or raw SQL",
  );
}

function useLine(use: ModelUse, evidence: EvidenceList): string {
  const where = use.within ? `in ${use.within}: ` : "";
  return placedLine(evidence, `${where}${use.line}`, `use in ${use.within ?? use.uri}`, {
    uri: use.uri,
    range: use.range,
    hash: use.hash,
  });
}

function siblingsOf(model: Model, models: readonly Model[]): readonly Model[] {
  const related = new Set(model.relations.map((relation) => relation.targetId));
  return models
    .filter((other) => other.id !== model.id && other.stack === model.stack)
    .filter((other) => other.namespace === model.namespace || related.has(other.id))
    .slice(0, SHOWN_SIBLINGS);
}

function siblingLines(siblings: readonly Model[], evidence: EvidenceList): string {
  const lines = siblings.map((sibling) => {
    const own = { uri: sibling.uri, range: sibling.range, hash: sibling.hash };
    const names = sibling.fields.map((field) => `${field.name} ${field.type.declared}`).join(", ");
    return citedLine(evidence, `${sibling.qualifiedName}: ${names}`, `model ${sibling.qualifiedName}`, own);
  });
  return linesOr(lines, "none in the same namespace");
}

function site(use: ModelUse) {
  return { uri: use.uri, line: use.range.start.line + 1, within: use.within };
}

/** The model as data, without what only the catalog needs. */
function plainModel(model: Model) {
  const { nameRange: _nameRange, kind: _kind, ...rest } = model;
  return rest;
}
