import type { Expression } from "../../languages/expression.ts";
import type { PythonLoop } from "../../languages/python/module.ts";
import type { UseFacts } from "../../languages/python/uses.ts";
import type { Span } from "../../source.ts";
import type { OutlineFacts } from "../python/project.ts";

/** What one Python file says that matters to Aksara. */
export interface AksaraFacts extends OutlineFacts {
  /** Top-level calls that register viewsets or include routers. */
  readonly calls: readonly Expression[];
  /** Loops at the top level: `for viewset in urlpatterns: include_viewset(app, viewset)`. */
  readonly loops: readonly PythonLoop[];
  readonly uses: UseFacts;
  /** Hashes of calls that become objects, or the source of one, by `spanKey`. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Operations of migrations as written, by `spanKey`. */
  readonly texts: Readonly<Record<string, string>>;
  readonly errors: readonly Span[];
}

export function spanKey(span: Span): string {
  return span.join(":");
}
