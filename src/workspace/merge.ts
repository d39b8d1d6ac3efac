import type { Migration } from "./ir/migration.ts";
import type { Model } from "./ir/model.ts";
import type { Query } from "./ir/query.ts";
import type { ModelUse } from "./ir/reference.ts";
import type { Route } from "./ir/route.ts";
import { tieRoutes } from "./route-models.ts";
import { comparePositions, type SourceRange } from "./source.ts";
import type { Contribution, Share } from "./stacks/stack.ts";
import { TableOwners } from "./table-owners.ts";

const SQL = "sql";
/** Stacks that know tables by name only, and leave the models to whoever owns them. */
const BY_TABLE: ReadonlySet<string> = new Set([SQL, "alembic"]);

/** Whether what a stack finds is told anew when other models come or go, because it knows tables by name only. */
export function knowsByTable(stack: string): boolean {
  return BY_TABLE.has(stack);
}

/**
 * Puts the findings of all stacks together, each thing once. A table that a framework's model owns is told by that
 * model: SQL that defines, changes or reads it leads to the model. A query or a migration that a framework's own reader
 * tells is not told again as plain SQL.
 */
export function mergeContributions(contributions: readonly Contribution[]): Contribution {
  const gaps = contributions.flatMap((part) => part.gaps);
  return { ...new Merger(contributions.flatMap((part) => part.models)).merge(contributions), gaps };
}

/** Merges what was found in some files or in all of them, knowing the models of all. */
export class Merger {
  readonly #models: readonly Model[];
  readonly #owners: TableOwners;
  readonly #links: Links;

  /** @param models of all stacks, in their order */
  constructor(models: readonly Model[]) {
    this.#models = models;
    this.#owners = new TableOwners(
      models.filter(({ stack }) => stack !== SQL),
      models.filter(({ stack }) => stack === SQL),
    );
    this.#links = new Links(this.#owners, models);
  }

  /**
   * @param parts all that was found in the files in question, by stack
   * @param usesIn merged uses in the other files
   */
  merge(parts: readonly Share[], usesIn: (uri: string) => readonly ModelUse[] = () => []): Share {
    const links = this.#links;
    const migrations = parts.flatMap((part) => part.migrations);
    const uses = distinctUses(parts.flatMap((part) => part.uses).map((use) => links.use(use)));
    return {
      models: parts
        .flatMap((part) => part.models)
        .filter(({ id }) => this.#owners.ownerOf(id) === null)
        .map((model) => links.model(model)),
      routes: tieRoutes(
        parts.flatMap((part) => part.routes).map((route) => links.route(route)),
        this.#models,
        uses,
        usesIn,
      ),
      queries: withoutRepeatedQueries(
        parts.flatMap((part) => part.queries),
        migrations,
      ).map((query) => links.query(query)),
      migrations: withoutRepeatedMigrations(migrations).map((migration) => links.migration(migration)),
      uses,
    };
  }
}

/** Leads references to tables on to the models that own them. */
class Links {
  readonly #owners: TableOwners;
  readonly #byId: ReadonlyMap<string, Model>;

  constructor(owners: TableOwners, models: readonly Model[]) {
    this.#owners = owners;
    this.#byId = new Map(models.map((model) => [model.id, model]));
  }

