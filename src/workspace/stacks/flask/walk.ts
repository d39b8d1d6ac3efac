import type { Gap } from "../../ir/entry.ts";
import type { HttpMethod } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import {
  argumentAt,
  argumentOf,
  type Call,
  calledName,
  isNone,
  positionalArguments,
  render,
} from "../../languages/python/expressions.ts";
import type { PythonClass, PythonFunction } from "../../languages/python/module.ts";
import type { SourceRef } from "../../source.ts";
import { METHODS } from "../python/http-methods.ts";
import type { Written } from "../python/project.ts";
import type { Placed, WebProgram, WebScope } from "../python/web-program.ts";
import type { FlaskHub, FlaskHubs } from "./hubs.ts";

/** What answers: a function with the decorators that are in force, or a class with a method per HTTP method. */
export interface Handler {
  readonly uri: string;
  readonly item: PythonFunction | null;
  readonly owner: ClassRef<PythonClass> | null;
  readonly name: string;
  /** Innermost last. */
  readonly decorators: readonly Written[];
}

export interface RegisteredRoute {
  readonly kind: "route";
  /** Null where they follow from the class. */
  readonly methods: readonly HttpMethod[] | null;
  readonly path: string | null;
  readonly pathText: string;
  /** Why the path may be another one than the one shown. */
  readonly doubt: string | null;
  readonly handler: Handler;
  readonly source: SourceRef;
}

export interface Registered {
  readonly kind: "child";
  readonly target: FlaskHub;
  /** Given at registration: replaces that of a blueprint. */
  readonly prefix: Written | null;
  readonly source: SourceRef;
}

export interface Before {
  readonly uri: string;
  readonly name: string;
  /** Holds for the whole app. */
  readonly isGlobal: boolean;
  readonly source: SourceRef;
}

/** `for blueprint in blueprints: app.register_blueprint(blueprint)` over a list that is not known. */
export interface OpenList {
  readonly hub: FlaskHub;
  readonly prefix: Written | null;
  readonly source: SourceRef;
}

export interface Registrations {
  readonly open: readonly OpenList[];
  readonly entries: ReadonlyMap<string, readonly (RegisteredRoute | Registered)[]>;
  readonly before: ReadonlyMap<string, readonly Before[]>;
  readonly gaps: readonly Gap[];
}

/** Everything that the workspace registers on apps, blueprints and APIs. */
export function readRegistrations(program: WebProgram, hubs: FlaskHubs): Registrations {
  return new Reader(program, hubs).read();
}

class Reader {
  readonly #program: WebProgram;
  readonly #hubs: FlaskHubs;
  readonly #entries = new Map<string, (RegisteredRoute | Registered)[]>();
  readonly #before = new Map<string, Before[]>();
  readonly #gaps: Gap[] = [];
  readonly #open: OpenList[] = [];

  constructor(program: WebProgram, hubs: FlaskHubs) {
    this.#program = program;
    this.#hubs = hubs;
  }

