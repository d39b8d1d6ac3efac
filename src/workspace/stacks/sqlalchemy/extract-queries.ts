import { dottedName, type Expression } from "../../languages/expression.ts";
import { type Call, childrenOf } from "../../languages/python/expressions.ts";
import type { PythonClass, PythonFunction, PythonModule } from "../../languages/python/module.ts";
import type { SourceText } from "../../languages/source-text.ts";
import type { QueryFacts } from "./facts.ts";

/** Calls that a chain starts with and that name what they are about. */
const STARTS =
  /^(select|update|delete|insert|upsert|exists|query|get|get_one|get_or_404|first_or_404|bulk_insert_mappings|bulk_save_objects|bulk_update_mappings)$/;
const SESSION = /(^|[._])(session|db|sess|s|database|conn|dbsession|Session)$/i;
const MAX_TEXT = 2000;

/** ORM chains of a file, the outermost call of each. */
export function extractQueries(module: PythonModule, source: SourceText): readonly QueryFacts[] {
  const found: QueryFacts[] = [];
  const visit = (expression: Expression, within: string | null): void => {
    const chain = expression.k === "call" ? readChain(expression) : null;
    if (chain && expression.k === "call") {
      const text = source.slice(expression.span);
      found.push({
        ...chain,
        text: text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text,
        within,
        span: expression.span,
        hash: source.hash(expression.span),
      });
      for (const part of argumentsAlong(expression)) visit(part, within);
      return;
    }
    for (const child of childrenOf(expression)) visit(child, within);
  };
  const readFunction = (item: PythonFunction, name: string) => {
    for (const call of item.calls) visit(call, name);
  };
  const readClass = (item: PythonClass, name: string): void => {
    for (const { value } of item.assignments) if (value) visit(value, name);
    for (const method of item.methods) readFunction(method, `${name}.${method.name}`);
    for (const nested of item.classes) readClass(nested, `${name}.${nested.name}`);
  };
  for (const call of module.calls) visit(call, null);
  for (const { value } of module.assignments) if (value) visit(value, null);
  for (const item of module.functions) readFunction(item, item.name);
  for (const item of module.classes) readClass(item, item.name);
  return found;
}

/** `session.query(User).filter(…).all()`, `select(User).where(…)`, `User.query.get(1)`; null for any other call. */
function readChain(call: Call): { roots: readonly string[]; methods: readonly string[] } | null {
  const methods: string[] = [];
  let current: Expression = call;
  for (;;) {
    if (current.k === "subscript") {
      current = current.of;
      continue;
    }
    if (current.k === "member") {
      // `User.query` of Flask-SQLAlchemy.
      const root = current.name === "query" && methods.length > 0 ? dottedName(current.of) : null;
      if (root && /(^|\.)([A-Z]\w*|cls)$/.test(root)) return { roots: [root], methods };
      current = current.of;
      continue;
    }
    if (current.k !== "call") return null;
    const { callee }: Call = current;
    if (callee.k === "name") {
      return STARTS.test(callee.value) ? started(current, callee.value, methods) : null;
    }
    if (callee.k !== "member") return null;
    if (STARTS.test(callee.name)) {
      const receiver = dottedName(callee.of);
      const opens =
        receiver !== null &&
        (SESSION.test(receiver) || /^(sa|sqlalchemy|sqlmodel|db|orm|sql)$/.test(receiver));
      const chain = opens || callee.name === "query" ? started(current, callee.name, methods) : null;
      if (chain) return chain;
    }
    methods.unshift(callee.name);
    current = callee.of;
  }
}

function started(
  call: Call,
  name: string,
  methods: readonly string[],
): { roots: readonly string[]; methods: readonly string[] } | null {
  const roots = call.args.flatMap(({ name: keyword, value }) => (keyword === null ? rootsIn(value) : []));
  return roots.length === 0 ? null : { roots: [...new Set(roots)], methods: [name, ...methods] };
}

/** Capitalised names of an argument: `User`, `User.id`, `func.count(User.id)`, `models.User`. */
function rootsIn(value: Expression): readonly string[] {
  const dotted = dottedName(value);
  if (dotted !== null) {
    const parts = dotted.split(".");
    const at = parts.findIndex((part) => /^[A-Z]/.test(part) && !/^[A-Z0-9_]+$/.test(part.slice(1)));
    if (at >= 0) return [parts.slice(0, at + 1).join(".")];
    // A table made with `Table(…)`: `book_tags`, `book_tags.c.book_id`, `User.__table__`.
    const table = parts.indexOf("c");
    return [parts.slice(0, table > 0 ? table : parts.length).join(".")];
  }
  if (value.k === "call") {
    const inner =
      value.callee.k === "member" ? rootsIn(value.callee.of).filter((name) => /(^|\.)[A-Z]/.test(name)) : [];
    return [...inner, ...value.args.flatMap((argument) => rootsIn(argument.value))].filter((name) =>
      /(^|\.)[A-Z]/.test(name),
    );
  }
  return value.k === "list" ? value.items.flatMap(rootsIn) : [];
}

/** Arguments of every call of a chain. */
function argumentsAlong(call: Call): readonly Expression[] {
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
