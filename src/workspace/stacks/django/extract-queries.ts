import { dottedName, type Expression } from "../../languages/expression.ts";
import {
  type Call,
  calledName,
  childrenOf,
  positionalArguments,
} from "../../languages/python/expressions.ts";
import type {
  PythonAssignment,
  PythonClass,
  PythonFunction,
  PythonModule,
} from "../../languages/python/module.ts";
import type { SourceText } from "../../languages/source-text.ts";
import type { QueryFacts } from "./facts.ts";

/** Methods of a manager or queryset that touch the database or make a queryset, and nothing but. */
export const QUERYSET_METHODS: ReadonlySet<string> = new Set(
  (
    "filter exclude get all create update delete first last count exists values values_list aggregate annotate alias " +
    "order_by reverse distinct none union intersection difference select_related prefetch_related extra defer only using " +
    "select_for_update raw get_or_create update_or_create bulk_create bulk_update in_bulk iterator latest earliest " +
    "contains dates datetimes explain aget acreate afirst alast acount aexists aupdate adelete aget_or_create " +
    "aupdate_or_create abulk_create abulk_update ain_bulk aiterator alatest aearliest aaggregate"
  ).split(" "),
);

const SHORTCUTS: ReadonlySet<string> = new Set([
  "get_object_or_404",
  "get_list_or_404",
  "aget_object_or_404",
  "aget_list_or_404",
]);
const MANAGERS = /^(objects|_default_manager|_base_manager|all_objects|[a-z]\w*_objects|objects_\w+)$/;
const MAX_TEXT = 2000;

/** ORM chains and raw SQL of a file, outermost call of each chain. */
export function extractQueries(module: PythonModule, source: SourceText): readonly QueryFacts[] {
  const reader = new QueryReader(source, literalsOf(module.assignments));
  for (const call of module.calls) reader.visit(call, null);
  for (const { value } of module.assignments) if (value) reader.visit(value, null);
  for (const item of module.functions) reader.readFunction(item, item.name);
  for (const item of module.classes) reader.readClass(item, item.name);
  return reader.found.sort((a, b) => a.span[0] - b.span[0] || a.span[1] - b.span[1]);
}

class QueryReader {
  readonly found: QueryFacts[] = [];
  readonly #source: SourceText;
  readonly #constants: ReadonlyMap<string, Expression>;

  constructor(source: SourceText, constants: ReadonlyMap<string, Expression>) {
    this.#source = source;
    this.#constants = constants;
  }

  readClass(item: PythonClass, name: string): void {
    for (const { value } of item.assignments) if (value) this.visit(value, name);
    const constants = literalsOf(item.assignments);
    for (const method of item.methods) this.readFunction(method, `${name}.${method.name}`, constants);
    for (const nested of item.classes) this.readClass(nested, `${name}.${nested.name}`);
  }

