import type { Gap } from "../../ir/entry.ts";
import type { Migration, MigrationOperation } from "../../ir/migration.ts";
import type { Index } from "../../ir/model.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import { argumentAt, calledName, listItems, render } from "../../languages/python/expressions.ts";
import type { PythonClass } from "../../languages/python/module.ts";
import { rangeOf } from "../../source.ts";
import { isTestFile, type Written } from "../python/project.ts";
import { substitute } from "../python/substitute.ts";
import { spanKey } from "./facts.ts";
import type { MigratedIndexes } from "./indexes.ts";
import type { ReadOperation } from "./operation.ts";
import { readOperation } from "./operation-sql.ts";
import type { AksaraRegistry } from "./registry.ts";

interface Step {
  readonly written: Written;
  readonly name: string;
  readonly read: ReadOperation;
}

/** One migration file, before its dependencies are looked up. */
export interface MigrationFile {
  readonly ref: ClassRef<PythonClass>;
  readonly app: string;
  readonly name: string;
  /** Null where the list of operations is computed. */
  readonly steps: readonly Step[] | null;
}

/** The migrations of the workspace in the order in which Aksara runs them: by file name. */
export function readMigrations(registry: AksaraRegistry): readonly MigrationFile[] {
  const files: MigrationFile[] = [];
  for (const ref of registry.project.classes.all()) {
    if (ref.qualname !== "Migration" || isTestFile(ref.uri) || !isMigration(registry, ref)) continue;
    const parts = ref.uri.replace(/\.py$/, "").split("/");
    const folder = parts.at(-2);
    const app = (folder === "migrations" ? parts.at(-3) : folder) ?? "default";
    files.push({ ref, app, name: parts.at(-1) ?? "", steps: stepsOf(registry, ref) });
  }
  return files;
}

/** Indexes that stand after all migrations have run, by table. */
export function migratedIndexes(files: readonly MigrationFile[]): MigratedIndexes {
  const byTable = new Map<string, Index[]>();
  for (const { steps } of files)
    for (const { read } of steps ?? []) {
      for (const { table, index } of read.makes)
        byTable.set(table, [...(byTable.get(table) ?? []).filter(({ name }) => name !== index.name), index]);
      if (read.drops !== null)
        for (const [table, list] of byTable)
          byTable.set(
            table,
            list.filter(({ name }) => name !== read.drops),
          );
    }
  return byTable;
}

export function resolveMigrations(
  registry: AksaraRegistry,
  files: readonly MigrationFile[],
): readonly Migration[] {
  const ids = new Map(files.map(({ app, name }) => [`${app}.${name}`, `migration:${app}.${name}`]));
  return files.map((file) => build(registry, file, ids));
}

/** The class has the name of its own base, so its imports tell what that is. */
function isMigration(registry: AksaraRegistry, ref: ClassRef<PythonClass>): boolean {
  if (ref.declaration.bases.length === 0) return false;
  const imports = registry.project.facts.get(ref.uri)?.imports ?? [];
  return (
    imports.some(
      ({ module, name }) =>
        /^aksara(\.migrations(\.base)?)?$/.test(module) && (name === "Migration" || name === null),
    ) || imports.some(({ module, name }) => module === "aksara" && name === "migrations")
  );
}

function stepsOf(registry: AksaraRegistry, ref: ClassRef<PythonClass>): readonly Step[] | null {
  const list = registry.project.attribute(ref, "operations");
  const items = list && registry.project.items(list);
  return items?.flatMap((written) => stepOf(registry, written)) ?? (list ? null : []);
}

function stepOf(registry: AksaraRegistry, written: Written): readonly Step[] {
  const expression = unfolded(registry, written.uri, written.expression);
  const name = calledName(expression) ?? render(expression).slice(0, 40);
  if (expression.k === "call" && name === "SeparateDatabaseAndState") {
    const inner = argumentAt(expression, 0, "database_operations");
    // What it says of the state changes nothing in the database.
    return (listItems(inner) ?? []).flatMap((each) =>
      stepOf(registry, { ...written, expression: each }).map((step) => ({
        ...step,
        written,
        read: { ...step.read, reversible: false, reverseSql: null },
      })),
    );
  }
  const call = expression.k === "call" ? { ...written, expression } : null;
  const read = call
    ? readOperation(registry, call)
    : readOperation(registry, {
        ...written,
        expression: { k: "call", callee: expression, args: [], span: expression.span },
      });
  return [{ written, name, read }];
}

