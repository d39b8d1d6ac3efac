import type { Gap } from "../../ir/entry.ts";
import { Ledger, Memo } from "../../memo.ts";
import { PythonProject } from "../python/project.ts";
import { UseReader } from "../python/use-reader.ts";
import { type Contribution, type FactsByUri, NOTHING, type Stack } from "../stack.ts";
import { DeclarativeRoots } from "./declarative.ts";
import { DeclaredModels } from "./declared-models.ts";
import { extractSqlalchemyFacts } from "./extract.ts";
import type { SqlalchemyFacts } from "./facts.ts";
import { resolveModels } from "./models.ts";
import { dialectOf, queriesIn } from "./queries.ts";
import { ModelRegistry } from "./registry.ts";

/** SQLAlchemy with Flask-SQLAlchemy and SQLModel. */
export const sqlalchemyStack: Stack<SqlalchemyFacts> = {
  id: "sqlalchemy",
  title: "SQLAlchemy",
  languages: ["python"],
  version: 3,
  handsPlacesOn: true,
  // Files that only re-export models, and enumerations that columns use, matter as much as the models themselves.
  marker:
    /sqlalchemy|SQLAlchemy|sqlmodel|SQLModel|db\.Model|mapped_column|map_imperatively|\.mapped|__tablename__|[mM]odels? import |import models|models?\.\w+ import|\(\w*, ?(?:enum\.)?Enum\)|\((?:enum\.)?\w*Enum\)|\.query\(|from \.\w* import (?:\(|[A-Z])/,
  extract: extractSqlalchemyFacts,
  resolve: (facts) => open(facts, new Ledger(false))(),
  open,
};

function open(facts: FactsByUri<SqlalchemyFacts>, ledger: Ledger): () => Contribution {
  const project = new PythonProject(facts, ledger);
  const roots = new DeclarativeRoots(project, ledger);
  const declared = new DeclaredModels(project, roots, ledger);
  const registry = new Memo(ledger, () => new ModelRegistry(project, roots, declared.all()));
  const models = new Memo(ledger, () => resolveModels(registry.get()));
  const dialect = new Memo(ledger, () => dialectOf(facts));
  const queries = new Memo(ledger, (uri) =>
    queriesIn(registry.get(), uri, facts.get(uri)?.queries ?? [], dialect.get()),
  );
  const uses = new UseReader(facts, ledger, (uri, name) => registry.get().find(uri, name)?.id ?? null);
  const unread = new Memo(ledger, () => unreadFiles(registry.get()));
  return () =>
    models.get().length === 0
      ? NOTHING
      : {
          ...NOTHING,
          models: models.get(),
          queries: [...facts.keys()].flatMap((uri) => queries.get(uri)),
          uses: uses.all(),
          gaps: unread.get(),
        };
}

/** Places that the parser could not read, in files that hold a model. */
function unreadFiles(registry: ModelRegistry): readonly Gap[] {
  const withModels = new Set([...registry.all()].map((info) => info.uri));
  return [...registry.project.facts].flatMap(([uri, { errors }]) =>
    withModels.has(uri)
      ? errors.map((span) => ({
          what: `part of ${uri}`,
          why: "the parser could not read it; what is declared there may be missing",
          source: registry.sourceOf(uri, span),
        }))
      : [],
  );
}
