import type { Gap } from "../../ir/entry.ts";
import type { SqlDialect } from "../../ir/query.ts";
import type { Expression } from "../../languages/expression.ts";
import type { ModuleValues } from "../../languages/typescript/module-values.ts";
import type { ProjectConfig } from "../../languages/typescript/project-config.ts";
import { dictOf, ValueTable } from "../../languages/typescript/value-table.ts";
import { sharedDepth } from "../../project-root.ts";
import { rangeOf } from "../../source.ts";
import type { FactsByUri } from "../stack.ts";
import { ClassReader, type Declarations, type KeyDeclaration, type PlacedClass } from "./class-reader.ts";
import {
  type ColumnDeclaration,
  isFalse,
  isTrue,
  type RelationDeclaration,
  schemaColumn,
  schemaRelation,
} from "./declarations.ts";
import { appliedDecorators } from "./decorators.ts";
import type { ClassFact, SchemaFact, TypeormFacts } from "./facts.ts";
import { DEFAULT_NAMING, type NamingStrategy, strategyNamed } from "./naming.ts";
import { Projects } from "./projects.ts";

export interface Entity {
  readonly uri: string;
  readonly name: string;
  /** What another entity of the same name makes necessary; "" for most. */
  readonly prefix: string;
  readonly fact: Pick<ClassFact | SchemaFact, "nameSpan" | "span" | "hash">;
  readonly documentation: string | null;
  readonly reason: string;
  readonly dialect: SqlDialect;
  readonly naming: NamingStrategy;
  readonly table: string;
  /** Schema of the database; "" for the default one. */
  readonly namespace: string;
  readonly isView: boolean;
  /** The entity whose table it shares. */
  readonly parent: Entity | null;
  readonly bases: readonly string[];
  readonly columns: readonly ColumnDeclaration[];
  readonly relations: readonly RelationDeclaration[];
  readonly keys: readonly KeyDeclaration[];
  readonly ordering: Expression | null;
  /** False where `synchronize: false` leaves the table to others. */
  readonly synchronized: boolean;
  readonly gaps: readonly Gap[];
}

/** All entities of the workspace, and what the names in their files stand for. */
export class EntityTable {
  readonly values: ValueTable;
  readonly projects: Projects;
  readonly #reader: ClassReader;
  readonly #all: Entity[] = [];
  readonly #byOrigin = new Map<string, Entity>();
  readonly #byName = new Map<string, Entity[]>();

  constructor(facts: FactsByUri<TypeormFacts>) {
    const files = new Map<string, ModuleValues>();
    const configs = new Map<string, ProjectConfig>();
    const classes = new Map<string, ClassFact>();
    for (const [uri, fact] of facts) {
      if (fact.kind === "config") configs.set(uri, fact.config);
      else {
        files.set(uri, fact.values);
        for (const entry of fact.classes) classes.set(`${uri}#${entry.name}`, entry);
      }
    }
    this.values = new ValueTable(files, configs);
    this.projects = new Projects(facts);
    this.#reader = new ClassReader(this.values, classes);
    for (const [uri, fact] of facts) {
      if (fact.kind !== "code") continue;
      for (const entry of fact.classes) this.#classEntity({ uri, fact: entry });
      for (const entry of fact.schemas) this.#schemaEntity(uri, entry);
    }
  }

  get entities(): readonly Entity[] {
    return this.#all;
  }

