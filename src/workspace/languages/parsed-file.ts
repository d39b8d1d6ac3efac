import type { LanguageId } from "../stacks/stack.ts";
import type { PythonModule } from "./python/module.ts";
import type { TypeScriptModule } from "./typescript/module.ts";

/** One file on its way through the stacks. Parsing happens on first use and is shared by all stacks. */
export interface ParsedFile {
  /** Relative to the workspace folder, forward slashes. */
  readonly uri: string;
  readonly language: LanguageId;
  readonly text: string;
  /** The outline of a Python file; null for another language. */
  python(): PythonModule | null;
  /** The outline of a TypeScript or JavaScript file; null for another language. */
  typescript(): TypeScriptModule | null;
}
