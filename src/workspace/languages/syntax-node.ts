import type { Tree } from "web-tree-sitter";

/** A syntax node copied out of a tree-sitter tree, so that the tree can be deleted at once. Comments are left out. */
export interface SyntaxNode {
  readonly type: string;
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** Name of the field it fills in its parent. */
  readonly field: string | null;
  /** Inserted by the parser to recover from an error. */
  readonly missing: boolean;
  readonly children: readonly SyntaxNode[];
}

const NO_CHILDREN: readonly SyntaxNode[] = [];

/**
 * Copies a tree in one pass with a cursor. Iterative, so that no source can overflow the stack.
 * `isLeaf` may stop the descent where the text says all.
 */
export function copyTree(
  tree: Tree,
  isLeaf: (type: string, start: number, end: number) => boolean,
): SyntaxNode {
  const types = tree.language.types;
  const fields = tree.language.fields;
  const cursor = tree.walk();
  try {
    const read = (): { node: SyntaxNode; children: SyntaxNode[] | null } => {
      const start = cursor.startIndex;
      const end = cursor.endIndex;
      const typeId = cursor.nodeTypeId;
      const type = typeId === 65535 ? "ERROR" : (types[typeId] ?? "");
      const fieldId = cursor.currentFieldId;
      const missing = start === end && cursor.nodeIsMissing;
      const leaf = start === end || isLeaf(type, start, end);
      const children: SyntaxNode[] | null = leaf ? null : [];
      const field = fieldId === 0 ? null : (fields[fieldId] ?? null);
      return { node: { type, start, end, field, missing, children: children ?? NO_CHILDREN }, children };
    };
    const root = read();
    const open: SyntaxNode[][] = [];
    let siblings: SyntaxNode[] | null = root.children;
    if (!siblings || !cursor.gotoFirstChild()) return root.node;
    for (;;) {
      const { node, children } = read();
      if (node.type !== "comment" && node.type !== "line_continuation") siblings.push(node);
      if (children && cursor.gotoFirstChild()) {
        open.push(siblings);
        siblings = children;
        continue;
      }
      while (!cursor.gotoNextSibling()) {
        const outer = open.pop();
        if (!outer) return root.node;
        cursor.gotoParent();
        siblings = outer;
      }
    }
  } finally {
    cursor.delete();
  }
}

export function childOf(node: SyntaxNode, field: string): SyntaxNode | null {
  for (const child of node.children) if (child.field === field) return child;
  return null;
}

export function childrenOf(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  return node.children.filter((child) => child.field === field);
}

export function childOfType(node: SyntaxNode, type: string): SyntaxNode | null {
  for (const child of node.children) if (child.type === type) return child;
  return null;
}
