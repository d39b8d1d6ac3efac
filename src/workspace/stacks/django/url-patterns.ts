import type { Gap } from "../../ir/entry.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import {
  argumentAt,
  type Call,
  calledName,
  listItems,
  positionalArguments,
  render,
  stringValue,
} from "../../languages/python/expressions.ts";
import type { SourceRef } from "../../source.ts";
import { constantText } from "./constant-text.ts";
import type { DjangoProject } from "./project.ts";
import type { RouterIndex, RouterRef } from "./routers.ts";
import { defaultSetting, stringSetting } from "./settings.ts";
import { joinPaths, readableRegex } from "./url-path.ts";
import { constantOf, type Written } from "./values.ts";

/** Where a route stands in the tree of urlconfs. */
export interface Mount {
  /** Full path so far, without a leading slash; a part that is computed stands as `{NAME}`. */
  readonly path: string;
  readonly sources: readonly SourceRef[];
}

/** One leaf of the tree: a view under a path, or a router with what is registered on it. */
export type UrlLeaf =
  | { readonly kind: "view"; readonly mount: Mount; readonly view: Written }
  | { readonly kind: "router"; readonly mount: Mount; readonly router: RouterRef };

/** Walks urlconfs from their roots through every include. */
export class UrlWalk {
  readonly leaves: UrlLeaf[] = [];
  readonly gaps: Gap[] = [];
  readonly #project: DjangoProject;
  readonly #routers: RouterIndex;
  readonly #visiting = new Set<string>();

  constructor(project: DjangoProject, routers: RouterIndex) {
    this.#project = project;
    this.#routers = routers;
  }

  /** All patterns of a urlconf module. */
  module(uri: string, mount: Mount): void {
    this.#variable(uri, "urlpatterns", mount);
  }

  #variable(uri: string, name: string, mount: Mount): void {
    const key = `${uri}#${name}@${mount.path}`;
    if (this.#visiting.has(key) || this.#visiting.size > 40) return;
    this.#visiting.add(key);
    const facts = this.#project.facts.get(uri);
    for (const item of facts?.assignments ?? []) {
      if (item.target === name && item.value)
        this.#patterns({ uri, scope: "", expression: item.value }, mount);
    }
    for (const call of facts?.calls ?? []) {
      if (call.k !== "call" || call.callee.k !== "member" || dottedName(call.callee.of) !== name) continue;
      const added = positionalArguments(call).at(-1);
      if (!added) continue;
      if (call.callee.name === "extend") this.#patterns({ uri, scope: "", expression: added }, mount);
      if (call.callee.name === "append" || call.callee.name === "insert")
        this.#item({ uri, scope: "", expression: added }, mount);
    }
    this.#visiting.delete(key);
  }