  read(): Registrations {
    for (const scope of this.#program.scopes.values()) {
      for (const item of scope.functions) this.#decorated(scope, item);
      for (const call of scope.calls) if (call.k === "call") this.#call(scope, call);
    }
    for (const ref of this.#program.classes.all()) this.#decoratedClass(ref);
    for (const hub of this.#hubs.all()) {
      if (hub.kind === "namespace" && hub.call.callee.k === "member") {
        // `api.namespace("books")` stands below what makes it.
        const api = this.#hubs.find(hub.scope, hub.call.callee.of);
        if (api) this.#add(api, { kind: "child", target: hub, prefix: null, source: hub.source });
      }
      // `Api(app, prefix="/api")` stands below what it is given.
      const on = hub.kind === "api" ? argumentAt(hub.call, 0, "app") : null;
      const around = on && !isNone(on) ? this.#hubs.find(hub.scope, on) : null;
      if (around) this.#add(around, { kind: "child", target: hub, prefix: null, source: hub.source });
    }
    return { entries: this.#entries, before: this.#before, open: this.#open, gaps: this.#gaps };
  }

  /** Only decorators below that of the route are in force: the route takes the function as it is at that point. */
  #decorated(scope: WebScope, item: PythonFunction): void {
    item.decorators.forEach((decorator, at) => {
      const callee = decorator.k === "call" ? decorator.callee : decorator;
      if (callee.k !== "member") return;
      const { name, of } = callee;
      const isBefore = /^before_(app_)?request$/.test(name);
      const isRoute = decorator.k === "call" && (name === "route" || (name in METHODS && !isBefore));
      if (!isBefore && !isRoute) return;
      const hub = this.#hubs.find(scope, of);
      if (!hub) return;
      const source = this.#program.sourceIn(scope, decorator);
      if (isBefore) {
        this.#addBefore(hub, scope.uri, item.name, name === "before_app_request", source, scope);
        return;
      }
      if (decorator.k !== "call") return;
      const decorators = item.decorators.slice(at + 1).filter((each) => !this.#isRoute(scope, each));
      const methods = name === "route" ? this.#methods(scope, decorator) : [METHODS[name] ?? "GET"];
      this.#route(
        hub,
        scope,
        argumentAt(decorator, 0, "rule"),
        methods,
        {
          uri: scope.uri,
          item,
          owner: null,
          name: item.name,
          decorators: decorators.map((expression) => ({ uri: scope.uri, scope: "", expression })),
        },
        source,
      );
    });
  }

  #isRoute(scope: WebScope, decorator: Expression): boolean {
    const callee = decorator.k === "call" ? decorator.callee : decorator;
    return (
      callee.k === "member" &&
      (callee.name === "route" || callee.name in METHODS) &&
      this.#hubs.find(scope, callee.of) !== null
    );
  }

