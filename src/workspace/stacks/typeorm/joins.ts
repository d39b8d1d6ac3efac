import type { ReferentialAction } from "../../ir/model.ts";
import type { Expression } from "../../languages/expression.ts";
import type { FoundColumn } from "./columns.ts";
import { isFalse, type RelationDeclaration } from "./declarations.ts";
import type { Entity, EntityTable } from "./entities.ts";

/** One column of a foreign key. */
export interface JoinColumn {
  readonly name: string;
  readonly referenced: FoundColumn;
  /** The column of this entity that holds it already; null where the relation makes one. */
  readonly own: FoundColumn | null;
}

/** The side of a relation that holds the key. */
export interface Join {
  readonly relation: RelationDeclaration;
  readonly target: Entity;
  readonly columns: readonly JoinColumn[];
  readonly nullable: boolean;
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly enforced: boolean;
}

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  CASCADE: "cascade",
  RESTRICT: "restrict",
  "SET NULL": "set-null",
  "SET DEFAULT": "set-default",
  DEFAULT: "set-default",
  "NO ACTION": "no-action",
};
const DEPTH = 4;

/** Keys of all entities, each read once: a primary key may itself be a relation. */
export class JoinTable {
  readonly #table: EntityTable;
  readonly #columns: ReadonlyMap<Entity, readonly FoundColumn[]>;
  readonly #joins = new Map<Entity, readonly Join[]>();

  constructor(table: EntityTable, columns: ReadonlyMap<Entity, readonly FoundColumn[]>) {
    this.#table = table;
    this.#columns = columns;
  }

  joinsOf(entity: Entity, depth = 0): readonly Join[] {
    const known = this.#joins.get(entity);
    if (known) return known;
    const joins = entity.relations.flatMap((relation) => this.#join(entity, relation, depth) ?? []);
    if (depth === 0) this.#joins.set(entity, joins);
    return joins;
  }

  /** Columns of the primary key, with those that relations bring in. */
  primaryColumns(entity: Entity, depth = 0): readonly FoundColumn[] {
    const own = this.#columns.get(entity) ?? [];
    const plain = own.filter(({ primary }) => primary);
    if (depth > DEPTH || !entity.relations.some(({ primary }) => primary)) return plain;
    const joined = this.joinsOf(entity, depth + 1)
      .filter(({ relation }) => relation.primary)
      .flatMap(({ columns, relation }) =>
        columns.filter(({ own }) => own === null).map((column) => joinedColumn(relation, column)),
      );
    return [...plain, ...joined];
  }

  #join(entity: Entity, relation: RelationDeclaration, depth: number): Join | null {
    const holds =
      relation.kind === "many-to-one" || (relation.kind === "one-to-one" && relation.joinColumns !== null);
    const target = holds ? this.#table.entityOf(relation.uri, relation.target) : null;
    if (!target || depth > DEPTH) return null;
    const { values } = this.#table;
    const text = (options: ReadonlyMap<string, Expression>, key: string) =>
      values.textOf(relation.uri, options.get(key));
    const written = (relation.joinColumns ?? []).map((options) => ({
      name: text(options, "name"),
      referenced: text(options, "referencedColumnName"),
    }));
    const named = written.some(({ referenced }) => referenced !== null);
    const all = this.#columns.get(target) ?? [];
    const referenced = named
      ? written.flatMap((join) => all.find(({ path }) => path === join.referenced) ?? [])
      : this.primaryColumns(target, depth + 1);
    const own = this.#columns.get(entity) ?? [];
    const action = (key: string) => ACTIONS[(text(relation.options, key) ?? "").toUpperCase()] ?? "no-action";
    return {
      relation,
      target,
      columns: referenced.map((column) => {
        const join = written.find(
          ({ name, referenced: path }) => name !== null && (path === null || path === column.path),
        );
        const property = relation.property.slice(relation.property.lastIndexOf(".") + 1);
        const name =
          join?.name ??
          entity.naming.joinColumnName(property, column.path.slice(column.path.lastIndexOf(".") + 1));
        return { name, referenced: column, own: own.find((candidate) => candidate.name === name) ?? null };
      }),
      nullable: !(relation.primary || isFalse(relation.options.get("nullable"))),
      onDelete: action("onDelete"),
      onUpdate: action("onUpdate"),
      enforced: !isFalse(relation.options.get("createForeignKeyConstraints")),
    };
  }
}

/** The column that a relation makes: it has the type of the one it refers to. */
export function joinedColumn(
  relation: RelationDeclaration,
  { name, referenced }: JoinColumn,
  nullable = false,
): FoundColumn {
  return {
    path: relation.property,
    name,
    primary: relation.primary,
    unique: false,
    field: {
      ...referenced.field,
      name: relation.property,
      column: name,
      nullable,
      primaryKey: relation.primary,
      unique: false,
      indexed: false,
      default: null,
      generated: false,
      documentation: null,
      inheritedFrom: null,
      source: relation.source,
    },
  };
}
