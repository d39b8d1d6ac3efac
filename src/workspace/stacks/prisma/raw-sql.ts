import { dottedName, type Expression } from "../../languages/expression.ts";
import type { TypeScriptModule } from "../../languages/typescript/module.ts";
import type { RawCall } from "./facts.ts";

type RawText = Pick<RawCall, "pieces" | "approximate">;
type Tagged = Extract<Expression, { k: "tagged" }>;

/** SQL of a `$queryRaw` or `$executeRaw` call, with a gap for every value. */
export function rawSql(module: TypeScriptModule, expression: Expression, scope: number): RawText {
  if (expression.k === "tagged") return fromTagged(module, expression, scope);
  if (expression.k !== "call") return { pieces: null, approximate: "not a call" };
  const argument = expression.args[0]?.value;
  if (!argument) return { pieces: null, approximate: "without an argument" };
  if (argument.k === "tagged" && isSqlTag(argument.tag)) return fromTagged(module, argument, scope);
  const fragment = argument.k === "name" ? localSql(module, argument.value, scope) : null;
  if (fragment) return fromTagged(module, fragment, scope);
  return fromText(module, argument, scope);
}

function isSqlTag(tag: Expression): boolean {
  return dottedName(tag) === "Prisma.sql" || dottedName(tag) === "sql";
}

/** The `Prisma.sql` template that a name stands for, as the last assignment before in the same function says. */
function localSql(module: TypeScriptModule, name: string, scope: number): Tagged | null {
  const found = module.assignments.findLast(
    (assignment) => assignment.target === name && (assignment.scope === scope || assignment.scope === -1),
  );
  return found?.value.k === "tagged" && isSqlTag(found.value.tag) ? found.value : null;
}

function fromTagged(module: TypeScriptModule, tagged: Tagged, scope: number): RawText {
  const pieces: string[] = [];
  let current = tagged.strings[0] ?? "";
  let approximate: string | null = null;
  tagged.values.forEach((value, index) => {
    const fragment =
      value.k === "tagged" ? value : value.k === "name" ? localSql(module, value.value, scope) : null;
    const rest = tagged.strings[index + 1] ?? "";
    if (fragment && isSqlTag(fragment.tag)) {
      const inner = fromTagged(module, fragment, scope);
      approximate ??= inner.approximate;
      const [first = "", ...others] = inner.pieces ?? [];
      current += first;
      for (const other of others) {
        pieces.push(current);
        current = other;
      }
      current += rest;
      return;
    }
    approximate ??= uncertainty(module, value, scope);
    pieces.push(current);
    current = rest;
  });
  return { pieces: [...pieces, current], approximate };
}

/** Why a value of a template may be more than one value; null for an ordinary one. */
function uncertainty(module: TypeScriptModule, value: Expression, scope: number): string | null {
  const callee = value.k === "call" ? dottedName(value.callee) : dottedName(value);
  if (callee === "Prisma.join" || callee === "join") return "a list of values joined at run time";
  if (callee === "Prisma.raw" || callee === "raw") return "a piece of SQL known only at run time";
  if (value.k === "other" && /\bPrisma\.(?:sql|empty|raw|join)\b/.test(value.text)) {
    return "a piece of SQL that depends on a condition";
  }
  if (value.k === "name") {
    const found = module.assignments.findLast(
      (assignment) =>
        assignment.target === value.value && (assignment.scope === scope || assignment.scope === -1),
    );
    if (
      found &&
      found.value.k !== "tagged" &&
      /\bPrisma\.(?:sql|empty|raw|join)\b/.test(module.lines.slice(found.span))
    ) {
      return `a piece of SQL in \`${value.value}\``;
    }
  }
  return null;
}

function fromText(module: TypeScriptModule, value: Expression, scope: number): RawText {
  const parts = textParts(module, value, scope);
  if (!parts) return { pieces: null, approximate: `the SQL is ${shown(value)}, not written out` };
  const open = parts.find((part) => part.k !== "string");
  const pieces: string[] = [""];
  for (const part of parts) {
    if (part.k === "string") pieces[pieces.length - 1] += part.value;
    else pieces.push("");
  }
  return { pieces, approximate: open ? `the SQL is put together with ${shown(open)}` : null };
}

/** The pieces of a text that is put together; null when none of it is written out. */
function textParts(module: TypeScriptModule, value: Expression, scope: number): readonly Expression[] | null {
  if (value.k === "string") return [value];
  if (value.k === "template") return value.parts ?? null;
  if (value.k === "binary" && value.op === "+" && value.left) {
    const left = textParts(module, value.left, scope);
    const right = textParts(module, value.right, scope);
    return left || right ? [...(left ?? [value.left]), ...(right ?? [value.right])] : null;
  }
  if (value.k !== "name") return null;
  const found = module.assignments.filter(
    (assignment) =>
      assignment.target === value.value && (assignment.scope === scope || assignment.scope === -1),
  );
  const only = found.length === 1 ? found[0]?.value : undefined;
  return only && only.k !== "name" ? textParts(module, only, scope) : null;
}

function shown(value: Expression): string {
  const name = dottedName(value.k === "call" ? value.callee : value);
  return name === null ? "an expression" : `\`${name}\``;
}
