import { dottedName, type Expression } from "../../languages/expression.ts";
import { type Call, chainOf, type Link, placeOfCall } from "../../languages/typescript/call-chain.ts";
import { compact } from "../../languages/typescript/compact-expression.ts";
import type { TypeScriptCall, TypeScriptModule } from "../../languages/typescript/module.ts";
import { dictOf } from "../../languages/typescript/value-table.ts";
import type { QueryFact } from "./facts.ts";

/** What repositories, managers and entities do, and the statement it becomes. Source: TypeORM's reference of the repository API. */
const METHODS: Readonly<Record<string, QueryFact["operation"]>> = {
  find: "select",
  findBy: "select",
  findAndCount: "select",
  findAndCountBy: "select",
  findOne: "select",
  findOneBy: "select",
  findOneOrFail: "select",
  findOneByOrFail: "select",
  findByIds: "select",
  findTrees: "select",
  findRoots: "select",
  findDescendants: "select",
  findAncestors: "select",
  count: "select",
  countBy: "select",
  exist: "select",
  exists: "select",
  existsBy: "select",
  existBy: "select",
  sum: "select",
  average: "select",
  minimum: "select",
  maximum: "select",
  preload: "select",
  insert: "insert",
  save: "insert",
  upsert: "insert",
  update: "update",
  updateAll: "update",
  increment: "update",
  decrement: "update",
  softDelete: "update",
  softRemove: "update",
  restore: "update",
  recover: "update",
  delete: "delete",
  deleteAll: "delete",
  remove: "delete",
  clear: "delete",
  createQueryBuilder: "select",
};
const REPOSITORY_TYPE = /\b(?:Tree|Mongo)?Repository\s*<\s*([\w$]+)/;
const MANAGER = /(?:^|\.|_)(?:\w*[mM]anager|em|\w*[dD]ata[sS]ource|\w*[cC]onnection|trx?|transaction\w*)$/;
const SPAN = [0, 0, 0, 0] as const;

/** Calls that may be queries of TypeORM. Only those on entities of the workspace become queries. */
export function queriesIn(module: TypeScriptModule): readonly QueryFact[] {
  const repositories = new Repositories(module);
  const inner = new Set<Expression>();
  for (const { expression } of module.calls) {
    if (expression.k === "call" && expression.callee.k === "member") inner.add(expression.callee.of);
  }
  return module.calls.flatMap((call) => {
    const { expression } = call;
    if (expression.k !== "call" || inner.has(expression)) return [];
    const { links, root } = chainOf(expression);
    const query = links.length === 0 ? null : queryOf(module, call, root, links, repositories);
    return query ? [query] : [];
  });
}

function queryOf(
  module: TypeScriptModule,
  call: TypeScriptCall,
  root: Expression,
  links: readonly Link[],
  repositories: Repositories,
): QueryFact | null {
  // `dataSource.getRepository(User).find()`: what follows the repository is the query.
  const made = links.findIndex(({ name }) => /^get(?:Tree|Mongo)?Repository$/.test(name));
  const direct =
    root.k === "call" && /^get(?:Tree)?Repository$/.test(dottedName(root.callee) ?? "") ? root : null;
  const repository = direct ?? (made >= 0 ? links[made]?.call : null);
  const rest = links.slice(made + 1);
  const [first] = rest;
  const operation = first && Object.hasOwn(METHODS, first.name) ? METHODS[first.name] : undefined;
  if (!first || !operation) return null;
  const [argument] = first.call.args.map(({ value }) => value);
  const receiver = first.call.callee.k === "member" ? dottedName(first.call.callee.of) : null;
  const target = repository
    ? entityArgument(repository)
    : ((receiver === null ? null : repositories.targetOf(call, receiver)) ??
      managed(receiver, argument) ??
      activeRecord(receiver));
  if (first.name === "createQueryBuilder") {
    return builderQuery(module, call, target, first, rest);
  }
  if (!target) return null;
  const options = receiver !== null && managed(receiver, argument) ? first.call.args[1]?.value : argument;
  return {
    ...placeOfCall(module, call, first),
    target,
    method: first.name,
    operation,
    relations: operation === "select" ? relationPaths(dictOf(options).get("relations")) : [],
    joined: [],
    approximate: /^find|^count|^exist/.test(first.name) ? approximation(options) : null,
  };
}

/** `createQueryBuilder("u").leftJoin(…)`, `.createQueryBuilder().delete().from(User)`. */
function builderQuery(
  module: TypeScriptModule,
  call: TypeScriptCall,
  target: Expression | null,
  first: Link,
  links: readonly Link[],
): QueryFact | null {
  let operation: QueryFact["operation"] = "select";
  let named = target;
  const relations: string[] = [];
  const joined: Expression[] = [];
  let approximate: string | null = null;
  for (const { name, call: link } of links) {
    const [argument] = link.args.map(({ value }) => value);
    const entity = argument && isTypeName(argument) ? compact(argument) : null;
    if (name === "insert" || name === "update" || name === "delete") operation = name;
    if (name === "softDelete" || name === "restore") operation = "update";
    if (/^(?:createQueryBuilder|from|into|update|addFrom)$/.test(name) && entity) {
      if (named) joined.push(entity);
      else named = entity;
    }
    if (/Join(?:And\w+)?$/i.test(name)) {
      if (argument?.k === "string") relations.push(argument.value.slice(argument.value.indexOf(".") + 1));
      else if (entity) joined.push(entity);
    }
    if (
      /^(?:where|andWhere|orWhere)$/.test(name) &&
      argument &&
      argument.k !== "string" &&
      argument.k !== "dict"
    ) {
      approximate ??= `\`${name}\` is not written out`;
    }
  }
  if (!named) return null;
  return {
    ...placeOfCall(module, call, first),
    target: named,
    method: first.name,
    operation,
    relations,
    joined,
    approximate,
  };
}