  /** `@ns.route("/books/<id>")` of Flask-RESTX and `@blp.route(…)` of flask-smorest on a class. */
  #decoratedClass(ref: ClassRef<PythonClass>): void {
    const scope = this.#program.scopeOf(ref.uri, "");
    if (!scope) return;
    ref.declaration.decorators.forEach((decorator, at) => {
      if (decorator.k !== "call" || decorator.callee.k !== "member" || decorator.callee.name !== "route")
        return;
      const hub = this.#hubs.find(scope, decorator.callee.of);
      if (!hub) return;
      const decorators = ref.declaration.decorators
        .slice(at + 1)
        .map((expression) => ({ uri: ref.uri, scope: "", expression }));
      const source = this.#program.placeOf(ref.uri, decorator.span);
      for (const path of positionalArguments(decorator)) {
        this.#route(
          hub,
          scope,
          path,
          null,
          { uri: ref.uri, item: null, owner: ref, name: ref.qualname, decorators },
          source,
        );
      }
    });
  }

  #call(scope: WebScope, call: Call): void {
    if (call.callee.k !== "member") return;
    const { name, of } = call.callee;
    const source = this.#program.sourceIn(scope, call);
    const at = (expression: Expression): Written => this.#program.writtenIn(scope, expression);
    if (name === "init_app") {
      // `api.init_app(app)`.
      const api = this.#hubs.find(scope, of);
      const app = argumentAt(call, 0, "app");
      const around = app && api?.kind === "api" ? this.#hubs.find(scope, app) : null;
      if (api && around) this.#add(around, { kind: "child", target: api, prefix: null, source });
      return;
    }
    const known = this.#hubs.find(scope, of);
    const hub = known ?? (name === "add_resource" ? this.#onlyApi(scope, of) : null);
    if (!hub) return;
    switch (this.#standardName(hub, name)) {
      case "register_blueprint":
      case "add_namespace":
      case "register_api": {
        const child = argumentAt(call, 0, name === "add_namespace" ? "ns" : "blueprint");
        const target = child && this.#hubs.find(scope, child);
        const prefix =
          name === "add_namespace" ? argumentAt(call, 1, "path") : argumentOf(call, "url_prefix");
        if (target) this.#add(hub, { kind: "child", target, prefix: prefix && at(prefix), source });
        else if (child && name === "register_blueprint" && this.#program.isLooped(scope, child))
          this.#open.push({ hub, prefix: prefix && at(prefix), source });
        else
          this.#gaps.push({
            what: `blueprint ${child ? render(child).slice(0, 60) : ""}`,
            why: `${name} is given something that is not found among the blueprints of the workspace`,
            source,
          });
        return;
      }
      case "add_url_rule": {
        const view = argumentAt(call, 2, "view_func");
        const handler = view && this.#view(scope, view);
        if (handler)
          this.#route(
            hub,
            scope,
            argumentAt(call, 0, "rule"),
            argumentOf(call, "methods") || handler.owner === null ? this.#methods(scope, call) : null,
            handler,
            source,
          );
        else
          this.#gaps.push({
            what: `rule ${render(call.args[0]?.value ?? call).slice(0, 60)}`,
            why: "what answers it is not found in the workspace",
            source,
          });
        return;
      }
      case "add_resource": {
        const [resource, ...paths] = this.#arguments(scope, call);
        const found = resource && this.#program.classes.find(resource.scope.uri, resource.expression);
        if (found?.kind !== "class") return;
        for (const path of paths)
          this.#route(
            hub,
            path.scope,
            path.expression,
            null,
            { uri: found.ref.uri, item: null, owner: found.ref, name: found.ref.qualname, decorators: [] },
            source,
            known === null
              ? "the API comes from a value that is not known: it is taken to be the only one of the workspace"
              : name === "add_resource"
                ? null
                : `${name} makes it and may make another one`,
          );
        return;
      }
      case "before_request":
      case "before_app_request": {
        const target = argumentAt(call, 0, "f");
        const dotted = target && dottedName(target);
        const item = dotted ? this.#program.functionIn(scope, dotted) : null;
        if (item)
          this.#addBefore(hub, item.uri, item.item.name, name === "before_app_request", source, scope);
        return;
      }
    }
  }

  /** `api = dependencies["api"]`, where the workspace has one API and the name is bound to nothing that is known. */
  #onlyApi(scope: WebScope, of: Expression): FlaskHub | null {
    const name = dottedName(of);
    if (name === null || scope.item === null || !/api/i.test(name)) return null;
    if (this.#program.resolveIn(scope, name) !== null) return null;
    const [api, ...others] = [...this.#hubs.all()].filter(({ kind }) => kind === "api");
    return others.length === 0 ? (api ?? null) : null;
  }

  /** Positional arguments, those of a starred list in its place. */
  #arguments(scope: WebScope, call: Call): readonly Placed[] {
    return call.args.flatMap(({ name, value }): readonly Placed[] => {
      if (name === null) return [this.#program.local(scope, value)];
      return name === "*" ? (this.#program.itemsIn(scope, value) ?? []) : [];
    });
  }

  /** `api.add_org_resource(…)`: a method that a class of the workspace adds and that hands on to one of the framework. */
  #standardName(hub: FlaskHub, name: string): string {
    if (!/^add_/.test(name) || /^add_(resource|url_rule|namespace)$/.test(name)) return name;
    for (const step of this.#program.ancestors({
      uri: hub.scope.uri,
      scope: "",
      expression: hub.call.callee,
    })) {
      const method =
        step.kind === "class" ? step.ref.declaration.methods.find((each) => each.name === name) : undefined;
      const inner = method?.calls.map((call) => calledName(call) ?? "") ?? [];
      const found = inner.find((called) => /^add_(resource|url_rule)$/.test(called));
      if (found) return found;
    }
    return name;
  }

  /** `books`, `BookView.as_view("book")`, `login_required(BookView.as_view("book"))`, a class that a blueprint calls. */
  #view(scope: WebScope, expression: Expression, wrappers: readonly Written[] = []): Handler | null {
    const at = this.#program.local(scope, expression);
    const value = at.expression;
    const name = dottedName(value);
    if (name !== null) {
      const item = at.scope.functions.find((each) => each.name === name);
      const found = item ? { uri: at.scope.uri, item } : this.#program.functionIn(at.scope, name);
      if (found) {
        const decorators = found.item.decorators.map((each) => ({
          uri: found.uri,
          scope: "",
          expression: each,
        }));
        return { ...found, owner: null, name: found.item.name, decorators: [...wrappers, ...decorators] };
      }
      const made = this.#program.classes.find(at.scope.uri, value);
      if (made?.kind === "class") return this.#classView(made.ref, wrappers);
      const constant = this.#program.constant({ uri: at.scope.uri, scope: "", expression: value });
      const inner = this.#program.scopeOf(constant.uri, "");
      return constant.expression !== value && inner && constant.expression.k === "call"
        ? this.#view(inner, constant.expression, wrappers)
        : null;
    }
    if (value.k !== "call") return null;
    if (calledName(value) === "as_view" && value.callee.k === "member") {
      const found = this.#program.classes.find(at.scope.uri, value.callee.of);
      return found?.kind === "class" ? this.#classView(found.ref, wrappers) : null;
    }
    const [first] = positionalArguments(value);
    return first
      ? this.#view(at.scope, first, [...wrappers, { uri: at.scope.uri, scope: "", expression: value.callee }])
      : null;
  }

  #classView(owner: ClassRef<PythonClass>, decorators: readonly Written[]): Handler {
    return { uri: owner.uri, item: null, owner, name: owner.qualname, decorators };
  }

  #methods(scope: WebScope, call: Call): readonly HttpMethod[] {
    const given = argumentOf(call, "methods");
    if (!given) return ["GET"];
    const items = this.#program.itemsIn(scope, given) ?? [];
    const methods = items.flatMap(
      (item) => METHODS[(this.#program.textIn(item.scope, item.expression) ?? "").toLowerCase()] ?? [],
    );
    const told = methods.filter(
      (method) => (method !== "HEAD" && method !== "OPTIONS") || methods.length === 1,
    );
    return told.length > 0 ? told : ["ANY"];
  }

  #route(
    hub: FlaskHub,
    scope: WebScope,
    path: Expression | null,
    methods: readonly HttpMethod[] | null,
    handler: Handler,
    source: SourceRef,
    doubt: string | null = null,
  ): void {
    const maker = path && this.#program.chooserOf({ uri: scope.uri, scope: "", expression: path });
    this.#add(hub, {
      kind: "route",
      methods,
      path: path ? this.#program.textIn(scope, path) : null,
      pathText: path ? render(path).slice(0, 80) : "",
      doubt: doubt ?? (maker ? `${maker} makes it and may make another one` : this.#ruleDoubt(hub)),
      handler,
      source,
    });
  }

  /** A class of the workspace may replace what the framework registers with. */
  #ruleDoubt(hub: FlaskHub): string | null {
    const line = this.#program.ancestors({
      uri: hub.scope.uri,
      scope: "",
      expression: hub.call.callee,
    });
    for (const step of line) {
      const isOwn =
        step.kind === "class" && step.ref.declaration.methods.some(({ name }) => name === "add_url_rule");
      if (isOwn && hub.kind === "blueprint")
        return `${step.ref.qualname}.add_url_rule of the workspace may register it under another one`;
    }
    return null;
  }

  #addBefore(
    hub: FlaskHub,
    uri: string,
    name: string,
    isGlobal: boolean,
    source: SourceRef,
    scope: WebScope,
  ): void {
    const qualname = uri === scope.uri && scope.path !== "" ? `${scope.path}.${name}` : name;
    const before = { uri, name: qualname, isGlobal: isGlobal || hub.kind === "app", source };
    const list = this.#before.get(hub.key);
    if (list) list.push(before);
    else this.#before.set(hub.key, [before]);
  }

  #add(hub: FlaskHub, entry: RegisteredRoute | Registered): void {
    const list = this.#entries.get(hub.key);
    if (list) list.push(entry);
    else this.#entries.set(hub.key, [entry]);
  }
}
