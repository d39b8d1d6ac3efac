import type { Gap } from "../../ir/entry.ts";
import type { HttpMethod, Route, RouteParameter, ShapeRef } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import { argumentOf, booleanValue, calledName, isTrue, render } from "../../languages/python/expressions.ts";
import type { PythonClass, PythonFunction } from "../../languages/python/module.ts";
import { rangeOf } from "../../source.ts";
import { guardsOf, methodOf, methodsOf } from "./guards.ts";
import { type Registration, readRegistrations } from "./registrations.ts";
import type { AksaraRegistry, ModelInfo } from "./registry.ts";
import { bodyOf, responseOf } from "./shapes.ts";

const METHODS: ReadonlySet<string> = new Set(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]);

/** What a viewset answers without being told, in the order in which Aksara registers it. */
const GENERATED = [
  { name: "list", method: "GET", suffix: "/" },
  { name: "create", method: "POST", suffix: "/" },
  { name: "stream", method: "GET", suffix: "/stream" },
  { name: "retrieve", method: "GET", suffix: "/{pk}" },
  { name: "update", method: "PATCH", suffix: "/{pk}" },
  { name: "delete", method: "DELETE", suffix: "/{pk}" },
] as const;

interface Answer {
  readonly name: string;
  readonly methods: readonly string[];
  readonly suffix: string;
  /** The `@action(…)` that declares it; null for what is generated. */
  readonly action: Expression | null;
  readonly body: ShapeRef | null;
  readonly response: ShapeRef | null;
}

interface Found {
  readonly routes: readonly Route[];
  readonly gaps: readonly Gap[];
}

/** Routes of the viewsets of the workspace. Plain path operations are FastAPI's. */
export function resolveRoutes(registry: AksaraRegistry): Found {
  const { found, gaps: unplaced } = readRegistrations(registry);
  const routes: Route[] = [];
  const gaps: Gap[] = [...unplaced];
  const told = new Set<string>();
  for (const registration of found)
    for (const route of routesOf(registry, registration, gaps)) {
      // FastAPI answers with what was registered first.
      if (told.has(route.id)) continue;
      told.add(route.id);
      routes.push(route);
    }
  return { routes, gaps };
}

function routesOf(registry: AksaraRegistry, registration: Registration, gaps: Gap[]): readonly Route[] {
  const { viewset: ref } = registration;
  const written = registry.project.attribute(ref, "model");
  const dotted = written && dottedName(written.expression);
  const model = written && dotted !== null ? registry.find(written.uri, dotted, "") : null;
  const given = registry.project.attribute(ref, "prefix");
  const prefix = given ? registry.project.text(given) : `/${model?.table ?? `{${dotted ?? "?"}}`}`;
  const at = registry.sourceOf(ref.uri, ref.declaration.nameSpan);
  const own: Gap[] = registration.gap ? [registration.gap] : [];
  if (prefix === null) own.push({ what: "prefix", why: "it is computed", source: at });
  if (!model)
    own.push({ what: `model ${dotted ?? "?"}`, why: "it is not a model of the workspace", source: at });
  const base = `${registration.prefix}${(prefix ?? "/{?}").replace(/\/+$/, "")}`;
  return answersOf(registry, ref, model, gaps).flatMap((answer) =>
    answer.methods.map((method) => build(registry, registration, model, answer, method, base, own)),
  );
}

