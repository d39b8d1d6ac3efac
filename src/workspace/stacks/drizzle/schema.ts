import type { SqlDialect } from "../../ir/query.ts";
import type { Expression } from "../../languages/expression.ts";
import { folderOf } from "../../languages/typescript/module-location.ts";
import type { ModuleValues } from "../../languages/typescript/module-values.ts";
import type { Origin } from "../../languages/typescript/name-resolution.ts";
import type { ProjectConfig } from "../../languages/typescript/project-config.ts";
import { substituted, ValueTable } from "../../languages/typescript/value-table.ts";
import { sharedDepth } from "../../project-root.ts";
import type { FactsByUri } from "../stack.ts";
import type { ColumnSetFact, DrizzleFacts, TableFact } from "./facts.ts";

/** A table of the workspace: what makes it is known to be Drizzle's. */
export interface FoundTable {
  readonly uri: string;
  readonly fact: TableFact;
  readonly dialect: SqlDialect;
  /** Name in the database, without its schema. */
  readonly table: string;
  /** Schema of the database; "" for the default one. */
  readonly namespace: string;
  readonly isView: boolean;
  /** What tables of the same variable name in other schemas make necessary; "" for most. */
  readonly prefix: string;
}

interface Creator {
  readonly dialect: SqlDialect;
  readonly namespace: string;
  readonly isView: boolean;
  /** Names of tables are made from what is written; null where they are taken as they are. */
  readonly naming: ((title: string) => string) | null;
}

const CORE = /^drizzle-orm\/(pg|mysql|sqlite|singlestore|gel)-core$/;
const DIALECTS: Readonly<Record<string, SqlDialect>> = {
  pg: "postgresql",
  gel: "postgresql",
  mysql: "mysql",
  singlestore: "mysql",
  sqlite: "sqlite",
};
const CREATOR_DEPTH = 4;

/** All tables of the workspace, and what the names in their files stand for. */
export class DrizzleSchema {
  readonly values: ValueTable;
  readonly tables: readonly FoundTable[];
  readonly #byName = new Map<string, FoundTable>();
  readonly #byVariable = new Map<string, FoundTable[]>();
  readonly #sets = new Map<string, ColumnSetFact>();
  readonly #casings: readonly (readonly [folder: string, casing: string])[];