  /** The entity that a name in a file, a function that gives it, or a name in quotes stands for. */
  entityOf(uri: string, target: Expression): Entity | null {
    if (target.k === "string") return this.#named(uri, target.value);
    if (target.k === "function") {
      const result = this.values.resultOf(uri, target);
      return result && result.value.k !== "function" ? this.entityOf(result.uri, result.value) : null;
    }
    if (target.k === "call") {
      // `forwardRef(() => User)`.
      const [argument] = target.args;
      return argument ? this.entityOf(uri, argument.value) : null;
    }
    const origin = this.values.originOf(uri, target);
    return origin?.kind === "workspace" ? (this.#byOrigin.get(`${origin.uri}#${origin.name}`) ?? null) : null;
  }

  /** The entity behind the class of a repository: `UserRepository extends Repository<User>`. */
  entityOfRepository(uri: string, target: Expression): Entity | null {
    const found = this.#reader.classAt(this.values.originOf(uri, target));
    const of = found?.fact.extendsOf;
    return found && of ? this.entityOf(found.uri, { k: "name", value: of, span: found.fact.nameSpan }) : null;
  }

  /** The entity of a name: the nearest to a file, where several have it. */
  #named(uri: string, name: string): Entity | null {
    return (this.#byName.get(name) ?? []).reduce<Entity | null>(
      (best, entity) => (best && sharedDepth(best.uri, uri) >= sharedDepth(entity.uri, uri) ? best : entity),
      null,
    );
  }