function answersOf(
  registry: AksaraRegistry,
  ref: ClassRef<PythonClass>,
  model: ModelInfo | null,
  gaps: Gap[],
): readonly Answer[] {
  const streams = registry.project.attribute(ref, "stream_enabled")?.expression ?? null;
  const answers: Answer[] = GENERATED.filter(
    ({ name }) => name !== "stream" || booleanValue(streams) !== false,
  ).map(({ name, method, suffix }) => ({
    name,
    methods: [method],
    suffix,
    action: null,
    body: bodyOf(registry, ref, model, name),
    response: responseOf(registry, ref, model, name),
  }));
  const seen = new Set<string>();
  for (const step of registry.project.classes.linearize(ref)) {
    if (step.kind !== "class") continue;
    for (const item of step.ref.declaration.methods) {
      if (seen.has(item.name)) continue;
      seen.add(item.name);
      const action = item.decorators.find((each) => calledName(each) === "action");
      if (action?.k !== "call") continue;
      const given = argumentOf(action, "path");
      const path = given
        ? registry.project.text({ uri: step.ref.uri, scope: step.ref.qualname, expression: given })
        : item.name;
      const methods = methodsOf(registry, step.ref.uri, action);
      if (path === null || methods === null || !methods.every((method) => METHODS.has(method))) {
        gaps.push({
          what: `action ${ref.qualname}.${item.name}`,
          why: "its path or its methods are computed",
          source: registry.sourceOf(step.ref.uri, action.span),
        });
        continue;
      }
      const isDetail = isTrue(argumentOf(action, "detail"));
      const suffix = `${isDetail ? "/{pk}" : ""}/${path}`;
      answers.push({ name: item.name, methods, suffix, action, body: null, response: null });
    }
  }
  return answers;
}

function build(
  registry: AksaraRegistry,
  registration: Registration,
  model: ModelInfo | null,
  answer: Answer,
  method: string,
  base: string,
  common: readonly Gap[],
): Route {
  const { viewset: ref } = registration;
  const found = methodOf(registry, ref, answer.name);
  const item = found?.item ?? null;
  const uri = found?.owner.uri ?? ref.uri;
  const place = item ?? ref.declaration;
  const source = { uri, range: rangeOf(place.span), hash: place.hash };
  const asks = item === null || item.calls.length > 0;
  const guards = guardsOf(registry, ref, answer.action, uri, asks ? "asked" : "unsure");
  const gaps = [...common];
  if (!asks && guards.some(({ effect }) => effect === "unknown"))
    gaps.push({
      what: `permissions of ${answer.name}`,
      why: answer.action
        ? "releases of Aksara differ in whether they ask the permission classes before a custom action, and the action does not ask them itself"
        : "the method is overridden and calls neither check_permissions() nor super(), which are what asks them",
      source,
    });
  const path = `${base}${answer.suffix}`;
  const name = `${method} ${path}`;
  return {
    kind: "route",
    id: `route:aksara:${name}`,
    name,
    uri,
    range: source.range,
    nameRange: rangeOf(place.nameSpan),
    hash: place.hash,
    stack: "aksara",
    confidence: gaps.length > 0 ? "partial" : registration.discovered ? "likely" : "certain",
    reason: registration.discovered
      ? "viewset that Aksara finds itself when the app starts"
      : "viewset registered with an app of Aksara",
    gaps,
    method: method as HttpMethod,
    path,
    parameters: parametersOf(path, answer, item),
    handler: `${ref.qualname}.${answer.name}`,
    handlerSource: item ? source : null,
    guards,
    body: answer.body,
    response: answer.response,
    mounts: registration.mounts,
    modelIds: model ? [model.id] : [],
  };
}

function parametersOf(path: string, answer: Answer, item: PythonFunction | null): readonly RouteParameter[] {
  const type = (name: string) => {
    const annotation = item?.parameters.find((each) => each.name === name)?.annotation;
    return annotation ? render(annotation) : null;
  };
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(
    ([, name = ""]): RouteParameter => ({
      name,
      in: "path",
      type: answer.action ? type(name) : "str",
      required: true,
    }),
  );
  const optional = { in: "query", type: "int", required: false } as const;
  if (answer.action === null)
    return answer.name === "list"
      ? [...inPath, { ...optional, name: "limit" }, { ...optional, name: "offset" }]
      : inPath;
  const known = new Set(["self", "request", ...inPath.map(({ name }) => name)]);
  const plain = (item?.parameters ?? []).filter(
    ({ name, annotation }) =>
      !known.has(name) &&
      /^(int|str|float|bool|UUID|date|datetime)$/.test(annotation ? render(annotation) : ""),
  );
  return [
    ...inPath,
    ...plain.map(
      (each): RouteParameter => ({
        name: each.name,
        in: "query",
        type: type(each.name),
        required: each.default === null,
      }),
    ),
  ];
}
