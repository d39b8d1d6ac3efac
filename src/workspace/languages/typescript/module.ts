import type { Span } from "../../source.ts";
import type { Expression } from "../expression.ts";
import type { LineIndex } from "../line-index.ts";

/** `import a, {b as c} from "m"`, `import * as d from "m"`, `const {e} = require("m")`. */
export interface TypeScriptImport {
  /** The specifier as written. */
  readonly module: string;
  /** Exported name; "default"; "*" for the whole module (`import * as x`, `const x = require(…)`). */
  readonly name: string;
  /** The name it has in this file. */
  readonly alias: string;
  readonly typeOnly: boolean;
  readonly span: Span;
}

/** What other files can import. `module.exports = x` and `export = x` are the export named "=". */
export interface TypeScriptExport {
  /** Exported name; "default"; "=" for the whole module; "*" for `export * from`. */
  readonly name: string;
  /** Name in this file or, where `module` is set, in that module. An anonymous default is called "default". */
  readonly local: string;
  /** Specifier of a re-export; null for something of this file. */
  readonly module: string | null;
  readonly span: Span;
}

export interface TypeScriptParameter {
  /** Name; the pattern as written for a destructured parameter. */
  readonly name: string;
  /** Type annotation as written; null when there is none. */
  readonly type: string | null;
  readonly default: Expression | null;
  readonly decorators: readonly Expression[];
  /** Also a property of the class: `private readonly db: Database`. */
  readonly property: boolean;
}

/** A function of any form: declaration, expression, arrow, method, accessor, constructor. */
export interface TypeScriptFunction {
  /** Own name: of the declaration, the variable, the member; null when it has none. */
  readonly name: string | null;
  /** Names from the outside in: `OrderController.list`, `handlers.create`, `createApp.health`; null when it has none. */
  readonly path: string | null;
  /** Named function or class that a person would say its code stands in: its own path, or that of its surroundings. */
  readonly within: string | null;
  /** Index in `functions` of the function around it; -1 at the top level. */
  readonly scope: number;
  readonly kind: "function" | "arrow" | "method" | "constructor" | "getter" | "setter";
  readonly isAsync: boolean;
  readonly isStatic: boolean;
  readonly decorators: readonly Expression[];
  readonly parameters: readonly TypeScriptParameter[];
  /** Return type as written; null when there is none. */
  readonly returns: string | null;
  readonly documentation: string | null;
  /** Expressions of its own `return` statements; the body of a short arrow. */
  readonly returned: readonly Expression[];
  /** Arguments of its own `throw` statements. */
  readonly thrown: readonly Expression[];
  readonly nameSpan: Span | null;
  readonly span: Span;
}

export interface TypeScriptProperty {
  readonly name: string;
  /** Type annotation as written; null when there is none. */
  readonly type: string | null;
  readonly value: Expression | null;
  readonly decorators: readonly Expression[];
  readonly isStatic: boolean;
  readonly isOptional: boolean;
  readonly documentation: string | null;
  readonly nameSpan: Span;
  readonly span: Span;
}

export interface TypeScriptClass {
  readonly name: string;
  readonly decorators: readonly Expression[];
  readonly extends: Expression | null;
  readonly implements: readonly string[];
  readonly isAbstract: boolean;
  readonly documentation: string | null;
  readonly properties: readonly TypeScriptProperty[];
  /** Methods, accessors and the constructor; the same objects as in `functions`. */
  readonly methods: readonly TypeScriptFunction[];
  readonly nameSpan: Span;
  readonly span: Span;
}

export interface TypeScriptEnum {
  readonly name: string;
  readonly members: readonly { readonly name: string; readonly value: Expression | null }[];
  readonly nameSpan: Span;
  readonly span: Span;
}

/**
 * `const x = …`, `a.b = …`, also inside functions. A destructured name has the member it stands for as its value:
 * `const {a: b} = c` gives target `b` and value `c.a`. `export default <expression>` has the target "default",
 * `module.exports = <expression>` the target "module.exports".
 */
export interface TypeScriptAssignment {
  readonly target: string;
  /** Type annotation as written; null when there is none. */
  readonly type: string | null;
  readonly value: Expression;
  /** Index in `functions` of the function it stands in; -1 at the top level. */
  readonly scope: number;
  readonly nameSpan: Span;
  readonly span: Span;
}

/** A call, a `new` or a tagged template. */
export interface TypeScriptCall {
  readonly expression: Extract<Expression, { k: "call" | "tagged" }>;
  /** Index in `functions` of the function it stands in; -1 at the top level. */
  readonly scope: number;
  readonly within: string | null;
}

/** A capitalised name or `prisma.<name>` outside of imports and headers: a possible use of a model. */
export interface TypeScriptReference {
  readonly name: string;
  readonly span: Span;
  readonly within: string | null;
  /** The source line, trimmed, at most 160 characters. */
  readonly line: string;
}

/** What declarations in a TypeScript or JavaScript file say. Lists are in source order. */
export interface TypeScriptModule {
  readonly documentation: string | null;
  readonly imports: readonly TypeScriptImport[];
  readonly exports: readonly TypeScriptExport[];
  readonly classes: readonly TypeScriptClass[];
  readonly enums: readonly TypeScriptEnum[];
  /** Every function of the file, however deep. */
  readonly functions: readonly TypeScriptFunction[];
  readonly assignments: readonly TypeScriptAssignment[];
  /** Every call of the file, in order of evaluation: the inner before the outer, the chain from left to right. */
  readonly calls: readonly TypeScriptCall[];
  readonly references: readonly TypeScriptReference[];
  /** Ranges the parser could not read. */
  readonly errors: readonly Span[];
  /** Positions of the text (without a byte order mark), for ranges and hashes; never part of cached facts. */
  readonly lines: LineIndex;
}