  /** A list of patterns in whatever way it is put together. */
  #patterns(written: Written, mount: Mount): void {
    const { expression } = written;
    const inner = (part: Expression, at = mount) => this.#patterns({ ...written, expression: part }, at);
    if (expression.k === "binary" && expression.op === "+" && expression.left) {
      inner(expression.left);
      inner(expression.right);
      return;
    }
    const items = listItems(expression);
    if (items) {
      for (const item of items) {
        if (item.k === "binary" && item.op === "*" && !item.left) inner(item.right);
        else this.#item({ ...written, expression: item }, mount);
      }
      return;
    }
    const called = calledName(expression);
    if (expression.k === "call" && called === "i18n_patterns") {
      const prefixed = { ...mount, path: joinPaths(mount.path, "<language>/") };
      for (const item of positionalArguments(expression)) {
        if (item.k === "binary" && item.op === "*" && !item.left) inner(item.right, prefixed);
        else this.#item({ ...written, expression: item }, prefixed);
      }
      for (const { name, value } of expression.args) if (name === "*") inner(value, prefixed);
      return;
    }
    if (
      expression.k === "call" &&
      /^(format_suffix_patterns|decorator_include|cast|list|tuple)$/.test(called ?? "")
    ) {
      const [first] = positionalArguments(expression);
      if (first) inner(first);
      return;
    }
    if (expression.k === "call" && /^(static|staticfiles_urlpatterns|debug_toolbar_urls)$/.test(called ?? ""))
      return;
    this.#reference(written, mount);
  }

  /** A name for a list of patterns: a variable, a module, the urls of a router. */
  #reference(written: Written, mount: Mount): void {
    const { uri, expression } = written;
    const dotted = dottedName(expression);
    if (dotted !== null && /(^|\.)site\.urls$/.test(dotted)) {
      this.#gap(written, mount, "the admin site", "its routes come from Django, not from the workspace");
      return;
    }
    if (expression.k === "member" && expression.name === "urls") {
      const router = this.#routers.find(uri, expression.of);
      if (router) {
        this.leaves.push({ kind: "router", mount, router });
        return;
      }
    }
    const found = dotted === null ? null : this.#project.names.resolve(uri, dotted);
    if (found?.kind === "module" && found.uri) {
      this.module(found.uri, mount);
      return;
    }
    if (
      found?.kind === "definition" &&
      found.rest.length === 0 &&
      this.#project.assignment(found.uri, found.name)
    ) {
      this.#variable(found.uri, found.name, mount);
      return;
    }
    this.#gap(
      written,
      mount,
      `patterns ${render(expression)}`,
      "they are made by code or come from outside of the workspace",
    );
  }

  #item(written: Written, mount: Mount): void {
    const { expression: call, uri } = written;
    if (call.k !== "call") {
      // A name may stand for one pattern: `docs = path(…)`.
      const constant = constantOf(this.#project, written);
      if (constant !== written && constant.expression.k === "call") this.#item(constant, mount);
      else this.#gap(written, mount, `pattern ${render(call).slice(0, 80)}`, "it is not a call");
      return;
    }
    const called = calledName(call) ?? "";
    const isRegex = called === "re_path" || called === "url";
    const isPath = isRegex || called === "path" || /^\w*_?path$/.test(called);
    const route = isPath
      ? this.#route(written, argumentAt(call, 0, isRegex ? "regex" : "route"), isRegex)
      : null;
    const view = argumentAt(call, 1, "view");
    if (route === null || !view) {
      if (called === "include") this.#include(written, call, mount);
      else
        this.#gap(
          written,
          mount,
          `pattern ${render(call).slice(0, 80)}`,
          isPath ? "its path is not a literal" : "the function that makes it is not Django's",
        );
      return;
    }
    const source = this.#project.sourceOf(uri, call.span);
    const next = { path: joinPaths(mount.path, route), sources: [...mount.sources, source] };
    this.#target({ ...written, expression: view }, next);
  }

  #route(written: Written, expression: Expression | null, isRegex: boolean): string | null {
    if (!expression) return null;
    const whole = { ...written, expression };
    // f"{prefix}orders/": what is known of it is better than nothing; names stand in braces.
    const text =
      constantText(this.#project, whole, (code) => `{${code}}`) ??
      this.#computed(written, constantOf(this.#project, whole).expression);
    return text !== null && isRegex ? readableRegex(text) : text;
  }

  /** A path that a setting or variable holds: the literal, or its name in braces. */
  #computed({ uri }: Written, value: Expression): string | null {
    const dotted = dottedName(value);
    const [, name] = /^settings\.([A-Z_]+)$/.exec(dotted ?? "") ?? [];
    const settings = this.#project.settingsFor(uri);
    const literal = name
      ? (stringSetting(this.#project, settings, name) ?? defaultSetting(this.#project, settings, name))
      : null;
    return literal ?? (dotted === null ? null : `{${dotted.slice(dotted.lastIndexOf(".") + 1)}}`);
  }

  #target(view: Written, mount: Mount): void {
    const { expression } = view;
    if (expression.k === "call" && /^(include|decorator_include)$/.test(calledName(expression) ?? "")) {
      this.#include(view, expression, mount);
      return;
    }
    if (expression.k === "member" && expression.name === "urls") {
      this.#reference(view, mount);
      return;
    }
    const items = expression.k === "list" ? expression.items[0] : null;
    if (items) this.#patterns({ ...view, expression: items }, mount);
    else this.leaves.push({ kind: "view", mount, view });
  }

  #include(written: Written, call: Call, mount: Mount): void {
    const args = positionalArguments(call);
    const given = calledName(call) === "decorator_include" ? args[1] : args[0];
    if (!given) return;
    const constant =
      given.k === "name"
        ? constantOf(this.#project, { ...written, expression: given })
        : { ...written, expression: given };
    // `(patterns, "app")` names its application beside the patterns.
    const isPair =
      constant.expression.k === "list" && stringValue(constant.expression.items[1] ?? null) !== null;
    const [first] = isPair && constant.expression.k === "list" ? constant.expression.items : [];
    const target = first ? { ...constant, expression: first } : { ...written, expression: given };
    const module = stringValue(target.expression);
    if (module === null) {
      this.#patterns(target, mount);
      return;
    }
    const found = this.#project.names.resolvePath(module, target.uri);
    if (found.kind === "module" && found.uri) this.module(found.uri, mount);
    else if (found.kind === "definition") this.#variable(found.uri, found.name, mount);
    else this.#gap(target, mount, `include("${module}")`, "the module is not in the workspace");
  }

  #gap(written: Written, mount: Mount, what: string, why: string): void {
    const last = mount.sources.at(-1) ?? this.#project.sourceOf(written.uri, written.expression.span);
    this.gaps.push({ what: `routes under /${mount.path}: ${what}`, why, source: last });
  }
}
