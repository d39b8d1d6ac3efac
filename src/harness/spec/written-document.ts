import { snakeCase } from "./spelling.ts";

/** A document as a person wrote it, JSON or YAML, with the lines of its parts. */
export interface WrittenDocument {
  readonly value: unknown;
  /** What keeps it from being read at all; lines are zero-based. */
  readonly errors: readonly { readonly line: number; readonly message: string }[];
  /** Zero-based line of what stands at a path, or of the nearest thing above it; either spelling of names will do. */
  lineOf(path: readonly PropertyKey[]): number;
}

export async function readWritten(text: string): Promise<WrittenDocument> {
  const { LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  // JSON is YAML.
  const document = parseDocument(text.replace(/^\uFEFF/, ""), { lineCounter: lines, logLevel: "silent" });
  const errors = document.errors.map(({ message, linePos }) => ({
    line: (linePos?.[0].line ?? 1) - 1,
    message: message.split("\n")[0] ?? message,
  }));
  return {
    value: errors.length > 0 ? undefined : document.toJS(),
    errors,
    lineOf: (path) => {
      const written = writtenPath(path, document);
      for (let length = written.length; length >= 0; length--) {
        const node = document.getIn(written.slice(0, length), true) as {
          range?: [number, number, number];
        } | null;
        if (node?.range) return lines.linePos(node.range[0]).line - 1;
      }
      return 0;
    },
  };
}

/** A path in the spelling in which the document has it. */
function writtenPath(
  path: readonly PropertyKey[],
  document: { hasIn(path: readonly unknown[]): boolean },
): readonly PropertyKey[] {
  const written: PropertyKey[] = [];
  for (const part of path) {
    const snake = typeof part === "string" ? snakeCase(part) : part;
    written.push(document.hasIn([...written, part]) ? part : snake);
  }
  return written;
}
