import type { Gap } from "../../ir/entry.ts";
import { usesIn } from "../../languages/python/uses.ts";
import type { Stack } from "../stack.ts";
import { extractSqlalchemyFacts } from "./extract.ts";
import type { SqlalchemyFacts } from "./facts.ts";
import { resolveModels } from "./models.ts";
import { resolveQueries } from "./queries.ts";
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
  resolve(facts) {
    const registry = new ModelRegistry(facts);
    const models = resolveModels(registry);
    if (models.length === 0) return { models, routes: [], queries: [], migrations: [], uses: [], gaps: [] };
    return {
      models,
      routes: [],
      queries: resolveQueries(registry),
      migrations: [],
      uses: [...facts].flatMap(([uri, file]) =>
        usesIn(uri, file.uses, (name) => registry.find(uri, name)?.id ?? null),
      ),
      gaps: unreadFiles(registry),
    };
  },
};

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
