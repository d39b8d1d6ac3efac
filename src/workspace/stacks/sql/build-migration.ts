import type { Gap } from "../../ir/entry.ts";
import type { Migration, MigrationOperation } from "../../ir/migration.ts";
import type { SqlDialect } from "../../ir/query.ts";
import { rangeOf } from "../../source.ts";
import type { ScriptFacts, StatementFacts } from "./facts.ts";
import { hasWayBack, type MigrationEntry, type MigrationTool } from "./migration-files.ts";
import { type OperationShape, shapeOf } from "./operations.ts";
import { sourceOf } from "./replay-context.ts";

/** What a migration is built from. */
export interface MigrationParts {
  readonly id: string;
  readonly app: string;
  readonly entry: MigrationEntry;
  readonly up: ScriptFacts;
  readonly down: ScriptFacts | null;
  readonly dialect: SqlDialect;
  readonly dependencies: readonly string[];
  readonly externalDependencies: readonly string[];
  readonly modelIds: readonly string[];
}

const FRAME = new Set(["BEGIN", "START", "COMMIT", "END"]);

const TITLES: Readonly<Record<MigrationTool, string>> = {
  goose: "goose",
  "sql-migrate": "sql-migrate",
  dbmate: "dbmate",
  "node-pg-migrate": "node-pg-migrate",
  liquibase: "Liquibase",
  play: "Play evolutions",
  drizzle: "Drizzle",
  sqitch: "Sqitch",
  "golang-migrate": "golang-migrate",
  diesel: "Diesel",
  flyway: "Flyway",
  supabase: "Supabase",
  prisma: "Prisma Migrate",
  plain: "a folder of numbered scripts",
};

export function buildMigration(parts: MigrationParts): Migration {
  const { entry, up, down, dialect } = parts;
  const forward = up.statements.filter(({ section, verb }) => section === "up" && !FRAME.has(verb));
  const backward = (down ? down.statements : up.statements).filter(
    ({ section, verb }) => (down !== null || section === "down") && !FRAME.has(verb),
  );
  const wayBack = reversibility(parts, forward, backward);
  const operations = operationsOf(parts, forward, backward, wayBack);
  const range = rangeOf(up.place.span);
  return {
    kind: "migration",
    id: parts.id,
    name: entry.name,
    uri: entry.up,
    range,
    nameRange: { start: range.start, end: range.start },
    hash: up.place.hash,
    stack: "sql",
    confidence: entry.tool === "plain" ? "likely" : "certain",
    reason: `SQL of ${TITLES[entry.tool]}`,
    gaps: gapsOf(entry.up, forward),
    app: parts.app,
    dependencies: parts.dependencies,
    externalDependencies: parts.externalDependencies,
    operations,
    transactional: isTransactional(entry.tool, up, forward, dialect),
    reversible: wayBack,
    modelIds: parts.modelIds,
  };
}

/** Null where the tool knows no way back, so that nothing follows from its absence. */
function reversibility(
  { entry, up, down }: MigrationParts,
  forward: readonly StatementFacts[],
  backward: readonly StatementFacts[],
): boolean | null {
  // What changes nothing needs no more than an empty way back.
  if (backward.length > 0 || (forward.length === 0 && down !== null)) return true;
  return hasWayBack(entry.tool) || up.hasDown || down !== null ? false : null;
}

function isTransactional(
  tool: MigrationTool,
  up: ScriptFacts,
  forward: readonly StatementFacts[],
  dialect: SqlDialect,
): boolean {
  // MySQL commits at every DDL statement.
  if (dialect === "mysql") return forward.every(({ operation }) => operation !== "ddl");
  if (up.ownTransaction) return true;
  if (up.noTransaction) return false;
  const alone = forward.length === 1 || tool === "flyway";
  return !(alone && forward.some(({ needsNoTransaction }) => needsNoTransaction));
}

function gapsOf(uri: string, statements: readonly StatementFacts[]): readonly Gap[] {
  return statements.flatMap(({ broken, approximate, place, verb, text }) => {
    const why = broken ?? approximate ?? (text === null ? "It is too long to be kept." : null);
    return why === null
      ? []
      : [{ what: `${verb || "statement"} in line ${place.span[0] + 1}`, why, source: sourceOf(uri, place) }];
  });
}

function operationsOf(
  parts: MigrationParts,
  forward: readonly StatementFacts[],
  backward: readonly StatementFacts[],
  wayBack: boolean | null,
): readonly MigrationOperation[] {
  const { dialect, entry } = parts;
  const shapes = forward.map((statement) => shapeOf(statement, dialect));
  const undo = matchUndo(shapes, backward, dialect);
  return forward.map((statement, index) => {
    const shape = shapes[index] ?? shapeOf(statement, dialect);
    const reverse = undo[index] ?? null;
    return {
      name: shape.name,
      summary: shape.summary,
      table: shape.table,
      model: null,
      columns: shape.columns,
      text: statement.text ?? `${statement.verb} …`,
      sql: statement.text === null ? null : [statement.text],
      reverseSql: reverse,
      reversible: reverse !== null ? true : wayBack === false ? false : null,
      source: sourceOf(entry.up, statement.place),
    };
  });
}

/**
 * For each operation the statements of the way back that undo it: those that name the same thing, or else stand for the
 * same table. An operation on a table or a column that the way back drops needs none: [].
 */
export function matchUndo(
  shapes: readonly OperationShape[],
  backward: readonly StatementFacts[],
  dialect: SqlDialect,
): readonly (readonly string[] | null)[] {
  const undo: (string[] | null)[] = shapes.map(() => null);
  const byEffect = new Map<string, number>();
  const byTable = new Map<string, number>();
  shapes.forEach((shape, index) => {
    for (const effect of shape.effects) if (!byEffect.has(effect)) byEffect.set(effect, index);
    if (shape.table !== null) byTable.set(shape.table, index);
  });
  const dropped = new Set<string>();
  const later: { readonly table: string | null; readonly text: string }[] = [];
  for (const statement of backward) {
    const shape = shapeOf(statement, dialect);
    const text = statement.text ?? `${statement.verb} …`;
    for (const name of shape.drops) dropped.add(name);
    const effect = shape.effects.find((candidate) => byEffect.has(candidate));
    const index = effect === undefined ? undefined : byEffect.get(effect);
    if (index === undefined) later.push({ table: shape.table, text });
    else undo[index] = [...(undo[index] ?? []), text];
  }
  for (const { table, text } of later) {
    const index = table === null ? undefined : byTable.get(table);
    if (index !== undefined) undo[index] = [...(undo[index] ?? []), text];
  }
  return undo.map((texts, index) => {
    const { table = null, columns = [] } = shapes[index] ?? {};
    if (texts || table === null) return texts;
    const gone = dropped.has(table) || columns.some((column) => dropped.has(`${table}.${column}`));
    return gone ? [] : null;
  });
}
