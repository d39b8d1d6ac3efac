import { hashText } from "../../hash.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { chainOf, type Link, placeOfCall } from "../../languages/typescript/call-chain.ts";
import { compact } from "../../languages/typescript/compact-expression.ts";
import type { TypeScriptCall, TypeScriptModule } from "../../languages/typescript/module.ts";
import { dictOf } from "../../languages/typescript/value-table.ts";
import type { QueryFact, WithShape } from "./facts.ts";

const READS = /^(?:select|selectDistinct|selectDistinctOn)$/;
const WRITES: ReadonlyMap<string, QueryFact["operation"]> = new Map([
  ["insert", "insert"],
  ["update", "update"],
  ["delete", "delete"],
]);
const JOINS = /^(?:from|(?:inner|left|right|full|cross)Join(?:Lateral)?)$/;
/** Conditions and rows that are put together elsewhere: what the statement is depends on them. */
const CONDITIONS = /^(?:where|having|orderBy)$/;

/** Chains of calls that may be queries of Drizzle. Only those on known tables become queries. */
export function queriesIn(module: TypeScriptModule): readonly QueryFact[] {
  const inner = new Set<Expression>();
  for (const { expression } of module.calls) {
    if (expression.k === "call" && expression.callee.k === "member") inner.add(expression.callee.of);
  }
  return module.calls.flatMap((call) => {
    const { expression } = call;
    if (expression.k !== "call" || inner.has(expression)) return [];
    const { links } = chainOf(expression);
    const query =
      links.length === 0 ? null : (chainQuery(module, call, links) ?? relationalQuery(module, call, links));
    return query ? [query] : [];
  });
}

function chainQuery(
  module: TypeScriptModule,
  call: TypeScriptCall,
  links: readonly Link[],
): QueryFact | null {
  const start = links.findIndex(({ name }) => READS.test(name) || WRITES.has(name) || name === "$count");
  const first = links[start];
  if (!first) return null;
  const chain = links.slice(start);
  const isRead = READS.test(first.name);
  const tables = isRead
    ? chain.filter(({ name }) => JOINS.test(name)).flatMap(({ call: { args } }) => args[0]?.value ?? [])
    : [
        first.call.args[0]?.value,
        ...chain
          .slice(1)
          .filter(({ name }) => JOINS.test(name))
          .map(({ call: { args } }) => args[0]?.value),
      ];
  const named = tables.flatMap((value) =>
    value && dottedName(value) !== null ? [aliased(module, call, value)] : [],
  );
  if (named.length === 0) return null;
  return {
    ...placeOfCall(module, call, first),
    operation: WRITES.get(first.name) ?? "select",
    method: first.name,
    tables: named.map(({ value, at }) => ({
      value: compact(value),
      span: at.span,
      hash: hashText(module.lines.slice(at.span)),
    })),
    key: null,
    with: {},
    approximate: approximation(chain),
  };
}

/** `const parent = alias(users, "parent")`: the table behind a name that stands for another one. */
function aliased(
  module: TypeScriptModule,
  call: TypeScriptCall,
  at: Expression,
): { readonly value: Expression; readonly at: Expression } {
  if (at.k !== "name") return { value: at, at };
  const found = module.assignments.find(
    ({ target, scope }) => target === at.value && (scope === call.scope || scope === -1),
  )?.value;
  const isAlias =
    found?.k === "call" && /(?:^|\.)(?:alias|aliasedTable)$/.test(dottedName(found.callee) ?? "");
  return { value: (isAlias && found.args[0]?.value) || at, at };
}

/** `db.query.users.findMany({with: {posts: true}})`. */
function relationalQuery(
  module: TypeScriptModule,
  call: TypeScriptCall,
  links: readonly Link[],
): QueryFact | null {
  const first = links[0];
  if (!first || !/^(?:findMany|findFirst)$/.test(first.name) || first.call.callee.k !== "member") return null;
  const of = first.call.callee.of;
  if (of.k !== "member" || of.of.k !== "member" || !/^_?query$/.test(of.of.name)) return null;
  const argument = first.call.args[0]?.value;
  return {
    ...placeOfCall(module, call, first),
    operation: "select",
    method: first.name,
    tables: [
      {
        value: { k: "string", value: of.name, span: of.span },
        span: of.span,
        hash: hashText(module.lines.slice(of.span)),
      },
    ],
    key: of.name,
    with: withShape(argument),
    approximate: argument && argument.k !== "dict" ? "the argument is not written out" : null,
  };
}

function withShape(argument: Expression | undefined): WithShape {
  const shape: Record<string, WithShape> = {};
  for (const [name, value] of dictOf(dictOf(argument).get("with"))) {
    if (!(value.k === "name" && value.value === "false")) shape[name] = withShape(value);
  }
  return shape;
}

function approximation(chain: readonly Link[]): string | null {
  for (const { name, call } of chain) {
    const value = call.args[0]?.value;
    if (name === "$dynamic") return "the query is built on elsewhere";
    if (
      CONDITIONS.test(name) &&
      value &&
      (value.k === "name" || value.k === "other" || call.args[0]?.name === "*")
    ) {
      return `\`${name}\` is not written out`;
    }
  }
  return null;
}
