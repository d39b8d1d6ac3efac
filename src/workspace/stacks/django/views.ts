import type { HttpMethod } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import {
  argumentAt,
  argumentOf,
  type Call,
  calledName,
  dictEntry,
  isTrue,
  listItems,
  positionalArguments,
  stringList,
  stringValue,
} from "../../languages/python/expressions.ts";
import type { ClassFacts, FunctionFacts } from "./facts.ts";
import type { DjangoProject } from "./project.ts";
import { readableRegex } from "./url-path.ts";
import { attributeOf, constantOf, type Written } from "./values.ts";

/** What answers a request. */
export type View =
  | { readonly kind: "class"; readonly ref: ClassRef<ClassFacts>; readonly initial: Call | null }
  | { readonly kind: "function"; readonly uri: string; readonly item: FunctionFacts }
  | { readonly kind: "external"; readonly name: string; readonly isClass: boolean }
  | { readonly kind: "unknown"; readonly text: string };

/** A view with the calls around it in the urlconf: `login_required(View.as_view())`. */
export interface WrappedView {
  readonly view: View;
  readonly wrappers: readonly Written[];
}

/** Finds the view that an expression of a urlconf stands for. */
export function findView(project: DjangoProject, written: Written, depth = 0): WrappedView {
  const { uri, expression } = written;
  if (expression.k === "call") {
    if (expression.callee.k === "member" && expression.callee.name === "as_view") {
      const found = project.classes.find(uri, expression.callee.of);
      if (found?.kind === "class") return plain({ kind: "class", ref: found.ref, initial: expression });
      return plain(found ? { kind: "external", name: found.name, isClass: true } : unknownView(expression));
    }
    const inner = positionalArguments(expression).at(-1);
    if (inner && depth < 6 && (expression.callee.k === "call" || looksLikeView(inner))) {
      const wrapped = findView(project, { ...written, expression: inner }, depth + 1);
      const wrapper = expression.callee.k === "call" ? expression.callee : expression;
      return { view: wrapped.view, wrappers: [{ ...written, expression: wrapper }, ...wrapped.wrappers] };
    }
    return plain(unknownView(expression));
  }
  const dotted = stringValue(expression) ?? dottedName(expression);
  if (dotted === null) return plain(unknownView(expression));
  const found =
    expression.k === "string" ? project.names.resolvePath(dotted, uri) : project.names.resolve(uri, dotted);
  if (found?.kind === "external") return plain({ kind: "external", name: found.name, isClass: false });
  if (found?.kind !== "definition" || found.rest.length > 1) return plain(unknownView(expression));
  const item = project.functionAt(found.uri, found.name);
  if (item && found.rest.length === 0) return plain({ kind: "function", uri: found.uri, item });
  const value = project.assignment(found.uri, found.name)?.value;
  if (value && depth < 6)
    return findView(project, { uri: found.uri, scope: "", expression: value }, depth + 1);
  return plain(unknownView(expression));
}

function plain(view: View): WrappedView {
  return { view, wrappers: [] };
}

function unknownView(expression: Expression): View {
  return { kind: "unknown", text: dottedName(expression) ?? calledName(expression) ?? expression.k };
}

function looksLikeView(expression: Expression): boolean {
  return expression.k === "call" || expression.k === "name" || expression.k === "member";
}

/** HTTP methods of class based views outside of the workspace: method → name of what answers. */
const EXTERNAL_VIEWS: readonly (readonly [RegExp, string])[] = [
  [/^rest_framework\.generics\.CreateAPIView$/, "post"],
  [/^rest_framework\.generics\.(List|Retrieve)APIView$/, "get"],
  [/^rest_framework\.generics\.DestroyAPIView$/, "delete"],
  [/^rest_framework\.generics\.UpdateAPIView$/, "put patch"],
  [/^rest_framework\.generics\.ListCreateAPIView$/, "get post"],
  [/^rest_framework\.generics\.RetrieveUpdateAPIView$/, "get put patch"],
  [/^rest_framework\.generics\.RetrieveDestroyAPIView$/, "get delete"],
  [/^rest_framework\.generics\.RetrieveUpdateDestroyAPIView$/, "get put patch delete"],
  [/^rest_framework\.authtoken\.views\.ObtainAuthToken$/, "post"],
  [/^rest_framework_simplejwt\.views\.Token\w+View$/, "post"],
  [/^drf_spectacular\.views\.\w+View$/, "get"],
  [
    /^django\.views\.(generic\.)?(\w+\.)?(TemplateView|ListView|DetailView|ArchiveIndexView|\w+ArchiveView|DateDetailView|JavaScriptCatalog|JSONCatalog)$/,
    "get",
  ],
  [/^django\.views\.(generic\.)?(\w+\.)?RedirectView$/, "get post put patch delete"],
  [/^django\.views\.(generic\.)?(\w+\.)?(FormView|CreateView|UpdateView)$/, "get post put"],
  [/^django\.views\.(generic\.)?(\w+\.)?DeleteView$/, "get post delete"],
  [/^django\.contrib\.auth\.views\.LogoutView$/, "post"],
  [
    /^django\.contrib\.auth\.views\.Password\w*DoneView$|^django\.contrib\.auth\.views\.PasswordResetCompleteView$/,
    "get",
  ],
  [/^django\.contrib\.auth\.views\.\w+View$/, "get post put"],
  [/^strawberry\.django\.views\.|^graphene_django\.views\./, "get post"],
];

