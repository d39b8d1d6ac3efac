import type { Gap } from "../../ir/entry.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import {
  argumentOf,
  type Call,
  calledName,
  isTrue,
  positionalArguments,
} from "../../languages/python/expressions.ts";
import type { PythonClass } from "../../languages/python/module.ts";
import { rangeOf, type SourceRef, type Span } from "../../source.ts";
import type { PythonProject, Written } from "../python/project.ts";
import { keyOf, type TypeMap } from "./annotated-type.ts";
import type { ColumnSpec } from "./column-spec.ts";
import { type DeclarativeRoots, givenClass, isAbstract, type Root } from "./declarative.ts";
import { type Declared, hasTable } from "./declared-models.ts";
import { externalColumns } from "./external-bases.ts";
import { type SqlalchemyFacts, spanKey } from "./facts.ts";
import { readMapping } from "./imperative.ts";
import { type Members, type RelationshipSpec, readMembers } from "./members.ts";
import type { NamingConvention } from "./names.ts";
import { conventionOf } from "./naming.ts";
import { tieOuterIndexes } from "./outer-indexes.ts";
import { type TableArgs, tableArgsOf, tableNameOf } from "./table-name.ts";
import { readTable } from "./tables.ts";

/** A model: a mapped class, or a table made with `Table(…)`. */
export interface ModelInfo {
  readonly id: string;
  readonly name: string;
  readonly qualifiedName: string;
  readonly namespace: string;
  readonly uri: string;
  readonly source: SourceRef;
  readonly nameSpan: Span;
  /** Null for a table without a class. */
  readonly ref: ClassRef<PythonClass> | null;
  readonly reason: string;
  readonly certain: boolean;
  readonly table: string | null;
  readonly schema: string | null;
  readonly abstract: boolean;
  /** The mapped class it inherits from. */
  readonly parent: ModelInfo | null;
  /** Shares the table of its parent. */
  readonly isSingleTable: boolean;
  readonly columns: ColumnSpec[];
  readonly relationships: readonly RelationshipSpec[];
  readonly extras: Written[];
  readonly convention: NamingConvention;
  readonly gaps: Gap[];
  readonly ignored: readonly Gap[];
}

/** All models of the workspace with look-ups by class, by table and by name. */
export class ModelRegistry {
  readonly project: PythonProject<SqlalchemyFacts>;
  readonly roots: DeclarativeRoots;
  readonly #byKey = new Map<string, ModelInfo>();
  readonly #byName = new Map<string, ModelInfo[]>();
  readonly #byTable = new Map<string, ModelInfo>();
  readonly #tables = new Map<string, ModelInfo>();
  readonly #pending = new Set<string>();
  readonly #ids = new Set<string>();

  constructor(project: PythonProject<SqlalchemyFacts>, roots: DeclarativeRoots, declared: Declared) {
    this.project = project;
    this.roots = roots;
    for (const ref of declared.classes) this.#classModel(ref);
    for (const { uri, item } of declared.tables) {
      if (item.value?.k === "call") this.#tableModel(uri, item.target, item.value, item.span, item.hash);
    }
    for (const { uri, call } of declared.mappings) if (call.k === "call") this.#mapped(uri, call);
    tieOuterIndexes(this);
    for (const info of this.all()) {
      if (!info.isSingleTable || !info.parent) continue;
      // Its columns are columns of the table that it shares.
      let owner = info.parent;
      while (owner.isSingleTable && owner.parent) owner = owner.parent;
      const known = new Set(owner.columns.map((column) => column.column));
      owner.columns.push(
        ...info.columns
          .filter((column) => !known.has(column.column))
          .map((column) => ({ ...column, nullable: column.nullable ?? true })),
      );
    }
  }

