import { dottedName, type Expression } from "../../languages/expression.ts";
import { LineIndex } from "../../languages/line-index.ts";
import type { ParsedFile } from "../../languages/parsed-file.ts";
import { readFormatted } from "../../languages/python/formatted-string.ts";
import type {
  PythonAssignment,
  PythonClass,
  PythonFunction,
  PythonModule,
} from "../../languages/python/module.ts";
import {
  addEvidence,
  type DialectEvidence,
  dialectEvidence,
  evidenceFor,
  type KnownDialect,
  NO_EVIDENCE,
} from "../../languages/sql/dialect.ts";
import type { CodeFacts, LiteralFacts } from "./facts.ts";
import { LiteralReader } from "./literal-reader.ts";
import type { Constants } from "./text-constants.ts";

const DRIVERS: Readonly<Record<string, KnownDialect>> = {
  psycopg: "postgresql",
  psycopg2: "postgresql",
  psycopg_pool: "postgresql",
  asyncpg: "postgresql",
  pg8000: "postgresql",
  aiopg: "postgresql",
  pymysql: "mysql",
  MySQLdb: "mysql",
  aiomysql: "mysql",
  asyncmy: "mysql",
  sqlite3: "sqlite",
  aiosqlite: "sqlite",
};

const CALLS =
  /^(?:execute|executemany|executescript|execute_sql|run_sql|exec_driver_sql|fetch|fetchrow|fetchval|fetch_all|fetch_one|fetch_val|iterate|mogrify|copy_expert|read_sql|read_sql_query|text|SQL|prepare|raw|query|scalar|scalars|cursor|stream)$/;
/** SQL in the strings of a Python file, and the drivers it imports. */
export function extractPython(file: ParsedFile): CodeFacts | null {
  const module = file.python();
  if (!module) return null;
  const walk = new PythonWalk(file.text);
  if (!isMigration(module)) walk.visitModule(module);
  const literals = walk.reader.literals;
  const drivers = driverEvidence(module);
  if (literals.length === 0 && drivers === NO_EVIDENCE) return null;
  return { k: "code", evidence: addEvidence(drivers, evidenceIn(literals)), literals };
}

/** Django's and Alembic's migrations: their own readers tell what SQL they run. */
function isMigration(module: PythonModule): boolean {
  return module.imports.some(
    ({ module: from, name }) =>
      (from === "django.db" && name === "migrations") ||
      (from === "alembic" && name === "op") ||
      from === "alembic.op",
  );
}

export function evidenceIn(literals: readonly LiteralFacts[]): DialectEvidence {
  return literals.length === 0 ? NO_EVIDENCE : dialectEvidence(literals.map(({ sql }) => sql).join(";\n"));
}

function driverEvidence(module: PythonModule): DialectEvidence {
  let evidence = NO_EVIDENCE;
  for (const name of new Set(module.imports.map((found) => found.module.split(".")[0] ?? ""))) {
    const dialect = DRIVERS[name];
    if (dialect) evidence = addEvidence(evidence, evidenceFor(dialect, 4));
  }
  return evidence;
}

class PythonWalk {
  readonly reader: LiteralReader;
  readonly #lines: LineIndex;
  readonly #moduleValues = new Map<string, Expression>();
  #localValues = new Map<string, Expression>();

  constructor(text: string) {
    this.#lines = new LineIndex(text);
    const constants: Constants = {
      valueOf: (name) => this.#localValues.get(name) ?? this.#moduleValues.get(name) ?? null,
      textOf: (expression) => this.#lines.slice(expression.span),
      templateParts: (template) => readFormatted(template.value),
    };
    this.reader = new LiteralReader(this.#lines, constants);
  }

  visitModule(module: PythonModule): void {
    this.#learn(module.assignments, this.#moduleValues);
    for (const found of module.classes) this.#learnClass(found);
    this.#calls(module.calls, null);
    for (const found of module.functions) this.#visitFunction(found, "");
    for (const found of module.classes) this.#visitClass(found, "");
    this.#localValues = new Map();
    this.#assignments(module.assignments, null);
    for (const found of module.classes) this.#classConstants(found);
    for (const found of module.functions) this.#leftovers(found, "");
  }

  #learnClass(found: PythonClass): void {
    this.#learn(found.assignments, this.#moduleValues);
    for (const { target, value } of found.assignments) {
      if (value) this.#moduleValues.set(`${found.name}.${target}`, value);
    }
  }

  #learn(assignments: readonly PythonAssignment[], values: Map<string, Expression>): void {
    for (const { target, value, operator } of assignments) {
      if (!value) continue;
      const before = operator === "+=" ? values.get(target) : undefined;
      values.set(
        target,
        before ? { k: "binary", op: "+", left: before, right: value, span: value.span } : value,
      );
    }
  }

  #visitClass(found: PythonClass, prefix: string): void {
    for (const method of found.methods) this.#visitFunction(method, `${prefix}${found.name}.`);
    for (const inner of found.classes) this.#visitClass(inner, `${prefix}${found.name}.`);
  }

  #visitFunction(found: PythonFunction, prefix: string): void {
    this.#localValues = new Map();
    // A parameter hides a constant of the same name.
    this.#learn(found.assignments, this.#localValues);
    this.#calls(found.calls, prefix + found.name);
  }

  #calls(calls: readonly Expression[], within: string | null): void {
    for (const call of calls) this.#expression(call, within);
  }

  #expression(expression: Expression, within: string | null): void {
    switch (expression.k) {
      case "call": {
        if (this.#call(expression, within)) return;
        this.#expression(expression.callee, within);
        for (const { value } of expression.args) this.#expression(value, within);
        return;
      }
      case "member":
        this.#expression(expression.of, within);
        return;
      case "list":
        for (const item of expression.items) this.#expression(item, within);
        return;
      case "dict":
        for (const [, value] of expression.entries) this.#expression(value, within);
        return;
      case "binary":
        if (expression.left) this.#expression(expression.left, within);
        this.#expression(expression.right, within);
        return;
      case "subscript":
        this.#expression(expression.of, within);
        return;
      default:
        return;
    }
  }

  #call(call: Extract<Expression, { k: "call" }>, within: string | null): boolean {
    const callee = dottedName(call.callee);
    const name = call.callee.k === "member" ? call.callee.name : (callee ?? "");
    if (!CALLS.test(name)) return false;
    const argument =
      call.args.find((found) => found.name === null)?.value ??
      call.args.find((found) => found.name !== null && /^(?:query|sql|statement|operation)$/.test(found.name))
        ?.value;
    return argument !== undefined && this.reader.readCall(call, name, argument, within);
  }

  #classConstants(found: PythonClass): void {
    this.#assignments(found.assignments, found.name);
    for (const method of found.methods) this.#leftovers(method, `${found.name}.`);
    for (const inner of found.classes) this.#classConstants(inner);
  }

  #leftovers(found: PythonFunction, prefix: string): void {
    this.#localValues = new Map();
    this.#learn(found.assignments, this.#localValues);
    const within = prefix + found.name;
    this.#assignments(found.assignments, within);
    for (const value of found.returned) this.reader.readConstant("return", value, value.span, within);
  }

  #assignments(assignments: readonly PythonAssignment[], within: string | null): void {
    for (const { target, value, span } of assignments) {
      if (value) this.reader.readConstant(target, value, span, within);
    }
  }
}
