import { AksaraError } from "../errors.ts";
import { type Catalog, hintFor } from "./catalog.ts";
import type { Route } from "./ir/route.ts";
import { nearestNames } from "./nearest-names.ts";

/** How people and the command line write a route: `GET:/api/orders/`. */
export function routeSelector(route: Pick<Route, "method" | "path">): string {
  return `${route.method}:${route.path}`;
}

/**
 * The route of a method and a full path. The method's case does not matter; parameters may be written in any
 * framework's notation (`<pk>`, `:pk`, `{pk}`) and a trailing slash may be missing when only one route fits then.
 * @throws CONTEXT_NOT_FOUND with the nearest routes, AMBIGUOUS_TARGET with the candidates.
 */
export function findRoute(catalog: Catalog, method: string, path: string): Route {
  const verb = method.trim().toUpperCase();
  const wanted = path.trim();
  const byId = catalog.byId(wanted);
  if (byId?.kind === "route") return byId;
  const attempts: ((route: Route) => boolean)[] = [
    // as it is in the catalog, where a path may end in white space
    (route) => route.path === path && route.method === verb,
    (route) => route.path === wanted && route.method === verb,
    (route) => route.path === wanted && (route.method === "ANY" || verb === "ANY" || verb === ""),
    (route) => shapeOf(route.path) === shapeOf(wanted) && route.method === verb,
    (route) => shapeOf(route.path) === shapeOf(wanted) && (route.method === "ANY" || verb === ""),
  ];
  for (const attempt of attempts) {
    const found = catalog.routes.filter(attempt);
    if (found[0] && found.length === 1) return found[0];
    if (found.length > 1) {
      const candidates = candidatesOf(found);
      throw new AksaraError(
        "AMBIGUOUS_TARGET",
        `${found.length} routes answer ${verb || "any method"} ${wanted}.`,
        {
          hint: `Name one of them: ${candidates.join(", ")}.`,
          candidates,
        },
      );
    }
  }
  const near = nearestNames(`${verb}:${wanted}`, catalog.routes.map(routeSelector));
  throw new AksaraError(
    "CONTEXT_NOT_FOUND",
    `There is no route ${verb || "ANY"} ${wanted} in this workspace.`,
    {
      hint: hintFor(near, catalog.routes.length, "routes"),
      candidates: near,
    },
  );
}

/** Selectors where they tell the routes apart, else ids. */
function candidatesOf(routes: readonly Route[]): string[] {
  const selectors = routes.map(routeSelector);
  return new Set(selectors).size === selectors.length ? selectors : routes.map((route) => route.id);
}

/** The path with parameters reduced to a marker and without a trailing slash. */
export function shapeOf(path: string): string {
  return path
    .replace(/<[^>]*>|\{[^}]*\}|\[[^\]]*\]|:[A-Za-z_]\w*(?:\([^)]*\))?\??/g, "*")
    .replace(/\/+$/, "");
}
