import type { Index, IndexColumn } from "../../ir/model.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { rendered } from "../../languages/typescript/rendered.ts";
import { dictOf } from "../../languages/typescript/value-table.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import { entryOf } from "./definition-nodes.ts";
import type { DefinitionNode } from "./facts.ts";
import type { PathDeclaration } from "./paths.ts";
import type { FoundSchema, SchemaTable } from "./schema-table.ts";

/** Indexes that MongoDB gets: of `_id`, of options of paths, of `schema.index(…)`. */
export function indexesOf(
  table: SchemaTable,
  schemas: readonly FoundSchema[],
  paths: readonly PathDeclaration[],
): readonly Index[] {
  const id = paths.find(({ name }) => name === "_id");
  return [
    ...(id ? [index([column("_id", "asc")], "btree", true, "_id_", null, "primary-key", id.source)] : []),
    ...paths.flatMap((path) => indexOfPath(table, path)),
    ...schemas.flatMap((schema) => indexesOfStatements(table, schema)),
  ];
}

function indexOfPath(table: SchemaTable, path: PathDeclaration): readonly Index[] {
  const { options, name, source, uri } = path;
  if (!options) return [];
  const written = entryOf(options, "index");
  const says = (key: string) =>
    isOn(entryOf(options, key)) || (written?.k === "object" && isOn(entryOf(written, key)));
  const isOff = written?.k === "value" && isNamed(written.value, "false");
  const isWritten = written !== null && !isOff;
  const isUnique = says("unique");
  const kind = written?.k === "value" ? table.values.textOf(uri, written.value) : textIn(written, "type");
  const wanted =
    isWritten ||
    isUnique ||
    says("sparse") ||
    says("text") ||
    (path.type === "Date" && entryOf(options, "expires") !== null);
  if (!wanted || isOff) return [];
  const method = kind !== null && /^[a-z2]/.test(kind) ? kind : says("text") ? "text" : "btree";
  const predicate = says("sparse") ? `${name} exists` : partialOf(written);
  const order = kind === "-1" ? "desc" : "asc";
  return [
    index([column(name, order)], method, isUnique, null, predicate, isUnique ? "unique" : "field", source),
  ];
}

function indexesOfStatements(table: SchemaTable, schema: FoundSchema): readonly Index[] {
  return schema.statements.flatMap(({ uri, fact }) => {
    const [written, given] = fact.args;
    if (fact.method !== "index" || !written) return [];
    const fields = table.values.valueOf(uri, written)?.value;
    if (fields?.k !== "dict") return [];
    const options = dictOf(given && table.values.valueOf(uri, given)?.value);
    const kinds: string[] = [];
    const columns = fields.entries.flatMap(([key, value]) => {
      const name = key.k === "string" ? key.value : table.values.textOf(uri, key);
      if (name === null) return [];
      const direction = signed(table, uri, value);
      if (direction !== null && /^[a-z2]/.test(direction)) kinds.push(direction);
      return [column(name, direction?.startsWith("-") ? "desc" : "asc")];
    });
    const isUnique = isNamed(options.get("unique"), "true");
    const partial = options.get("partialFilterExpression");
    const predicate = partial
      ? conditionOf(partial)
      : isNamed(options.get("sparse"), "true")
        ? `${columns.map((part) => part.column).join(", ")} exists`
        : null;
    const source: SourceRef = { uri, range: rangeOf(fact.span), hash: fact.hash };
    const name = table.values.textOf(uri, options.get("name"));
    return [
      index(
        columns,
        kinds[0] ?? "btree",
        isUnique,
        name,
        predicate,
        isUnique ? "unique" : "declared",
        source,
      ),
    ];
  });
}

function index(
  columns: readonly IndexColumn[],
  method: string,
  unique: boolean,
  name: string | null,
  predicate: string | null,
  origin: Index["origin"],
  source: SourceRef,
): Index {
  const made = columns.map(
    (part) => `${part.column}_${method === "btree" ? (part.order === "desc" ? -1 : 1) : method}`,
  );
  return { name: name ?? made.join("_"), columns, include: [], method, unique, predicate, origin, source };
}

function column(name: string, order: "asc" | "desc"): IndexColumn {
  return { column: name, expression: null, order, nulls: null, opclass: null };
}

/** `1`, `-1`, `"text"`, `"2dsphere"`. */
function signed(table: SchemaTable, uri: string, value: Expression): string | null {
  if (value.k === "binary" && value.op === "-" && value.left === null) return `-${rendered(value.right)}`;
  return table.values.textOf(uri, value);
}

function isOn(node: DefinitionNode | null): boolean {
  if (node?.k === "list") return isOn(node.items[0] ?? null);
  return node?.k === "object" || (node?.k === "value" && isNamed(node.value, "true"));
}

function isNamed(value: Expression | undefined, name: string): boolean {
  return value?.k === "name" && value.value === name;
}

function textIn(node: DefinitionNode | null, key: string): string | null {
  const found = node && entryOf(node, key);
  return found?.k === "value" && found.value.k === "string" ? found.value.value : null;
}

function partialOf(node: DefinitionNode | null): string | null {
  const found = node && entryOf(node, "partialFilterExpression");
  return found ? conditionOfNode(found) : null;
}

/** A condition as MongoDB's shell would show it. */
function conditionOf(value: Expression): string {
  if (value.k !== "dict") return dottedName(value) ?? rendered(value);
  const parts = value.entries.map(
    ([key, part]) => `${key.k === "string" ? key.value : "…"}: ${conditionOf(part)}`,
  );
  return `{ ${parts.join(", ")} }`;
}

function conditionOfNode(node: DefinitionNode): string {
  if (node.k === "value") return conditionOf(node.value);
  if (node.k === "list") return `[${node.items.map(conditionOfNode).join(", ")}]`;
  return `{ ${node.entries.map(({ name, node: part }) => `${name ?? "…"}: ${conditionOfNode(part)}`).join(", ")} }`;
}
