import type { Gap } from "../../ir/entry.ts";
import type { Model } from "../../ir/model.ts";
import { readProjectConfig } from "../../languages/typescript/project-config.ts";
import { rangeOf } from "../../source.ts";
import { NOTHING, type Stack } from "../stack.ts";
import { columnsOf, type FoundColumn } from "./columns.ts";
import { extractCode } from "./extract.ts";
import type { DrizzleFacts } from "./facts.ts";
import { type ForeignKey, keysOf, type TableKeys } from "./keys.ts";
import { QueryBuilder } from "./queries.ts";
import { declaredRelations, type RelationContext, relationsOf } from "./relations.ts";
import { DrizzleSchema, type FoundTable, modelIdOf, qualifiedNameOf } from "./schema.ts";

/** Drizzle ORM: tables and relations written in TypeScript, and queries on them. Its migrations are plain SQL and read as such. */
export const drizzleStack: Stack<DrizzleFacts> = {
  id: "drizzle",
  title: "Drizzle",
  languages: ["typescript", "json"],
  version: 3,
  handsPlacesOn: true,
  marker:
    /drizzle|\.query\.\w+\.find(?:Many|First)\(|\.from\(\s*[a-zA-Z]|\.(?:insert|update|delete|\$count)\(\s*[a-zA-Z][\w.]*\s*[,)]|\bexport\s+\*|\bexport\s*\{[^}]*\}\s*from|"compilerOptions"|"name"\s*:/,
  extract(file) {
    if (file.language === "json") {
      const config = readProjectConfig(file.uri, file.text);
      return config && { kind: "config", config };
    }
    const module = file.typescript();
    return module && extractCode(module, file.text);
  },
  resolve(facts) {
    const schema = new DrizzleSchema(facts);
    if (schema.tables.length === 0) return NOTHING;
    const columns = new Map(schema.tables.map((table) => [table, columnsOf(schema, table)]));
    const names = new Map(
      [...columns].map(([table, found]) => [
        table,
        new Map(found.columns.map((column) => [column.key, column.name])),
      ]),
    );
    const nameIn = (table: FoundTable, key: string) => names.get(table)?.get(key) ?? key;
    const keys = new Map(
      [...columns].map(([table, found]) => [table, keysOf(schema, table, found.columns, nameIn)]),
    );
    const declared = declaredRelations(schema, facts);
    const context: RelationContext = { declared, keys, incoming: incomingOf(keys), nameIn };
    const queries = new QueryBuilder(schema, declared);
    for (const [uri, fact] of facts) {
      if (fact.kind === "code") for (const query of fact.queries) queries.add(uri, query);
    }
    return {
      ...NOTHING,
      models: [...columns].map(([table, found]) => modelOf(table, found.columns, found.gaps, context)),
      queries: queries.queries,
      uses: queries.uses,
    };
  },
};

function incomingOf(keys: ReadonlyMap<FoundTable, TableKeys>): RelationContext["incoming"] {
  const incoming = new Map<FoundTable, { readonly from: FoundTable; readonly key: ForeignKey }[]>();
  for (const [from, { foreignKeys }] of keys) {
    for (const key of foreignKeys) {
      const list = incoming.get(key.target);
      if (list) list.push({ from, key });
      else incoming.set(key.target, [{ from, key }]);
    }
  }
  return incoming;
}

function modelOf(
  table: FoundTable,
  columns: readonly FoundColumn[],
  gaps: readonly Gap[],
  context: RelationContext,
): Model {
  const keys = context.keys.get(table);
  const primary = keys?.primaryKey ?? [];
  const { fact, uri } = table;
  return {
    kind: "model",
    id: modelIdOf(table),
    name: fact.name,
    qualifiedName: qualifiedNameOf(table),
    namespace: table.namespace,
    uri,
    range: rangeOf(fact.span),
    nameRange: rangeOf(fact.nameSpan),
    hash: fact.hash,
    stack: "drizzle",
    confidence: gaps.length === 0 ? "certain" : "partial",
    reason: table.isView ? "view of Drizzle" : "table of Drizzle",
    gaps,
    table: table.namespace === "" ? table.table : `${table.namespace}.${table.table}`,
    abstract: false,
    proxyOf: null,
    managed: !table.isView,
    bases: [],
    documentation: null,
    fields: columns.map(({ field, name }) => fieldWithKeys(field, name, primary, keys)),
    relations: relationsOf(table, context),
    indexes: keys?.indexes ?? [],
    constraints: keys?.constraints ?? [],
    ordering: [],
  };
}

/** What keys written beside the columns say of a column. */
function fieldWithKeys(
  field: Model["fields"][number],
  name: string,
  primary: readonly string[],
  keys: TableKeys | undefined,
): Model["fields"][number] {
  const alone = (keys?.indexes ?? []).filter(
    (index) => index.columns.length === 1 && index.columns[0]?.column === name && index.predicate === null,
  );
  const isKey = primary.includes(name);
  return {
    ...field,
    nullable: field.nullable && !isKey,
    primaryKey: isKey,
    unique: field.unique || alone.some(({ unique }) => unique),
    indexed: field.indexed || alone.length > 0,
  };
}
