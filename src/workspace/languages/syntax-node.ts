import type { Language, Tree, TreeCursor } from "web-tree-sitter";

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

/** What of a grammar's trees is not worth copying: crossing into WASM costs more than the rest of the work. */
export interface CopyRules {
  /** Node types that are always left out: comments. */
  readonly ignored: readonly string[];
  /** Tokens that say nothing in a tree without errors; in a tree with errors a missing bracket is one to report. */
  readonly tokens: readonly string[];
  /** Node types without children of interest. */
  readonly leaves: readonly string[];
  /** Node types whose children fill no fields. */
  readonly fieldless: readonly string[];
}

const IGNORED = 1;
const TOKEN = 2;
const LEAF = 4;
const FIELDLESS = 8;
const ERROR_TYPE_ID = 65_535;
const NO_CHILDREN: SyntaxNode[] = [];

/** Copies trees of one grammar. */
export class TreeCopier {
  readonly #types: readonly string[];
  readonly #fields: readonly (string | null)[];
  readonly #rules: Uint8Array;

  constructor(language: Language, rules: CopyRules) {
    this.#types = language.types;
    this.#fields = language.fields;
    this.#rules = new Uint8Array(this.#types.length);
    for (const [id, type] of this.#types.entries()) {
      this.#rules[id] =
        (rules.ignored.includes(type) ? IGNORED : 0) |
        (rules.tokens.includes(type) ? TOKEN : 0) |
        (rules.leaves.includes(type) ? LEAF : 0) |
        (rules.fieldless.includes(type) ? FIELDLESS : 0);
    }
  }

  /**
   * One pass with a cursor, iterative, so that no source can overflow the stack. `isLeaf` may stop the descent where
   * the text of a node says all.
   */
  copy(tree: Tree, isLeaf: (type: string, start: number) => boolean): SyntaxNode {
    const dropped = tree.rootNode.hasError ? IGNORED : IGNORED | TOKEN;
    const cursor = tree.walk();
    try {
      const open: { siblings: SyntaxNode[]; fieldless: boolean }[] = [];
      let siblings: SyntaxNode[] = [];
      let fieldless = false;
      const result = this.#read(cursor, cursor.nodeTypeId, false, siblings);
      if (!cursor.gotoFirstChild()) return result;
      for (;;) {
        const typeId = cursor.nodeTypeId;
        const rule = this.#rules[typeId] ?? 0;
        if ((rule & dropped) === 0) {
          const mayOpen = (rule & LEAF) === 0;
          const children = mayOpen ? [] : NO_CHILDREN;
          const node = this.#read(cursor, typeId, fieldless, children);
          siblings.push(node);
          if (mayOpen && !isLeaf(node.type, node.start) && cursor.gotoFirstChild()) {
            open.push({ siblings, fieldless });
            siblings = children;
            fieldless = (rule & FIELDLESS) !== 0;
            continue;
          }
        }
        while (!cursor.gotoNextSibling()) {
          const outer = open.pop();
          if (!outer) return result;
          cursor.gotoParent();
          ({ siblings, fieldless } = outer);
        }
      }
    } finally {
      cursor.delete();
    }
  }

  #read(cursor: TreeCursor, typeId: number, fieldless: boolean, children: readonly SyntaxNode[]): SyntaxNode {
    const start = cursor.startIndex;
    const end = cursor.endIndex;
    const fieldId = fieldless ? 0 : cursor.currentFieldId;
    return {
      type: typeId === ERROR_TYPE_ID ? "ERROR" : (this.#types[typeId] ?? ""),
      start,
      end,
      field: fieldId === 0 ? null : (this.#fields[fieldId] ?? null),
      missing: start === end && cursor.nodeIsMissing,
      children,
    };
  }
}

export function childOf(node: SyntaxNode, field: string): SyntaxNode | null {
  for (const child of node.children) if (child.field === field) return child;
  return null;
}

export function childOfType(node: SyntaxNode, type: string): SyntaxNode | null {
  for (const child of node.children) if (child.type === type) return child;
  return null;
}
