import type { Expression } from "../../languages/expression.ts";
import {
  argumentOf,
  booleanValue,
  calledName,
  isNone,
  listItems,
  numberValue,
  positionalArguments,
  render,
  stringValue,
} from "../../languages/python/expressions.ts";

/** Columns of a model by the names of its fields. */
export interface ColumnLookup {
  /** Column of a field, not quoted; null when the field is not known. */
  readonly column: (field: string) => string | null;
  readonly nullable: (field: string) => boolean;
}

export function quoteName(name: string): string {
  return name.startsWith('"') && name.endsWith('"') ? name : `"${name.replaceAll('"', '""')}"`;
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A condition of `Q(…)` as PostgreSQL; null where a lookup or value is not a plain one. */
export function predicateSql(expression: Expression, columns: ColumnLookup, negated = false): string | null {
  if (expression.k === "binary") {
    if (!expression.left) {
      const inner = expression.op === "~" ? predicateSql(expression.right, columns, !negated) : null;
      if (!inner) return null;
      return inner.startsWith("(") || /^"[^"]+"$/.test(inner) ? `NOT ${inner}` : `NOT (${inner})`;
    }
    const word = { "&": "AND", "|": "OR", "^": null }[expression.op];
    const left = predicateSql(expression.left, columns, negated);
    const right = predicateSql(expression.right, columns, negated);
    return word && left && right ? `(${left} ${word} ${right})` : null;
  }
  if (expression.k !== "call" || calledName(expression) !== "Q") return null;
  const isNegated = booleanValue(argumentOf(expression, "_negated")) === true;
  const inside = negated !== isNegated;
  const parts: (string | null)[] = [];
  for (const { name, value } of expression.args) {
    if (name === "_connector" || name === "_negated") continue;
    if (name === "*" || name === "**") return null;
    if (name !== null) parts.push(lookupSql(name, value, columns, inside));
    else if (value.k === "list" && value.items[1] && stringValue(value.items[0] ?? null)) {
      parts.push(lookupSql(stringValue(value.items[0] ?? null) ?? "", value.items[1], columns, inside));
    } else parts.push(predicateSql(value, columns, inside));
  }
  if (parts.length === 0 || parts.includes(null)) return null;
  const connector = stringValue(argumentOf(expression, "_connector")) === "OR" ? " OR " : " AND ";
  const joined = parts.length === 1 ? String(parts[0]) : `(${parts.join(connector)})`;
  if (!isNegated) return joined;
  return parts.length === 1 && (joined.startsWith("(") || /^"[^"]+"$/.test(joined))
    ? `NOT ${joined}`
    : `NOT (${joined})`;
}

const COMPARISONS: Readonly<Record<string, string>> = { exact: "=", gt: ">", gte: ">=", lt: "<", lte: "<=" };

function lookupSql(path: string, value: Expression, columns: ColumnLookup, negated: boolean): string | null {
  const parts = path.split("__");
  const column = columns.column(parts[0] ?? "");
  if (column === null || parts.length > 2) return null;
  const left = quoteName(column);
  const lookup = parts[1] ?? "exact";
  if (lookup === "isnull") {
    const yes = booleanValue(value);
    return yes === null ? null : `${left} IS ${yes ? "" : "NOT "}NULL`;
  }
  if (lookup === "in") {
    const items = listItems(value)?.map((item) => valueSql(item, columns.column));
    return items && items.length > 0 && !items.includes(null) ? `${left} IN (${items.join(", ")})` : null;
  }
  if (lookup === "range") {
    const [low, high] = listItems(value)?.map((item) => valueSql(item, columns.column)) ?? [];
    return low && high ? `${left} BETWEEN ${low} AND ${high}` : null;
  }
  const operator = COMPARISONS[lookup];
  if (!operator) return null;
  if (operator === "=" && isNone(value)) return `${left} IS NULL`;
  const yes = booleanValue(value);
  if (operator === "=" && yes !== null) return yes ? left : `NOT ${left}`;
  const right = valueSql(value, columns.column);
  if (!right) return null;
  // Under NOT a NULL would make the whole unknown: Django rules it out.
  const isKnown = negated && columns.nullable(parts[0] ?? "") ? ` AND ${left} IS NOT NULL` : "";
  return isKnown === "" ? `${left} ${operator} ${right}` : `(${left} ${operator} ${right}${isKnown})`;
}

