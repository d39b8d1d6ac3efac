import type { Gap } from "../../ir/entry.ts";
import type { Guard, HttpMethod, Route, RouteParameter } from "../../ir/route.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import { argumentAt, argumentOf, isNone, positionalArguments } from "../../languages/python/expressions.ts";
import type { PythonClass, PythonFunction } from "../../languages/python/module.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import { METHODS } from "../python/http-methods.ts";
import type { Written } from "../python/project.ts";
import type { WebProgram } from "../python/web-program.ts";
import { FlaskGuards } from "./guards.ts";
import type { FlaskHub, FlaskHubs } from "./hubs.ts";
import { type Registered, type RegisteredRoute, type Registrations, readRegistrations } from "./walk.ts";

/** What holds for all routes below a point of the way from the app to them. */
interface Way {
  readonly prefix: string;
  readonly guards: readonly Guard[];
  readonly mounts: readonly SourceRef[];
  readonly gaps: readonly Gap[];
  readonly isMounted: boolean;
}

/** What answers one method of a route. */
interface Answer {
  readonly method: HttpMethod;
  readonly name: string;
  readonly item: Pick<PythonFunction, "span" | "nameSpan" | "hash"> | null;
  readonly uri: string;
  readonly guards: readonly Guard[];
}

/** The routes of all apps of the workspace, and of blueprints that no app registers. */
export function resolveRoutes(
  program: WebProgram,
  hubs: FlaskHubs,
): { readonly routes: readonly Route[]; readonly gaps: readonly Gap[] } {
  return new RouteReader(program, hubs).read();
}

class RouteReader {
  readonly #program: WebProgram;
  readonly #hubs: FlaskHubs;
  readonly #registered: Registrations;
  readonly #guards: FlaskGuards;
  readonly #routes: Route[] = [];
  readonly #gaps: Gap[] = [];
  readonly #ids = new Map<string, number>();
  readonly #told = new Set<string>();
  readonly #reached = new Set<string>();
  #appWide: readonly Guard[] = [];

  constructor(program: WebProgram, hubs: FlaskHubs) {
    this.#program = program;
    this.#hubs = hubs;
    this.#registered = readRegistrations(program, hubs);
    this.#guards = new FlaskGuards(program);
  }

  read(): { readonly routes: readonly Route[]; readonly gaps: readonly Gap[] } {
    const hubs = [...this.#hubs.all()];
    const below = new Set(
      [...this.#registered.entries.values()]
        .flat()
        .flatMap((entry) => (entry.kind === "child" ? [entry.target.key] : [])),
    );
    this.#appWide = hubs.flatMap((hub) => (hub.kind === "app" ? [] : this.#before(hub, true)));
    for (const hub of hubs)
      if (hub.kind === "app" && !below.has(hub.key)) this.#walk(hub, null, this.#start(hub, true), []);
    for (const hub of hubs) {
      if (this.#reached.has(hub.key) || below.has(hub.key) || !this.#registered.entries.has(hub.key))
        continue;
      if (hub.kind === "blueprint" && this.#assume(hub)) continue;
      // An API is often bound to its app by a function that is called at run time.
      const isMounted = hub.kind === "api" && hubs.some((each) => each.kind === "app");
      this.#walk(hub, null, this.#start(hub, isMounted), []);
      if (!isMounted)
        this.#gaps.push({
          what: `routes of a ${hub.kind} in ${hub.scope.uri}`,
          why: `no app of the workspace registers the ${hub.kind}, as far as its code shows`,
          source: hub.source,
        });
    }
    return {
      routes: this.#routes,
      gaps: [...this.#registered.gaps, ...this.#gaps, ...builderViews(this.#program)],
    };
  }

  /**
   * A blueprint that nothing registers by name is taken to be in the list that the app registers in a loop, if there
   * is one such list.
   */
  #assume(hub: FlaskHub): boolean {
    const [list, ...others] = this.#registered.open;
    // Several such lists make no difference where they are registered alike.
    const isAlike = others.every((each) => each.hub === list?.hub && each.prefix === null);
    if (!list || (others.length > 0 && !(isAlike && list.prefix === null))) return false;
    const { source } = list;
    const gap = {
      what: "where the blueprint is registered",
      why: "the app registers blueprints of a list that is not known: it is taken to be in it",
      source,
    };
    const around = this.#start(list.hub, true);
    const guards = [...around.guards, ...this.#before(list.hub, false)];
    this.#walk(
      hub,
      { kind: "child", target: hub, prefix: list.prefix, source },
      { ...around, guards, gaps: [gap] },
      [],
    );
    return true;
  }

  #start(hub: FlaskHub, isMounted: boolean): Way {
    return { prefix: "", guards: isMounted ? this.#appWide : [], mounts: [hub.source], gaps: [], isMounted };
  }

  #walk(hub: FlaskHub, entry: Registered | null, way: Way, line: readonly string[]): void {
    if (line.includes(hub.key)) return;
    this.#reached.add(hub.key);
    const prefix = this.#prefix(hub, entry);
    const own = this.#before(hub, false);
    const here: Way = {
      ...way,
      prefix: joined(way.prefix, prefix.text),
      guards: [...way.guards, ...own],
      mounts: entry ? [...way.mounts, entry.source] : way.mounts,
      gaps: [...way.gaps, ...prefix.gaps],
    };
    for (const each of this.#registered.entries.get(hub.key) ?? []) {
      if (each.kind === "route") this.#route(each, here);
      else this.#walk(each.target, each, here, [...line, hub.key]);
    }
  }

  /** The prefix of a blueprint at its registration, else at its creation; that of an API is its own. */
  #prefix(hub: FlaskHub, entry: Registered | null): { readonly text: string; readonly gaps: readonly Gap[] } {
    const at = (name: string, position: number | null): Written | null => {
      const value = position === null ? argumentOf(hub.call, name) : argumentAt(hub.call, position, name);
      return value && this.#program.writtenIn(hub.scope, value);
    };
    const written =
      entry?.prefix ??
      (hub.kind === "blueprint"
        ? at("url_prefix", null)
        : hub.kind === "api"
          ? at("prefix", null)
          : hub.kind === "namespace"
            ? at("path", null)
            : null);
    const isNameless = written?.expression.k === "string" && written.expression.value === "";
    if (
      !written ||
      isNone(written.expression) ||
      (hub.kind === "namespace" && !entry?.prefix && isNameless)
    ) {
      // A namespace without a path is mounted below its name.
      const name = hub.kind === "namespace" ? positionalArguments(hub.call)[0] : undefined;
      const text = name ? this.#program.text({ uri: hub.scope.uri, scope: "", expression: name }) : null;
      return { text: text ? `/${text}` : "", gaps: [] };
    }
    const text = this.#program.text(written);
    if (text !== null) return { text, gaps: [] };
    return {
      text: "{prefix}",
      gaps: [
        {
          what: "prefix",
          why: "it is computed when the program starts",
          source: entry?.source ?? hub.source,
        },
      ],
    };
  }

