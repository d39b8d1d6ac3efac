import type { Expression } from "../../languages/expression.ts";
import type { PythonLoop } from "../../languages/python/module.ts";
import type { Span } from "../../source.ts";
import type { OutlineFacts } from "./project.ts";

/** How a function turns some requests away, as far as its own text shows. */
export type Refusal = "authentication" | "permission" | "throttle";

/** What the body of a function says about guarding. */
export interface BodyFacts {
  readonly refuses: Refusal | null;
  /** Names of calls in it that sound like guarding: another function may refuse for it. */
  readonly calls: readonly string[];
}

/** What one Python file says that matters to a web framework. */
export interface WebFacts extends OutlineFacts {
  /** Top-level calls: `app.include_router(…)`. */
  readonly calls: readonly Expression[];
  /** Top-level loops: `for router in routers: app.include_router(router)`. */
  readonly loops: readonly PythonLoop[];
  /** Bodies by qualified name: `get_current_user`, `RoleChecker.__call__`; only those that say something. */
  readonly bodies: Readonly<Record<string, BodyFacts>>;
  /** Hashes of the calls and decorators that become the place of something, by `spanKey`. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly errors: readonly Span[];
}

export function spanKey(span: Span): string {
  return span.join(":");
}
