import { hashText } from "../../hash.ts";
import { type Argument, dottedName, type Expression } from "../../languages/expression.ts";
import { compact } from "../../languages/typescript/compact-expression.ts";
import type {
  TypeScriptClass,
  TypeScriptFunction,
  TypeScriptModule,
} from "../../languages/typescript/module.ts";
import { type FunctionValue, moduleValues } from "../../languages/typescript/module-values.ts";
import { injectedModel } from "../mongoose/extract-queries.ts";
import { refusalIn } from "../node/refusal.ts";
import type {
  ActivationFact,
  ClassFact,
  CodeFact,
  DecoratorFact,
  FieldFact,
  MethodFact,
  MiddlewareFact,
  SetupFact,
} from "./facts.ts";

const SETUP: ReadonlyMap<string, SetupFact["kind"]> = new Map([
  ["setGlobalPrefix", "prefix"],
  ["enableVersioning", "versioning"],
  ["useGlobalGuards", "guards"],
  ["useGlobalPipes", "pipes"],
]);
const CALL_LIMIT = 40;

/** What a file has of controllers, modules, guards, bodies and setup; null when it has nothing of them. */
export function extractCode(module: TypeScriptModule): CodeFact | null {
  const calls = callsByFunction(module);
  const classes = module.classes.map((entry) => classFact(module, entry, calls));
  const setup = setupIn(module);
  const passesOn = module.exports.some((entry) => entry.module !== null);
  const makesDecorators = module.calls.some(
    ({ expression }) =>
      expression.k === "call" &&
      /(?:^|\.)(?:SetMetadata|applyDecorators|createDecorator|mixin)$/.test(
        dottedName(expression.callee) ?? "",
      ),
  );
  const holdsValues = module.assignments.some(({ scope }) => scope === -1) || module.enums.length > 0;
  const makesValues = module.functions.some(
    ({ scope, path, returned }) => scope === -1 && path !== null && returned.some(({ k }) => k === "call"),
  );
  if (
    classes.length === 0 &&
    !makesValues &&
    setup.length === 0 &&
    !passesOn &&
    !makesDecorators &&
    !holdsValues
  )
    return null;
  const arrows = new Set(
    module.functions
      .filter(({ kind, returned }) => kind === "arrow" && returned.length === 1)
      .map(({ span }) => span.join()),
  );
  const values = moduleValues(module, { depth: 8 }, (span) => arrows.has(span.join()));
  return {
    kind: "code",
    values: makesDecorators ? { ...values, functions: withLists(module, values.functions) } : values,
    classes,
    setup,
    middleware: middlewareIn(module),
  };
}

function classFact(
  module: TypeScriptModule,
  entry: TypeScriptClass,
  calls: ReadonlyMap<TypeScriptFunction, Called>,
): ClassFact {
  const builder = entry.methods.find(({ kind }) => kind === "constructor");
  const members = [
    ...entry.properties,
    ...(builder?.parameters ?? []).filter(({ property }) => property),
  ].flatMap(({ name, type, decorators }) => {
    const injected = injectedType(decorators) ?? type;
    return injected === null ? [] : [[name, injected] as const];
  });
  // What a controller declares again without a decorator is no route any more.
  const mayReplace = entry.extends !== null && entry.decorators.length > 0;
  const hasRoutes = mayReplace || entry.methods.some(({ decorators }) => decorators.length > 0);
  // Of other classes only what leads from a handler to a model matters.
  const methods = entry.methods.filter(
    (method) => method.kind === "method" && (hasRoutes || calls.has(method)),
  );
  return {
    name: entry.name,
    decorators: entry.decorators.map((decorator) => decoratorFact(module, decorator)),
    extends: entry.extends && compact(entry.extends),
    extendsOf: entry.extends && typeArgument(module, entry),
    fields: fieldsOf(entry),
    methods: methods.map((method) =>
      methodFact(module, method, calls.get(method) ?? { calls: [], named: [] }),
    ),
    members: members.filter(([, type]) => /^[A-Z]/.test(type)),
    activation: activationOf(module, entry),
    handsUp: handedUp(module, entry),
    nameSpan: entry.nameSpan,
    nameHash: hashText(entry.name),
    span: entry.span,
    hash: hashText(module.lines.slice(entry.span)),
  };
}

/** What `@InjectModel(User.name)` asks for, as a type: the annotation names the class of its documents. */
function injectedType(decorators: readonly Expression[]): string | null {
  const value = injectedModel(decorators);
  if (value?.k === "string") return `InjectedModel<${value.value}>`;
  const written = value && dottedName(value)?.replace(/\.name$/, "");
  return written && /^[\w$]+$/.test(written) ? `InjectedModel<${written}>` : null;
}

