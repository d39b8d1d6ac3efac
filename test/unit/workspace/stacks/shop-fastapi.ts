import { readFileSync } from "node:fs";
import { join } from "node:path";

const workspaces = join(import.meta.dirname, "../../../workspaces");

export interface ExpectedModel {
  readonly name: string;
  readonly qualifiedName: string;
  readonly file: string;
  readonly line: number;
  readonly table: string | null;
  readonly abstract?: boolean;
  readonly sharesTableOf: string | null;
  readonly fields?: readonly { readonly field: string; readonly column: string }[];
  readonly columns?: readonly {
    readonly column: string;
    readonly type: string;
    readonly nullable: boolean;
  }[];
  readonly primaryKey?: readonly string[];
  readonly foreignKeys?: readonly {
    readonly columns: readonly string[];
    readonly to: string;
    readonly targetColumns: readonly string[];
    readonly onDelete: string | null;
    readonly name: string;
  }[];
  readonly indexes?: readonly {
    readonly name: string;
    readonly unique: boolean;
    readonly partial: boolean;
    readonly method: string;
  }[];
  readonly uniques?: readonly { readonly name: string; readonly columns: readonly string[] }[];
  readonly checks?: readonly string[];
  readonly relations: readonly {
    readonly name: string;
    readonly to: string;
    readonly kind: string;
    readonly through: string | null;
  }[];
}

export interface ExpectedRoute {
  readonly method: string;
  readonly path: string;
  readonly handler: string;
  readonly file: string;
  readonly line: number;
  readonly guards: readonly string[];
  readonly guarded: boolean;
  readonly parameters: readonly { readonly in: string; readonly name: string; readonly required: boolean }[];
  readonly body: string | null;
  readonly response: string | null;
}

export interface ExpectedMigration {
  readonly revision: string;
  readonly name: string;
  readonly file: string;
  readonly dependencies: readonly string[];
  readonly upgrade: readonly string[];
  readonly downgrade: readonly string[] | null;
}

interface Expected {
  readonly models: readonly ExpectedModel[];
  readonly routes: readonly ExpectedRoute[];
  readonly migrations: readonly ExpectedMigration[];
  readonly rawSql: readonly { readonly file: string; readonly line: number; readonly dynamic: boolean }[];
}

export const shopFolder = join(workspaces, "shop-fastapi");
export const expected: Expected = JSON.parse(
  readFileSync(join(workspaces, "shop-fastapi.expected.json"), "utf8"),
);
