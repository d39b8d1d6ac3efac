import { readFileSync } from "node:fs";
import { join } from "node:path";

const workspaces = join(import.meta.dirname, "../../../../workspaces");

export interface ExpectedModel {
  readonly qualifiedName: string;
  readonly file: string;
  readonly line: number;
  readonly table: string | null;
  readonly abstract: boolean;
  readonly proxy?: boolean;
  readonly fields: readonly string[];
  readonly declaredFields: readonly string[];
  readonly primaryKey: string | null;
  readonly columns?: readonly {
    readonly field: string;
    readonly column: string;
    readonly type: string;
    readonly nullable: boolean;
    readonly unique?: boolean;
    readonly default?: boolean;
  }[];
  readonly relations: readonly {
    readonly field: string;
    readonly to: string | null;
    readonly kind: string;
    readonly onDelete: string | null;
    readonly relatedName?: string;
    readonly table?: string;
    readonly through?: string;
    readonly indexed?: boolean;
    readonly constraint?: boolean;
  }[];
  readonly indexes: readonly {
    readonly name: string;
    readonly fields: readonly string[];
    readonly expressions?: readonly string[];
    readonly partial?: boolean;
    readonly kind?: string;
    readonly include?: readonly string[];
  }[];
  readonly constraints: readonly {
    readonly name: string;
    readonly kind: string;
    readonly fields?: readonly string[];
    readonly partial?: boolean;
  }[];
  readonly uniqueTogether?: readonly (readonly string[])[];
}

export interface ExpectedRoute {
  readonly method: string;
  readonly path: string;
  readonly handler: string;
  readonly file: string;
  readonly line: number;
  readonly guards: readonly string[];
  readonly guardsFrom: string | null;
  readonly guarded: boolean;
}

export interface ExpectedMigration {
  readonly app: string;
  readonly name: string;
  readonly file: string;
  readonly dependencies: readonly string[];
  readonly atomic: boolean;
  readonly operations: readonly string[];
}

export interface Expected {
  readonly models: readonly ExpectedModel[];
  readonly routes: readonly ExpectedRoute[];
  readonly optionalRoutes: readonly Pick<ExpectedRoute, "method" | "path" | "handler">[];
  readonly migrations: readonly ExpectedMigration[];
  readonly rawSql: readonly {
    readonly file: string;
    readonly line: number;
    readonly dynamic: boolean;
    readonly sql: string | null;
  }[];
}

export const shopFolder = join(workspaces, "shop-django");
export const expected: Expected = JSON.parse(
  readFileSync(join(workspaces, "shop-django.expected.json"), "utf8"),
);

/** Lines that stand in one list only, so that a failure names them. */
export function differences(found: Iterable<string>, wanted: Iterable<string>): readonly string[] {
  const a = new Set(found);
  const b = new Set(wanted);
  return [
    ...[...b].filter((line) => !a.has(line)).map((line) => `missing: ${line}`),
    ...[...a].filter((line) => !b.has(line)).map((line) => `invented: ${line}`),
  ].sort();
}
