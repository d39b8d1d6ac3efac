import type { Guard } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import {
  calledName,
  listItems,
  positionalArguments,
  render,
  stringList,
  stringValue,
} from "../../languages/python/expressions.ts";
import type { RequestCase } from "./action-conditions.ts";
import type { ClassFacts, FunctionFacts } from "./facts.ts";
import type { DjangoProject } from "./project.ts";
import { classRestGuards, functionRestGuards } from "./rest-guards.ts";
import { listSetting, setting } from "./settings.ts";
import { attributeOf, constantOf, type Written } from "./values.ts";

/** Guards of a class based view for one request, from the widest to the narrowest. */
export function classGuards(
  project: DjangoProject,
  ref: ClassRef<ClassFacts>,
  decorator: Written | null,
  request: RequestCase,
  methodName: string,
): readonly Guard[] {
  const isRest = project.classes
    .linearize(ref)
    .some((step) => step.kind === "external" && step.name.startsWith("rest_framework."));
  const rest = isRest ? classRestGuards(project, ref, decorator, request) : [];
  return [
    ...middlewareGuards(project, ref.uri, false),
    ...rest,
    ...mixinGuards(project, ref),
    ...decoratorsOfClass(project, ref, methodName),
  ];
}

/** Guards of a function view. */
export function functionGuards(project: DjangoProject, uri: string, item: FunctionFacts): readonly Guard[] {
  const isRest = item.decorators.some((each) => calledName(each) === "api_view");
  const isOpen = item.decorators.some((each) => (dottedName(each) ?? "").endsWith("login_not_required"));
  const rest = isRest ? functionRestGuards(project, uri, item) : [];
  const own = item.decorators.flatMap((each) =>
    decoratorGuards(project, { uri, scope: "", expression: each }, each, "method"),
  );
  return [...middlewareGuards(project, uri, isOpen), ...rest, ...own];
}

/** Guards of the calls that a urlconf puts around a view. */
export function wrapperGuards(project: DjangoProject, wrappers: readonly Written[]): readonly Guard[] {
  return wrappers.flatMap((written) => decoratorGuards(project, written, written.expression, "group"));
}

/** Middleware that turns strangers away wherever a view does not say otherwise. */
function middlewareGuards(project: DjangoProject, uri: string, isOpen: boolean): readonly Guard[] {
  const settings = project.settingsFor(uri);
  const source = setting(project, settings, "MIDDLEWARE")?.source;
  if (!source || isOpen) return [];
  return listSetting(project, settings, "MIDDLEWARE").flatMap((dotted): readonly Guard[] => {
    const name = dotted.slice(dotted.lastIndexOf(".") + 1);
    if (!/LoginRequired|RequireLogin|LoginMiddleware|AuthRequired/.test(name)) return [];
    const isDjango = dotted === "django.contrib.auth.middleware.LoginRequiredMiddleware";
    return [{ name, kind: "middleware", scope: "global", effect: isDjango ? "require" : "unknown", source }];
  });
}

const DJANGO_MIXINS: Readonly<Record<string, Guard["kind"]>> = {
  LoginRequiredMixin: "authentication",
  PermissionRequiredMixin: "permission",
  UserPassesTestMixin: "permission",
};

/** Mixins that a view class inherits from; one of the workspace counts by its name, with an unknown effect. */
function mixinGuards(project: DjangoProject, ref: ClassRef<ClassFacts>): readonly Guard[] {
  const guards: Guard[] = [];
  for (const step of project.classes.linearize(ref)) {
    if (step.kind !== "class") continue;
    const scope = step.ref.key === ref.key ? "class" : "inherited";
    for (const base of step.ref.declaration.bases) {
      const found = project.classes.find(step.ref.uri, base);
      const name = (found?.name ?? dottedName(base) ?? "").replace(/^.*\./, "");
      const source = project.sourceOf(step.ref.uri, base.span);
      const kind = found?.kind === "external" ? DJANGO_MIXINS[name] : undefined;
      // Django's own base of such mixins asks nothing by itself.
      if (found?.kind === "external" && name === "AccessMixin") continue;
      if (kind) guards.push({ name: named(project, ref, name), kind, scope, effect: "require", source });
      else if (
        /(Required|Restricted|Protected|OnlyMixin|AccessMixin|AuthMixin|PermissionMixin)\w*$/.test(name) &&
        !guardsBehind(project, found)
      ) {
        guards.push({ name, kind: "unknown", scope, effect: "unknown", source });
      }
    }
  }
  return guards;
}

