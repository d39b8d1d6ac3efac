import { dottedName, type Expression } from "../../languages/expression.ts";
import type { Origin } from "../../languages/typescript/name-resolution.ts";
import { dictOf, type ValueTable } from "../../languages/typescript/value-table.ts";
import { rangeOf, type Span } from "../../source.ts";
import {
  type ColumnDeclaration,
  isFalse,
  type PropertyPlace,
  type RelationDeclaration,
  readProperty,
} from "./declarations.ts";
import { appliedDecorators, argumentsOf, decoratorName } from "./decorators.ts";
import type { ClassFact } from "./facts.ts";

/** `@Index`, `@Unique`, `@Check`, `@Exclusion` on a class or a property, or an entry of an `EntitySchema`. */
export interface KeyDeclaration {
  readonly kind: "Index" | "Unique" | "Check" | "Exclusion";
  readonly args: readonly Expression[];
  /** The property it stands on; null on a class. */
  readonly property: string | null;
  readonly uri: string;
  readonly span: Span;
  readonly hash: string;
}

export interface PlacedClass {
  readonly uri: string;
  readonly fact: ClassFact;
}

/** What a class and its bases declare, by path of the property. */
export interface Declarations {
  readonly columns: Map<string, ColumnDeclaration>;
  readonly relations: Map<string, RelationDeclaration>;
  readonly keys: KeyDeclaration[];
}

const DEPTH = 12;
const KEYS = new Set(["Index", "Unique", "Check", "Exclusion"]);

/** Reads the declarations of a class with those of its bases and of embedded classes. */
export class ClassReader {
  readonly #values: ValueTable;
  readonly #classes: ReadonlyMap<string, ClassFact>;

  constructor(values: ValueTable, classes: ReadonlyMap<string, ClassFact>) {
    this.#values = values;
    this.#classes = classes;
  }

  classAt(origin: Origin | null): PlacedClass | null {
    if (origin?.kind !== "workspace") return null;
    const fact = this.#classes.get(`${origin.uri}#${origin.name}`);
    return fact ? { uri: origin.uri, fact } : null;
  }