  constructor(facts: FactsByUri<DrizzleFacts>) {
    const files = new Map<string, ModuleValues>();
    const configs = new Map<string, ProjectConfig>();
    const casings: (readonly [uri: string, written: Expression])[] = [];
    for (const [uri, fact] of facts) {
      if (fact.kind === "config") configs.set(uri, fact.config);
      else {
        files.set(uri, fact.values);
        for (const set of fact.sets) this.#sets.set(`${uri}#${set.name}`, set);
        if (fact.casing !== null) casings.push([uri, fact.casing]);
      }
    }
    this.values = new ValueTable(files, configs);
    this.#casings = casings.flatMap(([uri, written]) => {
      const casing = this.values.textOf(uri, written);
      return casing === null ? [] : [[folderOf(uri), casing] as const];
    });
    this.tables = this.#find(facts);
    for (const table of this.tables) {
      this.#byName.set(`${table.uri}#${table.fact.name}`, table);
      const list = this.#byVariable.get(table.fact.name);
      if (list) list.push(table);
      else this.#byVariable.set(table.fact.name, [table]);
    }
  }

  /** The table that a name leads to. */
  tableAt(origin: Origin | null): FoundTable | null {
    return origin?.kind === "workspace" ? (this.#byName.get(`${origin.uri}#${origin.name}`) ?? null) : null;
  }

  tableOf(uri: string, value: Expression): FoundTable | null {
    return this.tableAt(this.values.originOf(uri, value));
  }

  /** The table that a client of this file knows by its variable's name: the nearest, where several have it. */
  tableNamed(uri: string, variable: string): FoundTable | null {
    const found = this.#byVariable.get(variable) ?? [];
    return found.reduce<FoundTable | null>(
      (best, table) => (best && sharedDepth(best.uri, uri) >= sharedDepth(table.uri, uri) ? best : table),
      null,
    );
  }

  /** `users.id`: the table and the key of its column. */
  columnOf(uri: string, value: Expression): { readonly table: FoundTable; readonly key: string } | null {
    if (value.k !== "member") return null;
    const table = this.tableOf(uri, value.of);
    return table && { table, key: value.name };
  }

  columnSet(origin: Origin | null): { readonly uri: string; readonly set: ColumnSetFact } | null {
    if (origin?.kind !== "workspace") return null;
    const set = this.#sets.get(`${origin.uri}#${origin.name}`);
    return set ? { uri: origin.uri, set } : null;
  }

  /** The name of a builder of Drizzle's: `varchar`, `pgEnum`, `index`; null for anything else. */
  builderName(
    uri: string,
    callee: Expression,
  ): { readonly name: string; readonly dialect: SqlDialect } | null {
    const origin = this.values.originOf(uri, callee);
    const core = origin?.kind === "package" ? CORE.exec(origin.module)?.[1] : undefined;
    if (origin === null || core === undefined) return null;
    return { name: origin.name, dialect: DIALECTS[core] ?? "postgresql" };
  }

  /** The name of a column without one of its own. */
  columnName(uri: string, key: string): string {
    let casing: string | null = null;
    let depth = -1;
    for (const [folder, named] of this.#casings) {
      const shared = sharedDepth(folder, folderOf(uri));
      if (shared > depth) [casing, depth] = [named, shared];
    }
    return casing === "snake_case" ? snakeCase(key) : casing === "camelCase" ? camelCase(key) : key;
  }

  #find(facts: FactsByUri<DrizzleFacts>): readonly FoundTable[] {
    const found: FoundTable[] = [];
    const seen = new Map<string, string>();
    for (const [uri, fact] of facts) {
      if (fact.kind !== "code") continue;
      for (const table of fact.tables) {
        const creator = this.#creator(uri, table.callee, 0);
        const title = creator && this.values.textOf(uri, table.title);
        if (!creator || title === null) continue;
        const first = seen.get(table.name);
        if (first === undefined) seen.set(table.name, uri);
        found.push({
          uri,
          fact: table,
          dialect: creator.dialect,
          table: creator.naming ? creator.naming(title) : title,
          namespace: creator.namespace,
          isView: creator.isView,
          prefix: first === undefined ? "" : `${uri.replace(/\.[cm]?[jt]sx?$/, "")}#`,
        });
      }
    }
    return found;
  }

  #creator(uri: string, callee: Expression, depth: number): Creator | null {
    if (depth > CREATOR_DEPTH) return null;
    const builder = this.builderName(uri, callee);
    if (
      builder &&
      /^(?:pg|mysql|sqlite|singlestore|gel)(?:Table|View|MaterializedView)$/.test(builder.name)
    ) {
      return { dialect: builder.dialect, namespace: "", isView: builder.name.endsWith("View"), naming: null };
    }
    if (callee.k === "member" && /^(?:table|view|materializedView)$/.test(callee.name)) {
      const made = this.values.valueOf(uri, callee.of);
      const schema = made?.value.k === "call" ? this.builderName(made.uri, made.value.callee) : null;
      if (made?.value.k !== "call" || !schema || !/Schema$/.test(schema.name)) return null;
      const namespace = this.values.textOf(made.uri, made.value.args[0]?.value) ?? "";
      return { dialect: schema.dialect, namespace, isView: callee.name !== "table", naming: null };
    }
    const made = callee.k === "name" || callee.k === "member" ? this.values.valueOf(uri, callee) : null;
    return made?.value.k === "call" ? this.#madeCreator(made.uri, made.value, depth) : null;
  }

  /** `pgTableCreator((name) => "app_" + name)`. */
  #madeCreator(uri: string, call: Extract<Expression, { k: "call" }>, depth: number): Creator | null {
    const builder = this.builderName(uri, call.callee);
    const naming = call.args[0]?.value;
    if (!builder || !/TableCreator$/.test(builder.name) || !naming) {
      return call.callee.k === "name" ? this.#creator(uri, call.callee, depth + 1) : null;
    }
    const found = this.values.functionOf(uri, naming);
    const [parameter = ""] = found?.fact.parameters ?? [];
    const [result] = found?.fact.returned ?? [];
    return {
      dialect: builder.dialect,
      namespace: "",
      isView: false,
      naming: (title) => {
        if (!found || !result) return title;
        const given: Expression = { k: "string", value: title, span: [0, 0, 0, 0] };
        return this.values.textOf(found.uri, substituted(result, new Map([[parameter, given]]))) ?? title;
      },
    };
  }
}

export function modelIdOf({ prefix, fact }: FoundTable): string {
  return `model:drizzle:${prefix}${fact.name}`;
}

export function qualifiedNameOf({ prefix, namespace, fact }: FoundTable): string {
  return prefix + (namespace === "" ? fact.name : `${namespace}.${fact.name}`);
}

function words(name: string): readonly string[] {
  return name.replace(/['\u2019]/g, "").match(/[\da-z]+|[A-Z]+(?![a-z])|[A-Z][\da-z]+/g) ?? [];
}

function snakeCase(name: string): string {
  return words(name)
    .map((word) => word.toLowerCase())
    .join("_");
}

function camelCase(name: string): string {
  return words(name)
    .map((word, index) => {
      const lower = word.toLowerCase();
      return index === 0 ? lower : lower.charAt(0).toUpperCase() + lower.slice(1);
    })
    .join("");
}
