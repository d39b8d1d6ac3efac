import { hashText } from "../../hash.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { compact } from "../../languages/typescript/compact-expression.ts";
import type {
  TypeScriptClass,
  TypeScriptFunction,
  TypeScriptModule,
} from "../../languages/typescript/module.ts";
import type { MigrationFact, StepFact } from "./facts.ts";

/** Classes that implement `MigrationInterface`, with what they ask of the query runner. */
export function migrationsIn(module: TypeScriptModule): readonly MigrationFact[] {
  return module.classes.filter(isMigration).map((entry) => {
    const method = (name: string) => entry.methods.find((candidate) => candidate.name === name);
    const property = (name: string) => entry.properties.find((candidate) => candidate.name === name)?.value;
    const down = method("down");
    const name = property("name");
    const transaction = property("transaction");
    return {
      className: entry.name,
      name: name?.k === "string" ? name.value : null,
      transaction: !(transaction?.k === "name" && transaction.value === "false"),
      up: stepsIn(module, method("up")),
      down: down ? stepsIn(module, down) : null,
      nameSpan: entry.nameSpan,
      span: entry.span,
      hash: hashText(module.lines.slice(entry.span)),
    };
  });
}

/** JavaScript has no `implements`: there the form of the class has to do. */
function isMigration(entry: TypeScriptClass): boolean {
  if (entry.implements.some((name) => /\bMigrationInterface$/.test(name))) return true;
  const up = entry.methods.find(({ name }) => name === "up");
  return /\d{13}$/.test(entry.name) && up?.parameters[0]?.name === "queryRunner";
}

const DEPTH = 3;
const VARIANTS: readonly (readonly [RegExp, NonNullable<StepFact["variant"]>])[] = [
  [/postgres/i, "postgresql"],
  [/sqlite/i, "sqlite"],
  [/mysql|maria/i, "mysql"],
];

/** What a method asks of its query runner, with what it has done by other methods and functions of the file. */
function stepsIn(
  module: TypeScriptModule,
  method: TypeScriptFunction | undefined,
  variant: StepFact["variant"] = null,
  depth = 0,
): readonly StepFact[] {
  const runner = method?.parameters[0]?.name;
  if (!method || runner === undefined) return [];
  const own = module.functions.indexOf(method);
  return module.calls.flatMap(({ expression, scope }): readonly StepFact[] => {
    if (expression.k !== "call" || !isWithin(module, scope, own)) return [];
    const text = module.lines.slice(expression.span);
    const base = { text, span: expression.span, hash: hashText(text), variant };
    const callee = dottedName(expression.callee) ?? "";
    if (expression.callee.k === "member" && dottedName(expression.callee.of) === runner) {
      const { name } = expression.callee;
      if (LOOKS.test(name) || /^(?:connect|release|\w+Transaction)$/.test(name)) return [];
      const [first] = expression.args.map(({ value }) => value);
      const read = name === "query" && first ? sqlOf(module, first, scope) : UNKNOWN;
      const args = name === "query" ? [] : expression.args.map(({ value }) => compact(value));
      return [{ ...base, ...read, method: name, args }];
    }
    // `queryRunner.manager.save(…)`: rows are written that the source does not tell.
    const step = { ...base, ...UNKNOWN, method: callee, args: [] };
    if (callee.startsWith(`${runner}.manager.`)) return [step];
    if (!expression.args.some(({ value }) => dottedName(value) === runner)) return [];
    const helper = depth < DEPTH ? helperNamed(module, method, callee) : undefined;
    const last = callee.slice(callee.lastIndexOf(".") + 1);
    if (!helper) return LOOKS.test(last) ? [] : [step];
    const named = VARIANTS.find(([pattern]) => pattern.test(last))?.[1] ?? variant;
    return stepsIn(module, helper, named, depth + 1);
  });
}

/** What only looks at the database. */
const LOOKS = /^(?:has|get|is|find)[A-Z]/;
const UNKNOWN = { sql: null, approximate: null };

/** `this.createIndexes(queryRunner)`, `addColumns(queryRunner)`. */
function helperNamed(
  module: TypeScriptModule,
  method: TypeScriptFunction,
  callee: string,
): TypeScriptFunction | undefined {
  const owner = method.path?.split(".")[0] ?? "";
  const path = callee.startsWith("this.") ? `${owner}.${callee.slice("this.".length)}` : callee;
  return module.functions.find((entry) => entry.path === path && entry !== method);
}

function isWithin(module: TypeScriptModule, scope: number, own: number): boolean {
  for (let at = scope; at >= 0; at = module.functions[at]?.scope ?? -1) if (at === own) return true;
  return false;
}

/** The SQL of an argument; values that are put into it stand as `${name}`. */
function sqlOf(
  module: TypeScriptModule,
  value: Expression,
  scope: number,
  depth = 0,
): { readonly sql: string | null; readonly approximate: string | null } {
  if (value.k === "string") return { sql: value.value, approximate: null };
  const parts =
    value.k === "template"
      ? value.parts
      : value.k === "binary" && value.op === "+" && value.left
        ? [value.left, value.right]
        : null;
  if (parts && depth < 8) {
    const read = parts.map((part) => ({ part, ...sqlOf(module, part, scope, depth + 1) }));
    const open = read.find(({ sql }) => sql === null)?.part;
    return {
      sql: read.map(({ part, sql }) => sql ?? `\${${dottedName(part) ?? "…"}}`).join(""),
      approximate: open ? `the SQL is put together with \`${dottedName(open) ?? "an expression"}\`` : null,
    };
  }
  if (value.k === "name" && depth < 8) {
    const found = module.assignments.filter(
      (assignment) =>
        assignment.target === value.value &&
        (assignment.scope === -1 || isWithin(module, scope, assignment.scope)),
    );
    const [only] = found;
    if (only && found.length === 1) return sqlOf(module, only.value, scope, depth + 1);
  }
  return { sql: null, approximate: "the SQL is not written out" };
}
