import type { ColumnRef, Node, SelectStmt } from "libpg-query";
import type { LabTable } from "../../database/lab.ts";
import { bare, constantSql, constantText, each, lastName, textOf } from "../../database/sql/parse-tree.ts";
import { quoted } from "../../database/sql/quote-name.ts";

/** How a query reaches one of its tables: what an index on it could serve. Columns are names, in order of appearance. */
export interface TableUse {
  readonly table: LabTable;
  readonly alias: string;
  /** Compared with one value, or with a list of them. */
  readonly equal: Set<string>;
  /** Compared by order: `<`, `>=`, BETWEEN. */
  readonly ranges: Set<string>;
  /** Compared with a column of another table. */
  readonly joins: Set<string>;
  /** The order of the rows, where all of it is about this table. */
  order: readonly OrderKey[];
  /** Compared with a pattern whose beginning is known. */
  readonly prefixes: Set<string>;
  /** Asked whether they hold something: arrays, jsonb, full text. */
  readonly contained: Set<string>;
  /** Function calls that are compared: `lower(email)`. */
  readonly expressions: Set<string>;
  /** Conditions without a placeholder that every row has to meet, as SQL; the columns they name. */
  readonly constants: Map<string, string>;
  /** Every column that the query looks at; null when it takes all of them. */
  needed: Set<string> | null;
}

export interface OrderKey {
  readonly column: string;
  readonly descending: boolean;
  readonly nulls: "first" | "last" | null;
}

type Scope = readonly TableUse[];

/** The tables that a statement reads, each time it reads one, with what it asks of them. */
export function queryShape(tree: Node, tables: readonly LabTable[]): readonly TableUse[] {
  const reader = new ShapeReader(tables);
  reader.statement(tree, [], new Set());
  return reader.uses;
}

class ShapeReader {
  readonly uses: TableUse[] = [];
  readonly #tables: readonly LabTable[];

  constructor(tables: readonly LabTable[]) {
    this.#tables = tables;
  }

  statement(tree: Node, outer: readonly Scope[], known: ReadonlySet<string>): void {
    if ("SelectStmt" in tree) this.#select(tree.SelectStmt, outer, known);
    if ("UpdateStmt" in tree || "DeleteStmt" in tree) {
      const { relation, whereClause, withClause, ...rest } =
        "UpdateStmt" in tree ? tree.UpdateStmt : tree.DeleteStmt;
      const names = this.#common(withClause?.ctes, outer, known);
      const from = "fromClause" in rest ? rest.fromClause : "usingClause" in rest ? rest.usingClause : [];
      const scope: TableUse[] = [];
      if (relation !== undefined) this.#source({ RangeVar: relation }, scope, outer, names);
      for (const source of from ?? []) this.#source(source, scope, outer, names);
      // A row that changes is read as a whole.
      for (const use of scope) use.needed = null;
      this.#conditions(whereClause, true, [scope, ...outer], names);
    }
    if ("InsertStmt" in tree && tree.InsertStmt.selectStmt !== undefined) {
      const names = this.#common(tree.InsertStmt.withClause?.ctes, outer, known);
      this.statement(tree.InsertStmt.selectStmt, outer, names);
    }
  }

  #select(select: SelectStmt, outer: readonly Scope[], known: ReadonlySet<string>): void {
    const names = this.#common(select.withClause?.ctes, outer, known);
    if (select.larg !== undefined) this.#select(select.larg, outer, names);
    if (select.rarg !== undefined) this.#select(select.rarg, outer, names);
    const scope: TableUse[] = [];
    const scopes = [scope, ...outer];
    const conditions: Node[] = [];
    for (const source of select.fromClause ?? []) {
      conditions.push(...this.#source(source, scope, outer, names));
    }
    for (const condition of conditions) this.#conditions(condition, true, scopes, names);
    this.#conditions(select.whereClause, true, scopes, names);
    this.#order(select, scopes);
    for (const node of [
      ...(select.targetList ?? []),
      ...(select.groupClause ?? []),
      ...(select.sortClause ?? []),
    ])
      this.#look(node, scopes, names);
    if (select.havingClause !== undefined) this.#look(select.havingClause, scopes, names);
  }

