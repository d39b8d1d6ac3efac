import type { Gap } from "../../ir/entry.ts";
import type { FieldType } from "../../ir/model.ts";
import type { SqlDialect } from "../../ir/query.ts";
import type { Definition } from "../../languages/sql/definition.ts";
import { foldIdentifier, identifierKey, nameText, type SqlName } from "../../languages/sql/identifier.ts";
import type { SourceRef } from "../../source.ts";
import { alterTable } from "./alter-table.ts";
import { createTable } from "./create-table.ts";
import type { StatementFacts } from "./facts.ts";
import { impliedIndexName, LONGEST_NAME } from "./implied-names.ts";
import { type ReplayContext, sourceOf } from "./replay-context.ts";
import { addIndex } from "./table-changes.ts";
import type { ConstraintState, IndexState, TableState } from "./table-state.ts";

export interface EnumState {
  readonly kind: "enum";
  readonly name: string;
  values: string[];
}

export interface DomainState {
  readonly kind: "domain";
  readonly name: string;
  readonly type: FieldType;
  readonly notNull: boolean;
}

export type TypeState = EnumState | DomainState | { readonly kind: "composite"; readonly name: string };

const DEFAULT_SCHEMAS = /^(?:public|main|dbo)$/i;

/** The schema that statements leave behind, one after the other. Nothing throws: what does not fit becomes a gap. */
export class SchemaReplay implements ReplayContext {
  readonly dialect: SqlDialect;
  readonly tables = new Map<string, TableState>();
  readonly types = new Map<string, TypeState>();
  readonly #gaps: Gap[] = [];
  #searchPath: string | null = null;
  readonly #views = new Map<string, Gap>();
  /** First statement about each table that nothing creates, and how many there are. */
  readonly #missing = new Map<string, { readonly name: string; readonly source: SourceRef; count: number }>();
  /** Whether any table has a parent: most schemas have none, and need no search for heirs. */
  #hasHeirs = false;

  constructor(dialect: SqlDialect) {
    this.dialect = dialect;
  }

  /** Applies a statement and tells the tables that it made, changed, read, or dropped. */
  apply(uri: string, statement: StatementFacts): ReadonlySet<TableState> {
    const touched = new Set<TableState>();
    for (const definition of statement.definitions) this.#apply(uri, statement, definition, touched);
    if (statement.definitions.length === 0) {
      for (const name of statement.tables) {
        const table = this.find(name);
        if (table) touched.add(table);
      }
    }
    return touched;
  }

  /** A search path holds for the file that sets it. */
  startFile(): void {
    this.#searchPath = null;
  }

  /** PostgreSQL keeps 63 bytes of a name; long ones are nearly always ASCII. */
  fold(identifier: string): string {
    const folded = foldIdentifier(identifier, this.dialect);
    return this.dialect === "postgresql" ? folded.slice(0, LONGEST_NAME) : folded;
  }

  keyOf(name: SqlName): string {
    const schema = name.schema === null ? this.#searchPath : name.schema;
    const bare = identifierKey(this.fold(name.name), this.dialect);
    const folded = schema === null ? null : identifierKey(this.fold(schema), this.dialect);
    return folded === null || DEFAULT_SCHEMAS.test(folded) ? bare : `${folded}.${bare}`;
  }

  /** A table by the name a statement uses; also one whose schema only one of both names says. */
  find(name: SqlName): TableState | null {
    const exact = this.tables.get(this.keyOf(name));
    if (exact) return exact;
    const bare = identifierKey(this.fold(name.name), this.dialect);
    if (name.schema !== null) return this.dialect === "mysql" ? (this.tables.get(bare) ?? null) : null;
    const others = [...this.tables.values()].filter(({ key }) => key.endsWith(`.${bare}`));
    return others.length === 1 ? (others[0] ?? null) : null;
  }

