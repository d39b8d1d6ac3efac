import type { Catalog } from "../../../../src/workspace/catalog.ts";

/** All that a catalog tells, to compare it with another. */
export function contentOf(catalog: Catalog): unknown {
  const { models, routes, queries, migrations, gaps, report } = catalog;
  return {
    models,
    routes,
    queries,
    migrations,
    gaps,
    report,
    uses: catalog.uses(),
    usesByModel: models.map(({ id }) => catalog.usesOf(id)),
  };
}
