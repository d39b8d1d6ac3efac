import type { Gap } from "../../ir/entry.ts";
import type { Migration, MigrationOperation } from "../../ir/migration.ts";
import { render } from "../../languages/python/expressions.ts";
import { Memo } from "../../memo.ts";
import { rangeOf } from "../../source.ts";
import type { AppliedOperation } from "./applied-operation.ts";
import { type Change, invert } from "./migration-changes.ts";
import { effectiveDefault } from "./migration-columns.ts";
import { findMigrations, inOrder, type MigrationNode } from "./migration-graph.ts";
import { OperationReader } from "./migration-operations.ts";
import { changeSql } from "./migration-sql.ts";
import { ProjectState } from "./migration-state.ts";
import type { ModelRegistry } from "./model-registry.ts";
import type { DjangoProject } from "./project.ts";
import type { Written } from "./values.ts";

interface Replayed {
  readonly operations: readonly ReplayedOperation[];
}

interface ReplayedOperation {
  readonly written: Written;
  readonly applied: AppliedOperation;
  readonly sql: readonly string[] | null;
  readonly reverseSql: readonly string[] | null;
}

/** The migrations of the workspace, with the statements that each operation becomes on PostgreSQL. */
export class MigrationReader {
  readonly #all: Memo<readonly Migration[]>;

  constructor(registry: ModelRegistry) {
    const { project } = registry;
    const { ledger } = project;
    const files = new Memo(ledger, () => findMigrations(project));
    const replays = new Memo(ledger, () => replayAll(project, files.get()));
    const migrations = new Memo(ledger, (key) => {
      const nodes = files.get();
      const node = nodes.get(key);
      const { replayed, finalLabels } = replays.get();
      return node
        ? buildMigration(registry, nodes, node, replayed.get(key) ?? { operations: [] }, finalLabels)
        : null;
    });
    this.#all = new Memo(ledger, () => [...files.get().keys()].flatMap((key) => migrations.get(key) ?? []));
  }

  all(): readonly Migration[] {
    return this.#all.get();
  }
}

/**
 * A squashed migration and the ones it replaces make the same tables, so each is replayed in a line of its own: first
 * the originals, then, where there are squashed ones, the line that goes through them.
 */
function replayAll(project: DjangoProject, nodes: ReadonlyMap<string, MigrationNode>) {
  const replayed = new Map<string, Replayed>();
  const squashes = [...nodes.values()].filter((node) => isSquash(node, nodes));
  const lastOf = new Map(squashes.map((node) => [node.key, node.replaces.at(-1) ?? node.key]));
  const state = replay(project, originals(nodes), (key) => lastOf.get(key) ?? key, replayed);
  if (squashes.length > 0) {
    const replacedBy = new Map(
      squashes.flatMap((node) => node.replaces.map((key) => [key, node.key] as const)),
    );
    const squashed = new Map([...nodes].filter(([key]) => !replacedBy.has(key)));
    const again = new Map<string, Replayed>();
    replay(project, squashed, (key) => replacedBy.get(key) ?? key, again);
    for (const { key } of squashes) {
      const result = again.get(key);
      if (result) replayed.set(key, result);
    }
  }
  const finalLabels = new Map([...state.models()].map((model) => [model.key, `${model.app}.${model.name}`]));
  return { replayed, finalLabels };
}

/** Counts as squashed only while what it replaces is still there. */
function isSquash(node: MigrationNode, nodes: ReadonlyMap<string, MigrationNode>): boolean {
  return node.replaces.length > 0 && node.replaces.some((key) => nodes.has(key));
}

function originals(nodes: ReadonlyMap<string, MigrationNode>): ReadonlyMap<string, MigrationNode> {
  return new Map([...nodes].filter(([, node]) => !isSquash(node, nodes)));
}