  /** Functions that run before the requests of a hub. */
  #before(hub: FlaskHub, appWide: boolean): readonly Guard[] {
    return (this.#registered.before.get(hub.key) ?? [])
      .filter(({ isGlobal }) => hub.kind === "app" || isGlobal === appWide)
      .flatMap(
        ({ uri, name, isGlobal, source }) =>
          this.#guards.before(uri, name, isGlobal ? "global" : "group", source) ?? [],
      );
  }

  #route(entry: RegisteredRoute, way: Way): void {
    const path = joined(way.prefix, entry.path ?? `{${entry.pathText}}`) || "/";
    const gaps: Gap[] = [...way.gaps];
    if (entry.path === null)
      gaps.push({
        what: `path ${entry.pathText}`,
        why: "it is computed when the program starts",
        source: entry.source,
      });
    else if (entry.doubt !== null)
      gaps.push({ what: `path ${path}`, why: entry.doubt, source: entry.source });
    if (!way.isMounted)
      gaps.push({
        what: `path ${path}: what stands before it`,
        why: "no app of the workspace registers the blueprint, as far as its code shows",
        source: entry.source,
      });
    for (const answer of this.#answers(entry)) {
      const { item, method } = answer;
      const source = item ? { uri: answer.uri, range: rangeOf(item.span), hash: item.hash } : null;
      const place = source ?? entry.source;
      const key = `${method} ${path} ${place.uri}:${place.range.start.line}`;
      if (this.#told.has(key)) continue;
      this.#told.add(key);
      const guards = [...way.guards, ...answer.guards];
      this.#routes.push({
        kind: "route",
        id: this.#numbered(`route:flask:${method} ${path}`),
        name: `${method} ${path}`,
        uri: place.uri,
        range: place.range,
        nameRange: item ? rangeOf(item.nameSpan) : place.range,
        hash: place.hash,
        stack: "flask",
        confidence:
          gaps.length > 0
            ? "partial"
            : guards.some((guard) => guard.effect === "unknown")
              ? "likely"
              : "certain",
        reason: way.isMounted
          ? "rule reached from an app of the workspace"
          : "rule on a blueprint that no app of the workspace registers",
        gaps,
        method,
        path,
        parameters: pathParameters(path),
        handler: answer.name,
        handlerSource: source,
        guards,
        body: null,
        response: null,
        mounts: [...way.mounts, entry.source],
        modelIds: [],
      });
    }
  }

  #answers(entry: RegisteredRoute): readonly Answer[] {
    const { handler } = entry;
    const outer = handler.decorators.flatMap(
      (each) => this.#guards.decorator(each, handler.owner ? "class" : "method", entry.source) ?? [],
    );
    if (!handler.owner) {
      return (entry.methods ?? ["GET"]).map((method) => ({
        method,
        name: handler.name,
        uri: handler.uri,
        item: handler.item,
        guards: outer,
      }));
    }
    const { declaration, uri: file } = handler.owner;
    if (this.#isCalled(handler.owner))
      return (entry.methods ?? ["GET"]).map((method) => ({
        method,
        name: handler.name,
        uri: file,
        item: declaration,
        guards: [...outer, ...this.#classGuards(handler.owner, "", entry.source)],
      }));
    return this.#methodsOf(handler.owner, entry.methods).map(({ method, uri, item }) => ({
      method,
      name: `${handler.name}.${item.name}`,
      uri,
      item,
      guards: [
        ...outer,
        ...this.#classGuards(handler.owner, item.name, entry.source),
        ...item.decorators.flatMap(
          (expression) =>
            this.#guards.decorator({ uri, scope: "", expression }, "method", entry.source) ?? [],
        ),
      ],
    }));
  }

  /** Whether a blueprint of the workspace takes the class itself for a view: it is none of the framework. */
  #isCalled(owner: ClassRef<PythonClass>): boolean {
    const line = this.#program.classes.linearize(owner);
    return !line.some((step) =>
      step.kind === "class"
        ? step.ref.declaration.methods.some(({ name }) => name in METHODS || name === "dispatch_request")
        : step.name !== "object",
    );
  }

  /** The methods of a class that answer requests, own and inherited; `View.dispatch_request` answers all. */
  #methodsOf(
    owner: ClassRef<PythonClass>,
    given: readonly HttpMethod[] | null,
  ): readonly { readonly method: HttpMethod; readonly uri: string; readonly item: PythonFunction }[] {
    const line = this.#program.classes
      .linearize(owner)
      .flatMap((step) => (step.kind === "class" ? [step.ref] : []));
    const found = new Map<HttpMethod, { method: HttpMethod; uri: string; item: PythonFunction }>();
    const all = line.flatMap(({ uri, declaration }) => declaration.methods.map((item) => ({ uri, item })));
    for (const { uri, item } of all) {
      const method = METHODS[item.name];
      if (!method || (given && !given.includes(method)) || found.has(method)) continue;
      if (method !== "HEAD" && method !== "OPTIONS") found.set(method, { method, uri, item });
    }
    // A view that has methods of its own dispatches to them.
    const whole = found.size > 0 ? undefined : all.find(({ item }) => item.name === "dispatch_request");
    return whole ? (given ?? ["GET"]).map((method) => ({ method, ...whole })) : [...found.values()];
  }

  /** `decorators = […]` of a view and `method_decorators` of a resource, which may be by method. */
  #classGuards(owner: ClassRef<PythonClass> | null, method: string, fallback: SourceRef): readonly Guard[] {
    if (!owner) return [];
    return ["decorators", "method_decorators"].flatMap((name) => {
      const found = this.#program.attribute(owner, name);
      if (!found) return [];
      const scope = found.scope === owner.qualname && found.uri === owner.uri ? "class" : "inherited";
      const at = this.#program.constant(found);
      const list =
        at.expression.k === "dict"
          ? at.expression.entries
              .filter(([key]) => key.k === "string" && key.value === method)
              .map(([, value]) => ({ ...at, expression: value }))
          : [at];
      const source = { uri: found.uri, range: rangeOf(found.item.span), hash: found.item.hash };
      return list.flatMap((each) =>
        (this.#program.items(each) ?? []).flatMap(
          (item) => this.#guards.decorator(item, scope, source.hash === "" ? fallback : source) ?? [],
        ),
      );
    });
  }

  #numbered(id: string): string {
    const count = (this.#ids.get(id) ?? 0) + 1;
    this.#ids.set(id, count);
    return count === 1 ? id : `${id}#${count}`;
  }
}