  #classEntity(placed: PlacedClass): Entity | null {
    const { uri, fact } = placed;
    const key = `${uri}#${fact.name}`;
    const known = this.#byOrigin.get(key);
    if (known) return known;
    const decorator = this.#entityDecorator(placed);
    if (!decorator) return null;
    const ancestors = this.#reader.ancestors(placed);
    const isChild = decorator.name === "ChildEntity";
    const parent = isChild ? this.#sharedTable(ancestors) : null;
    const declared = this.#reader.read(ancestors);
    const [first] = decorator.args;
    const options = dictOf(decorator.args.find((value) => value.k === "dict"));
    const name = isChild ? null : this.values.textOf(uri, first?.k === "dict" ? options.get("name") : first);
    const shared = this.#shared(uri, fact.name, fact, options, name, declared);
    const gap = decorator.name === "Entity" ? this.#missingKey(ancestors, declared) : null;
    return this.#add(key, {
      ...shared,
      gaps: gap ? [...shared.gaps, gap] : shared.gaps,
      ...(parent ? { table: parent.table, namespace: parent.namespace } : {}),
      documentation: fact.documentation,
      reason: `class with @${decorator.name}`,
      isView: decorator.name === "ViewEntity",
      parent,
      bases: ancestors.slice(1).map((ancestor) => ancestor.fact.name),
      columns: [...declared.columns.values(), ...this.#reader.impliedColumns(ancestors)],
      keys: [...declared.keys, ...this.#reader.inheritanceKey(ancestors)],
    });
  }

  #schemaEntity(uri: string, fact: SchemaFact): void {
    const options = dictOf(fact.options);
    const { values } = this;
    const declared: Declarations = {
      columns: new Map(),
      relations: new Map(),
      keys: schemaKeys(uri, fact, options),
    };
    for (const part of this.#spread(uri, fact.columns)) {
      const column = schemaColumn(values, part.uri, part.entry);
      if (column) declared.columns.set(column.property, column);
    }
    for (const part of this.#spread(uri, fact.relations)) {
      const relation = schemaRelation(values, part.uri, part.entry);
      if (relation) declared.relations.set(relation.property, relation);
    }
    const name = values.textOf(uri, options.get("name")) ?? fact.variable;
    const entity = this.#add(`${uri}#${fact.variable}`, {
      ...this.#shared(uri, name, fact, options, values.textOf(uri, options.get("tableName")), declared),
      documentation: null,
      reason: "EntitySchema",
      isView: values.textOf(uri, options.get("type")) === "view",
      parent: null,
      bases: [],
      columns: [...declared.columns.values()],
    });
    // A class that the schema is for stands for the same entity.
    const target = options.get("target");
    const origin = target ? values.originOf(uri, target) : null;
    if (origin?.kind === "workspace") this.#byOrigin.set(`${origin.uri}#${origin.name}`, entity);
  }

  /** TypeORM wants a primary key of every entity: without one, something else than its decorators declares columns. */
  #missingKey(ancestors: readonly PlacedClass[], { columns, relations }: Declarations): Gap | null {
    const isKey = [...columns.values()].some(
      ({ kind, options }) => kind === "primary" || kind === "generated" || isTrue(options.get("primary")),
    );
    const [own] = ancestors;
    if (isKey || !own || [...relations.values()].some(({ primary }) => primary)) return null;
    const makers = this.#reader.ownDecorators(ancestors).map((name) => `\`@${name}\``);
    return {
      what: "primary key",
      why:
        makers.length === 0
          ? "no decorator of TypeORM declares one"
          : `no decorator of TypeORM declares one; columns that ${makers.join(", ")} make at run time are not read`,
      source: { uri: own.uri, range: rangeOf(own.fact.nameSpan), hash: own.fact.nameHash },
    };
  }

  /** What both notations of an entity have. */
  #shared(
    uri: string,
    name: string,
    fact: Entity["fact"],
    options: ReadonlyMap<string, Expression>,
    written: string | null,
    { relations, keys }: Declarations,
  ) {
    const strategy = this.projects.naming(uri);
    const known = strategyNamed(strategy);
    const naming = known ?? DEFAULT_NAMING;
    const gap: Gap = {
      what: `names of columns and tables by \`${strategy}\``,
      why: "what this naming strategy does is not known; TypeORM's own names are shown",
      source: { uri, range: rangeOf(fact.span), hash: fact.hash },
    };
    return {
      uri,
      name,
      prefix: this.#byName.has(name) ? `${uri.replace(/\.[cm]?[jt]sx?$/, "")}#` : "",
      fact,
      dialect: this.projects.dialect(uri),
      naming,
      table: this.projects.entityPrefix(uri) + (written ?? naming.tableName(name)),
      namespace: this.values.textOf(uri, options.get("schema")) ?? "",
      relations: [...relations.values()],
      keys,
      ordering: options.get("orderBy") ?? null,
      synchronized: !isFalse(options.get("synchronize")),
      gaps: known ? [] : [gap],
    };
  }

  #add(key: string, entity: Entity): Entity {
    this.#all.push(entity);
    this.#byOrigin.set(key, entity);
    const list = this.#byName.get(entity.name);
    if (list) list.push(entity);
    else this.#byName.set(entity.name, [entity]);
    return entity;
  }

  #entityDecorator({
    uri,
    fact,
  }: PlacedClass): { readonly name: string; readonly args: readonly Expression[] } | null {
    const applied = fact.decorators.flatMap((decorator) => appliedDecorators(this.values, uri, decorator));
    for (const { name, args } of applied) {
      if (name === "Entity" || name === "ChildEntity" || name === "ViewEntity") return { name, args };
    }
    return null;
  }

  /** The entity at the root of a table that several share. */
  #sharedTable(ancestors: readonly PlacedClass[]): Entity | null {
    const root = ancestors
      .slice(1)
      .findLast((ancestor) => this.#entityDecorator(ancestor)?.name === "Entity");
    return root ? this.#classEntity(root) : null;
  }

  /** Columns of an `EntitySchema`, with those of objects that are spread in. */
  #spread(
    uri: string,
    entries: SchemaFact["columns"],
  ): readonly { readonly uri: string; readonly entry: SchemaFact["columns"][number] }[] {
    return entries.flatMap((entry) => {
      if (entry.name !== null) return [{ uri, entry }];
      const found = this.values.valueOf(uri, entry.value);
      return [...dictOf(found?.value)].map(([name, value]) => ({
        uri: found?.uri ?? uri,
        entry: { ...entry, name, value },
      }));
    });
  }
}

function schemaKeys(
  uri: string,
  fact: SchemaFact,
  options: ReadonlyMap<string, Expression>,
): KeyDeclaration[] {
  const lists = [
    ["indices", "Index"],
    ["uniques", "Unique"],
    ["checks", "Check"],
  ] as const;
  return lists.flatMap(([option, kind]) => {
    const list = options.get(option);
    const items = list?.k === "list" ? list.items : [];
    return items.map((item) => ({
      kind,
      args: [item],
      property: null,
      uri,
      span: fact.nameSpan,
      hash: fact.nameHash,
    }));
  });
}

export function modelIdOf({ prefix, name }: Entity): string {
  return `model:typeorm:${prefix}${name}`;
}

export function qualifiedNameOf({ prefix, namespace, name }: Entity): string {
  return prefix + (namespace === "" ? name : `${namespace}.${name}`);
}