  readFunction(
    item: PythonFunction,
    name: string,
    constants: ReadonlyMap<string, Expression> = new Map(),
  ): void {
    const literals = new Map([...this.#constants, ...constants, ...literalsOf(item.assignments)]);
    for (const call of item.calls) this.visit(call, name, literals);
  }

  visit(expression: Expression, within: string | null, locals?: ReadonlyMap<string, Expression>): void {
    if (expression.k !== "call") {
      for (const child of childrenOf(expression)) this.visit(child, within, locals);
      return;
    }
    const query =
      this.#shortcut(expression) ?? this.#execute(expression, locals) ?? this.#chain(expression, locals);
    if (query) {
      const text = this.#source.slice(expression.span);
      this.found.push({
        ...query,
        text: text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text,
        within,
        span: expression.span,
        hash: this.#source.hash(expression.span),
      });
    }
    // Arguments may hold queries of their own; the calls that this chain goes through are part of it.
    if (!query || query.form === "shortcut") {
      for (const child of childrenOf(expression)) this.visit(child, within, locals);
      return;
    }
    for (const part of argumentsAlong(expression)) this.visit(part, within, locals);
  }

  #shortcut(call: Call): Found | null {
    if (!SHORTCUTS.has(calledName(call) ?? "")) return null;
    const [model] = positionalArguments(call);
    const root = model && dottedName(model);
    if (!root) return null;
    const method = calledName(call)?.includes("list") ? "filter" : "get";
    return { form: "shortcut", root, methods: [method], sql: null, sqlName: null, approximate: null };
  }

  #execute(call: Call, locals: ReadonlyMap<string, Expression> | undefined): Found | null {
    if (call.callee.k !== "member" || !/^(execute|executemany|callproc)$/.test(call.callee.name)) return null;
    const receiver = dottedName(call.callee.of);
    if (!receiver || !/(^|\.|_)(cursor|cur|c|curs|schema_editor)$/i.test(receiver)) return null;
    const [statement] = positionalArguments(call);
    if (!statement) return null;
    return {
      form: "execute",
      root: "",
      methods: [call.callee.name],
      ...sqlOf(statement, locals, this.#source),
    };
  }

  #chain(call: Call, locals: ReadonlyMap<string, Expression> | undefined): Found | null {
    const names: string[] = [];
    let current: Expression = call;
    let raw: Call | null = null;
    while (current.k === "call" || current.k === "member" || current.k === "subscript") {
      if (current.k === "subscript") {
        current = current.of;
        continue;
      }
      if (current.k === "call") {
        if (current.callee.k !== "member") return null;
        if (current.callee.name === "raw") raw = current;
        names.unshift(current.callee.name);
        current = current.callee.of;
        continue;
      }
      const root = dottedName(current.of);
      const isManager = MANAGERS.test(current.name);
      if (root && (isManager || (/(^|\.)[A-Z]\w*$/.test(root) && QUERYSET_METHODS.has(names[0] ?? "")))) {
        if (names.length === 0 || !/(^|\.)[A-Z]\w*$|get_user_model|^cls$/.test(root)) return null;
        const [statement] = raw ? positionalArguments(raw) : [];
        if (raw && statement)
          return { form: "raw", root, methods: names, ...sqlOf(statement, locals, this.#source) };
        return { form: "chain", root, methods: names, sql: null, sqlName: null, approximate: null };
      }
      current = current.of;
    }
    return null;
  }
}

/** Names that are bound once: a statement put together in steps is none of these. */
function literalsOf(assignments: readonly PythonAssignment[]): ReadonlyMap<string, Expression> {
  const found = new Map<string, Expression>();
  const again = new Set<string>();
  for (const { target, value, operator } of assignments) {
    if (found.has(target) || operator === "+=") again.add(target);
    if (value && /^(string|template|binary|call|member|name)$/.test(value.k)) found.set(target, value);
  }
  for (const target of again) found.delete(target);
  return found;
}

type Found = Pick<QueryFacts, "form" | "root" | "methods" | "sql" | "sqlName" | "approximate">;

/** Arguments of every call of a chain. */
function argumentsAlong(call: Call): Expression[] {
  const found: Expression[] = [];
  let current: Expression = call;
  while (current.k === "call" || current.k === "member" || current.k === "subscript") {
    if (current.k === "call") {
      found.push(...current.args.map((argument) => argument.value));
      current = current.callee;
    } else current = current.of;
  }
  return found;
}

function sqlOf(
  statement: Expression,
  locals: ReadonlyMap<string, Expression> | undefined,
  source: SourceText,
): Pick<QueryFacts, "sql" | "sqlName" | "approximate"> {
  if (statement.k === "string") return { sql: statement.value, sqlName: null, approximate: null };
  if (statement.k === "name" || statement.k === "member") {
    const name = dottedName(statement) ?? "";
    const value = locals?.get(name) ?? locals?.get(name.replace(/^(self|cls)\./, ""));
    if (value && value.k !== "name" && value.k !== "member") return sqlOf(value, undefined, source);
    return {
      sql: null,
      sqlName: name,
      approximate: `the text of the statement comes from the variable ${name}`,
    };
  }
  const text = source.slice(statement.span);
  if (statement.k === "template") {
    const inner = /^[rRbBfF]*("""|'''|"|')([\s\S]*)\1$/.exec(text)?.[2];
    const approximate = "the statement interpolates variables (f-string)";
    return { sql: inner ?? text, sqlName: null, approximate };
  }
  if (statement.k === "binary" && statement.op === "%") {
    return { sql: text, sqlName: null, approximate: "the statement is formatted with % before it is sent" };
  }
  if (statement.k === "binary" && statement.op === "+") {
    return { sql: text, sqlName: null, approximate: "the statement is put together from parts" };
  }
  if (statement.k === "call" && calledName(statement) === "format") {
    return {
      sql: text,
      sqlName: null,
      approximate: "the statement is formatted with format() before it is sent",
    };
  }
  return { sql: text, sqlName: null, approximate: "the statement is built by an expression" };
}