  model(model: Model): Model {
    if (model.stack !== SQL || !model.relations.some(({ targetId }) => this.#moved(targetId))) return model;
    const relations = model.relations.flatMap((relation) => {
      const owner = relation.targetId === null ? null : this.#owners.ownerOf(relation.targetId);
      if (!owner) return [relation];
      // The table that refers is now a model of the framework, which tells its relations itself.
      if (relation.direction === "reverse") return [];
      return [{ ...relation, target: owner.qualifiedName, targetId: owner.id, inverse: null }];
    });
    return { ...model, relations };
  }

  /** A reader of routes may name models of another reader by what their ids must be. */
  route(route: Route): Route {
    const known = (id: string | null) => id !== null && this.#byId.has(id);
    const shape = (part: Route["body"]) => part && (known(part.modelId) ? part : { ...part, modelId: null });
    return {
      ...route,
      modelIds: route.modelIds.filter(known),
      body: shape(route.body),
      response: shape(route.response),
    };
  }

  query(query: Query): Query {
    if (query.stack !== SQL) return query;
    return { ...query, modelIds: this.#ids(query.uri, query.modelIds, query.tables) };
  }

  migration(migration: Migration): Migration {
    if (!BY_TABLE.has(migration.stack)) return migration;
    const tables = migration.operations.map(({ table }) => table).filter((table) => table !== null);
    const modelIds = this.#ids(migration.uri, migration.modelIds, tables);
    if (migration.stack === SQL) return { ...migration, modelIds };
    const operations = migration.operations.map((operation) => {
      const owner = operation.table === null ? null : this.#owners.nearest(operation.table, migration.uri);
      return owner ? { ...operation, model: owner.qualifiedName } : operation;
    });
    return { ...migration, operations, modelIds };
  }

  use(use: ModelUse): ModelUse {
    const owner = this.#owners.ownerOf(use.modelId);
    return owner ? { ...use, modelId: owner.id } : use;
  }

  #moved(id: string | null): boolean {
    return id !== null && this.#owners.ownerOf(id) !== null;
  }

  /** Ids led on, with the owners of tables that no SQL of the workspace defines. */
  #ids(uri: string, ids: readonly string[], tables: readonly string[]): readonly string[] {
    const led = ids.map((id) => this.#owners.ownerOf(id)?.id ?? id);
    const known = new Set(ids.flatMap((id) => this.#byId.get(id)?.table ?? []));
    const others = tables
      .filter((table) => !known.has(table))
      .map((table) => this.#owners.nearest(table, uri)?.id)
      .filter((id) => id !== undefined);
    return [...new Set([...led, ...others])];
  }
}

function withoutRepeatedQueries(
  queries: readonly Query[],
  migrations: readonly Migration[],
): readonly Query[] {
  const told = new Map<string, Query[]>();
  for (const query of queries) {
    if (query.stack === SQL) continue;
    const list = told.get(query.uri);
    if (list) list.push(query);
    else told.set(query.uri, [query]);
  }
  // SQL in a migration that is a class or a module is a step of it, told there.
  const steps = new Map<string, SourceRange[]>();
  for (const { stack, uri, range } of migrations) {
    if (stack === SQL) continue;
    const list = steps.get(uri);
    if (list) list.push(range);
    else steps.set(uri, [range]);
  }
  return queries.filter(
    ({ stack, uri, range }) =>
      stack !== SQL ||
      !(
        told.get(uri)?.some((other) => tellsSame(other, range)) ||
        steps.get(uri)?.some((step) => isInside(range, step))
      ),
  );
}

/** The same literal: readers differ in whether the call around it counts. An ORM call may hold SQL of its own. */
function tellsSame(other: Query, range: SourceRange): boolean {
  if (isSame(other.range, range)) return true;
  return other.form === "sql" && (isInside(range, other.range) || isInside(other.range, range));
}

function isSame(a: SourceRange, b: SourceRange): boolean {
  return comparePositions(a.start, b.start) === 0 && comparePositions(a.end, b.end) === 0;
}

function isInside(inner: SourceRange, outer: SourceRange): boolean {
  return comparePositions(outer.start, inner.start) <= 0 && comparePositions(inner.end, outer.end) <= 0;
}

function withoutRepeatedMigrations(migrations: readonly Migration[]): readonly Migration[] {
  const told = new Set(migrations.filter(({ stack }) => stack !== SQL).map(({ uri }) => uri));
  return migrations.filter(({ stack, uri }) => stack !== SQL || !told.has(uri));
}

function distinctUses(uses: readonly ModelUse[]): readonly ModelUse[] {
  const seen = new Set<string>();
  return uses.filter(({ modelId, uri, range: { start, end } }) => {
    const key = `${modelId}\n${uri}\n${start.line}:${start.character}-${end.line}:${end.character}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
