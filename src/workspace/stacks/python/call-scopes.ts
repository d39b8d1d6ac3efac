import { dottedName, type Expression } from "../../languages/expression.ts";
import { type Call, childrenOf } from "../../languages/python/expressions.ts";
import type { PythonClass, PythonFunction, PythonLoop } from "../../languages/python/module.ts";
import { isInside } from "../../source.ts";
import { namesOf } from "./unroll.ts";
import type { Placed, WebProgram, WebScope } from "./web-program.ts";

/** Rounds in which functions that were called with known arguments call further ones. */
const ROUNDS = 4;
/** More calls of one function than this are no declarations. */
const MAX_CALLS = 500;
const MAX_ITEMS = 200;

/** A call of a function of the workspace, or a decorator on something. */
interface Site {
  readonly key: string;
  readonly from: WebScope;
  readonly call: Call | null;
  readonly maker: { readonly uri: string; readonly item: PythonFunction };
  /** What a decorator is put on. */
  readonly decorated: Placed | null;
}

/**
 * Functions that register what they are handed, once for each call of them: `add_routes(blueprint, routes)`,
 * `@resource("/books")` on a class. `replaced` are the scopes that stand for such functions without a call.
 */
export function callScopes(program: WebProgram): {
  readonly scopes: readonly WebScope[];
  readonly replaced: ReadonlySet<WebScope>;
  readonly byCall: ReadonlyMap<string, WebScope>;
} {
  return new CallScopes(program).read();
}

/** Names the scope that a call in a scope leads to. */
export function siteKey(from: WebScope, call: Expression): string {
  return `${from.key}(${call.span.join(":")})`;
}

class CallScopes {
  readonly #program: WebProgram;
  readonly #scopes: WebScope[] = [];
  readonly #byCall = new Map<string, WebScope>();
  readonly #replaced = new Set<WebScope>();
  readonly #sites = new Map<string, Site[]>();

  constructor(program: WebProgram) {
    this.#program = program;
  }

  read(): ReturnType<typeof callScopes> {
    const real = [...this.#program.scopes.values()];
    let fresh = [...real.flatMap((scope) => this.#callsOf(scope)), ...this.#decorators(real)];
    for (let round = 0; round < ROUNDS && fresh.length > 0; round += 1) {
      for (const site of fresh) {
        const key = `${site.maker.uri}#${site.maker.item.name}`;
        const known = this.#sites.get(key);
        if (known?.some((each) => each.key === site.key)) continue;
        if (known) known.push(site);
        else this.#sites.set(key, [site]);
      }
      const before = this.#scopes.length;
      for (const [key, sites] of this.#sites) this.#follow(key, sites);
      fresh = this.#scopes.slice(before).flatMap((scope) => this.#callsOf(scope));
    }
    return { scopes: this.#scopes, replaced: this.#replaced, byCall: this.#byCall };
  }

  #follow(key: string, sites: readonly Site[]): void {
    const [first] = sites;
    const template = this.#program.scopes.get(key);
    if (!first || !template || sites.length > MAX_CALLS) return;
    const { item } = first.maker;
    const isMany = sites.length > 1 || sites.some(({ decorated }) => decorated !== null);
    if (!isMany && !item.loops.some(({ list }) => mentions(list, parametersOf(item)))) return;
    this.#replaced.add(template);
    for (const site of sites) {
      // What a function does when nobody says with what is no call.
      if (this.#replaced.has(outermost(site.from)) || this.#byCall.has(site.key)) continue;
      const scope = this.#scopeOf(site, template);
      this.#byCall.set(site.key, scope);
      this.#add(scope, item);
      for (const inner of item.functions) this.#inner(site, scope, inner);
    }
  }

  #scopeOf({ key, from, call, maker, decorated }: Site, template: WebScope): WebScope {
    const given =
      call === null
        ? firstParameter(maker.item, decorated)
        : argumentsOf(maker.item, call, (expression) => ({ scope: from, expression }));
    const inner = maker.item.functions.map(({ span }) => span);
    return {
      ...template,
      key: `${template.key}@${key}`,
      given,
      site: call === null ? null : (from.site ?? this.#program.placeOf(from.uri, call.span)),
      calls: maker.item.calls.filter(({ span }) => !inner.some((each) => isInside(span, each))),
    };
  }

  /** A function inside of it; what it returns as a decorator is called with what it is put on. */
  #inner(site: Site, outer: WebScope, item: PythonFunction): void {
    const isApplied =
      site.decorated !== null && site.maker.item.returned.some((value) => dottedName(value) === item.name);
    const template = this.#program.scopes.get(`${outer.uri}#${outer.path}.${item.name}`);
    if (!template) return;
    this.#replaced.add(template);
    const scope: WebScope = {
      ...template,
      key: `${template.key}@${site.key}`,
      given: isApplied ? firstParameter(item, site.decorated) : new Map(),
      site: outer.site,
      calls: item.calls,
      outer,
    };
    this.#add(scope, item);
  }

  /** The scope, and one for each round of its loops over what it is given. */
  #add(scope: WebScope, item: PythonFunction): void {
    this.#scopes.push(...this.#unrolled(scope, item.loops));
  }

  #unrolled(scope: WebScope, loops: readonly PythonLoop[]): readonly WebScope[] {
    const loop = loops.find(({ span }) => scope.calls.some((call) => isInside(call.span, span)));
    const rounds = loop && this.#rounds(scope, loop);
    if (!loop || !rounds) return [scope];
    const rest = loops.filter((each) => each !== loop);
    return [
      { ...scope, calls: scope.calls.filter(({ span }) => !isInside(span, loop.span)) },
      ...rounds.flatMap((given, at) =>
        this.#unrolled(
          {
            ...scope,
            key: `${scope.key}[${loop.span.join(":")}/${at}]`,
            given: new Map([...scope.given, ...given]),
            functions: [],
            calls: scope.calls.filter(({ span }) => isInside(span, loop.span)),
          },
          rest,
        ),
      ),
    ];
  }

  #rounds(scope: WebScope, { target, list }: PythonLoop): readonly ReadonlyMap<string, Placed>[] | null {
    const names = namesOf(target);
    const [only] = names;
    const items = this.#program.itemsIn(scope, list);
    if (!items || only === undefined || items.length > MAX_ITEMS) return null;
    if (names.length === 1) return items.map((item) => new Map([[only, item]]));
    const rounds = items.flatMap((item) => {
      const parts = this.#program.itemsIn(item.scope, item.expression) ?? [];
      if (parts.length !== names.length) return [];
      return [new Map(parts.map((part, at) => [names[at] ?? "", part] as const))];
    });
    return rounds.length === items.length ? rounds : null;
  }