/** Views of Flask-AppBuilder make their routes of models and `@expose`, which is not followed: said once. */
function builderViews(program: WebProgram): readonly Gap[] {
  const views = [...program.classes.all()].filter((ref) =>
    program.classes
      .linearize(ref)
      .some((step) => step.kind === "external" && /^flask_appbuilder\..*(View|Api)$/.test(step.name)),
  );
  const [first] = views;
  if (!first) return [];
  const count = views.length === 1 ? "a class" : `${views.length} classes`;
  return [
    {
      what: `routes of ${count} of Flask-AppBuilder, such as ${first.qualname}`,
      why: "Flask-AppBuilder makes them of models and @expose, which is not read",
      source: { uri: first.uri, range: rangeOf(first.declaration.span), hash: first.declaration.hash },
    },
  ];
}

/** Flask puts one slash between a prefix and what follows it. */
function joined(prefix: string, path: string): string {
  if (prefix === "") return path;
  if (path === "") return prefix;
  return `${prefix.replace(/\/$/, "")}/${path.replace(/^\//, "")}`;
}

function pathParameters(path: string): readonly RouteParameter[] {
  return [...path.matchAll(/<(?:([A-Za-z_]\w*(?:\(.*?\))?):)?(\w+)>/g)].map((match) => ({
    name: match[2] ?? "",
    in: "path",
    type: match[1] ?? null,
    required: true,
  }));
}
