import type { Gap } from "../../ir/entry.ts";
import type { Guard, Route } from "../../ir/route.ts";
import { argumentOf, isNone } from "../../languages/python/expressions.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import type { Written } from "../python/project.ts";
import { SOUNDS_LIKE_GUARD } from "../python/refusal.ts";
import type { WebProgram } from "../python/web-program.ts";
import { Dependencies, type Dependency, nameOf } from "./dependencies.ts";
import { type FastapiHub, type FastapiHubs, hubOption } from "./hubs.ts";
import { readParameters } from "./parameters.ts";
import { shapeOf } from "./shapes.ts";
import { type Included, type RegisteredRoute, type Registrations, readRegistrations } from "./walk.ts";

/** What holds for all routes below a point of the way from the app to them. */
interface Way {
  readonly prefix: string;
  readonly guards: readonly Guard[];
  readonly attached: readonly Dependency[];
  readonly mounts: readonly SourceRef[];
  readonly gaps: readonly Gap[];
  readonly isMounted: boolean;
}

/** The routes of all apps of the workspace, and of routers that no app includes. */
export function resolveRoutes(
  program: WebProgram,
  hubs: FastapiHubs,
): { readonly routes: readonly Route[]; readonly gaps: readonly Gap[] } {
  return new RouteReader(program, hubs).read();
}

class RouteReader {
  readonly #program: WebProgram;
  readonly #hubs: FastapiHubs;
  readonly #registered: Registrations;
  readonly #dependencies: Dependencies;
  readonly #routes: Route[] = [];
  readonly #gaps: Gap[] = [];
  readonly #ids = new Map<string, number>();
  readonly #reached = new Set<string>();
  readonly #told = new Set<string>();

  constructor(program: WebProgram, hubs: FastapiHubs) {
    this.#program = program;
    this.#hubs = hubs;
    this.#registered = readRegistrations(program, hubs);
    this.#dependencies = new Dependencies(program);
  }

  read(): { readonly routes: readonly Route[]; readonly gaps: readonly Gap[] } {
    const below = new Set(
      [...this.#registered.entries.values()]
        .flat()
        .flatMap((entry) => ("target" in entry ? [entry.target.key] : [])),
    );
    const hubs = [...this.#hubs.all()];
    for (const hub of hubs)
      if (hub.kind === "app" && !below.has(hub.key)) this.#walk(hub, this.#start(hub, true), []);
    for (const hub of hubs) {
      if (this.#reached.has(hub.key) || below.has(hub.key)) continue;
      if (!this.#registered.entries.has(hub.key)) continue;
      if (this.#assume(hub)) continue;
      this.#walk(hub, this.#start(hub, false), []);
      this.#gaps.push({
        what: `routes of a router in ${hub.scope.uri}`,
        why: "no app of the workspace includes the router, as far as its code shows",
        source: hub.source,
      });
    }
    return { routes: this.#routes, gaps: [...this.#registered.gaps, ...this.#gaps] };
  }

  #start(hub: FastapiHub, isMounted: boolean): Way {
    return { prefix: "", guards: [], attached: [], mounts: [hub.source], gaps: [], isMounted };
  }

  #walk(hub: FastapiHub, way: Way, line: readonly string[]): void {
    if (line.includes(hub.key)) return;
    this.#reached.add(hub.key);
    const here = this.#within(hub, way);
    for (const entry of this.#registered.entries.get(hub.key) ?? []) {
      if (entry.kind === "route") {
        this.#route(entry, here);
        continue;
      }
      if (entry.kind === "socket") {
        this.#gaps.push({
          what: `WebSocket ${here.prefix}${entry.path}`,
          why: "it has no method of HTTP: only requests of HTTP are listed as routes",
          source: entry.source,
        });
        continue;
      }
      this.#walk(entry.target, this.#below(entry, here), [...line, hub.key]);
    }
  }