function valueSql(value: Expression, columnOf: ColumnLookup["column"]): string | null {
  const literal = literalSql(value);
  if (literal !== null) return literal;
  if (value.k === "binary" && value.left && /^[-+*/]$/.test(value.op)) {
    const left = valueSql(value.left, columnOf);
    const right = valueSql(value.right, columnOf);
    return left && right ? `(${left} ${value.op} ${right})` : null;
  }
  if (value.k !== "call") return null;
  const [first] = positionalArguments(value);
  if (calledName(value) === "F" && first) {
    const column = columnOf(stringValue(first) ?? "");
    return column && `(${quoteName(column)})`;
  }
  return calledName(value) === "Value" && first ? valueSql(first, columnOf) : null;
}

/** A constant as a literal of PostgreSQL; null when it is none. */
export function literalSql(value: Expression): string | null {
  const text = stringValue(value);
  if (text !== null) return quoteText(text);
  if (value.k === "number") return value.value.replaceAll("_", "");
  const number = numberValue(value);
  if (number !== null) return String(number);
  if (isNone(value)) return "NULL";
  const yes = booleanValue(value);
  if (yes !== null) return yes ? "true" : "false";
  if (value.k === "call" && calledName(value) === "Decimal") {
    const [first] = positionalArguments(value);
    return first ? quoteText(stringValue(first) ?? render(first)) : null;
  }
  return null;
}

const FUNCTIONS: Readonly<Record<string, string>> = {
  Lower: "LOWER",
  Upper: "UPPER",
  Length: "LENGTH",
  Trim: "TRIM",
  Abs: "ABS",
  MD5: "MD5",
  Coalesce: "COALESCE",
};

/** An index expression as PostgreSQL, in the parentheses that an index needs; null where a function is not a plain one. */
export function indexExpressionSql(expression: Expression, columnOf: ColumnLookup["column"]): string | null {
  const text = stringValue(expression);
  if (text !== null) {
    const column = columnOf(text.replace(/^-/, ""));
    return column && `${quoteName(column)}${text.startsWith("-") ? " DESC" : ""}`;
  }
  if (expression.k !== "call") return null;
  const [first] = positionalArguments(expression);
  if (expression.callee.k === "member" && /^(asc|desc)$/.test(expression.callee.name)) {
    const inner = indexExpressionSql(expression.callee.of, columnOf);
    const nulls = argumentOf(expression, "nulls_last")
      ? " NULLS LAST"
      : argumentOf(expression, "nulls_first")
        ? " NULLS FIRST"
        : "";
    return inner && `${inner}${expression.callee.name === "desc" ? " DESC" : ""}${nulls}`;
  }
  const called = calledName(expression) ?? "";
  if (called === "F") return first ? indexExpressionSql(first, columnOf) : null;
  if (called === "OpClass" && first) {
    const inner = indexExpressionSql(first, columnOf);
    const opclass =
      stringValue(argumentOf(expression, "name")) ?? stringValue(positionalArguments(expression)[1] ?? null);
    return inner && opclass ? `${inner} ${opclass}` : null;
  }
  const inner = functionSql(expression, columnOf);
  return inner && `(${inner})`;
}

function functionSql(expression: Expression, columnOf: ColumnLookup["column"]): string | null {
  if (expression.k !== "call") return null;
  const name = FUNCTIONS[calledName(expression) ?? ""];
  if (!name) return null;
  const args = positionalArguments(expression).map((argument) => {
    const field = stringValue(argument);
    const column = field === null ? null : columnOf(field);
    if (field !== null) return column && quoteName(column);
    return functionSql(argument, columnOf) ?? valueSql(argument, columnOf);
  });
  return args.length > 0 && !args.includes(null) ? `${name}(${args.join(", ")})` : null;
}
