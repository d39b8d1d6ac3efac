import type { Model } from "./ir/model.ts";
import type { ModelUse } from "./ir/reference.ts";
import type { Route, ShapeRef } from "./ir/route.ts";
import { compareText, type SourceRange } from "./source.ts";

/** Web frameworks whose readers do not know all models: an ORM of another stack has them. */
const WITHOUT_MODELS: ReadonlySet<string> = new Set([
  "fastapi",
  "flask",
  "express",
  "fastify",
  "koa",
  "hono",
  "nextjs",
  "nest",
]);

/**
 * Ties routes to the models that their handler names, or that their body and response are made of.
 * @param uses those in the files of the routes, and maybe in more
 * @param usesElsewhere those in a file that `uses` has none of
 */
export function tieRoutes(
  routes: readonly Route[],
  models: readonly Model[],
  uses: readonly ModelUse[],
  usesElsewhere: (uri: string) => readonly ModelUse[] = () => [],
): readonly Route[] {
  if (!routes.some(isTied)) return routes;
  const byPlace = new Map(models.map((model) => [placeOf(model.uri, model.range), model.id]));
  const usesOf = new Map<string, ModelUse[]>();
  for (const use of uses) {
    const list = usesOf.get(use.uri);
    if (list) list.push(use);
    else usesOf.set(use.uri, [use]);
  }
  const tied = (shape: ShapeRef | null): ShapeRef | null => {
    const modelId = shape?.source ? byPlace.get(placeOf(shape.source.uri, shape.source.range)) : undefined;
    return shape && modelId !== undefined ? { ...shape, modelId } : shape;
  };
  return routes.map((route) => {
    if (!isTied(route)) return route;
    const body = tied(route.body);
    const response = tied(route.response);
    const ids = new Set(route.modelIds);
    for (const shape of [body, response]) if (shape?.modelId) ids.add(shape.modelId);
    for (const place of [route.handlerSource, ...(route.reaches ?? [])]) {
      for (const use of place ? (usesOf.get(place.uri) ?? usesElsewhere(place.uri)) : []) {
        const { line } = use.range.start;
        if (place && line >= place.range.start.line && line <= place.range.end.line) ids.add(use.modelId);
      }
    }
    return { ...route, body, response, modelIds: [...ids].sort(compareText) };
  });
}

/** Whether the models of a route are found through places in files. */
export function isTied({ stack }: Route): boolean {
  return WITHOUT_MODELS.has(stack);
}

/** Files whose uses and models decide which models a tied route has. */
export function filesBehind(route: Route): readonly string[] {
  const places = [route.body?.source, route.response?.source, route.handlerSource, ...(route.reaches ?? [])];
  return places.flatMap((place) => place?.uri ?? []);
}

function placeOf(uri: string, { start }: SourceRange): string {
  return `${uri}:${start.line}:${start.character}`;
}
