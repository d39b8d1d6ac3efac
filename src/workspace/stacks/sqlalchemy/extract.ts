import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ParsedFile } from "../../languages/parsed-file.ts";
import { calledName, childrenOf } from "../../languages/python/expressions.ts";
import { localImports } from "../../languages/python/local-imports.ts";
import type {
  PythonAssignment,
  PythonClass,
  PythonFunction,
  PythonModule,
} from "../../languages/python/module.ts";
import { extractUses } from "../../languages/python/uses.ts";
import { SourceText } from "../../languages/source-text.ts";
import { headOf, isSmall, nameOnly } from "../python/prune.ts";
import { extractQueries } from "./extract-queries.ts";
import { type SqlalchemyFacts, spanKey } from "./facts.ts";

/** Modules whose capitalised names are never a model of the workspace. */
const FOREIGN_MODULE =
  /^(sqlalchemy|sqlmodel|flask|fastapi|starlette|pydantic|alembic|typing|typing_extensions|collections|datetime|decimal|enum|dataclasses|pathlib|unittest|pytest|uuid|abc|io|re|os|celery|factory|requests|httpx|marshmallow|werkzeug)(\.|$)/;

/** Calls that declare a column, a relation or a table. */
const DECLARING =
  /^(Column|mapped_column|relationship|relation|Relationship|Table|ForeignKey|deferred|column_property|synonym|composite|association_proxy|Index|UniqueConstraint|CheckConstraint|backref|query_expression)$/;
const SPECIAL =
  /^(__(tablename|table|table_args|abstract|mapper_args|bind_key)__|impl|metadata|type_annotation_map)$/;
/** Bases that make a class worth keeping whatever is in it. */
const BASES =
  /(^|\.)(Model|\w*Base|\w*SQLModel|DeclarativeBase\w*|MappedAsDataclass|TypeDecorator|UserDefinedType|\w*Enum|\w*Mixin)$/;
const SETTINGS = /(Settings|Config|Configuration)$/;
const SOURCED = /^(Column|mapped_column|Index|\w*Constraint|ForeignKey|relationship|Relationship|Table)$/;

/** Facts of one Python file. */
export function extractSqlalchemyFacts(file: ParsedFile): SqlalchemyFacts | null {
  const module = file.python();
  return module && read(file.text, module);
}

function read(text: string, module: PythonModule): SqlalchemyFacts | null {
  const source = new SourceText(text);
  const hashes: Record<string, string> = {};
  const note = (expression: Expression | null): void => {
    if (!expression) return;
    if (SOURCED.test(calledName(expression) ?? ""))
      hashes[spanKey(expression.span)] = source.hash(expression.span);
    for (const child of childrenOf(expression)) note(child);
  };
  // The migrations of Alembic name tables and columns as strings: nothing in them is a model.
  const isMigration = module.imports.some(({ module: from, name }) => from === "alembic" && name === "op");
  const imports = [...module.imports, ...localImports(module)];
  const isSqlmodel = /sqlmodel|SQLModel/.test(text);
  const classes = isMigration
    ? []
    : module.classes.map((item) => readClass(item, isSqlmodel, note)).filter(isKept);
  const isOurs = /sqlalchemy|sqlmodel|\bdb\b/i.test(text);
  const assignments = isMigration ? [] : module.assignments.filter((item) => isDeclaration(item, isOurs));
  for (const { value } of assignments) note(value);
  const calls = isMigration ? [] : module.calls.filter((call) => calledName(call) === "Index");
  for (const call of calls) note(call);
  const mappings = isMigration ? [] : mappingsIn(text, module);
  for (const call of mappings) note(call);
  return {
    imports,
    classes,
    functions: module.functions
      .map(readFunction)
      .filter((item) => item.returned.length > 0 || item.returns !== null),
    assignments,
    calls,
    mappings,
    queries: extractQueries(module, source),
    uses: extractUses(module, imports, FOREIGN_MODULE),
    hashes,
    bound: [...module.functions, ...module.classes]
      .map((item) => item.name)
      .concat(module.assignments.map((item) => item.target)),
    dialects: dialectsIn(text),
    errors: module.errors,
  };
}