/** `find(User, …)` of an entity manager: the entity is the first argument. */
function managed(receiver: string | null, argument: Expression | undefined): Expression | null {
  if (receiver === null || !argument || !MANAGER.test(receiver) || !isTypeName(argument)) return null;
  return compact(argument);
}

/** `User.find(…)` of an entity that extends BaseEntity. */
function activeRecord(receiver: string | null): Expression | null {
  return receiver !== null && /^[A-Z]\w*$/.test(receiver) ? { k: "name", value: receiver, span: SPAN } : null;
}

function entityArgument(call: Call): Expression | null {
  const found = call.args.map(({ value }) => value).find(isTypeName);
  const text = call.args[0]?.value;
  return found ? compact(found) : text?.k === "string" ? compact(text) : null;
}

function isTypeName(value: Expression): boolean {
  return value.k === "name" && /^[A-Z]/.test(value.value);
}

function relationPaths(value: Expression | undefined, before = ""): readonly string[] {
  if (value?.k === "list")
    return value.items.flatMap((item) => (item.k === "string" ? [before + item.value] : []));
  return [...dictOf(value)].flatMap(([name, inner]) => [
    before + name,
    ...(inner.k === "dict" ? relationPaths(inner, `${before}${name}.`) : []),
  ]);
}

function approximation(options: Expression | undefined): string | null {
  if (!options || options.k === "string" || options.k === "number") return null;
  if (options.k !== "dict") return "the argument is not written out";
  if (options.entries.some(([key]) => key.k === "name")) return "the argument is spread from another value";
  const where = dictOf(options).get("where");
  return where && where.k !== "dict" && where.k !== "list" ? "`where` is not written out" : null;
}

/** Names of a file that hold repositories, with the entity or the repository class they are for. */
class Repositories {
  readonly #module: TypeScriptModule;
  /** By class and member: `UserService.users`. */
  readonly #members = new Map<string, Expression>();
  readonly #locals: readonly { readonly name: string; readonly scope: number; readonly target: Expression }[];
  /** Entity of a class that extends `Repository<Entity>`. */
  readonly #own = new Map<string, Expression>();

  constructor(module: TypeScriptModule) {
    this.#module = module;
    for (const entry of module.classes) {
      const [row, column] = entry.nameSpan;
      const header = module.lines.slice([row, column, entry.span[2], entry.span[3]]).slice(0, 300);
      const base = /\bextends\s+(?:Tree|Mongo|Abstract)?Repository\s*<\s*([\w$]+)/.exec(header)?.[1];
      if (base !== undefined) this.#own.set(entry.name, nameExpression(base));
      const members = [
        ...entry.properties,
        ...entry.methods.flatMap(({ kind, parameters }) =>
          kind === "constructor" ? parameters.filter(({ property }) => property) : [],
        ),
      ];
      for (const { name, type } of members) {
        const target = type === null ? null : typeTarget(type);
        if (target) this.#members.set(`${entry.name}.${name}`, target);
      }
    }
    const locals: { readonly name: string; readonly scope: number; readonly target: Expression }[] = [];
    for (const { target, value, scope, type } of module.assignments) {
      const entity = repositoryOf(value) ?? (type === null ? null : typeTarget(type));
      if (!entity) continue;
      if (target.startsWith("this.")) {
        const owner = module.functions[scope]?.within?.split(".")[0] ?? "";
        this.#members.set(`${owner}.${target.slice("this.".length)}`, entity);
      } else locals.push({ name: target, scope, target: entity });
    }
    module.functions.forEach(({ parameters }, scope) => {
      for (const { name, type } of parameters) {
        const target = type === null ? null : typeTarget(type);
        if (target) locals.push({ name, scope, target });
      }
    });
    this.#locals = locals;
  }

  /** What the repository behind `this.users`, `users` or `this` is for. */
  targetOf(call: TypeScriptCall, receiver: string): Expression | null {
    const owner = call.within?.split(".")[0] ?? "";
    if (receiver === "this") return this.#own.get(owner) ?? null;
    if (receiver.startsWith("this."))
      return this.#members.get(`${owner}.${receiver.slice("this.".length)}`) ?? null;
    for (let scope = call.scope; ; scope = this.#module.functions[scope]?.scope ?? -1) {
      const found = this.#locals.find((local) => local.name === receiver && local.scope === scope);
      if (found) return found.target;
      if (scope < 0) return null;
    }
  }
}

/** `Repository<User>`: the entity; `UserRepository`: the class, which may extend one. */
function typeTarget(type: string): Expression | null {
  const entity = REPOSITORY_TYPE.exec(type)?.[1];
  if (entity !== undefined) return nameExpression(entity);
  const own = /^\w*Repository$/.exec(type.trim())?.[0];
  return own === undefined ? null : nameExpression(own);
}

function repositoryOf(value: Expression): Expression | null {
  if (value.k !== "call") return null;
  const name = value.callee.k === "member" ? value.callee.name : dottedName(value.callee);
  if (name === "extend" || name === "withRepository") {
    return value.callee.k === "member" ? repositoryOf(value.callee.of) : null;
  }
  return name !== null && /^get(?:Tree|Mongo|Custom)?Repository$/.test(name) ? entityArgument(value) : null;
}

function nameExpression(value: string): Expression {
  return { k: "name", value, span: SPAN };
}
