import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ParsedFile } from "../../languages/parsed-file.ts";
import {
  addEvidence,
  type DialectEvidence,
  evidenceFor,
  type KnownDialect,
  NO_EVIDENCE,
} from "../../languages/sql/dialect.ts";
import type { TypeScriptCall, TypeScriptModule } from "../../languages/typescript/module.ts";
import { hintInCode } from "./extract-hint.ts";
import { evidenceIn } from "./extract-python.ts";
import type { CodeFacts, HintFacts } from "./facts.ts";
import { LiteralReader } from "./literal-reader.ts";
import type { Constants } from "./text-constants.ts";

const DRIVERS: readonly (readonly [RegExp, KnownDialect])[] = [
  [
    /^(?:pg|pg-promise|pg-pool|postgres|slonik|@vercel\/postgres|@neondatabase\/serverless|@electric-sql\/pglite|drizzle-orm\/(?:pg-core|node-postgres|postgres-js|neon-.*|pglite))$/,
    "postgresql",
  ],
  [
    /^(?:mysql2?(?:\/promise)?|mariadb|@planetscale\/database|drizzle-orm\/(?:mysql-core|mysql2|planetscale-serverless))$/,
    "mysql",
  ],
  [
    /^(?:better-sqlite3|sqlite3?|node:sqlite|bun:sqlite|@libsql\/client|drizzle-orm\/(?:sqlite-core|better-sqlite3|libsql|d1|bun-sqlite))$/,
    "sqlite",
  ],
];

/** Methods that take nothing but SQL. */
const SQL_CALLS =
  /^(?:query|execute|raw|unsafe|prepare|exec|queryRaw|executeRaw|queryRawUnsafe|executeRawUnsafe|\$queryRawUnsafe|\$executeRawUnsafe|executeSql|runSql|multipleStatements)$/;
/** Methods that take SQL in some libraries and other texts in others. */
const OTHER_CALLS =
  /^(?:run|get|all|each|any|one|oneOrNone|many|manyOrNone|oneFirst|maybeOne|none|result|stream|sql|select|batch|QueryStream|Query)$/;
const SQL_TAG = /(?:^|\.)(?:sql|SQL|\$queryRaw|\$executeRaw|raw|query|pgsql|type|unsafe)$/;

/** SQL in the strings and templates of a TypeScript or JavaScript file, and the drivers it imports. */
export function extractTypeScript(file: ParsedFile): CodeFacts | HintFacts | null {
  const hint = hintInCode(file.uri, file.text);
  const module = file.typescript();
  if (!module) return hint;
  const reader = readModule(module);
  const drivers = addEvidence(driverEvidence(module), hint?.evidence ?? NO_EVIDENCE);
  if (reader.literals.length === 0) {
    return drivers.some((score) => score > 0) ? { k: "hint", evidence: drivers } : null;
  }
  return {
    k: "code",
    evidence: addEvidence(drivers, evidenceIn(reader.literals)),
    literals: reader.literals,
  };
}

function driverEvidence(module: TypeScriptModule): DialectEvidence {
  let evidence = NO_EVIDENCE;
  for (const name of new Set(module.imports.map((found) => found.module))) {
    const dialect = DRIVERS.find(([pattern]) => pattern.test(name))?.[1];
    if (dialect) evidence = addEvidence(evidence, evidenceFor(dialect, 4));
  }
  return evidence;
}