  /** What was not understood or is left out. `isKnown` tells tables that another source creates. */
  gaps(isKnown: (key: string) => boolean): readonly Gap[] {
    const missing = [...this.#missing].filter(([key]) => !isKnown(key));
    return [
      ...this.#gaps,
      ...missing.map(([, { name, source, count }]) => ({
        what: `${count} ${count === 1 ? "change" : "changes"} of table ${name}`,
        why: "No statement before creates this table, so what changes it could not be applied.",
        source,
      })),
      ...this.#views.values(),
    ];
  }

  addParent(table: TableState, parent: TableState): void {
    this.#hasHeirs = true;
    table.parents.push(parent.key);
  }

  childrenOf(table: TableState): readonly TableState[] {
    if (!this.#hasHeirs) return [];
    return [...this.tables.values()].filter(({ parents }) => parents.includes(table.key));
  }

  indexName(table: TableState, parts: IndexState["parts"]): string | null {
    return impliedIndexName(table, parts, this.dialect);
  }

  gap(what: string, why: string, source: SourceRef | null): void {
    this.#gaps.push({ what, why, source });
  }

  #apply(uri: string, statement: StatementFacts, definition: Definition, touched: Set<TableState>): void {
    const source = sourceOf(uri, statement.place);
    switch (definition.k) {
      case "table": {
        const existing = this.tables.get(this.keyOf(definition.name));
        if (existing) {
          touched.add(existing);
          if (definition.ifNotExists || this.#isSameSource(existing, source)) return;
        }
        const table = createTable(this, uri, source, definition);
        this.#views.delete(table.key);
        this.tables.set(table.key, table);
        touched.add(table);
        return;
      }
      case "alter": {
        const table = this.find(definition.table);
        if (table) {
          touched.add(table);
          if (definition.changes.some(({ k }) => k !== "option")) table.changes.push(source);
          for (const change of definition.changes)
            alterTable(this, table, change, sourceOf(uri, change.place));
        } else this.#miss(definition.table, source);
        return;
      }
      case "index": {
        const table = this.find(definition.table);
        if (!table) {
          this.#miss(definition.table, source);
          return;
        }
        touched.add(table);
        const name = definition.index.name === null ? null : this.fold(definition.index.name);
        if (definition.ifNotExists && table.indexes.some((index) => index.name === name)) return;
        addIndex(this, table, definition.index, source, definition.only);
        return;
      }
      case "drop":
        this.#drop(definition, touched);
        return;
      case "rename":
        this.#rename(definition, touched);
        return;
      case "comment": {
        const table = this.find(definition.table);
        if (!table) return;
        touched.add(table);
        if (definition.column === null) table.comment = definition.text;
        const name = definition.column === null ? null : this.fold(definition.column);
        for (const column of table.columns) if (column.name === name) column.comment = definition.text;
        return;
      }
      case "view": {
        const name = nameText(definition.name, this.dialect);
        this.#views.set(this.keyOf(definition.name), {
          what: `${definition.materialized ? "materialized view" : "view"} ${name}`,
          why: "The columns of a view come from its query; views are not in the catalog.",
          source,
        });
        return;
      }
      case "search-path":
        this.#searchPath = definition.schema;
        return;
      default:
        this.#applyType(definition);
    }
  }

