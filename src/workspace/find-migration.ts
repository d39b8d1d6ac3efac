import { AksaraError } from "../errors.ts";
import { type Catalog, hintFor } from "./catalog.ts";
import type { Migration } from "./ir/migration.ts";
import { nearestNames } from "./nearest-names.ts";

export interface MigrationSelector {
  readonly id?: string | undefined;
  readonly app?: string | undefined;
  readonly name?: string | undefined;
}

/**
 * A migration by id, by app and name, by name, or the newest of an app (the one no other of that app depends on).
 * A name may be shortened to its number: `0003`.
 * @throws CONTEXT_NOT_FOUND with the nearest names, AMBIGUOUS_TARGET with the candidates.
 */
export function findMigration(catalog: Catalog, selector: MigrationSelector): Migration {
  const { id, app, name } = selector;
  if (id) {
    const object = catalog.byId(id) ?? catalog.byId(`migration:${id}`);
    if (object?.kind === "migration") return object;
    return findMigrationByText(catalog, id);
  }
  const inApp = app ? catalog.migrations.filter((migration) => migration.app === app) : catalog.migrations;
  if (app && inApp.length === 0) {
    const apps = catalog.migrations.map((migration) => migration.app);
    throw notFound(`There is no migration of "${app}" in this workspace.`, nearestNames(app, apps), catalog);
  }
  if (name) return byName(catalog, inApp, name, app);
  if (!app) {
    throw new AksaraError("CONTEXT_NOT_FOUND", "No migration was named.", {
      hint: "Name it by migration_id, by app and name, or by app alone for its newest migration.",
    });
  }
  return one(newestOf(inApp), `"${app}" has several newest migrations`);
}

function findMigrationByText(catalog: Catalog, text: string): Migration {
  const separator = text.indexOf(".");
  const app = separator > 0 ? text.slice(0, separator) : undefined;
  const name = separator > 0 ? text.slice(separator + 1) : text;
  const inApp = app ? catalog.migrations.filter((migration) => migration.app === app) : [];
  return inApp.length > 0
    ? byName(catalog, inApp, name, app)
    : byName(catalog, catalog.migrations, text, undefined);
}

function byName(
  catalog: Catalog,
  among: readonly Migration[],
  name: string,
  app: string | undefined,
): Migration {
  const exact = among.filter((migration) => migration.name === name);
  const found = exact.length > 0 ? exact : among.filter((migration) => migration.name.startsWith(`${name}_`));
  if (found.length > 0) return one(found, `${found.length} migrations are called "${name}"`);
  const near = nearestNames(
    name,
    among.map((migration) => migration.name),
  );
  throw notFound(
    `There is no migration "${name}"${app ? ` in "${app}"` : ""} in this workspace.`,
    near,
    catalog,
  );
}

function newestOf(migrations: readonly Migration[]): readonly Migration[] {
  const needed = new Set(migrations.flatMap((migration) => migration.dependencies));
  return migrations.filter((migration) => !needed.has(migration.id));
}

function one(found: readonly Migration[], what: string): Migration {
  const [first] = found;
  if (first && found.length === 1) return first;
  const candidates = found.map((migration) => migration.id);
  throw new AksaraError("AMBIGUOUS_TARGET", `${what}.`, {
    hint: `Name one of them: ${candidates.join(", ")}.`,
    candidates,
  });
}

function notFound(message: string, near: readonly string[], catalog: Catalog): AksaraError {
  return new AksaraError("CONTEXT_NOT_FOUND", message, {
    hint: hintFor(near, catalog.migrations.length, "migrations"),
    candidates: near,
  });
}