  /** The class itself and those it inherits from, the nearest first. */
  ancestors(placed: PlacedClass): readonly PlacedClass[] {
    const found = [placed];
    const seen = new Set([`${placed.uri}#${placed.fact.name}`]);
    for (let at: PlacedClass | null = placed; at && found.length < DEPTH; ) {
      const base: Expression | null = at.fact.extends;
      // `extends Mixin(Base)`.
      const named: Expression | null = base?.k === "call" ? (base.args[0]?.value ?? null) : base;
      const next: PlacedClass | null = named ? this.classAt(this.#values.originOf(at.uri, named)) : null;
      const key = next ? `${next.uri}#${next.fact.name}` : "";
      if (!next || seen.has(key)) break;
      seen.add(key);
      found.push(next);
      at = next;
    }
    return found;
  }

  /** Columns of the bases first; what a class declares again replaces what it inherits. */
  read(ancestors: readonly PlacedClass[]): Declarations {
    const into: Declarations = { columns: new Map(), relations: new Map(), keys: [] };
    const [own] = ancestors;
    for (const ancestor of [...ancestors].reverse()) {
      const inheritedFrom = ancestor === own ? null : ancestor.fact.name;
      const place: PropertyPlace = { uri: ancestor.uri, inheritedFrom, embedded: [], prefixes: [] };
      this.#properties(ancestor, place, into, 0);
      for (const decorator of ancestor.fact.decorators)
        this.#key(ancestor.uri, decorator, null, ancestor.fact, into);
    }
    return into;
  }

  /** Columns that nobody writes: the one that tells apart the entities of one table, and those of trees. */
  impliedColumns(ancestors: readonly PlacedClass[]): readonly ColumnDeclaration[] {
    return ancestors.flatMap((placed, index) => [
      ...this.#inheritanceColumn(placed),
      ...(index === 0 ? this.#treeColumns(placed) : []),
    ]);
  }

  /** Decorators of the project's own on properties, by name, that do not come down to any of TypeORM's. */
  ownDecorators(ancestors: readonly PlacedClass[]): readonly string[] {
    const values = this.#values;
    const names = ancestors.flatMap(({ uri, fact }) =>
      fact.properties.flatMap(({ decorators }) =>
        decorators.flatMap((decorator) => {
          const callee = decorator.k === "call" ? decorator.callee : decorator;
          const isOwn = values.originOf(uri, callee)?.kind === "workspace";
          const isRead = appliedDecorators(values, uri, decorator).some(({ name }) => name !== null);
          return isOwn && !isRead ? [dottedName(callee) ?? "…"] : [];
        }),
      ),
    );
    return [...new Set(names)];
  }

  #properties({ uri, fact }: PlacedClass, place: PropertyPlace, into: Declarations, depth: number): void {
    for (const property of fact.properties) {
      const path = [...place.embedded, property.name].join(".");
      const found = readProperty(this.#values, property, place);
      for (const decorator of property.decorators) this.#key(uri, decorator, path, property, into);
      if (found?.k === "column") into.columns.set(path, found.column);
      else if (found?.k === "relation") into.relations.set(path, { ...found.relation, property: path });
      else if (found?.k === "embedded" && depth < DEPTH)
        this.#embedded(uri, property.name, found, place, into, depth);
      else this.#tree(uri, property, path, fact, into);
    }
  }

  #embedded(
    uri: string,
    name: string,
    found: { readonly target: Expression; readonly prefix: Expression | null },
    place: PropertyPlace,
    into: Declarations,
    depth: number,
  ): void {
    const values = this.#values;
    const result = values.resultOf(uri, found.target);
    const target = result && this.classAt(values.originOf(result.uri, result.value));
    if (!target) return;
    const prefix =
      found.prefix === null ? name : isFalse(found.prefix) ? "" : (values.textOf(uri, found.prefix) ?? name);
    for (const part of [...this.ancestors(target)].reverse()) {
      const inner: PropertyPlace = {
        uri: part.uri,
        inheritedFrom: place.inheritedFrom,
        embedded: [...place.embedded, name],
        prefixes: prefix === "" ? place.prefixes : [...place.prefixes, prefix],
      };
      this.#properties(part, inner, into, depth + 1);
    }
  }

  #key(
    uri: string,
    decorator: Expression,
    property: string | null,
    place: { readonly span: Span; readonly hash: string },
    into: Declarations,
  ): void {
    const name = decoratorName(this.#values, uri, decorator);
    if (name === null || !KEYS.has(name)) return;
    const kind = name as KeyDeclaration["kind"];
    into.keys.push({ kind, args: argumentsOf(decorator), property, uri, span: place.span, hash: place.hash });
  }

  /** `@TreeParent`, `@TreeChildren`: relations of an entity with itself. */
  #tree(
    uri: string,
    property: ClassFact["properties"][number],
    path: string,
    fact: ClassFact,
    into: Declarations,
  ): void {
    const decorator = property.decorators.find((candidate) =>
      /^Tree(?:Parent|Children)$/.test(decoratorName(this.#values, uri, candidate) ?? ""),
    );
    if (!decorator) return;
    const isParent = decoratorName(this.#values, uri, decorator) === "TreeParent";
    into.relations.set(path, {
      property: path,
      uri,
      kind: isParent ? "many-to-one" : "one-to-many",
      target: { k: "name", value: fact.name, span: fact.nameSpan },
      inverse: null,
      options: dictOf(argumentsOf(decorator)[0]),
      joinColumns: null,
      joinTable: null,
      primary: false,
      source: { uri, range: rangeOf(property.span), hash: property.hash },
    });
  }

  #inheritanceColumn({ uri, fact }: PlacedClass): readonly ColumnDeclaration[] {
    const values = this.#values;
    return fact.decorators.flatMap((decorator) => {
      if (decoratorName(values, uri, decorator) !== "TableInheritance") return [];
      const column = dictOf(argumentsOf(decorator)[0]).get("column");
      const options = dictOf(column);
      const name = values.textOf(uri, column) ?? values.textOf(uri, options.get("name")) ?? "type";
      return [impliedColumn(uri, fact, name, values.textOf(uri, options.get("type")) ?? "varchar", options)];
    });
  }

  /** TypeORM gives the column that tells entities apart an index. */
  inheritanceKey(ancestors: readonly PlacedClass[]): readonly KeyDeclaration[] {
    return ancestors.flatMap((placed) =>
      this.#inheritanceColumn(placed).map(({ property, uri }) => ({
        kind: "Index" as const,
        args: [],
        property,
        uri,
        span: placed.fact.nameSpan,
        hash: placed.fact.nameHash,
      })),
    );
  }

  #treeColumns({ uri, fact }: PlacedClass): readonly ColumnDeclaration[] {
    const tree = fact.decorators.find((decorator) => decoratorName(this.#values, uri, decorator) === "Tree");
    const kind = tree ? this.#values.textOf(uri, argumentsOf(tree)[0]) : null;
    if (kind === "materialized-path") {
      return [impliedColumn(uri, fact, "mpath", "varchar", new Map([["nullable", TRUE]]))];
    }
    if (kind !== "nested-set") return [];
    return ["nsleft", "nsright"].map((name) => impliedColumn(uri, fact, name, "integer", new Map()));
  }
}

const TRUE: Expression = { k: "name", value: "true", span: [0, 0, 0, 0] };

function impliedColumn(
  uri: string,
  fact: ClassFact,
  name: string,
  type: string,
  options: ReadonlyMap<string, Expression>,
): ColumnDeclaration {
  return {
    property: name,
    uri,
    kind: "implied",
    strategy: null,
    written: type,
    annotation: null,
    options,
    documentation: null,
    source: { uri, range: rangeOf(fact.nameSpan), hash: fact.nameHash },
    embedded: [],
    prefixes: [],
    inheritedFrom: null,
  };
}
