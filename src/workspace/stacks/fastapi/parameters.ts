import type { RouteParameter, ShapeRef } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import {
  argumentAt,
  argumentOf,
  calledName,
  positionalArguments,
  stringValue,
} from "../../languages/python/expressions.ts";
import type { PythonParameter } from "../../languages/python/module.ts";
import { readAnnotation, unionParts } from "../python/annotation.ts";
import type { Written } from "../python/project.ts";
import type { WebProgram } from "../python/web-program.ts";
import type { Dependencies, Dependency, Filled } from "./dependencies.ts";
import { isEllipsis, modelClass, shapeOf, typeText } from "./shapes.ts";

/** What FastAPI hands to a function itself. */
const HANDED = /^(Request|Response|WebSocket|HTTPConnection|BackgroundTasks|SecurityScopes)$/;
const HANDED_MODULE = /^(fastapi|starlette)(\.|$)/;
const MARKS = /^(Path|Query|Header|Cookie|Body|Form|File)$/;
const DEPTH = 8;

export interface ReadParameters {
  readonly parameters: readonly RouteParameter[];
  readonly body: ShapeRef | null;
  /** Dependencies of the handler's own parameters, in order. */
  readonly dependencies: readonly Dependency[];
}

interface Found extends RouteParameter {
  readonly shape: ShapeRef | null;
  readonly isForm: boolean;
}

/** Parameters of a path operation, those of its dependencies included. */
export function readParameters(
  program: WebProgram,
  dependencies: Dependencies,
  filled: Filled,
  attached: readonly Dependency[],
  path: string,
): ReadParameters {
  const inPath = new Set([...path.matchAll(/\{(\w+)(?::\w+)?\}/g)].map((match) => match[1] ?? ""));
  const found = new Map<string, Found>();
  const seen = new Set<unknown>();
  const own: Dependency[] = [];
  const read = (function_: Filled, depth: number): void => {
    if (seen.has(function_.item) || depth > DEPTH) return;
    seen.add(function_.item);
    const isMethod = /^(self|cls)$/.test(function_.item.parameters[0]?.name ?? "");
    for (const parameter of function_.item.parameters.slice(isMethod ? 1 : 0)) {
      const dependency = dependencies.ofParameter(function_, parameter);
      if (dependency) {
        if (depth === 0) own.push(dependency);
        follow(dependency, depth);
        continue;
      }
      for (const each of readParameter(program, function_, parameter, inPath)) {
        found.set(`${each.in}:${each.name}`, each);
      }
    }
  };
  const follow = (dependency: Dependency, depth: number): void => {
    const inner = dependencies.filledBy(dependency);
    // One that takes `*args, **kwargs` has the signature of something else.
    const isOpen = inner?.item.parameters.every(({ name }) => name.startsWith("*")) === true;
    if (inner && !(isOpen && inner.item.parameters.length > 0)) read(inner, depth + 1);
    else for (const each of ofClass(program, dependency, inPath)) found.set(`${each.in}:${each.name}`, each);
  };
  for (const dependency of attached) follow(dependency, 0);
  read(filled, 0);
  // A name in the path that no function takes is still a part of the path.
  for (const name of inPath) {
    if (!found.has(`path:${name}`))
      found.set(`path:${name}`, { name, in: "path", type: null, required: true, shape: null, isForm: false });
  }
  const all = [...found.values()];
  return {
    parameters: all.map(({ name, in: place, type, required }) => ({ name, in: place, type, required })),
    body: bodyOf(all.filter((each) => each.in === "body")),
    dependencies: own,
  };
}

/** A class without a constructor of its own that is filled: a model or dataclass gives its fields, the OAuth2 form its own. */
function ofClass(program: WebProgram, dependency: Dependency, inPath: ReadonlySet<string>): readonly Found[] {
  const { target } = dependency;
  const outside = program.externalName(target);
  if (outside && /OAuth2PasswordRequestForm/.test(outside)) {
    return ["grant_type", "username", "password", "scope", "client_id", "client_secret"].map((name) => ({
      name,
      in: "body",
      type: "str",
      required: name === "username" || name === "password",
      shape: null,
      isForm: true,
    }));
  }
  // `Depends(as_query(BookFilter))`: a function makes a dependency of the fields of a model.
  const [model] = target.expression.k === "call" ? positionalArguments(target.expression) : [];
  return fieldsAs(program, model ? { ...target, expression: model } : target, "query", inPath);
}

