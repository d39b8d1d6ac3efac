import type { Span } from "../../source.ts";
import type { Expression } from "../expression.ts";

/**
 * `import a.b as c` → {module: "a.b", name: null, alias: "c"}; `import a.b` → alias "a.b", as it is written where it is
 * used; `from .m import N as K` → {module: ".m", name: "N", alias: "K"}.
 */
export interface PythonImport {
  readonly module: string;
  readonly name: string | null;
  /** The name it has in this file; "*" for a star import. */
  readonly alias: string;
}

export interface PythonAssignment {
  /** As written: `total`, `self.total`, `a, b`. */
  readonly target: string;
  /** Type annotation, as an expression; null when there is none. */
  readonly annotation: Expression | null;
  /** Null for a bare annotation. */
  readonly value: Expression | null;
  /** `=` or `+=`. */
  readonly operator: "=" | "+=";
  readonly span: Span;
  readonly hash: string;
}

export interface PythonParameter {
  /** With its stars: `*args`, `**kwargs`. */
  readonly name: string;
  readonly annotation: Expression | null;
  readonly default: Expression | null;
}

/** `for router in (books, orders): …`. */
export interface PythonLoop {
  /** A name, or a list of names. */
  readonly target: Expression;
  readonly list: Expression;
  readonly span: Span;
}

export interface PythonFunction {
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly hash: string;
  readonly decorators: readonly Expression[];
  readonly parameters: readonly PythonParameter[];
  readonly returns: Expression | null;
  readonly documentation: string | null;
  readonly isAsync: boolean;
  /**
   * Outermost call expressions in the body, in source order (nested functions included). A call within a lambda, a
   * comprehension or an f-string is listed too, because the expression around it shows that part as text only.
   */
  readonly calls: readonly Expression[];
  /** Local assignments in the body, `:=` included and nested functions not, in source order. */
  readonly assignments: readonly PythonAssignment[];
  /** Expressions of `return` statements. */
  readonly returned: readonly Expression[];
  /** Loops in the body, nested functions not, in source order. */
  readonly loops: readonly PythonLoop[];
  /** Imports in the body, nested functions included, in source order. */
  readonly imports: readonly PythonImport[];
  /** Functions inside of this one that are decorated (the routes of an application factory) or returned by name. */
  readonly functions: readonly PythonFunction[];
}

export interface PythonClass {
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly hash: string;
  readonly decorators: readonly Expression[];
  readonly bases: readonly Expression[];
  /** Keyword arguments of the class statement: `metaclass=…`, `table=True`. */
  readonly keywords: readonly { readonly name: string; readonly value: Expression }[];
  readonly documentation: string | null;
  readonly assignments: readonly PythonAssignment[];
  readonly methods: readonly PythonFunction[];
  readonly classes: readonly PythonClass[];
}

/** A reference to a capitalised name outside of imports and class headers: a possible use of a model. */
export interface PythonReference {
  /** The name, or `module.Name` when written so. */
  readonly name: string;
  readonly span: Span;
  /** `Class.method` or `function` it stands in; null at the top level. */
  readonly within: string | null;
  /** The source line, trimmed, at most 160 characters. */
  readonly line: string;
}

/** What declarations in a Python file say. */
export interface PythonModule {
  readonly documentation: string | null;
  readonly imports: readonly PythonImport[];
  readonly classes: readonly PythonClass[];
  readonly functions: readonly PythonFunction[];
  readonly assignments: readonly PythonAssignment[];
  /** Calls at the top level of the module: `router.register(…)`, `urlpatterns.append(…)`. */
  readonly calls: readonly Expression[];
  /** Loops at the top level of the module. */
  readonly loops: readonly PythonLoop[];
  readonly references: readonly PythonReference[];
  /** Ranges the parser could not read. */
  readonly errors: readonly Span[];
}
