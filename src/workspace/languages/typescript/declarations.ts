import type { Node } from "@babel/types";
import type { Expression } from "../expression.ts";
import type { ExpressionConverter } from "./convert.ts";
import type {
  TypeScriptClass,
  TypeScriptEnum,
  TypeScriptFunction,
  TypeScriptParameter,
  TypeScriptProperty,
} from "./module.ts";
import { documentationBefore, keyName } from "./nodes.ts";

export type FunctionNode = Extract<
  Node,
  {
    type:
      | "ArrowFunctionExpression"
      | "ClassMethod"
      | "ClassPrivateMethod"
      | "FunctionDeclaration"
      | "FunctionExpression"
      | "ObjectMethod";
  }
>;

/** A function while its body is being walked. */
export interface FunctionDraft extends TypeScriptFunction {
  readonly returned: Expression[];
  readonly thrown: Expression[];
}

export interface ClassDraft extends TypeScriptClass {
  readonly methods: TypeScriptFunction[];
}

type Surroundings = Pick<
  TypeScriptFunction,
  "name" | "path" | "within" | "scope" | "documentation" | "nameSpan"
>;

export function isFunction(node: Node): node is FunctionNode {
  switch (node.type) {
    case "ArrowFunctionExpression":
    case "ClassMethod":
    case "ClassPrivateMethod":
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ObjectMethod":
      return true;
    default:
      return false;
  }
}

export function functionDraft(
  node: FunctionNode,
  converter: ExpressionConverter,
  surroundings: Surroundings,
): FunctionDraft {
  return {
    ...surroundings,
    kind: kindOf(node),
    isAsync: node.async === true,
    isStatic: "static" in node && node.static === true,
    decorators: decoratorsOf(node, converter),
    parameters: node.params.map((parameter) => parameterOf(parameter, converter)),
    returns: node.returnType ? typeText(node.returnType, converter) : null,
    returned: [],
    thrown: [],
    span: converter.span(node),
  };
}

export function classDraft(
  node: Extract<Node, { type: "ClassDeclaration" | "ClassExpression" }>,
  converter: ExpressionConverter,
  name: string,
  documentation: string | null,
): ClassDraft {
  const properties: TypeScriptProperty[] = [];
  for (const element of node.body.body) {
    if (element.type !== "ClassProperty" && element.type !== "ClassPrivateProperty") continue;
    const key = keyName(element.key, "computed" in element && element.computed === true);
    if (key === null) continue;
    properties.push({
      name: key,
      type: element.typeAnnotation ? typeText(element.typeAnnotation, converter) : null,
      value: element.value ? converter.convert(element.value) : null,
      decorators: decoratorsOf(element, converter),
      isStatic: element.static === true,
      isOptional: "optional" in element && element.optional === true,
      documentation: documentationBefore(element.leadingComments),
      nameSpan: converter.span(element.key),
      span: converter.span(element),
    });
  }
  return {
    name,
    decorators: decoratorsOf(node, converter),
    extends: node.superClass ? converter.convert(node.superClass) : null,
    implements: (node.implements ?? []).map((clause) => converter.text(clause)),
    isAbstract: "abstract" in node && node.abstract === true,
    documentation,
    properties,
    methods: [],
    nameSpan: converter.span(node.id ?? node),
    span: converter.span(node),
  };
}

export function enumDraft(
  node: Extract<Node, { type: "TSEnumDeclaration" }>,
  converter: ExpressionConverter,
): TypeScriptEnum {
  return {
    name: node.id.name,
    members: node.body.members.map((member) => ({
      name: keyName(member.id, false) ?? "",
      value: member.initializer ? converter.convert(member.initializer) : null,
    })),
    nameSpan: converter.span(node.id),
    span: converter.span(node),
  };
}

function kindOf(node: FunctionNode): TypeScriptFunction["kind"] {
  switch (node.type) {
    case "ArrowFunctionExpression":
      return "arrow";
    case "FunctionDeclaration":
    case "FunctionExpression":
      return "function";
    case "ObjectMethod":
    case "ClassMethod":
    case "ClassPrivateMethod":
      switch (node.kind) {
        case "get":
          return "getter";
        case "set":
          return "setter";
        case "constructor":
          return "constructor";
        default:
          return "method";
      }
  }
}

function parameterOf(node: Node, converter: ExpressionConverter): TypeScriptParameter {
  if (node.type === "TSParameterProperty") {
    const inner = parameterOf(node.parameter, converter);
    const decorators = [...decoratorsOf(node, converter), ...inner.decorators];
    return { ...inner, decorators, property: true };
  }
  const target =
    node.type === "AssignmentPattern" ? node.left : node.type === "RestElement" ? node.argument : node;
  const annotation =
    "typeAnnotation" in target && target.typeAnnotation
      ? target.typeAnnotation
      : "typeAnnotation" in node
        ? node.typeAnnotation
        : null;
  return {
    name: target.type === "Identifier" ? target.name : withoutType(target, annotation ?? null, converter),
    type: annotation ? typeText(annotation, converter) : null,
    default: node.type === "AssignmentPattern" ? converter.convert(node.right) : null,
    // Of `@Query() page: number = 1` the parser gives them to the name, not to the whole.
    decorators: [
      ...decoratorsOf(node, converter),
      ...(target === node ? [] : decoratorsOf(target, converter)),
    ],
    property: false,
  };
}

function withoutType(node: Node, annotation: Node | null, converter: ExpressionConverter): string {
  const text = converter.text(node);
  const length = (annotation?.start ?? node.end ?? 0) - (node.start ?? 0);
  return text.slice(0, length).trim();
}

function decoratorsOf(node: Node, converter: ExpressionConverter): readonly Expression[] {
  if (!("decorators" in node)) return [];
  return (node.decorators ?? []).map((decorator) => converter.convert(decorator));
}

/** The type of an annotation as written, without its colon. */
export function typeText(annotation: Node, converter: ExpressionConverter): string {
  return converter.text(annotation).replace(/^:\s*/, "");
}