const BASE_VIEWS =
  /^(django\.views\.(generic\.)?(base\.)?View|rest_framework\.(views\.APIView|generics\.GenericAPIView)|rest_framework\.viewsets\.\w+|rest_framework\.mixins\.\w+|builtins\.object|typing\.Generic)$/;
const METHODS = ["get", "post", "put", "patch", "delete"] as const;

/** Methods that a view class answers, by the name of the function that does; null where its bases are not known. */
export function classMethods(
  project: DjangoProject,
  ref: ClassRef<ClassFacts>,
): { readonly methods: readonly string[]; readonly complete: boolean } {
  const methods = new Set<string>();
  let complete = true;
  for (const step of project.classes.linearize(ref)) {
    if (step.kind === "class") {
      for (const method of step.ref.declaration.methods)
        if (isHttpMethod(method.name)) methods.add(method.name);
      for (const { target } of step.ref.declaration.assignments)
        if (isHttpMethod(target)) methods.add(target);
      continue;
    }
    const known = externalMethods(step.name);
    for (const method of known ?? []) methods.add(method);
    if (!known && !BASE_VIEWS.test(step.name) && /View(Set)?$/.test(step.name)) complete = false;
  }
  const allowed = attributeOf(project, ref, "http_method_names");
  const names =
    allowed && listItems(constantOf(project, allowed).expression)
      ? new Set(stringList(constantOf(project, allowed).expression))
      : null;
  return {
    methods: METHODS.filter((method) => methods.has(method) && (!names || names.has(method))),
    complete,
  };
}

export function externalMethods(dotted: string): readonly string[] | null {
  return EXTERNAL_VIEWS.find(([pattern]) => pattern.test(dotted))?.[1].split(" ") ?? null;
}

function isHttpMethod(name: string): boolean {
  return METHODS.some((method) => method === name);
}

/** One action of a viewset: what it is called, which methods it answers, whether it is about one object. */
export interface ViewSetAction {
  readonly name: string;
  readonly methods: readonly string[];
  readonly detail: boolean;
  /** Path below the list or the object; "" for the standard actions. */
  readonly path: string;
  readonly method: { readonly uri: string; readonly item: FunctionFacts } | null;
  /** The `@action(…)` call, whose arguments override attributes of the class. */
  readonly decorator: Written | null;
}

const STANDARD: readonly (readonly [name: string, method: string, detail: boolean])[] = [
  ["list", "get", false],
  ["create", "post", false],
  ["retrieve", "get", true],
  ["update", "put", true],
  ["partial_update", "patch", true],
  ["destroy", "delete", true],
];

const MIXIN_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  ModelViewSet: STANDARD.map(([name]) => name),
  ReadOnlyModelViewSet: ["list", "retrieve"],
  ListModelMixin: ["list"],
  CreateModelMixin: ["create"],
  RetrieveModelMixin: ["retrieve"],
  UpdateModelMixin: ["update", "partial_update"],
  DestroyModelMixin: ["destroy"],
};