  /** What holds below a point where something is included or mounted. */
  #below(entry: Omit<Included, "target">, here: Way): Way {
    const prefix = this.#prefixOf(entry.prefix, entry.source);
    const dependencies = this.#attach(entry.dependencies, "group", entry.source);
    const isMount = entry.kind === "mount";
    return {
      ...here,
      prefix: here.prefix + (isMount ? prefix.text.replace(/\/$/, "") : prefix.text),
      // A mounted app is asked for nothing of the app around it but what middleware asks.
      guards: [
        ...(isMount ? here.guards.filter((guard) => guard.kind === "middleware") : here.guards),
        ...dependencies.guards,
      ],
      attached: [...(isMount ? [] : here.attached), ...dependencies.attached],
      mounts: [...here.mounts, entry.source],
      gaps: [...here.gaps, ...prefix.gaps, ...dependencies.gaps],
    };
  }

  /** A router that nothing includes by name is taken to be in the list that the app includes in a loop, if there is one such list. */
  #assume(hub: FastapiHub): boolean {
    const [list, ...others] = this.#registered.open;
    if (!list || others.length > 0 || hub.kind !== "router" || hub.key === list.hub.key) return false;
    const here = this.#within(list.hub, this.#start(list.hub, true));
    const gap = {
      what: "where the router is included",
      why: "the app includes routers of a list that is not known: it is taken to be in it",
      source: list.included.source,
    };
    this.#walk(hub, this.#below(list.included, { ...here, gaps: [...here.gaps, gap] }), []);
    return true;
  }

  /** What the app or router itself adds: its prefix, its dependencies, its middleware. */
  #within(hub: FastapiHub, way: Way): Way {
    const isApp = hub.kind === "app";
    const prefix = isApp ? { text: "", gaps: [] } : this.#prefixOf(this.#local(hub, "prefix"), hub.source);
    const dependencies = this.#attach(
      this.#local(hub, "dependencies"),
      isApp ? "global" : "group",
      hub.source,
    );
    const middleware = (this.#registered.middleware.get(hub.key) ?? []).flatMap(({ target, source }) =>
      this.#middleware(target, source),
    );
    return {
      ...way,
      prefix: way.prefix + prefix.text,
      guards: [...way.guards, ...middleware, ...dependencies.guards],
      attached: [...way.attached, ...dependencies.attached],
      gaps: [...way.gaps, ...prefix.gaps, ...dependencies.gaps],
    };
  }

  #local(hub: FastapiHub, name: string): Written | null {
    const written = hubOption(this.#program, hub, name);
    // What a class of the workspace gives to its own base uses the names of its own file.
    return written?.uri === hub.scope.uri ? this.#program.writtenIn(hub.scope, written.expression) : written;
  }

  #prefixOf(
    written: Written | null,
    source: SourceRef,
  ): { readonly text: string; readonly gaps: readonly Gap[] } {
    if (!written || isNone(written.expression)) return { text: "", gaps: [] };
    const text = this.#program.text(written);
    if (text !== null) return { text, gaps: [] };
    const name = nameOf(written.expression);
    return {
      text: `{${name}}`,
      gaps: [{ what: `prefix ${name}`, why: "it is computed when the program starts", source }],
    };
  }

  #attach(
    written: Written | null,
    scope: Guard["scope"],
    source: SourceRef,
  ): Pick<Way, "guards" | "attached" | "gaps"> {
    const attached = this.#dependencies.listed(written);
    if (attached === null)
      return {
        guards: [],
        attached: [],
        gaps: [{ what: "dependencies", why: "the list is computed", source }],
      };
    return {
      guards: attached.flatMap((each) => this.#dependencies.guard(each, scope, true) ?? []),
      attached,
      gaps: [],
    };
  }

  /** Middleware of the workspace that turns requests away, or sounds like it. */
  #middleware(target: Written, source: SourceRef): readonly Guard[] {
    const name = nameOf(target.expression);
    const found = this.#program.classes.find(target.uri, target.expression, target.scope);
    const item = found ? null : this.#program.functionOf(target.uri, name);
    const refuses =
      found?.kind === "class"
        ? ["dispatch", "__call__"]
            .map(
              (method) =>
                this.#program.body(found.ref.uri, `${found.ref.qualname}.${method}`)?.refuses ?? null,
            )
            .find((each) => each !== null)
        : item && this.#program.body(item.uri, item.item.name)?.refuses;
    const common = { name, scope: "global", source } as const;
    // It sees requests of all kinds and may turn away a few of them only: its name has to say that access is meant.
    if (!SOUNDS_LIKE_GUARD.test(name) || /header/i.test(name)) {
      return refuses
        ? [{ ...common, kind: refuses === "throttle" ? "throttle" : "middleware", effect: "unknown" }]
        : [];
    }
    const identifies = found?.kind === "external" && /Authentication/.test(name);
    return [
      { ...common, kind: "middleware", effect: refuses ? "require" : identifies ? "identify" : "unknown" },
    ];
  }

  #route(entry: RegisteredRoute, way: Way): void {
    const own = this.#attach(this.#option(entry, "dependencies"), "method", entry.source);
    const path = `${way.prefix}${entry.path ?? `{${entry.pathText}}`}` || "/";
    const handler = entry.handler;
    const owned = entry.owner ? this.#dependencies.ofOwner(entry.owner) : [];
    const filled = handler && { uri: entry.handlerUri, item: handler, scope: entry.handlerScope };
    const read =
      filled && !entry.isPlain
        ? readParameters(
            this.#program,
            this.#dependencies,
            filled,
            [...way.attached, ...own.attached, ...owned.map((each) => each.dependency)],
            path,
          )
        : { parameters: pathParameters(path), body: null, dependencies: [] };
    const guards = [
      ...way.guards,
      ...own.guards,
      ...owned.flatMap(
        (each) =>
          this.#dependencies.guard(each.dependency, each.isInherited ? "inherited" : "class", false) ?? [],
      ),
      ...read.dependencies.flatMap((each) => this.#dependencies.guard(each, "method", false) ?? []),
    ];
    const gaps: Gap[] = [...way.gaps, ...own.gaps];
    if (entry.path === null)
      gaps.push({
        what: `path ${entry.pathText}`,
        why: "it is computed when the program starts",
        source: entry.source,
      });
    if (!way.isMounted)
      gaps.push({
        what: `path ${path}: what stands before it`,
        why: "no app of the workspace includes the router, as far as its code shows",
        source: entry.source,
      });
    const source = handler
      ? { uri: entry.handlerUri, range: rangeOf(handler.span), hash: handler.hash }
      : null;
    const place = source ?? entry.source;
    for (const method of entry.methods) {
      const key = `${method} ${path} ${place.uri}:${place.range.start.line}`;
      if (this.#told.has(key)) continue;
      this.#told.add(key);
      this.#routes.push({
        kind: "route",
        id: this.#numbered(`route:fastapi:${method} ${path}`),
        name: `${method} ${path}`,
        uri: place.uri,
        range: place.range,
        nameRange: handler ? rangeOf(handler.nameSpan) : place.range,
        hash: place.hash,
        stack: "fastapi",
        confidence:
          gaps.length > 0
            ? "partial"
            : guards.some((guard) => guard.effect === "unknown")
              ? "likely"
              : "certain",
        reason: way.isMounted
          ? "path operation reached from an app of the workspace"
          : "path operation on a router that no app of the workspace includes",
        gaps,
        method,
        path,
        parameters: read.parameters,
        handler: entry.handlerName,
        handlerSource: source,
        guards,
        body: read.body,
        response: this.#response(entry),
        mounts: [...way.mounts, entry.source],
        modelIds: [],
      });
    }
  }

  #option(entry: RegisteredRoute, name: string): Written | null {
    const value = argumentOf(entry.call, name);
    return value && { uri: entry.uri, scope: "", expression: value };
  }

  #response(entry: RegisteredRoute): Route["response"] {
    const declared = this.#option(entry, "response_model");
    if (declared) return isNone(declared.expression) ? null : shapeOf(this.#program, declared);
    const returns = entry.handler?.returns;
    return returns && !entry.isPlain
      ? shapeOf(this.#program, { uri: entry.handlerUri, scope: "", expression: returns })
      : null;
  }

  #numbered(id: string): string {
    const count = (this.#ids.get(id) ?? 0) + 1;
    this.#ids.set(id, count);
    return count === 1 ? id : `${id}#${count}`;
  }
}

function pathParameters(path: string): Route["parameters"] {
  return [...path.matchAll(/\{(\w+)(?::(\w+))?\}/g)].map((match) => ({
    name: match[1] ?? "",
    in: "path",
    type: match[2] ?? null,
    required: true,
  }));
}
