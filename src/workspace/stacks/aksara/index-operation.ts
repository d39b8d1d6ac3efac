import type { Index } from "../../ir/model.ts";
import { argumentAt, argumentOf, calledName, isTrue } from "../../languages/python/expressions.ts";
import type { Written } from "../python/project.ts";
import { plainIndex } from "../sqlalchemy/indexes.ts";
import { identifier } from "./column-sql.ts";
import type { AksaraRegistry } from "./registry.ts";

/** An index that a migration makes. */
export interface MigratedIndex {
  readonly name: string;
  readonly table: string;
  readonly sql: string;
  readonly index: Index;
}

/** `op.IndexOp(…)`; null where a part of it is computed. */
export function readIndex(registry: AksaraRegistry, written: Written): MigratedIndex | null {
  const { project } = registry;
  const { expression } = written;
  if (expression.k !== "call" || calledName(expression) !== "IndexOp") return null;
  const text = (position: number, name: string) => {
    const given = argumentAt(expression, position, name);
    return given && project.text({ ...written, expression: given });
  };
  const [name, table] = [text(0, "name"), text(1, "table")];
  const list = argumentAt(expression, 2, "columns");
  const columns = list && project.items({ ...written, expression: list })?.map((item) => project.text(item));
  const where = argumentOf(expression, "where");
  const predicate = where && project.text({ ...written, expression: where });
  const method = argumentOf(expression, "method") ? text(3, "method") : "btree";
  if (!name || !table || !columns || method === null || (where && predicate === null)) return null;
  const known = columns.flatMap((column) => column ?? []);
  if (known.length !== columns.length || known.length === 0) return null;
  const unique = isTrue(argumentOf(expression, "unique"));
  const quoted = known.map(identifier).join(", ");
  const filter = predicate === null ? "" : ` WHERE ${predicate}`;
  const source = registry.sourceOf(written.uri, expression.span);
  return {
    name,
    table,
    sql: `CREATE ${unique ? "UNIQUE " : ""}INDEX ${identifier(name)} ON ${identifier(table)} USING ${method} (${quoted})${filter}`,
    index: { ...plainIndex(name, known, "declared", source, unique), method, predicate },
  };
}