  /** Common table expressions hide tables of their names. */
  #common(
    ctes: readonly Node[] | undefined,
    outer: readonly Scope[],
    known: ReadonlySet<string>,
  ): ReadonlySet<string> {
    const names = new Set(known);
    for (const cte of ctes ?? []) {
      if (!("CommonTableExpr" in cte)) continue;
      const { ctename, ctequery } = cte.CommonTableExpr;
      if (ctename !== undefined) names.add(ctename);
      if (ctequery !== undefined) this.statement(ctequery, outer, names);
    }
    return names;
  }

  /** Adds the tables of one item of FROM to a scope; resolves to the conditions that join them. */
  #source(
    source: Node,
    scope: TableUse[],
    outer: readonly Scope[],
    known: ReadonlySet<string>,
  ): readonly Node[] {
    if ("RangeVar" in source) {
      const { schemaname, relname = "", alias } = source.RangeVar;
      if (schemaname === undefined && known.has(relname)) return [];
      const name = schemaname === undefined || schemaname === "public" ? relname : `${schemaname}.${relname}`;
      const table = this.#tables.find((candidate) => candidate.name === name);
      if (table === undefined) return [];
      const use = emptyUse(table, alias?.aliasname ?? relname);
      scope.push(use);
      this.uses.push(use);
      return [];
    }
    if ("JoinExpr" in source) {
      const { larg, rarg, quals, usingClause = [] } = source.JoinExpr;
      const first = scope.length;
      const conditions = [larg, rarg].flatMap((side) =>
        side === undefined ? [] : this.#source(side, scope, outer, known),
      );
      for (const column of usingClause.flatMap(textOf)) {
        for (const use of scope.slice(first)) if (hasColumn(use, column)) use.joins.add(column);
      }
      return quals === undefined ? conditions : [...conditions, quals];
    }
    if ("RangeSubselect" in source && source.RangeSubselect.subquery !== undefined) {
      const { lateral = false, subquery } = source.RangeSubselect;
      this.statement(subquery, lateral ? [scope, ...outer] : outer, known);
    }
    return [];
  }

  /** `all`: a row has to meet it. Under OR and NOT an index can serve it, and a partial index cannot. */
  #conditions(
    node: Node | undefined,
    all: boolean,
    scopes: readonly Scope[],
    known: ReadonlySet<string>,
  ): void {
    if (node === undefined) return;
    if ("BoolExpr" in node) {
      const { boolop, args = [] } = node.BoolExpr;
      const [negated] = args;
      if (boolop === "NOT_EXPR" && negated !== undefined && "ColumnRef" in negated) {
        this.#constant(negated.ColumnRef, (column) => `NOT ${column}`, all, scopes);
        return;
      }
      for (const part of args) this.#conditions(part, all && boolop === "AND_EXPR", scopes, known);
      return;
    }
    this.#look(node, scopes, known);
    if ("ColumnRef" in node) this.#constant(node.ColumnRef, (column) => column, all, scopes);
    if ("NullTest" in node) {
      const { arg, nulltesttype } = node.NullTest;
      const isNull = nulltesttype === "IS_NULL";
      if (arg !== undefined && "ColumnRef" in arg) {
        const use = this.#constant(
          arg.ColumnRef,
          (column) => `${column} IS ${isNull ? "" : "NOT "}NULL`,
          all,
          scopes,
        );
        if (isNull && !all && use !== null) use.equal.add(lastName(arg.ColumnRef));
      }
    }
    if ("A_Expr" in node) this.#comparison(node.A_Expr, all, scopes);
    if ("SubLink" in node && node.SubLink.subLinkType === "ANY_SUBLINK") {
      const { testexpr } = node.SubLink;
      if (testexpr !== undefined && "ColumnRef" in testexpr) {
        this.#find(testexpr.ColumnRef, scopes)?.joins.add(lastName(testexpr.ColumnRef));
      }
    }
  }

  #comparison(
    { kind, name = [], lexpr, rexpr }: Extract<Node, { A_Expr: unknown }>["A_Expr"],
    all: boolean,
    scopes: readonly Scope[],
  ): void {
    if (lexpr === undefined || rexpr === undefined) return;
    const operator = name.flatMap(textOf)[0] ?? "";
    const [left, right] = [bare(lexpr), bare(rexpr)];
    const [inner] = scopes;
    const of = (node: Node): TableUse | null =>
      "ColumnRef" in node ? this.#find(node.ColumnRef, scopes) : null;
    const [leftUse, rightUse] = [of(left), of(right)];
    if (leftUse !== null && rightUse !== null && "ColumnRef" in left && "ColumnRef" in right) {
      if (operator !== "=" || leftUse === rightUse) return;
      // What an outer query gives is a value for the inner one.
      for (const [use, ref] of [
        [leftUse, left.ColumnRef],
        [rightUse, right.ColumnRef],
      ] as const)
        if (inner?.includes(use)) use.joins.add(lastName(ref));
      return;
    }
    const [use, ref, other, turned] =
      leftUse !== null && "ColumnRef" in left
        ? [leftUse, left.ColumnRef, right, false]
        : rightUse !== null && "ColumnRef" in right
          ? [rightUse, right.ColumnRef, left, true]
          : [null, null, right, false];
    if (use === null || ref === null) {
      this.#expression(left, right, operator, kind, scopes);
      return;
    }
    if (this.#namesColumn(other, scopes)) return;
    const column = lastName(ref);
    if (CONTAINMENT.has(operator)) use.contained.add(column);
    else if (kind === "AEXPR_LIKE") {
      const pattern = constantText(other);
      if (pattern === null ? "ParamRef" in other : /^[^%_]/.test(pattern)) use.prefixes.add(column);
    } else if (kind === "AEXPR_BETWEEN" || (kind === "AEXPR_OP" && RANGES.has(operator)))
      use.ranges.add(column);
    else if (operator === "=" && EQUALITY.has(kind ?? "") && !(turned && kind === "AEXPR_OP_ANY")) {
      use.equal.add(column);
      const value = kind === "AEXPR_OP" ? constantSql(other) : null;
      if (value !== null && all && !turned) use.constants.set(`${quoted(column)} = ${value}`, column);
    }
  }

  /** `lower(email) = $1`: an index of the call itself can serve it. */
  #expression(
    left: Node,
    right: Node,
    operator: string,
    kind: string | undefined,
    scopes: readonly Scope[],
  ): void {
    if (kind !== "AEXPR_OP" || (operator !== "=" && !RANGES.has(operator))) return;
    for (const [side, other] of [
      [left, right],
      [right, left],
    ] as const) {
      if (!("FuncCall" in side) || this.#namesColumn(other, scopes)) continue;
      const { funcname = [], args = [] } = side.FuncCall;
      const [argument] = args;
      const column = argument === undefined ? null : bare(argument);
      if (column === null || !("ColumnRef" in column) || args.length !== 1) continue;
      const names = funcname.flatMap(textOf).filter((part) => part !== "pg_catalog");
      const use = this.#find(column.ColumnRef, scopes);
      use?.expressions.add(`${names.map(quoted).join(".")}(${quoted(lastName(column.ColumnRef))})`);
    }
  }

  /** A condition on one column that needs no value; resolves to the table it is about. */
  #constant(
    ref: ColumnRef,
    sql: (column: string) => string,
    all: boolean,
    scopes: readonly Scope[],
  ): TableUse | null {
    const use = this.#find(ref, scopes);
    const column = lastName(ref);
    if (use !== null && all) use.constants.set(sql(quoted(column)), column);
    return use;
  }

  #order({ sortClause = [], groupClause = [], targetList = [] }: SelectStmt, scopes: readonly Scope[]): void {
    if (groupClause.length > 0) return;
    const keys: { readonly use: TableUse; readonly key: OrderKey }[] = [];
    for (const node of sortClause) {
      if (!("SortBy" in node) || node.SortBy.node === undefined) return;
      const { sortby_dir: direction, sortby_nulls: nulls } = node.SortBy;
      const ref = orderedColumn(node.SortBy.node, targetList);
      const use = ref === null ? null : this.#find(ref, scopes);
      if (ref === null || use === null) return;
      const key: OrderKey = {
        column: lastName(ref),
        descending: direction === "SORTBY_DESC",
        nulls: nulls === "SORTBY_NULLS_FIRST" ? "first" : nulls === "SORTBY_NULLS_LAST" ? "last" : null,
      };
      keys.push({ use, key });
    }
    const [first] = keys;
    if (first !== undefined && keys.every(({ use }) => use === first.use))
      first.use.order = keys.map(({ key }) => key);
  }

  /** Notes the columns that an expression names, and reads the queries inside of it. */
  #look(node: Node, scopes: readonly Scope[], known: ReadonlySet<string>): void {
    each(node, (inner) => {
      if ("SubLink" in inner) {
        if (inner.SubLink.subselect !== undefined) this.statement(inner.SubLink.subselect, scopes, known);
        if (inner.SubLink.testexpr !== undefined) this.#look(inner.SubLink.testexpr, scopes, known);
        return false;
      }
      if (!("ColumnRef" in inner)) return true;
      const { fields = [] } = inner.ColumnRef;
      if (fields.some((field) => "A_Star" in field)) {
        const [alias] = fields.flatMap(textOf);
        for (const use of scopes[0] ?? []) if (alias === undefined || use.alias === alias) use.needed = null;
      } else this.#find(inner.ColumnRef, scopes)?.needed?.add(lastName(inner.ColumnRef));
      return true;
    });
  }

  #namesColumn(node: Node, scopes: readonly Scope[]): boolean {
    let found = false;
    each(node, (inner) => {
      if ("ColumnRef" in inner && scopes[0]?.some((use) => use === this.#find(inner.ColumnRef, scopes)))
        found = true;
      return !("SubLink" in inner);
    });
    return found;
  }

  #find({ fields = [] }: ColumnRef, scopes: readonly Scope[]): TableUse | null {
    const names = fields.flatMap(textOf);
    const column = names.at(-1);
    const alias = names.at(-2);
    if (column === undefined || names.length < fields.length) return null;
    for (const scope of scopes) {
      const use = scope.find(
        (candidate) =>
          (alias === undefined || candidate.alias === alias || candidate.table.name === alias) &&
          hasColumn(candidate, column),
      );
      if (use !== undefined) return use;
    }
    return null;
  }
}

