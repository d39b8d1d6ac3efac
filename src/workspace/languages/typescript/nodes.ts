import type { Comment, Node } from "@babel/types";

const NOT_CHILDREN = new Set([
  "type",
  "start",
  "end",
  "loc",
  "extra",
  "leadingComments",
  "trailingComments",
  "innerComments",
]);

/** Names that are written in a declaration, not uses of something. */
const NAMING_KEYS: Readonly<Record<string, readonly string[]>> = {
  BreakStatement: ["label"],
  ContinueStatement: ["label"],
  LabeledStatement: ["label"],
  MetaProperty: ["meta", "property"],
  TSEnumDeclaration: ["id"],
  TSInterfaceDeclaration: ["id"],
  TSMethodSignature: ["key"],
  TSModuleDeclaration: ["id"],
  TSNamedTupleMember: ["label"],
  TSPropertySignature: ["key"],
  TSTypeAliasDeclaration: ["id"],
  TSTypeParameter: ["name"],
};

/** Visits the child nodes in source order, without the names that a declaration introduces. */
export function forEachChild(node: Node, visit: (child: Node) => void): void {
  const naming = NAMING_KEYS[node.type];
  // The walk visits every node of every file: the fields are read in place, not copied.
  const fields = node as unknown as Readonly<Record<string, unknown>>;
  for (const key in fields) {
    const value = fields[key];
    if (typeof value !== "object" || value === null || NOT_CHILDREN.has(key) || naming?.includes(key))
      continue;
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) visit(item);
    } else if (isNode(value)) visit(value);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** The node inside of parentheses, casts and `await`. */
export function unwrapped(node: Node): Node {
  switch (node.type) {
    case "ParenthesizedExpression":
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
      return unwrapped(node.expression);
    case "AwaitExpression":
      return unwrapped(node.argument);
    default:
      return node;
  }
}

/** The name of a property or member that is not computed; null otherwise. */
export function keyName(key: Node, computed: boolean): string | null {
  if (key.type === "StringLiteral") return key.value;
  if (key.type === "PrivateName") return `#${key.id.name}`;
  if (computed) return null;
  if (key.type === "Identifier") return key.name;
  return key.type === "NumericLiteral" ? String(key.value) : null;
}

/** The specifier of `require("m")`, `import("m")`; null for anything else. */
export function requiredModule(node: Node): string | null {
  const call = unwrapped(node);
  if (call.type === "ImportExpression") {
    return call.source.type === "StringLiteral" ? call.source.value : null;
  }
  if (call.type !== "CallExpression" || call.callee.type !== "Identifier" || call.callee.name !== "require") {
    return null;
  }
  const argument = call.arguments[0];
  return argument?.type === "StringLiteral" ? argument.value : null;
}

/** The documentation comment right before a node; null when there is none. */
export function documentationBefore(comments: readonly Comment[] | null | undefined): string | null {
  const comment = comments?.at(-1);
  return comment ? commentText(comment) : null;
}

/** The text of a documentation comment without its stars; null for an ordinary comment. */
export function commentText(comment: Comment): string | null {
  if (comment.type !== "CommentBlock" || !comment.value.startsWith("*")) return null;
  const text = comment.value
    .slice(1)
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd())
    .join("\n")
    .trim();
  return text === "" ? null : text;
}
