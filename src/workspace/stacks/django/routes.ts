import type { Confidence, Gap } from "../../ir/entry.ts";
import type { Guard, HttpMethod, Route } from "../../ir/route.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import { rangeOf, type SourceRef, type Span } from "../../source.ts";
import type { ClassFacts, FunctionFacts } from "./facts.ts";
import { classGuards, functionGuards, wrapperGuards } from "./guards.ts";
import type { ModelRegistry } from "./model-registry.ts";
import type { DjangoProject } from "./project.ts";
import { RouterIndex, type RouterRef } from "./routers.ts";
import { SerializerShapes } from "./serializers.ts";
import { stringSetting } from "./settings.ts";
import { joinPaths, pathParameters } from "./url-path.ts";
import { type Mount, UrlWalk } from "./url-patterns.ts";
import { attributeOf, constantString, type Written } from "./values.ts";
import { modelsOfView, type Shapes, shapesOfClass, shapesOfFunction } from "./view-shapes.ts";
import {
  actionMap,
  classMethods,
  externalMethods,
  findView,
  functionMethods,
  httpMethod,
  methodOf,
  type View,
  type ViewSetAction,
  viewSetActions,
} from "./views.ts";

/** Every method on every path of the workspace, and what of the urlconfs was not understood. */
export function resolveRoutes(registry: ModelRegistry): {
  readonly routes: readonly Route[];
  readonly gaps: readonly Gap[];
} {
  const { project } = registry;
  const routers = new RouterIndex(project);
  const walk = new UrlWalk(project, routers);
  for (const uri of rootUrlconfs(project)) walk.module(uri, { path: "", sources: [] });
  const builder = new RouteBuilder(registry, routers);
  for (const leaf of walk.leaves) {
    if (leaf.kind === "router") builder.router(leaf.mount, leaf.router);
    else builder.view(leaf.mount, leaf.view);
  }
  return { routes: builder.routes, gaps: walk.gaps };
}

/** Modules that `ROOT_URLCONF` names; without settings, urlconfs that no other file of the workspace includes by import. */
function rootUrlconfs(project: DjangoProject): readonly string[] {
  const roots = new Set<string>();
  for (const settings of project.settings) {
    const name = stringSetting(project, settings, "ROOT_URLCONF");
    const module = name === null ? null : project.names.module(name, settings.uri);
    if (module?.uri) roots.add(module.uri);
  }
  if (roots.size > 0) return [...roots];
  const urlconfs = [...project.facts].filter(([, facts]) =>
    facts.assignments.some((item) => item.target === "urlpatterns"),
  );
  const shortest = Math.min(...urlconfs.map(([uri]) => uri.split("/").length));
  return urlconfs.flatMap(([uri]) => (uri.split("/").length === shortest ? uri : []));
}

interface Handler {
  readonly name: string;
  readonly source: SourceRef | null;
  readonly nameSpan: Span | null;
}

class RouteBuilder {
  readonly routes: Route[] = [];
  readonly #registry: ModelRegistry;
  readonly #project: DjangoProject;
  readonly #routers: RouterIndex;
  readonly #shapes: SerializerShapes;
  readonly #ids = new Map<string, number>();

  constructor(registry: ModelRegistry, routers: RouterIndex) {
    this.#registry = registry;
    this.#project = registry.project;
    this.#routers = routers;
    this.#shapes = new SerializerShapes(registry);
  }