/** Calls that map a class to a table: at the top level, or in a function that maps all of them. */
function mappingsIn(text: string, module: PythonModule): readonly Expression[] {
  if (!/\bmap_imperatively\(|\bmapper\(/.test(text)) return [];
  const assigned = module.assignments.flatMap(({ value }) => value ?? []);
  return [...module.calls, ...assigned, ...module.functions.flatMap(({ calls }) => calls)].filter(
    (call) =>
      call.k === "call" &&
      /^(map_imperatively|mapper)$/.test(calledName(call) ?? "") &&
      call.args.filter(({ name }) => name === null).length >= 2 &&
      isSmall(call),
  );
}

function readClass(item: PythonClass, isSqlmodel: boolean, note: (value: Expression) => void): PythonClass {
  if (!mayDeclare(item, isSqlmodel)) return nameOnly(item);
  const methods = item.methods.filter(
    (method) => method.decorators.some(isDeclaredAttribute) || method.name === "load_dialect_impl",
  );
  for (const { value } of item.assignments) if (value) note(value);
  for (const method of methods) for (const value of method.returned) note(value);
  return {
    ...item,
    assignments: item.assignments.filter(({ value }) => isSmall(value)),
    methods: methods.map((method) => ({
      ...headOf(method),
      decorators: method.decorators,
      returns: method.returns,
      returned: method.returned.filter(isSmall),
      assignments: method.assignments.filter(
        ({ value }) => value !== null && DECLARING.test(calledName(value) ?? ""),
      ),
    })),
    classes: item.classes.map((nested) => readClass(nested, isSqlmodel, note)),
  };
}

/** A class without bases that declares nothing cannot matter. */
function isKept(item: PythonClass): boolean {
  return (
    item.bases.length > 0 ||
    item.assignments.length > 0 ||
    item.methods.length > 0 ||
    item.decorators.length > 0 ||
    item.classes.some(isKept)
  );
}

function mayDeclare(item: PythonClass, isSqlmodel: boolean): boolean {
  if (item.keywords.some(({ name }) => name === "table")) return true;
  if (item.decorators.some((each) => /mapped|declarative/.test(dottedName(each) ?? calledName(each) ?? "")))
    return true;
  if (item.bases.some((base) => BASES.test(dottedName(base.k === "subscript" ? base.of : base) ?? "")))
    return true;
  if (SETTINGS.test(item.name)) return true;
  if (isSqlmodel && item.bases.length > 0) return true;
  return (
    item.assignments.some(
      ({ target, value, annotation }) =>
        SPECIAL.test(target) ||
        (value !== null && DECLARING.test(calledName(value) ?? "")) ||
        (annotation?.k === "subscript" && /(^|\.)\w*Mapped$/.test(dottedName(annotation.of) ?? "")),
    ) || item.methods.some((method) => method.decorators.some(isDeclaredAttribute))
  );
}

/** `@declared_attr`, `@declared_attr.directive`, `@orm.declared_attr.cascading`. */
export function isDeclaredAttribute(decorator: Expression): boolean {
  return /(^|\.)(declared_attr|declared_property)(\.|$)/.test(dottedName(decorator) ?? "");
}

/** Functions may make columns, or return the settings. */
function readFunction(item: PythonFunction): PythonFunction {
  const returned = item.returned.filter((value) => DECLARING.test(calledName(value) ?? ""));
  const isSettings = /settings|config/i.test(item.name);
  return {
    ...headOf(item),
    returned: isSettings ? item.returned.filter(isSmall) : returned,
    returns: isSettings ? item.returns : null,
    parameters: returned.length > 0 ? item.parameters : [],
  };
}

/** Bases, tables, types, names of lengths: calls count only where the file speaks of SQLAlchemy. */
function isDeclaration({ target, value }: PythonAssignment, isOurs: boolean): boolean {
  if (!value) return false;
  switch (value.k) {
    case "string":
      return value.value.length < 200;
    case "number":
    case "template":
      return true;
    case "name":
    case "member":
      return dottedName(value) !== null;
    case "call":
      return (isOurs || /settings|config/i.test(target)) && isSmall(value);
    case "subscript":
    case "list":
    case "dict":
    case "binary":
      return isOurs && isSmall(value);
    default:
      return false;
  }
}

const DIALECTS: readonly (readonly [string, RegExp])[] = [
  [
    "postgresql",
    /postgres(ql)?(\+\w+)?:\/\/|["']postgresql(\+\w+)?["']|dialects(\.| import )postgresql|\b(psycopg2?|asyncpg)\b|PostgresDsn/,
  ],
  [
    "mysql",
    /mysql(\+\w+)?:\/\/|["']mysql\+\w+["']|dialects(\.| import )mysql|\b(pymysql|aiomysql|asyncmy)\b/,
  ],
  ["sqlite", /sqlite(\+\w+)?:\/\//],
];

function dialectsIn(text: string): readonly string[] {
  return DIALECTS.filter(([, sign]) => sign.test(text)).map(([name]) => name);
}