function readModule(module: TypeScriptModule): LiteralReader {
  const values = new ScopedValues(module);
  const constants: Constants = {
    valueOf: (name) => values.find(name),
    textOf: (expression) => module.lines.slice(expression.span),
    templateParts: (template) => template.parts ?? [],
  };
  const reader = new LiteralReader(module.lines, constants);
  const consumed = new Set<string>();
  // From the outside in: a template inside of a call, or of another template, is a part of it.
  for (const call of [...module.calls].reverse()) {
    if (consumed.has(call.expression.span.join(":"))) continue;
    values.scope = call.scope;
    if (readOne(reader, call)) consumeTemplates(call.expression, values, consumed);
  }
  reader.literals.reverse();
  for (const { target, value, span, scope } of module.assignments) {
    values.scope = scope;
    if (value.k === "tagged" || value.k === "call") continue;
    reader.readConstant(target, value, span, module.functions[scope]?.within ?? null);
  }
  for (const found of module.classes) {
    for (const { name, value, span } of found.properties) {
      values.scope = -1;
      if (value && value.k !== "tagged" && value.k !== "call")
        reader.readConstant(name, value, span, found.name);
    }
  }
  module.functions.forEach((found, scope) => {
    values.scope = scope;
    for (const value of found.returned) {
      if (value.k === "string" || value.k === "template")
        reader.readConstant("return", value, value.span, found.within);
    }
  });
  return reader;
}

function readOne(reader: LiteralReader, { expression, within }: TypeScriptCall): boolean {
  if (expression.k === "tagged") {
    const tag = dottedName(expression.tag) ?? calledName(expression.tag);
    return reader.readCall(
      expression,
      tag.slice(tag.lastIndexOf(".") + 1) || "template",
      expression,
      within,
      SQL_TAG.test(tag),
    );
  }
  const name = calledName(expression.callee);
  const certain = SQL_CALLS.test(name);
  if (!certain && !OTHER_CALLS.test(name)) return false;
  const argument = expression.args[0]?.value;
  const text = argument?.k === "dict" ? textEntry(argument) : argument;
  return text !== undefined && reader.readCall(expression, name, text, within, certain);
}

/** `{text: "…", values: […]}`, mysql2's `{sql: "…"}`. */
function textEntry(dict: Extract<Expression, { k: "dict" }>): Expression | undefined {
  return dict.entries.find(([key]) => key.k === "string" && /^(?:text|sql|query)$/.test(key.value))?.[1];
}

function calledName(callee: Expression): string {
  if (callee.k === "member") return callee.name;
  if (callee.k === "name") return callee.value;
  if (callee.k === "call") return calledName(callee.callee);
  return "";
}

/** Templates inside of an expression that was read as a whole, fragments that it uses by name included. */
function consumeTemplates(
  expression: Expression,
  values: ScopedValues,
  consumed: Set<string>,
  depth = 0,
): void {
  if (depth > 12) return;
  const inner = (part: Expression) => consumeTemplates(part, values, consumed, depth + 1);
  if (expression.k === "tagged") {
    consumed.add(expression.span.join(":"));
    for (const value of expression.values) inner(value);
  } else if (expression.k === "call") {
    consumed.add(expression.span.join(":"));
    for (const { value } of expression.args) inner(value);
  } else if (expression.k === "dict") {
    for (const [, value] of expression.entries) inner(value);
  } else if (expression.k === "name") {
    const value = values.find(expression.value);
    if (value?.k === "tagged") inner(value);
  }
}

/** What names stand for at a place: the assignment in the nearest function around it, when there is only one. */
class ScopedValues {
  scope = -1;
  readonly #module: TypeScriptModule;
  readonly #byName = new Map<string, { readonly scope: number; readonly value: Expression }[]>();

  constructor(module: TypeScriptModule) {
    this.#module = module;
    for (const { target, value, scope } of module.assignments) {
      const list = this.#byName.get(target) ?? [];
      this.#byName.set(target, list);
      list.push({ scope, value });
    }
    for (const { properties } of module.classes) {
      for (const { name, value } of properties) if (value) this.#byName.set(name, [{ scope: -1, value }]);
    }
  }

  find(name: string): Expression | null {
    const found = this.#byName.get(name);
    if (!found) return null;
    for (let scope = this.scope; ; scope = this.#module.functions[scope]?.scope ?? -1) {
      const here = found.filter((candidate) => candidate.scope === scope);
      if (here.length > 0) return here.length === 1 ? (here[0]?.value ?? null) : null;
      if (scope === -1) return null;
    }
  }
}