  /** All routes that a router makes of its registrations. */
  router(mount: Mount, router: RouterRef): void {
    const slash = this.#routers.trailingSlash(router) ? "/" : "";
    const parent = this.#routers.parentPath(router);
    for (const { prefix, viewset, source } of this.#routers.registrations(router)) {
      const base = { path: joinPaths(mount.path, parent), sources: [...mount.sources, source] };
      const found = this.#project.classes.find(viewset.uri, viewset.expression);
      if (found?.kind !== "class") {
        const name = found?.name ?? "unknown";
        this.#add(
          { path: base.path + prefix + slash, sources: base.sources },
          "ANY",
          external(name, "viewset"),
          [],
          NO_SHAPES,
          [],
          `the viewset ${name} is not in the workspace`,
        );
        continue;
      }
      for (const action of viewSetActions(this.#project, found.ref)) {
        const below = action.detail ? `/${this.#lookup(found.ref)}` : "";
        const own = action.path === "" ? "" : `/${action.path}`;
        const path = `${prefix}${below}${own}${slash}`;
        const at = {
          path: joinPaths(base.path, prefix === "" ? path.replace(/^\//, "") : path),
          sources: base.sources,
        };
        for (const name of action.methods) this.#action(at, found.ref, action, name, []);
      }
    }
  }

  #lookup(ref: ClassRef<ClassFacts>): string {
    const text = (name: string) => constantString(this.#project, attributeOf(this.#project, ref, name));
    return `<${text("lookup_url_kwarg") ?? text("lookup_field") ?? "pk"}>`;
  }

  /** The routes of one pattern with a view. */
  view(mount: Mount, written: Written): void {
    const { view, wrappers } = findView(this.#project, written);
    const outer = wrapperGuards(this.#project, wrappers);
    switch (view.kind) {
      case "class":
        this.#classView(mount, view, outer);
        return;
      case "function":
        this.#functionView(mount, view.uri, view.item, outer);
        return;
      case "external": {
        const methods = (view.isClass ? externalMethods(view.name) : null) ?? ["ANY"];
        const gap =
          methods[0] === "ANY" ? `${view.name} is not in the workspace: its methods are not known` : null;
        for (const method of methods)
          this.#add(
            mount,
            httpMethod(method) ?? "ANY",
            external(view.name, method),
            outer,
            NO_SHAPES,
            [],
            gap,
          );
        return;
      }
      case "unknown":
        this.#add(
          mount,
          "ANY",
          { name: view.text, source: null, nameSpan: null },
          outer,
          NO_SHAPES,
          [],
          `the view ${view.text} was not found`,
        );
    }
  }

  #classView(mount: Mount, view: View & { kind: "class" }, outer: readonly Guard[]): void {
    const { ref } = view;
    const map = actionMap(view.initial);
    if (map) {
      const actions = viewSetActions(this.#project, ref);
      for (const [method, name] of map) {
        const known = actions.find((action) => action.name === name);
        const action: ViewSetAction = known ?? {
          name,
          methods: [method],
          detail: false,
          path: "",
          method: methodOf(this.#project, ref, name),
          decorator: null,
        };
        this.#action(mount, ref, action, method, outer);
      }
      return;
    }
    const { methods, complete } = classMethods(this.#project, ref);
    if (methods.length === 0) {
      const gap = complete
        ? "the view class has no method that answers"
        : "methods come from a base class outside of the workspace";
      this.#add(mount, "ANY", this.#classHandler(ref, null, ""), outer, NO_SHAPES, [], gap);
      return;
    }
    for (const method of methods) {
      const request = { action: null, method: method.toUpperCase() };
      const guards = [...outer, ...classGuards(this.#project, ref, null, request, method)];
      const item = methodOf(this.#project, ref, method);
      const shapes = shapesOfClass(this.#project, this.#shapes, ref, null, request, item?.item ?? null);
      const handler = this.#classHandler(ref, item, method);
      const models = modelsOfView(this.#registry, ref, shapes);
      const gap = complete ? null : "some methods may come from a base class outside of the workspace";
      this.#add(mount, httpMethod(method) ?? "ANY", handler, guards, shapes, models, gap);
    }
  }

  #action(
    mount: Mount,
    ref: ClassRef<ClassFacts>,
    action: ViewSetAction,
    method: string,
    outer: readonly Guard[],
  ): void {
    const verb = httpMethod(method);
    if (!verb) return;
    const request = { action: action.name, method: verb };
    const guards = [...outer, ...classGuards(this.#project, ref, action.decorator, request, action.name)];
    const shapes = shapesOfClass(
      this.#project,
      this.#shapes,
      ref,
      action.decorator,
      request,
      action.method?.item ?? null,
    );
    const models = modelsOfView(this.#registry, ref, shapes);
    this.#add(mount, verb, this.#classHandler(ref, action.method, action.name), guards, shapes, models, null);
  }

  #functionView(mount: Mount, uri: string, item: FunctionFacts, outer: readonly Guard[]): void {
    const guards = [...outer, ...functionGuards(this.#project, uri, item)];
    const handler = {
      name: item.name,
      source: this.#project.sourceOf(uri, item.span, item.hash),
      nameSpan: item.nameSpan,
    };
    for (const name of functionMethods(item) ?? ["ANY"]) {
      const method = httpMethod(name) ?? (name === "ANY" ? "ANY" : null);
      if (!method) continue;
      const shapes = shapesOfFunction(this.#shapes, uri, item, method);
      this.#add(mount, method, handler, guards, shapes, modelsOfView(this.#registry, null, shapes), null);
    }
  }

  #classHandler(
    ref: ClassRef<ClassFacts>,
    method: { readonly uri: string; readonly item: FunctionFacts } | null,
    name: string,
  ): Handler {
    const label = name === "" ? ref.qualname : `${ref.qualname}.${name}`;
    if (method) {
      return {
        name: label,
        source: this.#project.sourceOf(method.uri, method.item.span, method.item.hash),
        nameSpan: method.item.nameSpan,
      };
    }
    const { declaration } = ref;
    return {
      name: label,
      source: this.#project.sourceOf(ref.uri, declaration.span, declaration.hash),
      nameSpan: declaration.nameSpan,
    };
  }

  #add(
    mount: Mount,
    method: HttpMethod,
    handler: Handler,
    guards: readonly Guard[],
    shapes: Shapes,
    modelIds: readonly string[],
    gap: string | null,
  ): void {
    const path = `/${mount.path}`.replace(/^\/\//, "/");
    const place = handler.source ?? mount.sources.at(-1);
    if (!place) return;
    const plain = `route:${method}:${path}`;
    const count = (this.#ids.get(plain) ?? 0) + 1;
    this.#ids.set(plain, count);
    const [computed] = /\{[^}]*\}/.exec(path) ?? [];
    const gaps: Gap[] = [...shapes.gaps];
    if (computed)
      gaps.push({
        what: `path ${path}`,
        why: `${computed} is computed when the project starts`,
        source: place,
      });
    if (gap) gaps.push({ what: `view ${handler.name}`, why: gap, source: place });
    this.routes.push({
      kind: "route",
      // A second route of the same method and path is shadowed by the first, and still worth seeing.
      id: count === 1 ? plain : `${plain}#${count}`,
      name: `${method} ${path}`,
      uri: place.uri,
      range: place.range,
      nameRange: handler.nameSpan ? rangeOf(handler.nameSpan) : place.range,
      hash: place.hash,
      stack: "django",
      confidence: confidenceOf(gap ?? computed ?? null, guards),
      reason: `urlconf entry in ${mount.sources.at(-1)?.uri ?? place.uri}`,
      gaps,
      method,
      path,
      parameters: pathParameters(path),
      handler: handler.name,
      handlerSource: handler.source,
      guards,
      body: takesBody(method) ? shapes.body : null,
      response: method === "DELETE" ? null : shapes.response,
      mounts: mount.sources,
      modelIds,
    });
  }
}

const NO_SHAPES: Shapes = { body: null, response: null, gaps: [] };

function external(name: string, method: string): Handler {
  return {
    name: method === "ANY" || method === "viewset" ? name : `${name}.${method}`,
    source: null,
    nameSpan: null,
  };
}

function takesBody(method: HttpMethod): boolean {
  return method === "POST" || method === "PUT" || method === "PATCH" || method === "ANY";
}

function confidenceOf(gap: string | null, guards: readonly Guard[]): Confidence {
  if (gap !== null) return "partial";
  return guards.some((guard) => guard.effect === "unknown") ? "likely" : "certain";
}