/** The call of `super` with a capitalised name in it. */
function handedUp(module: TypeScriptModule, entry: TypeScriptClass): ClassFact["handsUp"] {
  const builder = entry.methods.find(({ kind }) => kind === "constructor");
  const index = builder && entry.extends ? module.functions.indexOf(builder) : -1;
  if (index < 0) return null;
  const call = module.calls.find(
    ({ expression, scope }) =>
      scope === index &&
      expression.k === "call" &&
      dottedName(expression.callee) === "super" &&
      expression.args.some(({ value }) => value.k === "name" && /^[A-Z]/.test(value.value)),
  );
  const span = call?.expression.span;
  return span ? { span, hash: hashText(module.lines.slice(span)) } : null;
}

/** `User` of `extends Repository<User>`. */
function typeArgument(module: TypeScriptModule, entry: TypeScriptClass): string | null {
  const [row, column] = entry.nameSpan;
  const start = module.lines.offset(row, column);
  const header = module.lines.text.slice(start, start + 300);
  return /\bextends\s+[\w$.]+\s*<\s*([\w$]+)/.exec(header.split("{")[0] ?? "")?.[1] ?? null;
}

function decoratorFact(module: TypeScriptModule, decorator: Expression): DecoratorFact {
  return {
    value: compact(decorator),
    span: decorator.span,
    hash: hashText(module.lines.slice(decorator.span)),
  };
}

function methodFact(
  module: TypeScriptModule,
  method: TypeScriptFunction,
  { calls, named }: Called,
): MethodFact {
  return {
    name: method.name ?? "",
    decorators: method.decorators.map((decorator) => decoratorFact(module, decorator)),
    parameters:
      method.decorators.length === 0
        ? []
        : method.parameters.map(({ name, type, default: value, decorators }) => ({
            name,
            type,
            optional: value !== null || isOptional(module, method, name),
            decorators: decorators.map((decorator) => compact(decorator)),
          })),
    returns: method.returns,
    calls,
    named,
    nameSpan: method.nameSpan ?? method.span,
    span: method.span,
    hash: hashText(module.lines.slice(method.span)),
  };
}

/** `@Query("page") page?: number`: the outline does not keep the question mark. */
function isOptional(module: TypeScriptModule, method: TypeScriptFunction, name: string): boolean {
  if (!/^\w+$/.test(name)) return false;
  const start = module.lines.offset(method.span[0], method.span[1]);
  return new RegExp(`\\b${name}\\s*\\?\\s*:`).test(module.lines.text.slice(start, start + 1500));
}

/** Properties that a body may have: what is typed and neither static nor injected. */
function fieldsOf(entry: TypeScriptClass): readonly FieldFact[] {
  return entry.properties
    .filter(({ isStatic, name }) => !isStatic && !name.startsWith("#"))
    .map(({ name, type, isOptional, decorators, value }) => {
      const names = decorators.map(
        (decorator) => dottedName(decorator.k === "call" ? decorator.callee : decorator) ?? "",
      );
      const optional = names.some((decorator) =>
        /(?:^|\.)(?:IsOptional|ValidateIf|ApiPropertyOptional|ApiHideProperty|\w+Optional)$/.test(decorator),
      );
      return {
        name,
        type: type ?? literalType(value),
        required: !(isOptional || optional || value !== null),
      };
    });
}

/** `page = 1` is a number. */
function literalType(value: Expression | null): string | null {
  if (value?.k === "string" || value?.k === "number") return value.k;
  return value?.k === "name" && /^(?:true|false)$/.test(value.value) ? "boolean" : null;
}

function activationOf(module: TypeScriptModule, entry: TypeScriptClass): ActivationFact | null {
  const isMiddleware =
    entry.implements.some((name) => /\bNestMiddleware\b/.test(name)) &&
    entry.methods.some(({ name }) => name === "use");
  const method = entry.methods.find(({ name }) =>
    isMiddleware ? name === "use" : name === "canActivate" || name === "handleRequest",
  );
  const property = entry.properties.find(({ name }) => name === "canActivate");
  if (!method && !property) return null;
  const index = method ? module.functions.indexOf(method) : -1;
  const reads = module.calls.flatMap(({ expression, within }) => {
    if (expression.k !== "call" || expression.callee.k !== "member" || within?.split(".")[0] !== entry.name)
      return [];
    if (!/^(?:get|getAll|getAllAndOverride|getAllAndMerge)$/.test(expression.callee.name)) return [];
    if (!/reflector$/i.test(dottedName(expression.callee.of) ?? "")) return [];
    return expression.args[0] ? [compact(expression.args[0].value)] : [];
  });
  const own = module.functions.filter((candidate, at) => at === index || candidate.scope === index);
  const returned = own.flatMap((candidate) => candidate.returned);
  const isTrue = (value: Expression) => value.k === "name" && value.value === "true";
  return {
    kind: isMiddleware ? "middleware" : "guard",
    // What a helper of the class throws is thrown for `canActivate`.
    refusal: refusalIn(module.lines.slice(entry.span)),
    mayRefuse: returned.some((value) => !isTrue(value)) || own.some(({ thrown }) => thrown.length > 0),
    mayPass: returned.some(isTrue),
    reads,
  };
}

