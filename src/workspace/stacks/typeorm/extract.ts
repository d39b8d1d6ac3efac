import { hashText } from "../../hash.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { compact } from "../../languages/typescript/compact-expression.ts";
import type { TypeScriptClass, TypeScriptModule } from "../../languages/typescript/module.ts";
import { moduleValues } from "../../languages/typescript/module-values.ts";
import { namesFromWorkspace, usesOf } from "../../languages/typescript/name-uses.ts";
import { dictOf } from "../../languages/typescript/value-table.ts";
import { isInside, type Span } from "../../source.ts";
import { migrationsIn } from "./extract-migrations.ts";
import { queriesIn } from "./extract-queries.ts";
import type { ClassFact, CodeFact, SchemaEntry, SchemaFact } from "./facts.ts";

const DRIVER =
  /\btype\s*:\s*["'`](postgres|cockroachdb|mysql|mariadb|aurora-mysql|aurora-postgres|sqlite|better-sqlite3|sqljs|expo|capacitor|mssql|oracle|mongodb)["'`]/g;

/** What a file has of entities, repositories, migrations and data sources; null when it has nothing of them. */
export function extractCode(module: TypeScriptModule, text: string): CodeFact | null {
  const isOurs = /typeorm/i.test(text);
  const classes = module.classes.filter(mayMatter).map((entry) => classFact(module, entry));
  const schemas = isOurs ? schemasIn(module) : [];
  const migrations = isOurs ? migrationsIn(module) : [];
  const inMigrations = (span: Span) => migrations.some((migration) => isInside(span, migration.span));
  const queries = queriesIn(module).filter(({ span }) => !inMigrations(span));
  const passesOn = module.exports.some((entry) => entry.module !== null);
  const driver = isOurs ? driverIn(text) : null;
  const naming = /\bnamingStrategy\s*:\s*(?:new\s+)?([\w$]+)/.exec(text)?.[1] ?? null;
  // Values and, where TypeORM is at hand, functions: decorators may be made of its own.
  const holdsValues =
    module.enums.length > 0 ||
    module.assignments.some(({ scope }) => scope === -1) ||
    (isOurs && module.functions.some(({ scope }) => scope === -1));
  const isEmpty =
    classes.length === 0 && schemas.length === 0 && migrations.length === 0 && queries.length === 0;
  if (isEmpty && !passesOn && driver === null && naming === null && !holdsValues) return null;
  const declares = schemas.length > 0 || classes.some(({ properties }) => properties.some(hasDecorators));
  const arrows = new Set(declares ? shortArrows(module) : []);
  const values = moduleValues(module, { depth: declares ? 10 : 3 }, (span) => arrows.has(span.join()));
  return {
    kind: "code",
    values: { ...values, values: [...values.values, ...typeAliases(text)] },
    classes,
    schemas,
    queries,
    uses: usesIn(module, inMigrations),
    migrations,
    driver,
    naming,
    entityPrefix: isOurs ? (/\bentityPrefix\s*:\s*["'`](\w+)["'`]/.exec(text)?.[1] ?? null) : null,
  };
}

/** Of several drivers, one for each place it runs in, PostgreSQL: what it can do, the others mostly can too. */
function driverIn(text: string): string | null {
  const named = [...text.matchAll(DRIVER)].map((match) => match[1] ?? "");
  return named.find((name) => name === "postgres") ?? named[0] ?? null;
}

function hasDecorators(property: { readonly decorators: readonly Expression[] }): boolean {
  return property.decorators.length > 0;
}

/** `type State = "open" | "closed"`: what a column of that type holds. */
function typeAliases(text: string): readonly (readonly [string, Expression])[] {
  const pattern =
    /(?:^|\n)\s*(?:export\s+)?type\s+(\w+)\s*=\s*\|?\s*((?:["'`][^"'`\n]*["'`]|-?\d+|string|number|boolean)(?:\s*\|\s*(?:["'`][^"'`\n]*["'`]|-?\d+|null|undefined))*)\s*;?[ \t]*(?=\r?\n|$)/g;
  return [...text.matchAll(pattern)].map((match) => [
    match[1] ?? "",
    { k: "other", text: match[2] ?? "", span: [0, 0, 0, 0] },
  ]);
}

/** `() => User`, `(user) => user.posts`. */
function shortArrows(module: TypeScriptModule): readonly string[] {
  return module.functions
    .filter(({ kind, returned }) => kind === "arrow" && returned.length === 1)
    .map(({ span }) => span.join());
}

/** Entities, bases of entities, and repositories with a class of their own. */
function mayMatter(entry: TypeScriptClass): boolean {
  return (
    entry.decorators.some((decorator) => /Entity$|TableInheritance/.test(nameOf(decorator))) ||
    entry.properties.some(hasDecorators) ||
    entry.extends !== null
  );
}

function nameOf(decorator: Expression): string {
  return dottedName(decorator.k === "call" ? decorator.callee : decorator) ?? "";
}

function classFact(module: TypeScriptModule, entry: TypeScriptClass): ClassFact {
  const { lines } = module;
  const isEntity = entry.decorators.some((decorator) => /Entity$/.test(nameOf(decorator)));
  const [row, column] = entry.nameSpan;
  const header = lines.slice([row, column, entry.span[2], entry.span[3]]).slice(0, 300);
  return {
    name: entry.name,
    decorators: entry.decorators.map((decorator) => compact(decorator)),
    extends: entry.extends && compact(entry.extends),
    extendsOf: /\bextends\s+[\w$.]+\s*<\s*([\w$]+)/.exec(header)?.[1] ?? null,
    properties: entry.properties.filter(hasDecorators).map((property) => ({
      name: property.name,
      type: property.type,
      decorators: property.decorators.map((decorator) => compact(decorator, { depth: 10 })),
      documentation: property.documentation,
      span: property.span,
      hash: hashText(lines.slice(property.span)),
    })),
    documentation: entry.documentation,
    nameSpan: entry.nameSpan,
    nameHash: hashText(entry.name),
    span: entry.span,
    hash: isEntity ? hashText(lines.slice(entry.span)) : "",
  };
}

/** `export const FlowEntity = new EntitySchema<Flow>({…})`. */
function schemasIn(module: TypeScriptModule): readonly SchemaFact[] {
  return module.assignments.flatMap(({ target, value, scope, nameSpan, span }) => {
    if (scope !== -1 || value.k !== "call" || !/(?:^|\.)EntitySchema$/.test(dottedName(value.callee) ?? ""))
      return [];
    const options = value.args[0]?.value;
    if (options?.k !== "dict") return [];
    return [
      {
        variable: target,
        options: compact(options, { depth: 10 }),
        columns: entriesOf(module, dictOf(options).get("columns")),
        relations: entriesOf(module, dictOf(options).get("relations")),
        nameSpan,
        nameHash: hashText(module.lines.slice(nameSpan)),
        span,
        hash: hashText(module.lines.slice(span)),
      },
    ];
  });
}

function entriesOf(module: TypeScriptModule, value: Expression | undefined): readonly SchemaEntry[] {
  if (!value) return [];
  const entry = (name: string | null, part: Expression, span: Span): SchemaEntry => ({
    name,
    value: compact(part, { depth: 10 }),
    span,
    hash: hashText(module.lines.slice(span)),
  });
  if (value.k !== "dict") return [entry(null, value, value.span)];
  return value.entries.map(([key, part]) =>
    key.k === "string"
      ? entry(key.value, part, [key.span[0], key.span[1], part.span[2], part.span[3]])
      : entry(null, part, part.span),
  );
}

/** Capitalised names that come from another file or are classes of this one. */
function usesIn(module: TypeScriptModule, leftOut: (span: Span) => boolean): CodeFact["uses"] {
  const known = new Set([...namesFromWorkspace(module), ...module.classes.map(({ name }) => name)]);
  return usesOf(module, ({ name, span }) => known.has(name) && !leftOut(span));
}
