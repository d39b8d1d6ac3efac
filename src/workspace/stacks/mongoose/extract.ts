import { hashText } from "../../hash.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { compact } from "../../languages/typescript/compact-expression.ts";
import type {
  TypeScriptAssignment,
  TypeScriptCall,
  TypeScriptClass,
  TypeScriptModule,
} from "../../languages/typescript/module.ts";
import { moduleValues } from "../../languages/typescript/module-values.ts";
import { namesFromWorkspace, usesOf } from "../../languages/typescript/name-uses.ts";
import { isInside } from "../../source.ts";
import { definitionNode } from "./definition-nodes.ts";
import { queriesIn } from "./extract-queries.ts";
import type { ClassFact, CodeFact, ModelFact, SchemaFact, StatementFact } from "./facts.ts";

type Local = (value: Expression) => Expression;

const STATEMENTS = /^(?:add|index|virtual|plugin|set)$/;
/** Calls on a schema that give the schema back. */
const CHAINED = /^(?:add|index|plugin|set|pre|post|method|static|loadClass|clone)$/;

/** What a file has of schemas, models and queries; null when it has nothing of them. */
export function extractCode(module: TypeScriptModule, text: string): CodeFact | null {
  const isOurs = /mongoose/i.test(text);
  const locals = new Locals(module);
  const schemas = isOurs ? schemasIn(module, locals) : [];
  const classes = isOurs ? module.classes.filter(mayMatter).map((entry) => classFact(module, entry)) : [];
  const models = isOurs || schemas.length > 0 ? modelsIn(module, locals) : [];
  const statements = isOurs ? statementsIn(module, locals) : [];
  const features = isOurs ? featuresIn(module) : [];
  const queries = queriesIn(module);
  const declares = schemas.length + classes.length + models.length + statements.length + features.length > 0;
  const passesOn = module.exports.some((entry) => entry.module !== null);
  const holdsValues = module.enums.length > 0 || module.assignments.some(({ scope }) => scope === -1);
  const uses = usesIn(module);
  const keepsNames = /\bpluralize['"`]?\s*[(,]\s*(?:null|false)\b/.test(text);
  const isEmpty = !declares && queries.length === 0 && uses.length === 0;
  if (isEmpty && !passesOn && !holdsValues && !keepsNames) return null;
  const arrows = new Set(
    declares
      ? module.functions
          .filter(({ kind, returned }) => kind === "arrow" && returned.length === 1)
          .map(({ span }) => span.join())
      : [],
  );
  return {
    kind: "code",
    values: moduleValues(module, { depth: declares ? 10 : 5 }, (span) => arrows.has(span.join())),
    schemas,
    classes,
    statements,
    models,
    features,
    queries,
    uses,
    keepsNames,
  };
}

/** What names stand for inside of functions: facts know only those of the top level. */
class Locals {
  readonly #module: TypeScriptModule;
  readonly #inner: readonly TypeScriptAssignment[];

  constructor(module: TypeScriptModule) {
    this.#module = module;
    this.#inner = module.assignments.filter(({ scope }) => scope !== -1);
  }

  at(scope: number): Local {
    return (value) => {
      if (value.k !== "name" || this.#inner.length === 0) return value;
      for (let at = scope; at >= 0; at = this.#module.functions[at]?.scope ?? -1) {
        const found = this.#inner.find((entry) => entry.target === value.value && entry.scope === at);
        if (found) return found.value;
      }
      return value;
    };
  }
}

function schemasIn(module: TypeScriptModule, locals: Locals): readonly SchemaFact[] {
  const variables = new Map(
    module.assignments.map((entry) => [startOfChain(entry.value).span.join(), entry] as const),
  );
  return module.calls.flatMap(({ expression, scope }) => {
    if (expression.k !== "call" || !/(?:^|\.)Schema$/.test(dottedName(expression.callee) ?? "")) return [];
    const variable = variables.get(expression.span.join());
    const [definition, options] = expression.args.map(({ value }) => value);
    const local = locals.at(scope);
    const span = variable?.span ?? expression.span;
    const nameSpan = variable?.nameSpan ?? expression.callee.span;
    return [
      {
        variable: variable?.target ?? null,
        callee: compact(expression.callee),
        definition: definition ? definitionNode(module, definition, local) : null,
        options: options ? compact(local(options)) : null,
        key: expression.span,
        nameSpan,
        nameHash: hashText(module.lines.slice(nameSpan)),
        span,
        hash: hashText(module.lines.slice(span)),
      },
    ];
  });
}

/** `new Schema({…})` of `new Schema({…}).index({…})`. */
function startOfChain(value: Expression): Expression {
  let at = value;
  while (at.k === "call" && at.callee.k === "member" && at.callee.of.k === "call") {
    if (!CHAINED.test(at.callee.name)) break;
    at = at.callee.of;
  }
  return at;
}

function mayMatter(entry: TypeScriptClass): boolean {
  return (
    entry.decorators.some((decorator) => /(?:^|\.)Schema$/.test(decoratorName(decorator))) ||
    entry.properties.some(({ decorators }) =>
      decorators.some((decorator) => /(?:^|\.)Prop$/.test(decoratorName(decorator))),
    )
  );
}

function decoratorName(decorator: Expression): string {
  return dottedName(decorator.k === "call" ? decorator.callee : decorator) ?? "";
}

function classFact(module: TypeScriptModule, entry: TypeScriptClass): ClassFact {
  return {
    name: entry.name,
    decorators: entry.decorators.map((decorator) => compact(decorator)),
    extends: entry.extends && compact(entry.extends),
    properties: entry.properties.flatMap((property) => {
      const own = property.decorators.find((decorator) => /(?:^|\.)Prop$/.test(decoratorName(decorator)));
      if (!own) return [];
      const argument = own.k === "call" ? own.args[0]?.value : undefined;
      return [
        {
          name: property.name,
          type: property.type,
          decorators: property.decorators.map((decorator) => compact(decorator)),
          definition: argument ? definitionNode(module, argument, (value) => value) : null,
          documentation: property.documentation,
          span: property.span,
          hash: hashText(module.lines.slice(property.span)),
        },
      ];
    }),
    documentation: entry.documentation,
    nameSpan: entry.nameSpan,
    nameHash: hashText(entry.name),
    span: entry.span,
    hash: hashText(module.lines.slice(entry.span)),
  };
}

function modelsIn(module: TypeScriptModule, locals: Locals): readonly ModelFact[] {
  return module.calls.flatMap((call) => {
    const { expression, scope } = call;
    if (expression.k !== "call" || expression.args.length < 2) return [];
    const { callee } = expression;
    const called = callee.k === "member" ? callee.name : callee.k === "name" ? callee.value : "";
    const isDiscriminator = called === "discriminator" && callee.k === "member";
    if (called !== "model" && !isDiscriminator) return [];
    const [name, schema, collection] = expression.args.map(({ value }) => value);
    if (!name || !schema) return [];
    const local = locals.at(scope);
    return [
      {
        base: isDiscriminator && callee.k === "member" ? compact(local(callee.of)) : null,
        name: compact(local(name)),
        schema: compact(local(schema)),
        collection: collection ? compact(local(collection)) : null,
        variable: variableAround(module, call),
        span: expression.span,
        hash: hashText(module.lines.slice(expression.span)),
      },
    ];
  });
}

/** `User` of `const User = models.User || model("User", schema)`. */
function variableAround(module: TypeScriptModule, { expression, scope }: TypeScriptCall): string | null {
  if (scope !== -1) return null;
  const around = module.assignments.filter(
    (entry) => entry.scope === -1 && entry.value.k !== "dict" && isInside(expression.span, entry.span),
  );
  return around.at(-1)?.target ?? null;
}

function statementsIn(module: TypeScriptModule, locals: Locals): readonly StatementFact[] {
  return module.calls.flatMap(({ expression, scope }) => {
    if (expression.k !== "call" || expression.callee.k !== "member") return [];
    const { name, of } = expression.callee;
    if (!STATEMENTS.test(name) || expression.args.length === 0) return [];
    const local = locals.at(scope);
    const on = startOf(of, local);
    if (!on) return [];
    const [first] = expression.args;
    return [
      {
        on: compact(on),
        method: name,
        args: expression.args.map(({ value }) => compact(local(value))),
        definition: name === "add" && first ? definitionNode(module, first.value, local) : null,
        span: expression.span,
        hash: hashText(module.lines.slice(expression.span)),
      },
    ];
  });
}

/** What a chain of calls starts with; null for what cannot be a schema. */
function startOf(value: Expression, local: Local): Expression | null {
  let at = value;
  while (at.k === "call" && at.callee.k === "member" && CHAINED.test(at.callee.name)) at = at.callee.of;
  const known = startOfChain(local(at));
  return dottedName(known) !== null || known.k === "call" ? known : null;
}

function featuresIn(module: TypeScriptModule): readonly Expression[] {
  return module.calls.flatMap(({ expression }) => {
    if (expression.k !== "call" || expression.callee.k !== "member") return [];
    const [list] = expression.args;
    const isFeature = /^forFeature(?:Async)?$/.test(expression.callee.name);
    return isFeature && list ? [compact(list.value, { depth: 10 })] : [];
  });
}

/** Names that come from another file or stand for a model of this one. */
function usesIn(module: TypeScriptModule): CodeFact["uses"] {
  const known = new Set([
    ...namesFromWorkspace(module),
    ...module.assignments.filter(({ scope }) => scope === -1).map(({ target }) => target),
    ...module.classes.map(({ name }) => name),
  ]);
  return usesOf(module, ({ name }) => known.has(name));
}