/** Each field of a model as a parameter of its own. */
function fieldsAs(
  program: WebProgram,
  model: Written,
  place: "query" | "header",
  inPath: ReadonlySet<string>,
): readonly Found[] {
  if (!modelClass(program, model)) return [];
  return (shapeOf(program, model)?.fields ?? []).map((field) => ({
    name: field.name,
    in: inPath.has(field.name) ? "path" : place,
    type: field.type,
    required: field.required,
    shape: null,
    isForm: false,
  }));
}

function readParameter(
  program: WebProgram,
  filled: Filled,
  parameter: PythonParameter,
  inPath: ReadonlySet<string>,
): readonly Found[] {
  const { name } = parameter;
  if (name.startsWith("*")) return [];
  const at = (expression: Expression): Written => ({ uri: filled.uri, scope: "", expression });
  const annotation = parameter.annotation && readAnnotation(program, at(parameter.annotation));
  const outside = annotation && (program.externalName(annotation.inner) ?? "");
  const last = outside?.slice(outside.lastIndexOf(".") + 1) ?? "";
  if (outside && HANDED_MODULE.test(outside) && HANDED.test(last)) return [];
  const mark = [parameter.default, ...(annotation?.extras ?? []).map(({ expression }) => expression)].find(
    (each) => each?.k === "call" && MARKS.test(calledName(each) ?? ""),
  );
  const call = mark?.k === "call" ? mark : null;
  const written = call ? calledName(call) : null;
  const type = parameter.annotation ? typeText(parameter.annotation) : null;
  const alias = call && stringValue(argumentOf(call, "alias"));
  const required = isRequired(parameter.default, call);
  const common = { type, required, shape: null, isForm: false };
  if (inPath.has(name) || written === "Path")
    return [{ ...common, name: alias ?? name, in: "path", required: true }];
  if ((written === "Query" || written === "Header") && annotation && modelClass(program, annotation.inner)) {
    return fieldsAs(program, annotation.inner, written === "Query" ? "query" : "header", inPath);
  }
  if (written === "Query") return [{ ...common, name: alias ?? name, in: "query" }];
  if (written === "Header") return [{ ...common, name: alias ?? name.replaceAll("_", "-"), in: "header" }];
  if (written === "Cookie") return [];
  const shape = annotation && shapeOf(program, annotation.inner);
  const whole = parameter.annotation && shape ? shapeOf(program, at(parameter.annotation)) : null;
  if (written !== null) {
    const isForm = written === "Form" || written === "File";
    return [{ ...common, name, in: "body", shape: written === "Body" ? whole : shape, isForm }];
  }
  if (last === "UploadFile") return [{ ...common, name, in: "body", isForm: true }];
  if (whole) return [{ ...common, name, in: "body", shape: whole }];
  // One of several models is the body too.
  const parts = annotation ? (unionParts(annotation.inner.expression) ?? []) : [];
  if (
    annotation &&
    parts.some((part) =>
      modelClass(program, readAnnotation(program, { ...annotation.inner, expression: part }).inner),
    )
  )
    return [{ ...common, name, in: "body" }];
  // A dictionary, or a collection of something that is not scalar, is the body.
  const inner = annotation?.inner.expression;
  const isDict =
    inner !== undefined &&
    /(^|\.)(dict|Dict|Mapping)$/.test(dottedName(inner.k === "subscript" ? inner.of : inner) ?? "");
  if (
    isDict ||
    (annotation?.container && /^(list|List|set|Set|Sequence|tuple|Tuple)$/.test(annotation.container))
  ) {
    return [{ ...common, name, in: "body" }];
  }
  return [{ ...common, name, in: "query" }];
}

function isRequired(value: Expression | null, call: Extract<Expression, { k: "call" }> | null): boolean {
  if (value && value !== call) return isEllipsis(value);
  if (!call) return value === null;
  if (argumentOf(call, "default_factory")) return false;
  // In `Annotated` the mark has no default of its own.
  const given = argumentAt(call, 0, "default");
  if (value !== call) return true;
  return given === null || isEllipsis(given);
}

function bodyOf(found: readonly Found[]): ShapeRef | null {
  const [first] = found;
  if (!first) return null;
  if (found.length === 1 && first.shape) return first.shape;
  return {
    name: first.isForm ? "form" : "body",
    fields: found.map(({ name, type, required }) => ({ name, type, required, readOnly: false })),
    modelId: null,
    source: null,
  };
}
