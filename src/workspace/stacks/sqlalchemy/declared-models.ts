import type { Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import { calledName } from "../../languages/python/expressions.ts";
import type { PythonAssignment, PythonClass } from "../../languages/python/module.ts";
import { type Ledger, Memo } from "../../memo.ts";
import { isTestFile, type PythonProject } from "../python/project.ts";
import type { DeclarativeRoots } from "./declarative.ts";
import type { SqlalchemyFacts } from "./facts.ts";

/** Where models are declared, tests left out. */
export interface Declared {
  /** Classes with a root or a table. */
  readonly classes: readonly ClassRef<PythonClass>[];
  /** Tables made with `Table(…)`. */
  readonly tables: readonly { readonly uri: string; readonly item: PythonAssignment }[];
  /** `map_imperatively(…)` and its like. */
  readonly mappings: readonly { readonly uri: string; readonly call: Expression }[];
}

/** Finds the declarations, file by file, so that files without any cost nothing when they change. */
export class DeclaredModels {
  readonly #found: Memo<Declared>;

  constructor(project: PythonProject<SqlalchemyFacts>, roots: DeclarativeRoots, ledger: Ledger) {
    const { facts, classes } = project;
    const uris = [...facts.keys()].filter((uri) => !isTestFile(uri));
    const isMapped = new Memo(ledger, (uri, qualname) => {
      const ref = classes.get(uri, qualname);
      return ref !== null && (hasTable(ref.declaration) || roots.rootOf(ref) !== null);
    });
    const mapped = new Memo(ledger, () =>
      classes.all().filter((ref) => !isTestFile(ref.uri) && isMapped.get(ref.uri, ref.qualname)),
    );
    const tables = new Memo(ledger, (uri) =>
      (facts.get(uri)?.assignments ?? [])
        .filter(({ value }) => value?.k === "call" && calledName(value) === "Table")
        .map((item) => ({ uri, item })),
    );
    const mappings = new Memo(ledger, (uri) =>
      (facts.get(uri)?.mappings ?? []).map((call) => ({ uri, call })),
    );
    this.#found = new Memo(ledger, () => ({
      classes: mapped.get(),
      tables: uris.flatMap((uri) => tables.get(uri)),
      mappings: uris.flatMap((uri) => mappings.get(uri)),
    }));
  }

  all(): Declared {
    return this.#found.get();
  }
}

/** Whether a class names its table or has it made. */
export function hasTable({ assignments }: PythonClass): boolean {
  return assignments.some(({ target }) => target === "__tablename__" || target === "__table__");
}
