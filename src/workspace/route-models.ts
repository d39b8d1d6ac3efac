import type { Model } from "./ir/model.ts";
import type { ModelUse } from "./ir/reference.ts";
import type { Route, ShapeRef } from "./ir/route.ts";
import { compareText, type SourceRange, type SourceRef } from "./source.ts";
import type { FunctionPlace } from "./stacks/stack.ts";

/** Web frameworks whose readers know no models: an ORM of another stack has them. */
const WITHOUT_MODELS: ReadonlySet<string> = new Set(["fastapi", "flask"]);

/**
 * Ties routes to the models that their handler names, or that their body and response are made of.
 * @param reached functions that handlers call, by the route's id
 */
export function tieRoutes(
  routes: readonly Route[],
  models: readonly Model[],
  uses: readonly ModelUse[],
  reached: ReadonlyMap<string, readonly FunctionPlace[]> = new Map(),
): readonly Route[] {
  if (reached.size === 0 && !routes.some(({ stack }) => WITHOUT_MODELS.has(stack))) return routes;
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
  const withUses = (ids: readonly string[], places: readonly FunctionPlace[]): readonly string[] => {
    const all = new Set(ids);
    for (const { uri, start, end } of places) {
      for (const { modelId, range } of usesOf.get(uri) ?? []) {
        if (range.start.line >= start && range.start.line <= end) all.add(modelId);
      }
    }
    return [...all].sort(compareText);
  };
  return routes.map((route) => {
    const places = reached.get(route.id);
    if (places) return { ...route, modelIds: withUses(route.modelIds, places) };
    if (!WITHOUT_MODELS.has(route.stack)) return route;
    const body = tied(route.body);
    const response = tied(route.response);
    const ids = new Set(route.modelIds);
    for (const shape of [body, response]) if (shape?.modelId) ids.add(shape.modelId);
    const { handlerSource } = route;
    const place = handlerSource && [placeOfFunction(handlerSource)];
    return { ...route, body, response, modelIds: withUses([...ids], place ?? []) };
  });
}

function placeOfFunction({ uri, range }: SourceRef): FunctionPlace {
  return { uri, start: range.start.line, end: range.end.line };
}

function placeOf(uri: string, { start }: SourceRange): string {
  return `${uri}:${start.line}:${start.character}`;
}
