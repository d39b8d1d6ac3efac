import type { Gap } from "../../ir/entry.ts";
import type { Migration, MigrationOperation } from "../../ir/migration.ts";
import type { SqlDialect } from "../../ir/query.ts";
import { dialectEvidence, dialectOfPath, judgeDialect } from "../../languages/sql/dialect.ts";
import { folderOf, sharedDepth } from "../../project-root.ts";
import { compareText, rangeOf } from "../../source.ts";
import { matchUndo } from "../sql/build-migration.ts";
import { readStatements } from "../sql/extract-script.ts";
import type { StatementFacts } from "../sql/facts.ts";
import { type OperationShape, shapeOf } from "../sql/operations.ts";
import type { FactsByUri } from "../stack.ts";
import { type Entity, type EntityTable, modelIdOf } from "./entities.ts";
import type { MigrationFact, StepFact, TypeormFacts } from "./facts.ts";
import { statementsOf } from "./migration-api.ts";

interface Placed {
  readonly uri: string;
  readonly fact: MigrationFact;
  readonly name: string;
}

/** One statement of a step, or the step itself where its statements are not known. */
interface Part {
  readonly step: StepFact;
  readonly statement: StatementFacts | null;
  readonly sql: readonly string[] | null;
}

/** Classes that implement `MigrationInterface`, in the order of their timestamps. */
export function migrationsOf(table: EntityTable, facts: FactsByUri<TypeormFacts>): readonly Migration[] {
  const folders = new Map<string, Placed[]>();
  for (const [uri, fact] of facts) {
    if (fact.kind !== "code") continue;
    for (const migration of fact.migrations) {
      const folder = folderOf(uri);
      const list = folders.get(folder) ?? [];
      folders.set(folder, list);
      list.push({ uri, fact: migration, name: migration.name ?? migration.className });
    }
  }
  const tables = entitiesByTable(table.entities);
  return [...folders].flatMap(([folder, placed]) => {
    const ordered = [...placed].sort(
      (a, b) => timestampOf(a) - timestampOf(b) || compareText(a.name, b.name),
    );
    return ordered.map((migration, index) => {
      const before = ordered[index - 1];
      return migrationOf(table, tables, migration, {
        id: idOf(folder, migration.name),
        app: folders.size > 1 ? folder : "",
        dependencies: before ? [idOf(folder, before.name)] : [],
      });
    });
  });
}

function idOf(folder: string, name: string): string {
  return `migration:typeorm:${folder}#${name}`;
}

/** TypeORM takes the order from the last 13 digits of the name. */
function timestampOf({ name }: Placed): number {
  return Number(/(\d{13})$/.exec(name)?.[1] ?? 0);
}

function entitiesByTable(entities: readonly Entity[]): ReadonlyMap<string, readonly Entity[]> {
  const tables = new Map<string, Entity[]>();
  for (const entity of entities) {
    if (entity.parent) continue;
    const list = tables.get(entity.table);
    if (list) list.push(entity);
    else tables.set(entity.table, [entity]);
  }
  return tables;
}