const CONTAINMENT: ReadonlySet<string> = new Set(["@>", "&&", "?", "?|", "?&", "@@", "@?"]);
const RANGES: ReadonlySet<string> = new Set(["<", "<=", ">", ">="]);
const EQUALITY: ReadonlySet<string> = new Set(["AEXPR_OP", "AEXPR_OP_ANY", "AEXPR_IN"]);

function emptyUse(table: LabTable, alias: string): TableUse {
  return {
    table,
    alias,
    equal: new Set(),
    ranges: new Set(),
    joins: new Set(),
    order: [],
    prefixes: new Set(),
    contained: new Set(),
    expressions: new Set(),
    constants: new Map(),
    needed: new Set(),
  };
}

function hasColumn({ table }: TableUse, column: string): boolean {
  return table.columns.some(({ name }) => name === column);
}

/** `ORDER BY 2` and `ORDER BY alias` mean an expression of the list. */
function orderedColumn(node: Node, targets: readonly Node[]): ColumnRef | null {
  if ("ColumnRef" in node) {
    const { fields = [] } = node.ColumnRef;
    const [name] = fields.flatMap(textOf);
    const renamed = targets.find((target) => "ResTarget" in target && target.ResTarget.name === name);
    if (fields.length > 1 || renamed === undefined || !("ResTarget" in renamed)) return node.ColumnRef;
    const value = renamed.ResTarget.val;
    return value !== undefined && "ColumnRef" in value ? value.ColumnRef : null;
  }
  const position = "A_Const" in node ? node.A_Const.ival?.ival : undefined;
  const target = position === undefined ? undefined : targets[position - 1];
  const value = target !== undefined && "ResTarget" in target ? target.ResTarget.val : undefined;
  return value !== undefined && "ColumnRef" in value ? value.ColumnRef : null;
}
