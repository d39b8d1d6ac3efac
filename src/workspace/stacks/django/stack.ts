import type { Gap } from "../../ir/entry.ts";
import { Ledger, Memo } from "../../memo.ts";
import { UseReader } from "../python/use-reader.ts";
import type { Contribution, FactsByUri, Stack } from "../stack.ts";
import { extractDjangoFacts } from "./extract.ts";
import type { DjangoFacts } from "./facts.ts";
import { MigrationReader } from "./migrations.ts";
import { ModelRegistry } from "./model-registry.ts";
import { ModelReader } from "./models.ts";
import { DjangoProject } from "./project.ts";
import { QueryReader } from "./queries.ts";
import { resolveRoutes } from "./routes.ts";

/** Django with Django REST framework. */
export const djangoStack: Stack<DjangoFacts> = {
  id: "django",
  title: "Django",
  languages: ["python"],
  version: 5,
  handsPlacesOn: true,
  // Relative imports re-export models; constants such as MAX_LENGTH may stand in a file of their own.
  marker:
    /django|rest_framework|models|migrations|urlpatterns|router|serializers|\.objects\b|cursor\.execute|CHOICES|_LENGTH|from \.|(?:^|\n)[A-Z][A-Z0-9_]* ?= ?r?f?["'][^\n]*["']\n[A-Z][A-Z0-9_]* ?= ?r?f?["']/,
  extract: extractDjangoFacts,
  resolve: (facts) => open(facts, new Ledger(false))(),
  open,
};

function open(facts: FactsByUri<DjangoFacts>, ledger: Ledger): () => Contribution {
  const project = new DjangoProject(facts, ledger);
  const registry = new ModelRegistry(project);
  const models = new ModelReader(registry);
  const queries = new QueryReader(registry);
  const migrations = new MigrationReader(registry);
  const uses = new UseReader(facts, ledger, (uri, name) => registry.find(uri, name)?.id ?? null);
  const routes = new Memo(ledger, () => resolveRoutes(registry));
  const unread = new Memo(ledger, () => unreadFiles(project));
  return () => ({
    models: models.all(),
    routes: routes.get().routes,
    queries: queries.all(),
    migrations: migrations.all(),
    uses: uses.all(),
    gaps: [...routes.get().gaps, ...unread.get()],
  });
}

/** Places that the parser could not read, in files that matter. */
function unreadFiles(project: DjangoProject): readonly Gap[] {
  return [...project.facts].flatMap(([uri, { errors }]) =>
    errors.map((span) => ({
      what: `part of ${uri}`,
      why: "the parser could not read it; what is declared there may be missing",
      source: project.sourceOf(uri, span),
    })),
  );
}
