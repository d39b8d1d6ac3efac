import type { Gap } from "../../ir/entry.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { argumentAt, argumentOf, type Call, calledName } from "../../languages/python/expressions.ts";
import type { PythonAssignment, PythonLoop } from "../../languages/python/module.ts";
import type { SourceRef } from "../../source.ts";
import type { AksaraFacts } from "./facts.ts";
import type { AksaraRegistry } from "./registry.ts";

/** The top level of a file, or a function in it. */
export interface Scope {
  readonly uri: string;
  /** Name of the function; "" at the top level. */
  readonly name: string;
  readonly calls: readonly Expression[];
  readonly loops: readonly PythonLoop[];
  readonly assignments: readonly PythonAssignment[];
}

/** What stands before a router, from the app down. */
export interface Way {
  readonly prefix: string;
  readonly mounts: readonly SourceRef[];
  readonly gap: Gap | null;
}

const ROOT: Way = { prefix: "", mounts: [], gap: null };

export function scopesOf(uri: string, file: AksaraFacts): readonly Scope[] {
  const { calls, loops, assignments } = file;
  return [
    { uri, name: "", calls, loops, assignments },
    ...file.functions.map((item) => ({
      uri,
      name: item.name,
      calls: item.calls,
      loops: item.loops,
      assignments: item.assignments,
    })),
  ];
}

interface Router {
  readonly key: string;
  readonly call: Call;
  readonly scope: Scope;
}

/** The routers of the workspace that are made with `APIRouter(…)`, and the ways from an app to each. */
export class Routers {
  readonly #registry: AksaraRegistry;
  readonly #scopes: readonly Scope[];

  constructor(registry: AksaraRegistry, scopes: readonly Scope[]) {
    this.#registry = registry;
    this.#scopes = scopes;
  }

  /** Ways to what a name stands for in a scope; anything but a router is taken for the app. */
  waysTo(scope: Scope, target: Expression | null, depth = 0): readonly Way[] {
    const router = target && this.#routerOf(scope, target);
    if (!router || depth > 8) return [ROOT];
    const source = this.#registry.sourceOf(router.scope.uri, router.call.span);
    const own = this.#text(router.scope, argumentOf(router.call, "prefix"));
    const ways = this.#scopes.flatMap((each) =>
      each.calls.flatMap((call): readonly Way[] => {
        if (call.k !== "call" || calledName(call) !== "include_router" || call.callee.k !== "member")
          return [];
        const [given] = call.args;
        if (!given || this.#routerOf(each, given.value)?.key !== router.key) return [];
        const at = this.#registry.sourceOf(each.uri, call.span);
        const added = this.#text(each, argumentAt(call, 1, "prefix"));
        return this.waysTo(each, call.callee.of, depth + 1).map((way) =>
          extend(way, [added, own], at, "a prefix in it is computed"),
        );
      }),
    );
    return ways.length > 0
      ? ways
      : [
          {
            prefix: own ?? "",
            mounts: [],
            gap: {
              what: "what stands before the path",
              why: "no app of the workspace includes the router, as far as its code shows",
              source: source.hash === "" ? null : source,
            },
          },
        ];
  }

  #routerOf(scope: Scope, target: Expression): Router | null {
    const dotted = dottedName(target);
    if (dotted === null) return null;
    const local = scope.assignments.findLast((item) => item.target === dotted);
    if (local) return routerIn(scope, local);
    const found = this.#registry.project.names.resolve(scope.uri, dotted);
    if (found?.kind !== "definition" || found.rest.length > 0) return null;
    const outer = this.#scopes.find(({ uri, name }) => uri === found.uri && name === "");
    const item = this.#registry.project.assignment(found.uri, found.name);
    return outer && item ? routerIn(outer, item) : null;
  }

  /** "" where nothing is given, null where it is computed. */
  #text(scope: Scope, expression: Expression | null): string | null {
    return expression ? this.#registry.project.text({ uri: scope.uri, scope: "", expression }) : "";
  }
}

function routerIn(scope: Scope, { target, value }: PythonAssignment): Router | null {
  if (value?.k !== "call" || calledName(value) !== "APIRouter") return null;
  return { key: `${scope.uri}#${scope.name}:${target}`, call: value, scope };
}

function extend(way: Way, parts: readonly (string | null)[], source: SourceRef, why: string): Way {
  const isKnown = parts.every((part) => part !== null);
  return {
    prefix: way.prefix + parts.map((part) => part ?? "{?}").join(""),
    mounts: [...way.mounts, source],
    gap: way.gap ?? (isKnown ? null : { what: "what stands before the path", why, source }),
  };
}
