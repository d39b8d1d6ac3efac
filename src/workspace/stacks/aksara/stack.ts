import type { Gap } from "../../ir/entry.ts";
import { usesIn } from "../../languages/python/uses.ts";
import { NOTHING, type Stack } from "../stack.ts";
import { extractAksaraFacts } from "./extract.ts";
import type { AksaraFacts } from "./facts.ts";
import { migratedIndexes, readMigrations, resolveMigrations } from "./migrations.ts";
import { resolveModels } from "./models.ts";
import { AksaraRegistry } from "./registry.ts";
import { resolveRoutes } from "./routes.ts";

/** Aksara, the framework: models, viewsets and migrations. */
export const aksaraStack: Stack<AksaraFacts> = {
  id: "aksara",
  title: "Aksara",
  languages: ["python"],
  version: 2,
  handsPlacesOn: true,
  marker: /aksara/,
  extract: extractAksaraFacts,
  resolve(facts) {
    const registry = new AksaraRegistry(facts);
    const files = readMigrations(registry);
    const { routes, gaps } = resolveRoutes(registry);
    return {
      ...NOTHING,
      models: resolveModels(registry, migratedIndexes(files)),
      routes,
      migrations: resolveMigrations(registry, files),
      uses: [...facts].flatMap(([uri, file]) =>
        usesIn(uri, file.uses, (name) => registry.find(uri, name)?.id ?? null),
      ),
      gaps: [...gaps, ...unreadFiles(registry)],
    };
  },
};

/** Places that the parser could not read, in files that hold a model. */
function unreadFiles(registry: AksaraRegistry): readonly Gap[] {
  const withModels = new Set([...registry.all()].map(({ ref }) => ref.uri));
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
