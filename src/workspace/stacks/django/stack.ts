import type { Gap } from "../../ir/entry.ts";
import type { Stack } from "../stack.ts";
import { extractDjangoFacts } from "./extract.ts";
import type { DjangoFacts } from "./facts.ts";
import { resolveMigrations } from "./migrations.ts";
import { ModelRegistry } from "./model-registry.ts";
import { resolveModels } from "./models.ts";
import { DjangoProject } from "./project.ts";
import { resolveQueries } from "./queries.ts";
import { resolveRoutes } from "./routes.ts";
import { resolveUses } from "./uses.ts";

/** Django with Django REST framework. */
export const djangoStack: Stack<DjangoFacts> = {
  id: "django",
  title: "Django",
  languages: ["python"],
  version: 5,
  handsPlacesOn: true,
  // Relative imports re-export models; constants such as MAX_LENGTH may stand in a file of their own.
  marker:
    /django|rest_framework|models|migrations|urlpatterns|router|serializers|\.objects\b|cursor\.execute|CHOICES|_LENGTH|from \./,
  extract: extractDjangoFacts,
  resolve(facts) {
    const project = new DjangoProject(facts);
    const registry = new ModelRegistry(project);
    const { routes, gaps } = resolveRoutes(registry);
    return {
      models: resolveModels(registry),
      routes,
      queries: resolveQueries(registry),
      migrations: resolveMigrations(registry),
      uses: resolveUses(registry),
      gaps: [...gaps, ...unreadFiles(project)],
    };
  },
};

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
