import type { SyntaxNode } from "../../syntax-node.ts";

/** A node under construction: the field is known when its parent is. */
export interface PlainNode extends SyntaxNode {
  field: string | null;
  readonly children: readonly PlainNode[];
}

const NONE: readonly PlainNode[] = [];

export function leaf(type: string, start: number, end: number): PlainNode {
  return { type, start, end, field: null, missing: false, children: NONE };
}

export function branch(type: string, start: number, end: number, children: readonly PlainNode[]): PlainNode {
  return { type, start, end, field: null, missing: false, children };
}

export function asField(node: PlainNode, field: string): PlainNode {
  node.field = field;
  return node;
}