/** A mixin of the workspace built on Django's: that one is listed instead. */
function guardsBehind(project: DjangoProject, found: ReturnType<DjangoProject["classes"]["find"]>): boolean {
  if (found?.kind !== "class") return false;
  return project.classes
    .linearize(found.ref)
    .some((step) => step.kind === "external" && DJANGO_MIXINS[step.name.replace(/^.*\./, "")] !== undefined);
}

function named(project: DjangoProject, ref: ClassRef<ClassFacts>, mixin: string): string {
  const attribute =
    mixin === "PermissionRequiredMixin" ? attributeOf(project, ref, "permission_required") : null;
  const wanted = attribute ? stringList(constantOf(project, attribute).expression) : [];
  return wanted.length > 0 ? `${mixin}(${wanted.join(", ")})` : mixin;
}

/** `@method_decorator(…)` on the class or on the method that answers, and plain decorators of that method. */
function decoratorsOfClass(
  project: DjangoProject,
  ref: ClassRef<ClassFacts>,
  methodName: string,
): readonly Guard[] {
  const guards: Guard[] = [];
  for (const step of project.classes.linearize(ref)) {
    if (step.kind !== "class") continue;
    const scope = step.ref.key === ref.key ? "class" : "inherited";
    const written = (expression: Expression): Written => ({
      uri: step.ref.uri,
      scope: step.ref.qualname,
      expression,
    });
    for (const decorator of step.ref.declaration.decorators) {
      const name =
        decorator.k === "call"
          ? stringValue(decorator.args.find((each) => each.name === "name")?.value ?? null)
          : null;
      if (name !== null && name !== "dispatch" && name !== methodName) continue;
      guards.push(...decoratorGuards(project, written(decorator), decorator, scope));
    }
    for (const method of step.ref.declaration.methods) {
      if (method.name !== "dispatch" && method.name !== methodName) continue;
      for (const decorator of method.decorators) {
        guards.push(
          ...decoratorGuards(
            project,
            written(decorator),
            decorator,
            method.name === "dispatch" ? scope : "method",
          ),
        );
      }
    }
  }
  return guards;
}

/** Decorators that are about something else than who may pass. */
const HARMLESS =
  /^(api_view|action|\w+_classes|require_(POST|GET|safe|http_methods)|cache\w*|never_cache|transaction|atomic|wraps|extend_schema\w*|swagger_auto_schema|sensitive_\w+|vary_on_\w+|xframe_\w+|csrf_protect|ensure_csrf_cookie|requires_csrf_token|gzip_page|condition|etag|last_modified|\w*cache\w*|login_not_required|property|staticmethod|classmethod|method_decorator|override|receiver|register)$/;

const KNOWN: Readonly<Record<string, Guard["kind"]>> = {
  login_required: "authentication",
  permission_required: "permission",
  user_passes_test: "permission",
  staff_member_required: "permission",
  superuser_required: "permission",
};

function decoratorGuards(
  project: DjangoProject,
  written: Written,
  outer: Expression,
  scope: Guard["scope"],
): readonly Guard[] {
  const { expression } = written;
  const name = (calledName(expression) ?? dottedName(expression) ?? "").replace(/^.*\./, "");
  const source = project.sourceOf(written.uri, outer.span);
  if (name === "method_decorator" && expression.k === "call") {
    const [first] = positionalArguments(expression);
    const inner = first ? (listItems(first) ?? [first]) : [];
    return inner.flatMap((each) => decoratorGuards(project, { ...written, expression: each }, outer, scope));
  }
  if (name === "csrf_exempt") return [{ name, kind: "csrf-exempt", scope, effect: "allow-any", source }];
  const kind = KNOWN[name];
  if (kind) return [{ name: withPermission(name, expression), kind, scope, effect: "require", source }];
  if (
    HARMLESS.test(name) ||
    !/(login|auth|permission|require|member|staff|admin|access|role|scope|token|superuser|signature|webhook)/i.test(
      name,
    )
  )
    return [];
  return [{ name, kind: "unknown", scope, effect: "unknown", source }];
}

function withPermission(name: string, expression: Expression): string {
  if (name !== "permission_required" || expression.k !== "call") return name;
  const [first] = positionalArguments(expression);
  return first ? `${name}(${stringValue(first) ?? render(first)})` : name;
}