function migrationOf(
  table: EntityTable,
  tables: ReadonlyMap<string, readonly Entity[]>,
  { uri, fact, name }: Placed,
  place: Pick<Migration, "id" | "app" | "dependencies">,
): Migration {
  const dialect = dialectOf(table, uri, fact);
  const forward = partsOf(table, uri, fact.up, dialect);
  const backward = partsOf(table, uri, fact.down ?? [], dialect);
  const shapes = forward.map((part) => shapeOfPart(part, dialect));
  const undo = matchUndo(
    shapes,
    backward.flatMap(({ statement }) => statement ?? []),
    dialect,
  );
  const entityOf = (name: string) =>
    (tables.get(name.replace(/^.*\./, "")) ?? []).reduce<Entity | null>(
      (best, entity) => (best && sharedDepth(best.uri, uri) >= sharedDepth(entity.uri, uri) ? best : entity),
      null,
    );
  const wayBack = fact.up.length === 0 || backward.length > 0;
  const operations = forward.map((part, index): MigrationOperation => {
    const shape = shapes[index] ?? shapeOfPart(part, dialect);
    const reverse = undo[index] ?? null;
    return {
      name: shape.name,
      summary: shape.summary,
      table: shape.table,
      model: shape.table === null ? null : (entityOf(shape.table)?.name ?? null),
      columns: shape.columns,
      text: part.step.text,
      sql: part.sql,
      reverseSql: reverse,
      reversible: reverse !== null ? true : wayBack ? null : false,
      source: { uri, range: rangeOf(part.step.span), hash: part.step.hash },
    };
  });
  const touched = shapes.flatMap((shape) => (shape.table === null ? [] : (entityOf(shape.table) ?? [])));
  const gaps = forward.flatMap((part) => gapOf(uri, part) ?? []);
  return {
    kind: "migration",
    ...place,
    name,
    uri,
    range: rangeOf(fact.span),
    nameRange: rangeOf(fact.nameSpan),
    hash: fact.hash,
    stack: "typeorm",
    confidence: gaps.length === 0 ? "certain" : "partial",
    reason: "class that implements TypeORM's MigrationInterface",
    gaps,
    externalDependencies: [],
    operations,
    transactional: isTransactional(fact, forward, dialect),
    reversible: wayBack,
    modelIds: [...new Set(touched.map(modelIdOf))],
  };
}

/** The SQL itself says most, then the folder, then the data source. */
function dialectOf(table: EntityTable, uri: string, { up, down }: MigrationFact): SqlDialect {
  const named = dialectOfPath(uri);
  if (named) return named;
  const written = judgeDialect(
    dialectEvidence([...up, ...(down ?? [])].map(({ sql }) => sql ?? "").join(";\n")),
  );
  const project = table.projects.dialect(uri);
  return project === "unknown" ? written : project;
}

function partsOf(
  table: EntityTable,
  uri: string,
  steps: readonly StepFact[],
  dialect: SqlDialect,
): readonly Part[] {
  const own = dialect === "unknown" ? "postgresql" : dialect;
  return steps.flatMap((step): readonly Part[] => {
    if (step.variant !== null && step.variant !== own) return [];
    if (step.method === "query") {
      const statements = step.sql === null ? [] : readStatements(step.sql, dialect);
      if (statements.length === 0) return [{ step, statement: null, sql: null }];
      return statements.map((statement) => ({
        step,
        statement,
        sql: statement.text === null ? null : [statement.text],
      }));
    }
    const sql = statementsOf(table.values, uri, step, dialect);
    const [first] = sql ? readStatements(sql.join(";\n"), dialect) : [];
    return [{ step, statement: first ?? null, sql }];
  });
}

function shapeOfPart({ step, statement, sql }: Part, dialect: SqlDialect): OperationShape {
  if (!statement) {
    const summary = step.text.replace(/\s+/g, " ");
    return {
      name: step.method,
      summary: summary.length > 90 ? `${summary.slice(0, 89)}…` : summary,
      table: null,
      columns: [],
      effects: [],
      drops: [],
    };
  }
  const shape = shapeOf(statement, dialect);
  return step.method === "query" || sql === null ? shape : { ...shape, name: step.method };
}

function gapOf(uri: string, { step, statement, sql }: Part): Gap | null {
  const why =
    step.approximate ??
    statement?.broken ??
    (sql === null ? "the statements it becomes are not told by the source" : null);
  if (why === null) return null;
  return {
    what: `${step.method} in line ${step.span[0] + 1}`,
    why,
    source: { uri, range: rangeOf(step.span), hash: step.hash },
  };
}

function isTransactional(
  { transaction }: MigrationFact,
  forward: readonly Part[],
  dialect: SqlDialect,
): boolean {
  // MySQL commits at every DDL statement.
  if (dialect === "mysql")
    return transaction && forward.every(({ statement }) => statement?.operation !== "ddl");
  return transaction;
}
