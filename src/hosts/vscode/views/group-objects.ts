import type { FlowTarget } from "../../../flows/context-of.ts";
import type { Finding } from "../../../protocol/finding.ts";
import { compareText } from "../../../workspace/source.ts";
import type { SectionSpec } from "../manifest/sections.ts";
import { ruleTitle } from "../rule-texts.ts";
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
  // An issue's row leaves to its group to say what is wrong.
  if (only && groups.length === 1 && section.kind !== "diagnostic")
    return only[1].map((target) => objectNode(target, null, view));
  return groups.map(([label, members]) => ({
    type: "group",
    id: `${section.id}/${label}`,
    label: groupLabel(section, label),
    children: members.map((target) => objectNode(target, label, view)),
  }));
}

function objectNode(target: FlowTarget, group: string | null, view: CatalogView): SectionNode {
  return { type: "object", objectId: idOf(target), target, label: labelWithin(target, group, view) };
}

function groupLabel(section: SectionSpec, label: string): string {
  if (section.kind === "diagnostic") return ruleTitle(label);
  return label === "" ? "/" : label;
}

/** The object that a finding is about; its message where it is about none. */
function aboutLabel(finding: Finding, { catalog }: CatalogView): string {
  const object = finding.object_id === null ? null : catalog.byId(finding.object_id);
  return object ? labelOf(object) : finding.message;
}

function labelWithin(target: FlowTarget, group: string | null, view: CatalogView): string {
  if (target.kind === "model") return target.name;
  if (group !== null && target.kind === "migration") return target.name;
  // What is wrong stands in the group's label.
  if (group !== null && target.kind === "diagnostic") return aboutLabel(target.finding, view);
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