function replay(
  project: DjangoProject,
  nodes: ReadonlyMap<string, MigrationNode>,
  alias: (key: string) => string,
  into: Map<string, Replayed>,
): ProjectState {
  const state = new ProjectState(project);
  for (const node of inOrder(nodes, alias)) {
    const reader = new OperationReader(state, node.app);
    const operations = node.operations.map((written) => {
      const applied = reader.apply(written);
      const changes = applied.changes;
      const sql = changes && joined(changes.map((change) => changeSql(state, change)));
      const reverseSql =
        applied.reversible === false || !changes
          ? null
          : joined(changes.toReversed().map((change) => changeSql(state, invert(change))));
      const gap = applied.gap ?? (changes && sql === null ? whyUnknown(state, changes) : null);
      return { written, applied: { ...applied, gap }, sql, reverseSql };
    });
    into.set(node.key, { operations });
  }
  return state;
}

/** Why the statements of understood changes cannot be told. */
function whyUnknown(state: ProjectState, changes: readonly Change[]): string {
  for (const change of changes) {
    const field =
      change.kind === "add-field" ? change.field : change.kind === "alter-field" ? change.to : null;
    const value = field && effectiveDefault(state, field);
    if (value && "unknown" in value) return value.unknown;
    if (field && field.type.native === null && !field.relation)
      return `the column type of ${field.declared} is not known`;
  }
  return "a type, a condition or an expression in it is not one that can be turned into SQL here";
}

function joined(parts: readonly (readonly string[] | null)[]): readonly string[] | null {
  return parts.every((part) => part !== null) ? parts.flat() : null;
}

function buildMigration(
  registry: ModelRegistry,
  nodes: ReadonlyMap<string, MigrationNode>,
  node: MigrationNode,
  replayed: Replayed,
  finalLabels: ReadonlyMap<string, string>,
): Migration {
  const { ref } = node;
  const gaps: Gap[] = [];
  const modelIds = new Set<string>();
  const operations = replayed.operations.map(
    ({ written, applied, sql, reverseSql }, at): MigrationOperation => {
      const source = registry.project.sourceOf(written.uri, written.expression.span);
      const label =
        applied.model && (finalLabels.get(applied.model.key) ?? `${applied.model.app}.${applied.model.name}`);
      const info = label ? registry.byLabel(label) : null;
      if (info) modelIds.add(info.id);
      if (applied.gap) gaps.push({ what: `operation ${at + 1} (${applied.name})`, why: applied.gap, source });
      return {
        name: applied.name,
        summary: summaryOf(node, applied),
        table: applied.model?.table ?? null,
        model: applied.model ? (info?.qualifiedName ?? `${applied.model.app}.${applied.model.name}`) : null,
        columns: applied.columns,
        text: registry.project.textOf(written.uri, written.expression) ?? render(written.expression),
        sql,
        reverseSql,
        reversible: applied.reversible === "by-changes" ? true : applied.reversible,
        source,
      };
    },
  );
  if (node.unreadable) {
    gaps.push({
      what: "operations",
      why: "the list of operations is computed",
      source: registry.project.sourceOf(ref.uri, ref.declaration.span, ref.declaration.hash),
    });
  }
  return {
    kind: "migration",
    id: `migration:${node.key}`,
    name: node.name,
    uri: ref.uri,
    range: rangeOf(ref.declaration.span),
    nameRange: rangeOf(ref.declaration.nameSpan),
    hash: ref.declaration.hash,
    stack: "django",
    confidence: gaps.length > 0 ? "partial" : "certain",
    reason: "class Migration with base django.db.migrations.Migration",
    gaps,
    app: node.app,
    dependencies: node.dependencies.filter((key) => nodes.has(key)).map((key) => `migration:${key}`),
    externalDependencies: node.external,
    operations,
    transactional: node.atomic,
    reversible: reversibleOf(operations),
    modelIds: [...modelIds].sort(),
  };
}

function reversibleOf(operations: readonly MigrationOperation[]): boolean | null {
  if (operations.some((operation) => operation.reversible === false)) return false;
  return operations.some((operation) => operation.reversible === null) ? null : true;
}

function summaryOf(node: MigrationNode, { name, subject, model }: AppliedOperation): string {
  if (subject === "") return name;
  return model && !/^(SeparateDatabaseAndState|RunSQL|RunPython)$/.test(name) && !subject.includes(" on ")
    ? `${name} ${node.app}.${subject}`
    : `${name} ${subject}`;
}
