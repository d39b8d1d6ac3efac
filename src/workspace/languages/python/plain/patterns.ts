import { branch, type PlainNode } from "./node.ts";
import { NotPlain } from "./tokens.ts";

const PATTERNS: ReadonlyMap<string, string> = new Map([
  ["tuple", "tuple_pattern"],
  ["list", "list_pattern"],
  ["list_splat", "list_splat_pattern"],
]);
const TARGETS: ReadonlySet<string> = new Set(["identifier", "attribute", "subscript"]);

/** An expression as what is assigned to. */
export function asPattern(node: PlainNode): PlainNode {
  if (TARGETS.has(node.type)) return node;
  const type = PATTERNS.get(node.type);
  if (type === undefined) throw new NotPlain();
  const children =
    node.type === "list_splat"
      ? node.children.map((child, at) => (at === 0 ? child : asPattern(child)))
      : node.children.map(asPattern);
  return { ...branch(type, node.start, node.end, children), field: node.field };
}

/**
 * An expression as an annotation: of a union, each `A[…]` at its beginning is a type of its own, and all that follows
 * is one.
 */
export function asType(node: PlainNode): PlainNode {
  if (isGeneric(node)) {
    return { ...node, children: node.children.map((child, at) => (at === 0 ? child : asType(child))) };
  }
  const operands = operandsOf(node);
  const types = operands.findIndex((each, at) => at % 2 === 0 && !isGeneric(each));
  if (types === 0) return node;
  const generics = operands
    .slice(0, types === -1 ? undefined : types - 1)
    .map((each) => (isGeneric(each) ? asType(each) : each));
  const others = types === -1 ? [] : operands.slice(types);
  const bar = types === -1 ? [] : operands.slice(types - 1, types);
  return {
    ...chain("union_type", [
      ...generics,
      ...bar,
      ...(others.length > 0 ? [chain("binary_operator", others)] : []),
    ]),
    field: node.field,
  };
}

/** Operands with operators between them, from the left. */
function chain(type: string, parts: readonly PlainNode[]): PlainNode {
  const [first, ...rest] = parts;
  if (!first) throw new NotPlain();
  let whole: PlainNode = { ...first, field: null };
  for (let at = 0; at + 1 < rest.length; at += 2) {
    const [operator, right] = rest.slice(at, at + 2);
    if (operator && right) whole = branch(type, whole.start, right.end, [whole, operator, right]);
  }
  return whole;
}

function isGeneric(node: PlainNode): boolean {
  return node.type === "subscript" && node.children[0]?.type === "identifier";
}

/** `A | B | C` as its operands with the operators between; anything else as itself. */
function operandsOf(node: PlainNode): readonly PlainNode[] {
  const [left, operator, right] = node.children;
  if (node.type !== "binary_operator" || !left || !right || operator?.type !== "|") return [node];
  return [...operandsOf(left), operator, right];
}
