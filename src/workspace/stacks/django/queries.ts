import type { Query, SqlDialect } from "../../ir/query.ts";
import { nameExpression } from "../../languages/python/expressions.ts";
import { Memo } from "../../memo.ts";
import { rangeOf } from "../../source.ts";
import { QUERYSET_METHODS } from "./extract-queries.ts";
import type { QueryFacts } from "./facts.ts";
import type { ModelInfo, ModelRegistry } from "./model-registry.ts";
import { dialectOf } from "./settings.ts";
import { constantString } from "./values.ts";

/** ORM calls and raw SQL of the workspace. Raw SQL that names no table of the workspace is a query as well. */
export class QueryReader {
  readonly #registry: ModelRegistry;
  readonly #dialects: Memo<SqlDialect>;
  /** The model that owns each table, by its name in lower case. */
  readonly #tables: Memo<ReadonlyMap<string, ModelInfo>>;
  readonly #byTable: Memo<ModelInfo | null>;
  readonly #all: Memo<readonly Query[]>;

  constructor(registry: ModelRegistry) {
    const { project } = registry;
    const { facts, ledger } = project;
    this.#registry = registry;
    this.#dialects = new Memo(ledger, (uri) => dialectOf(project, project.settingsFor(uri)));
    this.#tables = new Memo(ledger, () => modelsByTable(registry));
    this.#byTable = new Memo(ledger, (table) => this.#tables.get().get(table) ?? null);
    const inFile = new Memo(ledger, (uri) => this.#inFile(uri, facts.get(uri)?.queries ?? []));
    this.#all = new Memo(ledger, () => [...facts.keys()].flatMap((uri) => inFile.get(uri)));
  }

  all(): readonly Query[] {
    return this.#all.get();
  }

  #inFile(uri: string, facts: readonly QueryFacts[]): readonly Query[] {
    const queries: Query[] = [];
    const counts = new Map<string, number>();
    for (const found of facts) {
      const model =
        found.root === "" ? null : this.#registry.find(uri, found.root, found.within?.split(".")[0] ?? "");
      if (found.root !== "" && !model) continue;
      const scope = found.within ?? "";
      const ordinal = (counts.get(scope) ?? 0) + 1;
      counts.set(scope, ordinal);
      const shared = common(uri, `query:${uri}:${scope}:${ordinal}`, found, this.#dialects.get(uri));
      queries.push(
        model && found.form !== "raw"
          ? { ...shared, ...ormQuery(found, model) }
          : { ...shared, ...this.#sqlQuery(uri, found, model) },
      );
    }
    return queries;
  }

  #sqlQuery(uri: string, found: QueryFacts, model: ModelInfo | null): Told {
    const constant =
      found.sqlName === null
        ? null
        : { uri, scope: found.within?.split(".")[0] ?? "", expression: nameExpression(found.sqlName) };
    const named = constant && constantString(this.#registry.project, constant);
    const approximate = named === null ? found.approximate : null;
    const sql = (found.sql ?? named)?.trim() ?? null;
    const tables = sql === null ? [] : tablesIn(sql);
    const models = tables.flatMap((table) => this.#byTable.get(table.toLowerCase()) ?? []);
    const ids = new Set([...(model ? [model.id] : []), ...models.map((each) => each.id)]);
    return {
      name: (sql ?? found.text).replace(/\s+/g, " ").slice(0, 60),
      confidence: approximate === null ? "certain" : "partial",
      reason: found.form === "raw" ? "SQL given to Manager.raw()" : "SQL given to a cursor",
      form: "sql",
      sql,
      text: found.text,
      operation: sql === null ? "other" : sqlOperation(sql),
      tables: tables.length > 0 ? tables : model?.table ? [model.table] : [],
      modelIds: [...ids],
      approximate,
    };
  }
}

/** What of a query differs with its form. */
type Told = Omit<Query, keyof ReturnType<typeof common>>;

function common(uri: string, id: string, found: QueryFacts, dialect: SqlDialect) {
  const range = rangeOf(found.span);
  return {
    kind: "query",
    id,
    uri,
    range,
    nameRange: range,
    hash: found.hash,
    stack: "django",
    dialect,
    within: found.within,
    gaps: [],
  } as const;
}

function ormQuery(found: QueryFacts, model: ModelInfo): Told {
  const own = found.methods.filter((name) => !QUERYSET_METHODS.has(name));
  const calls =
    own.length === 0 ? null : `it goes through ${own.join(", ")}, which is not a method of Django's queryset`;
  return {
    name: `${model.name}.${found.methods.join(".")}`,
    confidence: own.length > 0 ? "likely" : "certain",
    reason:
      found.form === "shortcut"
        ? "shortcut of django.shortcuts on a model"
        : "call chain on the manager of a model",
    form: "orm",
    sql: null,
    text: found.text,
    operation: operationOf(found.methods),
    tables: [model.qualifiedName],
    modelIds: [model.id],
    approximate: calls,
  };
}

/** The model that owns each table; a proxy does not. */
function modelsByTable(registry: ModelRegistry): ReadonlyMap<string, ModelInfo> {
  const byTable = new Map<string, ModelInfo>();
  for (const info of registry.all()) {
    if (info.table !== null && !info.meta.proxy && !byTable.has(info.table.toLowerCase()))
      byTable.set(info.table.toLowerCase(), info);
  }
  return byTable;
}

function operationOf(methods: readonly string[]): Query["operation"] {
  for (const name of methods) {
    if (/^a?delete$/.test(name)) return "delete";
    if (/^a?(update|bulk_update)$/.test(name)) return "update";
    if (/^a?(create|bulk_create|get_or_create|update_or_create)$/.test(name)) return "insert";
  }
  return "select";
}

function sqlOperation(sql: string): Query["operation"] {
  const text = sql.replace(/^[rbuf]*["']+/i, "").replace(/^(\s|--[^\n]*\n|\/\*[\s\S]*?\*\/|\()+/, "");
  const word = /^\w+/.exec(text)?.[0].toLowerCase() ?? "";
  switch (word) {
    case "select":
    case "values":
    case "table":
      return "select";
    case "with":
      return /\b(insert\s+into|update\s+\S+\s+set|delete\s+from)\b/i.exec(text) ? "other" : "select";
    case "insert":
    case "update":
    case "delete":
      return word;
    case "create":
    case "alter":
    case "drop":
    case "truncate":
    case "comment":
    case "refresh":
    case "reindex":
      return "ddl";
    default:
      return "other";
  }
}

/** Tables that a statement names, in order of appearance, without common table expressions. */
export function tablesIn(sql: string): readonly string[] {
  const text = sql
    .replace(/'(?:[^']|'')*'/g, "''")
    .replace(/--[^\n]*/g, " ")
    .replace(/\b(extract|substring|trim|overlay)\s*\([^()]*\)/gi, " ");
  const local = new Set(
    [
      ...text.matchAll(
        /(?:\bwith\s+(?:recursive\s+)?|,\s*)"?(\w+)"?\s+as\s+(?:not\s+)?(?:materialized\s+)?\(/gi,
      ),
    ].map((match) => match[1]?.toLowerCase()),
  );
  const found = new Set<string>();
  const pattern =
    /\b(?:from|join|into|update|table(?:\s+if\s+(?:not\s+)?exists)?|view\s+concurrently|view|truncate)\s+(?:only\s+)?((?:"[^"]+"|[A-Za-z_]\w*)(?:\.(?:"[^"]+"|[A-Za-z_]\w*))?)/gi;
  for (const match of text.matchAll(pattern)) {
    const name = (match[1] ?? "").replaceAll('"', "");
    if (
      name !== "" &&
      !/^(select|set|only|lateral|unnest|generate_series|jsonb?_\w+)$/i.test(name) &&
      !local.has(name.toLowerCase())
    )
      found.add(name);
  }
  return [...found];
}
