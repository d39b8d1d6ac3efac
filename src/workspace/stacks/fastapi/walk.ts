import type { Gap } from "../../ir/entry.ts";
import type { HttpMethod } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import {
  argumentAt,
  argumentOf,
  type Call,
  calledName,
  listItems,
  positionalArguments,
  render,
} from "../../languages/python/expressions.ts";
import type { PythonClass, PythonFunction } from "../../languages/python/module.ts";
import type { SourceRef } from "../../source.ts";
import { METHODS } from "../python/http-methods.ts";
import type { Written } from "../python/project.ts";
import type { WebProgram, WebScope } from "../python/web-program.ts";
import type { FastapiHub, FastapiHubs } from "./hubs.ts";

/** A route as it is registered on an app or a router. */
export interface RegisteredRoute {
  readonly kind: "route";
  readonly methods: readonly HttpMethod[];
  /** Null where it is computed. */
  readonly path: string | null;
  readonly pathText: string;
  readonly uri: string;
  readonly handler: PythonFunction | null;
  readonly handlerUri: string;
  readonly handlerScope: WebScope | null;
  /** The class that the handler is a method of. */
  readonly owner: ClassRef<PythonClass> | null;
  readonly handlerName: string;
  readonly call: Call;
  readonly source: SourceRef;
  /** Starlette's own routes do not fill parameters. */
  readonly isPlain: boolean;
}

interface Handler {
  readonly uri: string;
  readonly item: PythonFunction;
  readonly owner?: ClassRef<PythonClass>;
}

/** `@router.websocket("/events")`: it answers no request of HTTP, so it is told and not listed. */
export interface RegisteredSocket {
  readonly kind: "socket";
  readonly path: string;
  readonly source: SourceRef;
}

export interface Included {
  readonly kind: "include" | "mount";
  readonly target: FastapiHub;
  readonly prefix: Written | null;
  readonly scope: WebScope;
  readonly dependencies: Written | null;
  readonly source: SourceRef;
}

export interface Registrations {
  /** `for router in routers: app.include_router(router)` over a list that is not known. */
  readonly open: readonly { readonly hub: FastapiHub; readonly included: Omit<Included, "target"> }[];
  readonly entries: ReadonlyMap<string, readonly (RegisteredRoute | RegisteredSocket | Included)[]>;
  /** `@app.middleware("http")` and `add_middleware`, by the app's key. */
  readonly middleware: ReadonlyMap<
    string,
    readonly { readonly target: Written; readonly source: SourceRef }[]
  >;
  readonly gaps: readonly Gap[];
}

/** Everything that the workspace registers on apps and routers, in source order of each scope. */
export function readRegistrations(program: WebProgram, hubs: FastapiHubs): Registrations {
  return new Reader(program, hubs).read();
}

class Reader {
  readonly #program: WebProgram;
  readonly #hubs: FastapiHubs;
  readonly #entries = new Map<string, (RegisteredRoute | RegisteredSocket | Included)[]>();
  readonly #middleware = new Map<string, { target: Written; source: SourceRef }[]>();
  readonly #gaps: Gap[] = [];
  readonly #open: { hub: FastapiHub; included: Omit<Included, "target"> }[] = [];

  constructor(program: WebProgram, hubs: FastapiHubs) {
    this.#program = program;
    this.#hubs = hubs;
  }

  read(): Registrations {
    for (const scope of this.#program.scopes.values()) {
      for (const item of scope.functions) this.#decorated(scope, item);
      for (const call of scope.calls) if (call.k === "call") this.#call(scope, call);
      for (const { value } of scope.assignments)
        if (value?.k === "call" && value.callee.k === "call") this.#applied(scope, value.callee, value);
    }
    for (const hub of this.#hubs.all()) {
      const routes = argumentOf(hub.call, "routes");
      if (routes) this.#list(hub, this.#program.writtenIn(hub.scope, routes));
      const layers = argumentOf(hub.call, "middleware");
      for (const layer of layers
        ? (this.#program.items({ uri: hub.scope.uri, scope: "", expression: layers }) ?? [])
        : []) {
        const [first] = layer.expression.k === "call" ? positionalArguments(layer.expression) : [];
        if (first)
          this.#addMiddleware(
            hub,
            { ...layer, expression: first },
            this.#program.placeOf(layer.uri, layer.expression.span, hub.source),
          );
      }
    }
    for (const ref of this.#program.classes.all()) this.#classBased(ref);
    return { entries: this.#entries, middleware: this.#middleware, open: this.#open, gaps: this.#gaps };
  }

  #decorated(scope: WebScope, item: PythonFunction): void {
    // Decorators are applied from the function outwards.
    for (const decorator of item.decorators.toReversed()) {
      if (decorator.k !== "call" || decorator.callee.k !== "member") continue;
      const { name, of } = decorator.callee;
      const isRoute = name in METHODS || /^(api_route|route|trace)$/.test(name);
      const isSocket = /^websocket(_route)?$/.test(name);
      if (!isRoute && !isSocket && name !== "middleware") continue;
      const hub = this.#hubs.find(scope, of);
      if (!hub) continue;
      const source = this.#program.sourceIn(scope, decorator);
      if (isSocket) {
        this.#socket(hub, scope, decorator, source);
        continue;
      }
      if (name === "middleware") {
        this.#addMiddleware(
          hub,
          { uri: scope.uri, scope: "", expression: { k: "name", value: item.name, span: item.nameSpan } },
          source,
        );
        continue;
      }
      this.#route(
        hub,
        scope,
        decorator,
        methodsOf(this.#program, scope.uri, decorator, name),
        { uri: scope.uri, item },
        item.name,
        source,
      );
    }
  }