  #callsOf(scope: WebScope): readonly Site[] {
    const placed = [...scope.calls.map((expression) => ({ scope, expression })), ...scope.given.values()];
    return placed.flatMap(({ scope: from, expression }) =>
      callsIn(expression).flatMap((call) => {
        const name = dottedName(call.callee);
        const maker = name === null ? null : this.#program.functionIn(from, name);
        if (!maker || !registers(maker.item)) return [];
        return [{ key: siteKey(from, call), from, call, maker, decorated: null }];
      }),
    );
  }

  #decorators(scopes: readonly WebScope[]): readonly Site[] {
    return scopes
      .filter(({ item }) => item === null)
      .flatMap((scope) => {
        const classes = this.#program.facts.get(scope.uri)?.classes ?? [];
        return [...classes, ...scope.functions].flatMap((item) => this.#decorating(scope, item));
      });
  }

  #decorating(scope: WebScope, item: PythonClass | PythonFunction): readonly Site[] {
    const expression: Expression = { k: "name", value: item.name, span: item.nameSpan };
    return item.decorators.flatMap((decorator) => {
      const name = dottedName(decorator.k === "call" ? decorator.callee : decorator);
      const maker = name === null ? null : this.#program.functionIn(scope, name);
      if (!maker || !registers(maker.item)) return [];
      const call = decorator.k === "call" ? decorator : null;
      return [
        {
          key: `${siteKey(scope, decorator)} on ${item.name}`,
          from: scope,
          call,
          maker,
          decorated: { scope, expression },
        },
      ];
    });
  }
}

/** Whether something is registered in a function with what it, or a function inside of it, is given. */
function registers(item: PythonFunction): boolean {
  const names = new Set([item, ...item.functions].flatMap((each) => [...parametersOf(each)]));
  if (names.size === 0) return false;
  const made = item.assignments.flatMap(({ value }) => (value?.k === "call" ? [value] : []));
  const decorators = item.functions.flatMap((each) => each.decorators);
  return [...item.calls, ...made, ...item.returned, ...decorators].some(
    (expression) => expression.k === "call" && mentions(expression, names),
  );
}

/** A call with those in it: `app.register_blueprint(make_blueprint(app))`. */
function callsIn(expression: Expression): readonly Call[] {
  const inner = childrenOf(expression).flatMap(callsIn);
  return expression.k === "call" ? [expression, ...inner] : inner;
}

function parametersOf(item: PythonFunction): ReadonlySet<string> {
  return new Set(
    item.parameters.map(({ name }) => name.replace(/^\*+/, "")).filter((name) => name !== "self"),
  );
}

function mentions(expression: Expression, names: ReadonlySet<string>): boolean {
  if (expression.k === "name") return names.has(expression.value);
  return childrenOf(expression).some((child) => mentions(child, names));
}

function firstParameter(item: PythonFunction, value: Placed | null): ReadonlyMap<string, Placed> {
  const name = item.parameters[0]?.name;
  return new Map(name !== undefined && value ? [[name, value]] : []);
}

/** What a call gives to the parameters of a function. */
function argumentsOf(
  item: PythonFunction,
  call: Call,
  placed: (expression: Expression) => Placed,
): ReadonlyMap<string, Placed> {
  const given = new Map<string, Placed>();
  const positional = call.args.filter(({ name }) => name === null).map(({ value }) => value);
  item.parameters.forEach(({ name }, position) => {
    if (name.startsWith("**")) return;
    if (name.startsWith("*")) {
      const items = positional.slice(position);
      given.set(name.slice(1), placed({ k: "list", items, span: call.span }));
      return;
    }
    const value = call.args.find((each) => each.name === name)?.value ?? positional[position];
    if (value) given.set(name, placed(value));
  });
  return given;
}

function outermost(scope: WebScope): WebScope {
  let at = scope;
  while (at.outer?.item) at = at.outer;
  return at;
}
