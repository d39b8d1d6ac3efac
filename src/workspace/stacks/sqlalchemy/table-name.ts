import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import { calledName, dictEntry, positionalArguments } from "../../languages/python/expressions.ts";
import { readFormatted } from "../../languages/python/formatted-string.ts";
import type { PythonClass } from "../../languages/python/module.ts";
import type { PythonProject, Written } from "../python/project.ts";
import type { Root } from "./declarative.ts";
import { externalTable } from "./external-bases.ts";
import { returnedBy } from "./members.ts";
import { snakeCase } from "./names.ts";

interface FoundName {
  readonly table: string | null;
  /** Why it is not known; null when it is, or when the class has none. */
  readonly gap: string | null;
}

/** The table of a mapped class: `__tablename__`, own or inherited, or what the framework makes of the class's name. */
export function tableNameOf(
  project: PythonProject,
  own: readonly ClassRef<PythonClass>[],
  ref: ClassRef<PythonClass>,
  root: Root | null,
  hasKey: boolean,
): FoundName {
  const found = special(own, "__tablename__");
  if (found) {
    const table = evaluate(project, found, ref.declaration.name, 0);
    if (table !== null) {
      const guessed = madeByFunction(found.expression)
        ? "a function makes it of the name of the class: taken to be snake case"
        : null;
      return { table, gap: guessed };
    }
    const isNone = found.expression.k === "name" && found.expression.value === "None";
    return isNone ? { table: null, gap: null } : { table: null, gap: "__tablename__ is computed" };
  }
  const given = externalTable(project, ref);
  if (given !== null) return { table: given, gap: null };
  if (root?.family === "sqlmodel") return { table: ref.declaration.name.toLowerCase(), gap: null };
  if (root?.family === "flask" && hasKey) return { table: snakeCase(ref.declaration.name), gap: null };
  if (root?.name.startsWith("advanced_alchemy") && hasKey)
    return { table: snakeCase(ref.declaration.name), gap: null };
  return { table: null, gap: null };
}

export interface TableArgs {
  readonly items: readonly Written[];
  readonly schema: string | null;
  readonly gap: string | null;
}

/** Items and options of `__table_args__`, of the nearest class that has one. */
export function tableArgsOf(project: PythonProject, own: readonly ClassRef<PythonClass>[]): TableArgs {
  const found = special(own, "__table_args__");
  if (!found) return { items: [], schema: null, gap: null };
  const items: Written[] = [];
  let schema: string | null = null;
  let gap: string | null = null;
  const add = (written: Written, depth: number): void => {
    const at = project.constant(written);
    const { expression } = at;
    if (expression.k === "dict") {
      const value = dictEntry(expression, "schema");
      if (value) schema ??= project.text({ ...at, expression: value });
    } else if (expression.k === "list")
      for (const item of expression.items) add({ ...at, expression: item }, depth);
    else if (expression.k === "binary" && (expression.op === "*" || expression.op === "+") && depth < 6) {
      if (expression.left) add({ ...at, expression: expression.left }, depth + 1);
      add({ ...at, expression: expression.right }, depth + 1);
    } else if (expression.k === "call" && /^(tuple|list)$/.test(calledName(expression) ?? "")) {
      const [first] = positionalArguments(expression);
      if (first) add({ ...at, expression: first }, depth + 1);
    } else if (expression.k === "call") items.push(at);
    else gap = "part of __table_args__ is computed";
  };
  add(found, 0);
  return { items, schema, gap };
}

function special(own: readonly ClassRef<PythonClass>[], name: string): Written | null {
  for (const { declaration, uri, qualname } of own) {
    const item = declaration.assignments.findLast(({ target }) => target === name);
    if (item?.value) return { uri, scope: qualname, expression: item.value };
    const method = declaration.methods.find((each) => each.name === name);
    const value = method && returnedBy(method);
    if (value) return { uri, scope: qualname, expression: value };
  }
  return null;
}

const MAKES_SNAKE_CASE = /snake|underscore|table_?name/i;

/** Whether a function of a name that promises no snake case makes the table's name. */
function madeByFunction(expression: Expression): boolean {
  const name = calledName(expression) ?? "";
  return expression.k === "call" && MAKES_SNAKE_CASE.test(name) && !/snake/i.test(name);
}

/** `re.sub(pattern, "_", cls.__name__)`, also of a compiled pattern; null for anything else. */
function substituted(
  project: PythonProject,
  written: Written,
  textOf: (value: Expression) => string | null,
): string | null {
  const { expression } = written;
  if (expression.k !== "call" || expression.callee.k !== "member" || expression.callee.name !== "sub")
    return null;
  const args = positionalArguments(expression);
  const { of } = expression.callee;
  const isModule = dottedName(of) === "re";
  const compiled = isModule ? null : project.constant({ ...written, expression: of }).expression;
  const pattern = isModule
    ? args[0]
    : compiled?.k === "call" && calledName(compiled) === "compile"
      ? positionalArguments(compiled)[0]
      : undefined;
  const [by, text] = isModule ? args.slice(1) : args;
  const source = pattern && project.text({ ...written, expression: pattern });
  const replacement = by && project.text({ ...written, expression: by });
  const value = text && textOf(text);
  if (!source || replacement === null || replacement === undefined || !value) return null;
  try {
    return value.replace(new RegExp(source, "g"), replacement.replace(/\\(?:g<(\d+)>|(\d+))/g, "$$$1$2"));
  } catch {
    // A pattern that only Python knows.
    return null;
  }
}

/** A text that may be made of the name of the class: `cls.__name__.lower() + "s"`. */
function evaluate(project: PythonProject, written: Written, className: string, depth: number): string | null {
  const { expression } = written;
  if (depth > 6) return null;
  const inner = (value: Expression) =>
    evaluate(project, { ...written, expression: value }, className, depth + 1);
  if (/^(cls|self)\.__name__$/.test(dottedName(expression) ?? "")) return className;
  if (expression.k === "binary" && expression.op === "+" && expression.left) {
    const left = inner(expression.left);
    const right = inner(expression.right);
    return left === null || right === null ? null : left + right;
  }
  if (expression.k === "template") {
    const parts = readFormatted(expression.value).map((part) => {
      if (typeof part === "string") return part;
      if (/^cls\.__name__$/.test(part.code.trim())) return className;
      return /^cls\.__name__\.lower\(\)$/.test(part.code.trim()) ? className.toLowerCase() : null;
    });
    if (parts.every((part) => part !== null)) return parts.join("");
  }
  if (expression.k === "call") {
    const name = calledName(expression) ?? "";
    if (expression.callee.k === "member" && /^(lower|upper)$/.test(name)) {
      const text = inner(expression.callee.of);
      return text && (name === "lower" ? text.toLowerCase() : text.toUpperCase());
    }
    const replaced = substituted(project, written, inner);
    if (replaced !== null) return replaced;
    const [first] = positionalArguments(expression);
    const text = first ? inner(first) : null;
    if (text !== null && MAKES_SNAKE_CASE.test(name)) return snakeCase(text);
    return null;
  }
  return project.text(written);
}
