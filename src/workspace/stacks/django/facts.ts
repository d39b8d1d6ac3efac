import type { Expression } from "../../languages/expression.ts";
import type { PythonAssignment, PythonImport } from "../../languages/python/module.ts";
import type { UseFacts } from "../../languages/python/uses.ts";
import type { Span } from "../../source.ts";

/** A `return` with the conditions it stands under, outermost first: `self.action == "list"`, `not (…)` for an else. */
export interface ReturnFacts {
  readonly value: Expression;
  readonly when: readonly string[];
}

export interface FunctionFacts {
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly hash: string;
  readonly decorators: readonly Expression[];
  /** Serializers that the body calls: `input` when it is given `data=`. */
  readonly serializers: readonly { readonly name: string; readonly input: boolean }[];
  /** The body calls `super()`: an override then mostly does what it overrides, and more. */
  readonly callsSuper: boolean;
  /** The rest is kept for the few functions whose body is a declaration (`get_permissions`, `__init__`, `db_type`); else empty. */
  readonly returned: readonly ReturnFacts[];
  readonly assignments: readonly (PythonAssignment & { readonly when: readonly string[] })[];
  readonly calls: readonly Expression[];
}

export interface ClassFacts {
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly hash: string;
  readonly decorators: readonly Expression[];
  readonly bases: readonly Expression[];
  readonly documentation: string | null;
  readonly assignments: readonly PythonAssignment[];
  readonly methods: readonly FunctionFacts[];
  readonly classes: readonly ClassFacts[];
}

/** A call that reads or writes the database, found by its form; whether its root is a model is known when resolving. */
export interface QueryFacts {
  /** `chain`: `Model.objects.filter(…)`; `shortcut`: `get_object_or_404(Model, …)`; `raw`: `Model.objects.raw("…")`; `execute`: `cursor.execute("…")`. */
  readonly form: "chain" | "shortcut" | "raw" | "execute";
  /** The model as written; "" for `execute`. */
  readonly root: string;
  /** Names called on the manager, in order: `filter`, `update`. */
  readonly methods: readonly string[];
  readonly text: string;
  /** SQL of `raw` and `execute`: the literal, or the text of what builds it. */
  readonly sql: string | null;
  /** The name that `sql` is to be looked up by where the file itself does not say; else null. */
  readonly sqlName: string | null;
  /** Why `sql` is not exact; null when it is a literal. */
  readonly approximate: string | null;
  readonly within: string | null;
  readonly span: Span;
  readonly hash: string;
}

/** What one Python file says that matters to Django. */
export interface DjangoFacts {
  readonly imports: readonly PythonImport[];
  readonly classes: readonly ClassFacts[];
  readonly functions: readonly FunctionFacts[];
  readonly assignments: readonly PythonAssignment[];
  /** Top-level calls: `router.register(…)`, `urlpatterns.append(…)`. */
  readonly calls: readonly Expression[];
  readonly queries: readonly QueryFacts[];
  readonly uses: UseFacts;
  /** Hashes of the spans that catalog objects are taken from but that are no statement of their own, by `spanKey`. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Texts of such spans where a catalog object shows them as written (predicates, migration operations). */
  readonly texts: Readonly<Record<string, string>>;
  /** Module named by `os.environ.setdefault("DJANGO_SETTINGS_MODULE", …)`. */
  readonly settingsModule: string | null;
  /** Ranges that could not be read. */
  readonly errors: readonly Span[];
}

export function spanKey(span: Span): string {
  return span.join(":");
}
