import type { SourceRange } from "../source.ts";

/** A place that uses a model: where a caller is found. */
export interface ModelUse {
  readonly modelId: string;
  readonly uri: string;
  readonly range: SourceRange;
  /** Hash of the text in `range`. */
  readonly hash: string;
  /** Function, method or class it stands in; null at the top level. */
  readonly within: string | null;
  /** The source line, trimmed, at most 160 characters. */
  readonly line: string;
}