  *all(): Iterable<ModelInfo> {
    yield* this.#byKey.values();
    // A table that a class is mapped to is the class's.
    for (const info of this.#tables.values()) if (!info.ref) yield info;
  }

  byClass(ref: ClassRef<PythonClass>): ModelInfo | null {
    return this.#byKey.get(ref.key) ?? null;
  }

  /** The model of a table by its name, with its schema if it has one. */
  byTable(name: string): ModelInfo | null {
    return this.#byTable.get(name) ?? null;
  }

  /** What a name written in a file stands for. */
  find(uri: string, dotted: string, scope = ""): ModelInfo | null {
    const found = this.project.classes.findName(uri, dotted, scope);
    if (found?.kind === "class") return this.byClass(found.ref);
    const plain = dotted.replace(/\.__table__$/, "");
    if (plain !== dotted) return this.find(uri, plain, scope);
    const name = this.project.names.resolve(uri, dotted);
    return name?.kind === "definition" && name.rest.length === 0
      ? (this.#tables.get(`${name.uri}#${name.name}`) ?? null)
      : null;
  }

  /** A model by the name that a relationship gives as text: `Author`, `app.models.Author`. */
  named(text: string, near: ModelInfo): ModelInfo | null {
    const name = text.slice(text.lastIndexOf(".") + 1);
    const found = this.#byName.get(name) ?? [];
    if (found.length <= 1) return found[0] ?? null;
    const exact = found.find(
      (info) =>
        info.qualifiedName === text || (info.qualifiedName.endsWith(`.${text}`) && text.includes(".")),
    );
    return exact ?? found.find((info) => info.namespace === near.namespace) ?? found[0] ?? null;
  }

  sourceOf(uri: string, span: Span): SourceRef {
    return { uri, range: rangeOf(span), hash: this.project.facts.get(uri)?.hashes[spanKey(span)] ?? "" };
  }

  /** The place of a written call; where its hash was not kept, that of its owner. */
  sourceOr(written: Written, fallback: SourceRef): SourceRef {
    const found = this.sourceOf(written.uri, written.expression.span);
    return found.hash === "" ? fallback : found;
  }

  #classModel(ref: ClassRef<PythonClass>): ModelInfo | null {
    const known = this.#byKey.get(ref.key);
    if (known || this.#pending.has(ref.key)) return known ?? null;
    this.#pending.add(ref.key);
    const info = this.#readClass(ref);
    this.#pending.delete(ref.key);
    if (info) this.#remember(ref.key, info);
    return info;
  }

  #readClass(ref: ClassRef<PythonClass>): ModelInfo | null {
    const { declaration } = ref;
    const root = this.roots.rootOf(ref);
    if (!root && !hasTable(declaration)) return null;
    if (
      root?.family === "sqlmodel" &&
      !declaration.keywords.some(({ name, value }) => name === "table" && isTrue(value))
    )
      return null;
    const line = this.project.classes
      .linearize(ref)
      .flatMap((step) => (step.kind === "class" ? [step.ref] : []));
    const given = root && givenClass(this.project, root);
    if (given)
      line.push(
        ...this.project.classes.linearize(given).flatMap((step) => (step.kind === "class" ? [step.ref] : [])),
      );
    const abstract = root?.isBase === true || isAbstract(ref);
    const parent = this.#parentOf(line.slice(1));
    const inParent = new Set(
      parent?.ref
        ? this.project.classes
            .linearize(parent.ref)
            .map((step) => (step.kind === "class" ? step.ref.key : step.name))
        : [],
    );
    const own = line.filter((step) => !inParent.has(step.key));
    const members = this.#members(own, ref, root);
    const isDeclared = (name: string) =>
      own.some((step) => step.declaration.assignments.some((item) => item.target === name && item.value));
    if (root?.isBase && members.columns.length === 0) return null;
    const args = tableArgsOf(this.project, own);
    const name = abstract
      ? { table: null, gap: null }
      : tableNameOf(
          this.project,
          own,
          ref,
          root,
          members.columns.some((column) => column.primaryKey),
        );
    if (!abstract && isDeclared("__table__")) return this.#imperative(ref, root, own, members);
    if (!abstract && name.table === null && name.gap === null && !parent) return null;
    // Flask-SQLAlchemy makes no table for a child without a key of its own, whatever its name.
    const hasOwnTable =
      name.table !== null &&
      (root?.family !== "flask" || members.columns.some((column) => column.primaryKey));
    const isSingleTable = !abstract && !hasOwnTable && name.gap === null && parent !== null;
    return this.#info(ref, root, {
      table: isSingleTable ? (parent?.table ?? null) : name.table,
      schema: isSingleTable ? (parent?.schema ?? null) : this.#schemaOf(args, root),
      abstract,
      parent,
      isSingleTable,
      columns: [
        // What the class says of a name replaces what it inherits.
        ...externalColumns(this.project, ref, parent !== null).filter(
          ({ name: outside }) => !members.columns.some((column) => column.name === outside),
        ),
        ...members.columns,
      ],
      members,
      extras: [...args.items, ...members.extras],
      gap: name.gap ?? args.gap,
    });
  }

  /** A class over `__table__ = Table(…)`: its columns are those of the table. */
  #imperative(
    ref: ClassRef<PythonClass>,
    root: Root | null,
    own: readonly ClassRef<PythonClass>[],
    members: Members,
  ): ModelInfo | null {
    for (const step of own) {
      const item = step.declaration.assignments.find(({ target }) => target === "__table__");
      if (!item?.value) continue;
      const written = this.project.constant({ uri: step.uri, scope: step.qualname, expression: item.value });
      const { expression } = written;
      if (expression.k !== "call" || calledName(expression) !== "Table") return null;
      const source = { uri: step.uri, range: rangeOf(item.span), hash: item.hash };
      const table = readTable(this, { ...written, expression }, source);
      if (!table) return null;
      return this.#info(ref, root, {
        ...table,
        abstract: false,
        parent: null,
        isSingleTable: false,
        members,
        gap: null,
      });
    }
    return null;
  }

  #info(
    ref: ClassRef<PythonClass>,
    root: Root | null,
    rest: Pick<
      ModelInfo,
      "table" | "schema" | "abstract" | "parent" | "isSingleTable" | "columns" | "extras"
    > & {
      readonly members: Members;
      readonly gap: string | null;
    },
  ): ModelInfo {
    const { declaration, uri, qualname } = ref;
    const source = { uri, range: rangeOf(declaration.span), hash: declaration.hash };
    const { members, gap, ...own } = rest;
    return {
      ...own,
      ...this.#identity(uri, qualname),
      uri,
      source,
      nameSpan: declaration.nameSpan,
      ref,
      reason: root
        ? `class with base ${root.name}`
        : "class with __tablename__; what maps it is outside of the workspace",
      certain: root !== null,
      relationships: members.relationships,
      convention: conventionOf(this.project, root, ref),
      gaps: gap === null ? [] : [{ what: `table of ${declaration.name}`, why: gap, source }],
      ignored: members.ignored,
    };
  }

  #identity(uri: string, name: string): Pick<ModelInfo, "id" | "name" | "qualifiedName" | "namespace"> {
    const namespace = this.project.names.moduleName(uri);
    const plain = `${namespace}.${name}`;
    const qualifiedName = this.#ids.has(plain)
      ? `${uri.replace(/\.py$/, "").replaceAll("/", ".")}.${name}`
      : plain;
    this.#ids.add(qualifiedName);
    return {
      id: `model:${qualifiedName}`,
      name: name.slice(name.lastIndexOf(".") + 1),
      qualifiedName,
      namespace,
    };
  }

  #members(own: readonly ClassRef<PythonClass>[], ref: ClassRef<PythonClass>, root: Root | null): Members {
    const typeMap = this.#typeMap(
      this.project.classes.linearize(ref).flatMap((step) => (step.kind === "class" ? [step.ref] : [])),
    );
    const columns = new Map<string, ColumnSpec>();
    const relationships = new Map<string, RelationshipSpec>();
    const extras: Written[] = [];
    const ignored: Gap[] = [];
    for (const step of own.toReversed()) {
      const inheritedFrom =
        step.key === ref.key ? null : `${this.project.names.moduleName(step.uri)}.${step.qualname}`;
      const into: Members = { columns: [], relationships: [], extras: [], ignored: [] };
      readMembers(
        { project: this.project, family: root?.family ?? "declarative", typeMap, inheritedFrom },
        step,
        into,
      );
      // What a nearer class says of a name replaces what it inherits.
      for (const item of step.declaration.assignments) {
        columns.delete(item.target);
        relationships.delete(item.target);
      }
      for (const column of into.columns) columns.set(column.name, column);
      for (const each of into.relationships) relationships.set(each.name, each);
      extras.push(...into.extras);
      ignored.push(...into.ignored);
    }
    return { columns: [...columns.values()], relationships: [...relationships.values()], extras, ignored };
  }

  #typeMap(line: readonly ClassRef<PythonClass>[]): TypeMap {
    const found = new Map<string, Written>();
    for (const step of line) {
      for (const { target, value } of step.declaration.assignments) {
        const dict =
          target === "type_annotation_map"
            ? value
            : target === "registry" && value?.k === "call"
              ? argumentOf(value, "type_annotation_map")
              : null;
        if (!dict) continue;
        const at = this.project.constant({ uri: step.uri, scope: step.qualname, expression: dict });
        if (at.expression.k !== "dict") continue;
        for (const [key, type] of at.expression.entries) {
          if (!found.has(keyOf(key))) found.set(keyOf(key), { ...at, expression: type });
        }
      }
    }
    return found;
  }

  #parentOf(above: readonly ClassRef<PythonClass>[]): ModelInfo | null {
    for (const step of above) {
      const info = this.#classModel(step);
      if (info && !info.abstract) return info;
    }
    return null;
  }

  #schemaOf(args: TableArgs, root: Root | null): string | null {
    if (args.schema !== null || !root?.made || root.made.expression.k !== "call") return args.schema;
    const metadata = argumentOf(root.made.expression, "metadata");
    const call = metadata && this.project.constant({ ...root.made, expression: metadata }).expression;
    const schema = call?.k === "call" ? argumentOf(call, "schema") : null;
    return schema && this.project.text({ ...root.made, expression: schema });
  }

  #tableModel(uri: string, target: string, call: Call, span: Span, hash: string): void {
    const source = { uri, range: rangeOf(span), hash };
    const table = readTable(this, { uri, scope: "", expression: call }, source);
    if (!table || this.#byTable.has(keyOfTable(table.schema, table.table ?? ""))) return;
    const metadata = positionalArguments(call)[1];
    const info: ModelInfo = {
      ...table,
      ...this.#identity(uri, target),
      uri,
      source,
      nameSpan: [span[0], span[1], span[0], span[1] + target.length],
      ref: null,
      reason: "table made with sqlalchemy.Table",
      certain: true,
      abstract: false,
      parent: null,
      isSingleTable: false,
      relationships: [],
      convention: conventionOf(
        this.project,
        null,
        null,
        metadata ? { uri, scope: "", expression: metadata } : null,
      ),
      gaps: [],
      ignored: [],
    };
    this.#tables.set(`${uri}#${target}`, info);
    this.#index(info);
  }

  /** `map_imperatively(Order, orders)`: the class is the model, and the name of the table leads to it. */
  #mapped(uri: string, call: Call): void {
    const mapping = readMapping(this, uri, call);
    if (!mapping || this.#byKey.has(mapping.ref.key)) return;
    const { ref, table, relationships, renamed } = mapping;
    const { declaration } = ref;
    const info: ModelInfo = {
      ...table,
      ...this.#identity(ref.uri, ref.qualname),
      uri: ref.uri,
      source: { uri: ref.uri, range: rangeOf(declaration.span), hash: declaration.hash },
      nameSpan: declaration.nameSpan,
      ref,
      reason: `class that ${calledName(call)} maps to a table`,
      parent: mapping.parent && this.byClass(mapping.parent),
      columns: table.columns.map((column) => ({
        ...column,
        name: renamed.get(column.column) ?? column.name,
      })),
      relationships,
    };
    this.#remember(ref.key, info);
    if (info.table !== null) this.#byTable.set(keyOfTable(info.schema, info.table), info);
    for (const [key, value] of this.#tables) if (value === table) this.#tables.set(key, info);
  }

  #remember(key: string, info: ModelInfo): void {
    this.#byKey.set(key, info);
    this.#index(info);
  }

  #index(info: ModelInfo): void {
    const list = this.#byName.get(info.name);
    if (list) list.push(info);
    else this.#byName.set(info.name, [info]);
    if (info.table === null || info.isSingleTable) return;
    const table = keyOfTable(info.schema, info.table);
    if (!this.#byTable.has(table)) this.#byTable.set(table, info);
  }
}

export function keyOfTable(schema: string | null, table: string): string {
  return schema === null ? table : `${schema}.${table}`;
}