  #applyType(
    definition: Extract<Definition, { k: "enum" | "enum-value" | "enum-rename" | "domain" | "composite" }>,
  ): void {
    const key = this.keyOf(definition.name);
    const name = nameText(definition.name, this.dialect);
    const known = this.types.get(key);
    switch (definition.k) {
      case "enum":
        this.types.set(key, { kind: "enum", name, values: [...definition.values] });
        return;
      case "domain":
        this.types.set(key, { kind: "domain", name, type: definition.type, notNull: definition.notNull });
        return;
      case "composite":
        this.types.set(key, { kind: "composite", name });
        return;
      case "enum-value": {
        if (known?.kind !== "enum" || known.values.includes(definition.value)) return;
        const at = definition.beside ? known.values.indexOf(definition.beside.value) : -1;
        if (at < 0 || !definition.beside) known.values.push(definition.value);
        else known.values.splice(definition.beside.before ? at : at + 1, 0, definition.value);
        return;
      }
      case "enum-rename":
        if (known?.kind === "enum") {
          known.values = known.values.map((value) => (value === definition.value ? definition.to : value));
        }
    }
  }

  #drop(definition: Extract<Definition, { k: "drop" }>, touched: Set<TableState>): void {
    for (const name of definition.names) {
      switch (definition.kind) {
        case "table": {
          const table = this.find(name);
          if (!table) break;
          touched.add(table);
          this.#dropTable(table);
          break;
        }
        case "index": {
          const index = this.fold(name.name);
          const owner = definition.table ? this.find(definition.table) : this.#ownerOfIndex(index);
          if (!owner) break;
          touched.add(owner);
          owner.indexes = owner.indexes.filter((candidate) => candidate.name !== index);
          owner.constraints = owner.constraints.filter(
            ({ name: own, kind }) => own !== index || kind === "foreign-key",
          );
          break;
        }
        case "type":
          this.types.delete(this.keyOf(name));
          break;
        case "view":
          this.#views.delete(this.keyOf(name));
          break;
        case "schema": {
          const prefix = `${this.fold(name.name)}.`;
          for (const key of [...this.tables.keys()]) if (key.startsWith(prefix)) this.tables.delete(key);
          break;
        }
        default:
          break;
      }
    }
  }

  #dropTable(table: TableState): void {
    this.tables.delete(table.key);
    for (const child of this.childrenOf(table)) if (child.isPartition) this.tables.delete(child.key);
    // Only CASCADE of PostgreSQL takes keys of others along. SQLite and, without its checks, MySQL drop and rename
    // tables to alter them, and the keys outlive that.
    if (this.dialect === "sqlite" || this.dialect === "mysql") return;
    for (const other of this.tables.values()) {
      other.constraints = other.constraints.filter(({ references }) => references?.table !== table.key);
    }
  }

  #ownerOfIndex(index: string): TableState | null {
    for (const table of this.tables.values()) {
      if (table.indexes.some(({ name }) => name === index)) return table;
      if (table.constraints.some((key) => isIndexOfKey(key, index))) return table;
    }
    return null;
  }

  #rename(definition: Extract<Definition, { k: "rename" }>, touched: Set<TableState>): void {
    if (definition.kind === "table") {
      const table = this.find(definition.name);
      if (!table) return;
      touched.add(table);
      this.renameTable(table, definition.to);
    } else if (definition.kind === "index") {
      const from = this.fold(definition.name.name);
      const table = this.#ownerOfIndex(from);
      const to = this.fold(definition.to.name);
      for (const index of table?.indexes ?? []) if (index.name === from) index.name = to;
      // The index of a key and the key have one name.
      for (const key of table?.constraints ?? []) if (isIndexOfKey(key, from)) key.name = to;
    } else if (definition.kind === "type") this.#renameType(definition.name, definition.to);
  }

  #renameType(name: SqlName, to: SqlName): void {
    const before = this.keyOf(name);
    const type = this.types.get(before);
    if (!type) return;
    const target: SqlName = { schema: to.schema ?? name.schema, name: to.name };
    const written = target.schema === null ? target.name : `${target.schema}.${target.name}`;
    this.types.delete(before);
    this.types.set(this.keyOf(target), { ...type, name: nameText(target, this.dialect) });
    for (const table of this.tables.values()) {
      for (const column of table.columns) {
        if (column.type.native === null || this.typeKey(column.type.native) !== before) continue;
        column.type = { ...column.type, native: column.type.array ? `${written}[]` : written };
      }
    }
  }

  /** Key of a type as a column writes it. */
  typeKey(native: string): string {
    const parts = native.replace(/\[\]$/, "").split(".");
    return this.keyOf({ schema: parts.at(-2) ?? null, name: parts.at(-1) ?? "" });
  }

  /** Gives a table another name or schema; what refers to it follows. */
  renameTable(table: TableState, to: SqlName): void {
    const before = table.key;
    const schema = to.schema ?? table.schema;
    table.name = this.fold(to.name);
    table.schema = schema === null ? null : this.fold(schema);
    table.key = this.keyOf({ schema, name: to.name });
    this.tables.delete(before);
    this.tables.set(table.key, table);
    for (const other of this.tables.values()) {
      other.parents = other.parents.map((parent) => (parent === before ? table.key : parent));
      for (const { references } of other.constraints) {
        if (references?.table === before) references.table = table.key;
      }
    }
  }

  #miss(name: SqlName, source: SourceRef): void {
    const key = this.keyOf(name);
    if (this.#views.has(key)) return;
    const known = this.#missing.get(key);
    if (known) known.count++;
    else this.#missing.set(key, { name: nameText(name, this.dialect), source, count: 1 });
  }

  /** The same statement read twice, as when a file is both history and result. */
  #isSameSource(table: TableState, source: SourceRef): boolean {
    return table.source.uri === source.uri && table.source.hash === source.hash;
  }
}

function isIndexOfKey({ kind, name }: ConstraintState, index: string): boolean {
  return name === index && (kind === "primary-key" || kind === "unique" || kind === "exclusion");
}