interface Called {
  readonly calls: string[];
  readonly named: string[];
}

/** What each method calls, with what functions written inside of it call. */
function callsByFunction(module: TypeScriptModule): ReadonlyMap<TypeScriptFunction, Called> {
  const found = new Map<TypeScriptFunction, Called>();
  for (const { expression, scope } of module.calls) {
    if (expression.k !== "call") continue;
    const callee = dottedName(expression.callee);
    const named = expression.args.flatMap(({ value }) =>
      value.k === "name" && /^[A-Z]/.test(value.value) ? [value.value] : [],
    );
    for (let at = scope; at >= 0; at = module.functions[at]?.scope ?? -1) {
      const entry = module.functions[at];
      if (entry?.kind !== "method") continue;
      const called = found.get(entry) ?? { calls: [], named: [] };
      found.set(entry, called);
      if (callee?.startsWith("this.")) addOnce(called.calls, callee);
      for (const name of named) addOnce(called.named, name);
    }
  }
  return found;
}

function addOnce(list: string[], name: string): void {
  if (list.length < CALL_LIMIT && !list.includes(name)) list.push(name);
}

/**
 * `applyDecorators(...list)` with the list that the function puts together. What is pushed onto it may depend on a
 * condition: it stands in a call of `maybe`.
 */
function withLists(module: TypeScriptModule, functions: readonly FunctionValue[]): readonly FunctionValue[] {
  return functions.map((entry) => {
    const index = module.functions.findIndex(({ span }) => span.join() === entry.span.join());
    const returned = entry.returned.map((value): Expression => {
      if (value.k !== "call" || !/(?:^|\.)applyDecorators$/.test(dottedName(value.callee) ?? ""))
        return value;
      return { ...value, args: value.args.flatMap((argument) => listArguments(module, index, argument)) };
    });
    return { ...entry, returned };
  });
}

function listArguments(module: TypeScriptModule, scope: number, argument: Argument): readonly Argument[] {
  const name = argument.name === "*" ? dottedName(argument.value) : null;
  const list = module.assignments.find((entry) => entry.target === name && entry.scope === scope)?.value;
  if (name === null || list?.k !== "list") return [argument];
  const pushed = module.calls.flatMap(({ expression }) =>
    expression.k === "call" && dottedName(expression.callee) === `${name}.push` ? expression.args : [],
  );
  const maybe: Expression = { k: "name", value: "maybe", span: [0, 0, 0, 0] };
  return [
    ...list.items.map((item) => ({ name: null, value: compact(item) })),
    ...pushed.map(({ value }) => ({
      name: null,
      value: {
        k: "call",
        callee: maybe,
        args: [{ name: null, value: compact(value) }],
        span: value.span,
      } as const,
    })),
  ];
}

/** Chains that end in `forRoutes`. */
function middlewareIn(module: TypeScriptModule): readonly MiddlewareFact[] {
  return module.calls.flatMap(({ expression, within }) => {
    if (expression.k !== "call" || expression.callee.k !== "member" || expression.callee.name !== "forRoutes")
      return [];
    const applied: Expression[] = [];
    const excluded: Expression[] = [];
    for (
      let at: Expression = expression.callee.of;
      at.k === "call" && at.callee.k === "member";
      at = at.callee.of
    ) {
      const args = at.args.map(({ value }) => compact(value));
      if (at.callee.name === "apply") applied.unshift(...args);
      if (at.callee.name === "exclude") excluded.push(...args);
      if (at.callee.name === "forRoutes") break;
    }
    return [
      {
        within: within?.split(".")[0] ?? "",
        applied,
        excluded,
        routes: expression.args.map(({ value }) => compact(value)),
        span: expression.span,
        hash: hashText(module.lines.slice(expression.span)),
      },
    ];
  });
}

function setupIn(module: TypeScriptModule): readonly SetupFact[] {
  return module.calls.flatMap(({ expression }) => {
    if (expression.k !== "call" || expression.callee.k !== "member") return [];
    const { name, of } = expression.callee;
    const kind = SETUP.get(name) ?? (name === "create" && dottedName(of) === "NestFactory" ? "create" : null);
    if (!kind) return [];
    return [
      {
        kind,
        args: expression.args.map(({ value }) => compact(value)),
        span: expression.span,
        hash: hashText(module.lines.slice(expression.span)),
      },
    ];
  });
}
