import type { Guard, Route, ShapeRef } from "../../workspace/ir/route.ts";

export function guardLine(guard: Guard): string {
  const effect = {
    require: "can refuse a request",
    identify: "finds out who calls and refuses nobody by itself",
    "allow-any": "is written to refuse nothing",
    unknown: "effect not understood",
  }[guard.effect];
  return `${guard.name}: ${guard.kind}, attached by ${guard.scope}; ${effect}`;
}

/** Whether something stops an anonymous request, as far as the source says. */
export function guardVerdict(guards: readonly Guard[]): string {
  const relevant = guards.filter(
    ({ kind }) => kind === "permission" || kind === "authentication" || kind === "middleware",
  );
  if (relevant.some(({ effect }) => effect === "require")) return "guarded";
  if (relevant.some((guard) => guard.effect === "unknown")) return "unknown: a guard was not understood";
  if (relevant.some((guard) => guard.effect === "allow-any")) return "open by explicit choice";
  return "no permission guard found";
}

export function shapeLines(shape: ShapeRef | null): readonly string[] {
  if (!shape) return ["not declared in the source"];
  const fields = shape.fields.map((field) => {
    const traits = [
      field.type ?? "type not known",
      field.required ? "required" : "optional",
      field.readOnly ? "read-only" : null,
    ];
    return `- ${field.name}: ${traits.filter((trait) => trait !== null).join("; ")}`;
  });
  return [`${shape.name}${shape.fields.length === 0 ? ": fields not known" : ""}`, ...fields];
}

export function routeName(route: Pick<Route, "method" | "path">): string {
  return `${route.method} ${route.path}`;
}
