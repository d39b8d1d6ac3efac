import type { Finding } from "../../protocol/finding.ts";
import type { Model } from "../../workspace/ir/model.ts";
import type { Route, ShapeRef } from "../../workspace/ir/route.ts";
import { placeText } from "../pack/evidence.ts";
import { code, escapeMarkdown, table } from "../pack/markdown.ts";
import { guardVerdict, routeName } from "./route-lines.ts";
import { findingsMarkdown, plural } from "./summary-parts.ts";

interface RouteContext {
  readonly models: readonly Model[];
  readonly siblings: readonly Route[];
  readonly findings: readonly Finding[];
}

/** The facts about a route as a page for a person. */
export function routeSummary(route: Route, context: RouteContext): string {
  const parts = [
    `## ${escapeMarkdown(routeName(route))}`,
    [
      `handled by ${code(route.handler)}`,
      `guards: ${escapeMarkdown(guardVerdict(route.guards))}`,
      plural(context.models.length, "model"),
    ].join(" · "),
  ];
  if (context.findings.length > 0) parts.push("### Findings", findingsMarkdown(context.findings));
  parts.push(
    "### Guards in force",
    route.guards.length > 0
      ? table(
          ["Guard", "Kind", "Attached by", "Effect", "From"],
          route.guards.map((guard) => [
            code(guard.name),
            guard.kind,
            guard.scope,
            guard.effect,
            code(placeText(guard.source)),
          ]),
        )
      : "No guard was found for this route.",
  );
  if (route.parameters.length > 0) {
    const rows = route.parameters.map((p) => [
      code(p.name),
      p.in,
      escapeMarkdown(p.type ?? "not declared"),
      p.required ? "yes" : "no",
    ]);
    parts.push("### Parameters", table(["Name", "In", "Type", "Required"], rows));
  }
  parts.push("### Body", shapeTable(route.body), "### Response", shapeTable(route.response));
  if (context.siblings.length > 0) {
    const rows = context.siblings.map((sibling) => [
      code(routeName(sibling)),
      escapeMarkdown(guardVerdict(sibling.guards)),
    ]);
    parts.push("### Sibling routes", table(["Route", "Guards"], rows));
  }
  if (route.gaps.length > 0) {
    parts.push(
      "### Not understood",
      route.gaps.map((gap) => `- ${escapeMarkdown(`${gap.what}: ${gap.why}`)}`).join("\n"),
    );
  }
  return parts.join("\n\n");
}

function shapeTable(shape: ShapeRef | null): string {
  if (!shape) return "Not declared in the source.";
  if (shape.fields.length === 0) return `${code(shape.name)}, fields not known.`;
  const rows = shape.fields.map((field) => [
    code(field.name),
    escapeMarkdown(field.type ?? "not known"),
    field.required ? "yes" : "no",
    field.readOnly ? "yes" : "no",
  ]);
  return `${code(shape.name)}\n\n${table(["Field", "Type", "Required", "Read-only"], rows)}`;
}
