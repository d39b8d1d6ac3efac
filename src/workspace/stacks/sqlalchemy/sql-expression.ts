import { dottedName, type Expression } from "../../languages/expression.ts";
import { calledName, numberValue, positionalArguments, render } from "../../languages/python/expressions.ts";

const OPERATORS: Readonly<Record<string, string>> = {
  "==": "=",
  "!=": "!=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
  "+": "+",
  "-": "-",
  "*": "*",
  "/": "/",
  "&": "AND",
  "|": "OR",
};

/** An SQL expression in Python as SQL; null where it is not one that is known here. */
export function sqlOf(expression: Expression, column: (name: string) => string | null): string | null {
  switch (expression.k) {
    case "string":
      return `'${expression.value.replaceAll("'", "''")}'`;
    case "number":
      return expression.value;
    case "name":
      if (/^(True|False)$/.test(expression.value)) return expression.value.toLowerCase();
      return expression.value === "None" ? "NULL" : column(expression.value);
    case "member":
      return column(expression.name);
    case "binary": {
      if (!expression.left) {
        const right = sqlOf(expression.right, column);
        return right && (/^(~|not)$/.test(expression.op) ? `NOT (${right})` : `${expression.op}${right}`);
      }
      const operator = OPERATORS[expression.op];
      const left = sqlOf(expression.left, column);
      const right = sqlOf(expression.right, column);
      if (!operator || left === null || right === null) return null;
      if (right === "NULL") return `${left} IS ${operator === "=" ? "" : "NOT "}NULL`;
      return `${left} ${operator} ${right}`;
    }
    case "call":
      return callOf(expression, column);
    case "list": {
      const items = expression.items.map((item) => sqlOf(item, column));
      return items.every((item) => item !== null) ? `(${items.join(", ")})` : null;
    }
    default:
      return null;
  }
}

function callOf(
  call: Extract<Expression, { k: "call" }>,
  column: (name: string) => string | null,
): string | null {
  const name = calledName(call) ?? "";
  const values = positionalArguments(call);
  const [first] = values;
  if (/^(text|literal_column)$/.test(name)) return first?.k === "string" ? first.value : null;
  if (name === "column" && first?.k === "string") return first.value;
  if (/^(and_|or_)$/.test(name)) {
    const parts = values.map((value) => sqlOf(value, column));
    return parts.every((part) => part !== null) ? parts.join(name === "and_" ? " AND " : " OR ") : null;
  }
  if (name === "not_" && first) {
    const inner = sqlOf(first, column);
    return inner && `NOT (${inner})`;
  }
  if (/^(true|false|null)$/.test(name)) return name === "null" ? "NULL" : name;
  if (call.callee.k !== "member") return null;
  const { of } = call.callee;
  const called = dottedName(of);
  // `func.lower(x)`, `sa.func.now()`.
  if (called !== null && /(^|\.)func$/.test(called)) {
    const parts = values.map((value) => sqlOf(value, column));
    return parts.every((part) => part !== null) ? `${name}(${parts.join(", ")})` : null;
  }
  const left = sqlOf(of, column);
  if (left === null) return null;
  const right = first ? sqlOf(first, column) : null;
  switch (name) {
    case "is_":
    case "isnot":
    case "is_not":
      return right && `${left} IS ${name === "is_" ? "" : "NOT "}${right}`;
    case "in_":
    case "notin_":
    case "not_in":
      return right && `${left} ${name === "in_" ? "IN" : "NOT IN"} ${right}`;
    case "desc":
    case "asc":
      return `${left} ${name.toUpperCase()}`;
    case "nullslast":
    case "nulls_last":
      return `${left} NULLS LAST`;
    case "nullsfirst":
    case "nulls_first":
      return `${left} NULLS FIRST`;
    case "like":
    case "ilike":
      return right && `${left} ${name.toUpperCase()} ${right}`;
    default:
      return null;
  }
}

/** A server default as SQL: text as written, a string as a literal; null when it is computed. */
export function serverDefault(expression: Expression): string | null {
  if (expression.k === "string") return `'${expression.value.replaceAll("'", "''")}'`;
  if (expression.k === "call" && calledName(expression) === "FetchedValue") return null;
  const sql = sqlOf(expression, () => null);
  // SQLAlchemy writes the functions without arguments of the standard as keywords.
  return (
    sql?.replace(/^(current_timestamp|current_date|current_time|localtimestamp)\(\)$/i, (all) =>
      all.slice(0, -2).toUpperCase(),
    ) ?? null
  );
}

/** A value as it is written in Python; null when it is computed. */
export function literalText(expression: Expression): string | null {
  if (expression.k === "string" || expression.k === "number") return render(expression);
  if (expression.k === "name" && /^(True|False|None)$/.test(expression.value)) return expression.value;
  if (numberValue(expression) !== null) return render(expression);
  if ((expression.k === "list" || expression.k === "dict") && !/\(/.test(render(expression)))
    return render(expression);
  return expression.k === "call" && /^(Decimal|date|timedelta|UUID)$/.test(calledName(expression) ?? "")
    ? render(expression)
    : null;
}