/** The operation that a function of the project returns, with what it was called with. */
function unfolded(registry: AksaraRegistry, uri: string, expression: Expression): Expression {
  const dotted = expression.k === "call" ? dottedName(expression.callee) : null;
  const maker = dotted === null ? null : registry.project.functionOf(uri, dotted);
  const [returned] = maker?.item.returned ?? [];
  if (expression.k !== "call" || maker?.uri !== uri || !returned) return expression;
  const given = new Map<string, Expression>();
  maker.item.parameters.forEach((parameter, position) => {
    const value = argumentAt(expression, position, parameter.name) ?? parameter.default;
    if (value) given.set(parameter.name, value);
  });
  return substitute(returned, given);
}

function build(registry: AksaraRegistry, file: MigrationFile, ids: ReadonlyMap<string, string>): Migration {
  const { ref, app, name, steps } = file;
  const { declaration, uri } = ref;
  const gaps: Gap[] = [];
  const modelIds = new Set<string>();
  const operations = (steps ?? []).map(({ written, name: word, read }, at): MigrationOperation => {
    const source = registry.sourceOf(written.uri, written.expression.span);
    const model = read.table === null ? null : registry.byTable(read.table);
    if (model) modelIds.add(model.id);
    if (read.gap !== null) gaps.push({ what: `operation ${at + 1} (${word})`, why: read.gap, source });
    const subject = [read.table, read.columns.length === 1 ? read.columns[0] : null]
      .filter(Boolean)
      .join(".");
    return {
      name: word,
      summary: `${word} ${subject}`.trim(),
      table: read.table,
      model: model?.qualifiedName ?? null,
      columns: read.columns,
      text:
        registry.project.facts.get(written.uri)?.texts[spanKey(written.expression.span)] ??
        render(written.expression),
      sql: read.sql,
      reverseSql: read.reverseSql,
      reversible: read.reversible,
      source,
    };
  });
  if (steps === null)
    gaps.push({
      what: "operations",
      why: "the list of operations is computed",
      source: { uri, range: rangeOf(declaration.span), hash: declaration.hash },
    });
  const needed = dependenciesOf(registry, ref);
  return {
    kind: "migration",
    id: ids.get(`${app}.${name}`) ?? `migration:${app}.${name}`,
    name,
    uri,
    range: rangeOf(declaration.span),
    nameRange: rangeOf(declaration.nameSpan),
    hash: declaration.hash,
    stack: "aksara",
    confidence: gaps.length > 0 ? "partial" : "certain",
    reason: "class Migration with base Migration of Aksara",
    gaps,
    app,
    dependencies: needed.flatMap((key) => ids.get(key) ?? []),
    externalDependencies: needed.filter((key) => !ids.has(key)),
    operations,
    // Aksara runs the operations of one file in one transaction, whatever they are.
    transactional: true,
    reversible: steps === null ? null : reversibleOf(operations),
    modelIds: [...modelIds].sort(),
  };
}

function dependenciesOf(registry: AksaraRegistry, ref: ClassRef<PythonClass>): readonly string[] {
  const list = registry.project.attribute(ref, "dependencies");
  return ((list && registry.project.items(list)) ?? []).flatMap((item) => {
    const parts = (listItems(item.expression) ?? []).map((expression) =>
      registry.project.text({ ...item, expression }),
    );
    return parts.length === 2 && parts.every((part) => part !== null) ? [parts.join(".")] : [];
  });
}

function reversibleOf(operations: readonly MigrationOperation[]): boolean | null {
  if (operations.some(({ reversible }) => reversible === false)) return false;
  return operations.some(({ reversible }) => reversible === null) ? null : true;
}