/** Actions of a viewset as a router finds them, own and inherited; an override without decorator is no action. */
export function viewSetActions(project: DjangoProject, ref: ClassRef<ClassFacts>): readonly ViewSetAction[] {
  const actions = new Map<string, ViewSetAction | null>();
  const mapped: { onto: string; method: string; uri: string; item: FunctionFacts }[] = [];
  const standard = new Set<string>();
  for (const step of project.classes.linearize(ref)) {
    if (step.kind === "external") {
      const isRest = step.name.startsWith("rest_framework.");
      for (const name of (isRest && MIXIN_ACTIONS[step.name.replace(/^.*\./, "")]) || []) standard.add(name);
      continue;
    }
    for (const item of step.ref.declaration.methods) {
      const mapping = mappingOf(item);
      if (mapping) mapped.push({ ...mapping, uri: step.ref.uri, item });
      else if (!actions.has(item.name)) actions.set(item.name, extraAction(project, step.ref, item));
    }
  }
  const allowed = attributeOf(project, ref, "http_method_names");
  const names = allowed ? new Set(stringList(constantOf(project, allowed).expression)) : null;
  const found: ViewSetAction[] = [];
  for (const [name, method, detail] of STANDARD) {
    const own = methodOf(project, ref, name);
    if (own || standard.has(name))
      found.push({ name, methods: [method], detail, path: "", method: own, decorator: null });
  }
  for (const action of actions.values()) if (action) found.push(action);
  for (const { onto, method, uri, item } of mapped) {
    const base = actions.get(onto);
    if (base) found.push({ ...base, name: item.name, methods: [method], method: { uri, item } });
  }
  return names
    ? found.map((action) => ({ ...action, methods: action.methods.filter((method) => names.has(method)) }))
    : found;
}

/** `@price.mapping.delete` gives another method of an action's path to a function. */
function mappingOf(item: FunctionFacts): { onto: string; method: string } | null {
  for (const decorator of item.decorators) {
    const [, onto, method] = /^(\w+)\.mapping\.(\w+)$/.exec(dottedName(decorator) ?? "") ?? [];
    if (onto && method) return { onto, method };
  }
  return null;
}

function extraAction(
  project: DjangoProject,
  ref: ClassRef<ClassFacts>,
  item: FunctionFacts,
): ViewSetAction | null {
  const decorator = item.decorators.find((each) =>
    /^(action|list_route|detail_route)$/.test(calledName(each) ?? ""),
  );
  if (decorator?.k !== "call") return null;
  const written = (expression: Expression): Written => ({ uri: ref.uri, scope: ref.qualname, expression });
  const methods = argumentAt(decorator, 0, "methods");
  const path = argumentOf(decorator, "url_path");
  const pathText = path && stringValue(constantOf(project, written(path)).expression);
  return {
    name: item.name,
    methods: methods
      ? stringList(constantOf(project, written(methods)).expression).map((method) => method.toLowerCase())
      : ["get"],
    detail: calledName(decorator) === "detail_route" || isTrue(argumentOf(decorator, "detail")),
    path: readableRegex(pathText ?? item.name),
    method: { uri: ref.uri, item },
    decorator: written(decorator),
  };
}

/** A method by name, own or inherited from a class of the workspace. */
export function methodOf(
  project: DjangoProject,
  ref: ClassRef<ClassFacts>,
  name: string,
): { readonly uri: string; readonly item: FunctionFacts; readonly owner: ClassRef<ClassFacts> } | null {
  for (const step of project.classes.linearize(ref)) {
    const item =
      step.kind === "class" ? step.ref.declaration.methods.findLast((method) => method.name === name) : null;
    if (item && step.kind === "class") return { uri: step.ref.uri, item, owner: step.ref };
  }
  return null;
}

/** `as_view({"get": "list"})` as pairs of method and action. */
export function actionMap(
  initial: Call | null,
): readonly (readonly [method: string, action: string])[] | null {
  const [map] = initial ? positionalArguments(initial) : [];
  const given = map ?? (initial && argumentOf(initial, "actions"));
  if (given?.k !== "dict") return null;
  return given.entries.flatMap(([key]) => {
    const method = stringValue(key);
    const action = method === null ? null : stringValue(dictEntry(given, method));
    return method !== null && action !== null ? [[method, action] as const] : [];
  });
}

/** Methods that decorators of a function view leave; null when they restrict nothing. */
export function functionMethods(item: FunctionFacts): readonly string[] | null {
  for (const decorator of item.decorators) {
    const name = calledName(decorator) ?? dottedName(decorator)?.replace(/^.*\./, "");
    const [given] = decorator.k === "call" ? positionalArguments(decorator) : [];
    const list = given
      ? stringList(given)
      : decorator.k === "call"
        ? stringList(argumentOf(decorator, "http_method_names"))
        : [];
    if (name === "api_view") return list.length > 0 ? list.map((method) => method.toLowerCase()) : ["get"];
    if (name === "require_http_methods") return list.map((method) => method.toLowerCase());
    if (name === "require_POST") return ["post"];
    if (name === "require_GET" || name === "require_safe") return ["get"];
  }
  return null;
}

export function httpMethod(name: string): HttpMethod | null {
  const upper = name.toUpperCase();
  switch (upper) {
    case "GET":
    case "POST":
    case "PUT":
    case "PATCH":
    case "DELETE":
      return upper;
    default:
      return null;
  }
}
