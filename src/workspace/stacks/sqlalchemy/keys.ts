import { dottedName } from "../../languages/expression.ts";
import type { SourceRef } from "../../source.ts";
import type { ColumnSpec, ForeignKeySpec } from "./column-spec.ts";
import { readExtras, type TableObjects } from "./indexes.ts";
import { keyOfTable, type ModelInfo, type ModelRegistry } from "./registry.ts";
import type { SqlType } from "./sql-types.ts";

/** A foreign key with its target found. */
export interface TiedKey extends Omit<ForeignKeySpec, "target"> {
  readonly columns: readonly string[];
  readonly targetTable: string;
  readonly target: ModelInfo | null;
  readonly targetColumns: readonly string[];
  readonly source: SourceRef;
}

/** The keys of all models, computed once each. */
export class Keys {
  readonly #registry: ModelRegistry;
  readonly #keys = new Map<ModelInfo, readonly TiedKey[]>();
  readonly #objects = new Map<ModelInfo, TableObjects>();

  constructor(registry: ModelRegistry) {
    this.#registry = registry;
  }

  objectsOf(info: ModelInfo): TableObjects {
    let found = this.#objects.get(info);
    if (!found) {
      found = readExtras(this.#registry, info);
      this.#objects.set(info, found);
    }
    return found;
  }

  keysOf(info: ModelInfo): readonly TiedKey[] {
    let found = this.#keys.get(info);
    if (!found) {
      found = this.#read(info);
      this.#keys.set(info, found);
    }
    return found;
  }

  /** Columns of the primary key. */
  primaryKeyOf(info: ModelInfo): readonly string[] {
    const declared = info.columns.filter((column) => column.primaryKey).map((column) => column.column);
    return declared.length > 0 ? declared : this.objectsOf(info).primaryKey;
  }

  /** The type of a column; one that only refers to another has the other's. */
  typeOf(info: ModelInfo, column: ColumnSpec, depth = 0): SqlType | null {
    if (column.type && column.type.declared !== "" && column.foreignKeys.length === 0) return column.type;
    const key = this.keysOf(info).find(
      (each) => each.columns.length === 1 && each.columns[0] === column.column,
    );
    const target = key?.target?.columns.find((each) => each.column === key.targetColumns[0]);
    if (column.type && column.type.gap === null) return column.type;
    if (!key?.target || !target || depth > 8) return column.type;
    return this.typeOf(key.target, target, depth + 1);
  }

  #read(info: ModelInfo): readonly TiedKey[] {
    const single = info.columns.flatMap((column) =>
      column.foreignKeys.map((key): TiedKey => {
        const { target, ...options } = key;
        return {
          ...options,
          columns: [column.column],
          ...this.#targetOf(info, target),
          source: column.source,
        };
      }),
    );
    const composite = this.objectsOf(info).keys.map((key): TiedKey => {
      const { targets, ...rest } = key;
      const split = targets.map((text) => this.#split(info, text));
      const first = split[0] ?? { table: "", column: "" };
      return {
        ...rest,
        targetTable: first.table,
        target: this.#registry.byTable(first.table),
        targetColumns: split.map(({ column }) => column),
      };
    });
    return [...single, ...composite];
  }

  #targetOf(
    info: ModelInfo,
    written: ForeignKeySpec["target"],
  ): Pick<TiedKey, "targetTable" | "target" | "targetColumns"> {
    const { project } = this.#registry;
    const text = project.text(written);
    if (text !== null) {
      const { table, column } = this.#split(info, text);
      const target = this.#registry.byTable(table);
      return {
        targetTable: table,
        target,
        targetColumns: [column === "" ? (target ? (this.primaryKeyOf(target)[0] ?? "id") : "id") : column],
      };
    }
    // `User.id`, `users.c.id`.
    const parts =
      dottedName(written.expression)
        ?.replace(/\.(c|__table__)(?=\.)/g, "")
        .split(".") ?? [];
    const attribute = parts.pop() ?? "";
    const target = this.#registry.find(written.uri, parts.join("."), written.scope);
    const column = target?.columns.find((each) => each.name === attribute)?.column ?? attribute;
    return {
      targetTable: target?.table ? keyOfTable(target.schema, target.table) : parts.join("."),
      target,
      targetColumns: [column],
    };
  }

  #split(info: ModelInfo, text: string): { readonly table: string; readonly column: string } {
    const dot = text.lastIndexOf(".");
    if (dot < 0) return { table: text, column: "" };
    const table = text.slice(0, dot);
    const here = keyOfTable(info.schema, table);
    return {
      table: this.#registry.byTable(table) || !this.#registry.byTable(here) ? table : here,
      column: text.slice(dot + 1),
    };
  }
}
