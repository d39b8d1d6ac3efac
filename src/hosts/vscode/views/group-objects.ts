import type { FlowTarget } from "../../../flows/context-of.ts";
import { compareText } from "../../../workspace/source.ts";
import type { SectionSpec } from "../manifest/sections.ts";
import type { CatalogView } from "../studio.ts";
import { idOf, labelOf, targetsOf } from "./describe-target.ts";
import type { SectionNode } from "./section-node.ts";

/** The rows of a section: grouped when more than one group has objects, filtered by the person's text. */
export function sectionNodes(
  section: SectionSpec,
  view: CatalogView,
  filter: string,
): readonly SectionNode[] {
  const wanted = filter.toLowerCase();
  const targets = targetsOf(view, section.kind).filter(
    (target) => wanted === "" || labelOf(target).toLowerCase().includes(wanted),
  );
  const groups = [...Map.groupBy(targets, groupOf)].sort(([a], [b]) => compareText(a, b));
  const [only] = groups;
  if (only && groups.length === 1) return only[1].map((target) => objectNode(target, null));
  return groups.map(([label, members]) => ({
    type: "group",
    id: `${section.id}/${label}`,
    label: label === "" ? "/" : label,
    children: members.map((target) => objectNode(target, label)),
  }));
}

function objectNode(target: FlowTarget, group: string | null): SectionNode {
  return { type: "object", objectId: idOf(target), target, label: labelWithin(target, group) };
}

function labelWithin(target: FlowTarget, group: string | null): string {
  if (target.kind === "model") return target.name;
  if (group !== null && target.kind === "migration") return target.name;
  if (group !== null && target.kind === "route" && target.path.startsWith(`${group}/`)) {
    return `${target.method} ${target.path.slice(group.length)}`;
  }
  return labelOf(target);
}

function groupOf(target: FlowTarget): string {
  switch (target.kind) {
    case "model":
      return target.namespace;
    case "route":
      return routeGroup(target.path);
    case "query":
      return target.uri;
    case "migration":
      return target.app;
    case "diagnostic":
      return target.finding.rule;
  }
}

/** The first path segments that name a resource: `/api/products` for `/api/products/<pk>/reviews/`. */
function routeGroup(path: string): string {
  const fixed = path.split("/").filter((segment) => segment !== "" && !/[<:{[*]/.test(segment));
  const depth = /^(?:api|v\d+|rest|internal|admin)$/i.test(fixed[0] ?? "")
    ? /^v\d+$/i.test(fixed[1] ?? "")
      ? 3
      : 2
    : 1;
  return `/${fixed.slice(0, depth).join("/")}`;
}
