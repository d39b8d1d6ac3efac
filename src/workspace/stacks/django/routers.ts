import { dottedName, type Expression } from "../../languages/expression.ts";
import {
  argumentAt,
  argumentOf,
  booleanValue,
  calledName,
  positionalArguments,
  stringValue,
} from "../../languages/python/expressions.ts";
import type { SourceRef } from "../../source.ts";
import type { DjangoProject } from "./project.ts";
import { joinPaths, readableRegex } from "./url-path.ts";
import { constantOf, type Written } from "./values.ts";

/** A router of Django REST framework, by the variable that holds it. */
export interface RouterRef {
  readonly uri: string;
  readonly name: string;
}

export interface Registration {
  readonly prefix: string;
  readonly viewset: Written;
  readonly source: SourceRef;
}

/** Routers of the workspace with what is registered on them, wherever the registration stands. */
export class RouterIndex {
  readonly #project: DjangoProject;
  readonly #registrations = new Map<string, Registration[]>();
  /** Routers whose registrations another takes over: `router.registry.extend(other.registry)`. */
  readonly #merged = new Map<string, string[]>();

  constructor(project: DjangoProject) {
    this.#project = project;
    for (const [uri, facts] of project.facts) {
      for (const call of facts.calls) this.#readCall(uri, call);
    }
  }

  /** The router that an expression stands for; null when it is none. */
  find(uri: string, expression: Expression): RouterRef | null {
    const dotted = dottedName(expression);
    const found = dotted === null ? null : this.#project.names.resolve(uri, dotted);
    if (found?.kind !== "definition" || found.rest.length > 0) return null;
    const value = this.#project.assignment(found.uri, found.name)?.value;
    if (value?.k !== "call") return null;
    const ref = { uri: found.uri, name: found.name };
    return /Router$/.test(calledName(value) ?? "") || this.#registrations.has(keyOf(ref)) ? ref : null;
  }

  registrations(router: RouterRef): readonly Registration[] {
    const seen = new Set<string>();
    const collect = (key: string): Registration[] => {
      if (seen.has(key)) return [];
      seen.add(key);
      return [...(this.#registrations.get(key) ?? []), ...(this.#merged.get(key) ?? []).flatMap(collect)];
    };
    return collect(keyOf(router));
  }

  /** What a nested router puts before its prefixes: `orders/<order_pk>/`; "" for any other. */
  parentPath(router: RouterRef, depth = 0): string {
    const value = this.#project.assignment(router.uri, router.name)?.value;
    if (value?.k !== "call" || !/^Nested\w*Router$/.test(calledName(value) ?? "") || depth > 6) return "";
    const [parent, prefix] = positionalArguments(value);
    const lookup = stringValue(argumentAt(value, 2, "lookup")) ?? "nested_1";
    const above = parent ? this.find(router.uri, parent) : null;
    const own = `${stringValue(prefix ?? null) ?? ""}/<${lookup}_pk>/`;
    return above ? joinPaths(this.parentPath(above, depth + 1), own) : own;
  }

  /** Whether the router's paths end with a slash. */
  trailingSlash(router: RouterRef): boolean {
    const value = this.#project.assignment(router.uri, router.name)?.value;
    return value?.k !== "call" || booleanValue(argumentOf(value, "trailing_slash") ?? null) !== false;
  }

  #readCall(uri: string, call: Expression): void {
    if (call.k !== "call" || call.callee.k !== "member") return;
    if (call.callee.name === "register") this.#register(uri, call, call.callee.of);
    if (call.callee.name !== "extend" || call.callee.of.k !== "member" || call.callee.of.name !== "registry")
      return;
    const target = this.#variable(uri, call.callee.of.of);
    const [other] = positionalArguments(call);
    const source = other?.k === "member" ? this.#variable(uri, other.of) : null;
    if (target && source) push(this.#merged, target, source);
  }

  #register(uri: string, call: Expression & { k: "call" }, receiver: Expression): void {
    const router = this.#variable(uri, receiver);
    const prefix = argumentAt(call, 0, "prefix");
    const viewset = argumentAt(call, 1, "viewset");
    if (!router || !prefix || !viewset) return;
    const text = stringValue(constantOf(this.#project, { uri, scope: "", expression: prefix }).expression);
    if (text === null) return;
    push(this.#registrations, router, {
      prefix: readableRegex(text),
      viewset: { uri, scope: "", expression: viewset },
      source: this.#project.sourceOf(uri, call.span),
    });
  }

  #variable(uri: string, expression: Expression): string | null {
    const dotted = dottedName(expression);
    const found = dotted === null ? null : this.#project.names.resolve(uri, dotted);
    return found?.kind === "definition" && found.rest.length === 0 ? keyOf(found) : null;
  }
}

function keyOf(router: RouterRef): string {
  return `${router.uri}#${router.name}`;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