  #call(scope: WebScope, call: Call): void {
    if (call.callee.k === "call") {
      this.#applied(scope, call.callee, call);
      return;
    }
    if (call.callee.k !== "member") return;
    const { name, of } = call.callee;
    if (!/^(include_router|mount|add_(api_|websocket_|api_websocket_)?route|add_middleware)$/.test(name))
      return;
    const hub = this.#hubs.find(scope, of);
    if (!hub) return;
    const source = this.#program.sourceIn(scope, call);
    switch (name) {
      case "include_router":
        this.#include(hub, scope, call, source);
        return;
      case "mount": {
        const target = argumentAt(call, 1, "app");
        const found = target && this.#hubs.find(scope, target);
        const path = argumentAt(call, 0, "path");
        if (!found) return;
        this.#add(hub, {
          kind: "mount",
          target: found,
          prefix: path && { uri: scope.uri, scope: "", expression: path },
          scope,
          dependencies: null,
          source,
        });
        return;
      }
      case "add_api_route":
      case "add_route": {
        const endpoint = argumentAt(call, 1, name === "add_route" ? "route" : "endpoint");
        if (endpoint)
          this.#route(
            hub,
            scope,
            call,
            methodsOf(this.#program, scope.uri, call, "api_route"),
            this.#functionOf(scope, endpoint),
            render(endpoint),
            source,
            name === "add_route",
          );
        return;
      }
      case "add_websocket_route":
      case "add_api_websocket_route":
        this.#socket(hub, scope, call, source);
        return;
      case "add_middleware": {
        const target = argumentAt(call, 0, "middleware_class");
        if (target) this.#addMiddleware(hub, { uri: scope.uri, scope: "", expression: target }, source);
        return;
      }
    }
  }

  /** `router.post("/register")(register)`: a decorator that is called where it stands. */
  #applied(scope: WebScope, decorator: Call, call: Call): void {
    if (decorator.callee.k !== "member") return;
    const { name, of } = decorator.callee;
    const [endpoint] = positionalArguments(call);
    const hub = name in METHODS || name === "api_route" ? this.#hubs.find(scope, of) : null;
    if (!hub || !endpoint) return;
    this.#route(
      hub,
      scope,
      decorator,
      methodsOf(this.#program, scope.uri, decorator, name),
      this.#functionOf(scope, endpoint),
      render(endpoint),
      this.#program.sourceIn(scope, call),
    );
  }

  #include(hub: FastapiHub, scope: WebScope, call: Call, source: SourceRef): void {
    const router = argumentAt(call, 0, "router");
    const target = router && this.#hubs.find(scope, router);
    const option = (key: string): Written | null => {
      const value = argumentOf(call, key);
      return value && this.#program.writtenIn(scope, value);
    };
    const included = {
      kind: "include" as const,
      prefix: option("prefix"),
      scope,
      dependencies: option("dependencies"),
      source,
    };
    if (target) {
      this.#add(hub, { ...included, target });
      return;
    }
    if (router && this.#program.isLooped(scope, router)) {
      this.#open.push({ hub, included });
      return;
    }
    const what = router ? render(router).slice(0, 60) : "";
    this.#gaps.push({
      what: `router ${what}`,
      why: "include_router is given something that is not found among the routers of the workspace",
      source,
    });
  }

  #route(
    hub: FastapiHub,
    scope: WebScope,
    call: Call,
    methods: readonly HttpMethod[],
    handler: Handler | null,
    handlerName: string,
    source: SourceRef,
    isPlain = false,
  ): void {
    const written = argumentAt(call, 0, "path");
    this.#add(hub, {
      kind: "route",
      methods,
      path: written ? this.#program.textIn(scope, written) : "",
      pathText: written ? render(written) : "",
      uri: scope.uri,
      handler: handler?.item ?? null,
      handlerUri: handler?.uri ?? scope.uri,
      handlerScope: scope,
      owner: handler?.owner ?? null,
      handlerName,
      call,
      source,
      isPlain,
    });
  }

  #socket(hub: FastapiHub, scope: WebScope, call: Call, source: SourceRef): void {
    const written = argumentAt(call, 0, "path");
    const path = written && this.#program.textIn(scope, written);
    this.#add(hub, { kind: "socket", path: path ?? (written ? `{${render(written)}}` : ""), source });
  }

  /** `routes=[Route("/", home), Mount("/static", …)]` of Starlette. */
  #list(hub: FastapiHub, written: Written): void {
    const scope = this.#program.scopeOf(written.uri, "") ?? hub.scope;
    for (const item of this.#program.items(written) ?? []) {
      const at = this.#program.constant(item);
      if (at.expression.k !== "call") continue;
      const call = at.expression;
      const source = this.#program.placeOf(at.uri, call.span, hub.source);
      const name = calledName(call);
      if (name === "Route" || name === "APIRoute") {
        const endpoint = argumentAt(call, 1, "endpoint");
        if (endpoint)
          this.#route(
            hub,
            scope,
            call,
            methodsOf(this.#program, at.uri, call, "api_route"),
            this.#functionOf(scope, endpoint),
            render(endpoint),
            source,
            name === "Route",
          );
      } else if (name === "WebSocketRoute" || name === "APIWebSocketRoute") {
        this.#socket(hub, scope, call, source);
      } else if (name === "Mount") {
        const target = argumentAt(call, 1, "app");
        const found = target && this.#hubs.find(scope, target);
        const path = argumentAt(call, 0, "path");
        if (found)
          this.#add(hub, {
            kind: "mount",
            target: found,
            prefix: path && { ...at, expression: path },
            scope,
            dependencies: null,
            source,
          });
        else if (argumentOf(call, "routes"))
          this.#gaps.push({
            what: `Mount ${path ? render(path) : ""}`,
            why: "routes given to a Mount in place are not followed",
            source,
          });
      }
    }
  }

  /** Methods with route decorators: a library makes one function of each, and of the class's attributes its parameters. */
  #classBased(ref: ClassRef<PythonClass>): void {
    const { uri, declaration } = ref;
    const scope = this.#program.scopeOf(uri, "");
    if (!scope) return;
    for (const method of declaration.methods) {
      for (const decorator of method.decorators.toReversed()) {
        if (decorator.k !== "call" || decorator.callee.k !== "member") continue;
        const { name, of } = decorator.callee;
        const hub = name in METHODS || name === "api_route" ? this.#hubs.find(scope, of) : null;
        if (!hub) continue;
        const source = this.#program.placeOf(uri, decorator.span);
        const methods = methodsOf(this.#program, uri, decorator, name);
        this.#route(
          hub,
          scope,
          decorator,
          methods,
          { uri, item: method, owner: ref },
          `${ref.qualname}.${method.name}`,
          source,
        );
      }
    }
  }

  #functionOf(
    scope: WebScope,
    expression: Expression,
  ): { readonly uri: string; readonly item: PythonFunction } | null {
    const name = dottedName(expression);
    if (name === null) return null;
    const own = scope.functions.find((item) => item.name === name);
    return own ? { uri: scope.uri, item: own } : this.#program.functionIn(scope, name);
  }

  #addMiddleware(hub: FastapiHub, target: Written, source: SourceRef): void {
    const list = this.#middleware.get(hub.key);
    if (list) list.push({ target, source });
    else this.#middleware.set(hub.key, [{ target, source }]);
  }

  #add(hub: FastapiHub, entry: RegisteredRoute | RegisteredSocket | Included): void {
    const list = this.#entries.get(hub.key);
    if (list) list.push(entry);
    else this.#entries.set(hub.key, [entry]);
  }
}

function methodsOf(program: WebProgram, uri: string, call: Call, name: string): readonly HttpMethod[] {
  const own = METHODS[name];
  if (own) return [own];
  const given = argumentOf(call, "methods");
  const items =
    given &&
    (program.items({ uri, scope: "", expression: given }) ??
      (listItems(given) ?? []).map((expression) => ({ uri, scope: "", expression })));
  const methods = (items ?? []).flatMap((item) => {
    const text = program.text(item) ?? (dottedName(item.expression) ?? "").split(".").at(-1) ?? "";
    return METHODS[text.toLowerCase()] ?? [];
  });
  return methods.length > 0 ? methods : ["GET"];
}
