import type { FlowContext } from "../protocol/action.ts";
import type { Finding } from "../protocol/finding.ts";
import type { Catalog, CatalogObject } from "../workspace/catalog.ts";

/** What an action can be run on: an object of the catalog, or an issue. */
export type FlowTarget = CatalogObject | { readonly kind: "diagnostic"; readonly finding: Finding };

/** The arguments that name this object and no other, in the form a person would type where that is enough. */
export function contextOf(target: FlowTarget, catalog: Catalog): FlowContext {
  switch (target.kind) {
    case "model": {
      const twins = catalog.models.filter((model) => model.qualifiedName === target.qualifiedName);
      return { model_name: twins.length === 1 ? target.qualifiedName : target.id };
    }
    case "route": {
      const twins = catalog.routes.filter(
        (route) => route.path === target.path && route.method === target.method,
      );
      return { method: target.method, path: twins.length === 1 ? target.path : target.id };
    }
    case "query":
      return { query_id: target.id };
    case "migration":
      return { migration_id: target.id };
    case "diagnostic":
      return { issue_id: target.finding.id };
  }
}
