import type { FlowKind } from "../../../protocol/action.ts";

/** One tree view per section of the studio. */
export interface SectionSpec {
  /** Part of ids: `aksara.models`. */
  readonly id: "models" | "routes" | "queries" | "migrations" | "issues";
  readonly kind: FlowKind;
  readonly title: string;
  readonly icon: string;
  /** English text of the welcome content while the section is empty. */
  readonly welcome: string;
}

export const SECTIONS: readonly SectionSpec[] = [
  {
    id: "models",
    kind: "model",
    title: "Models",
    icon: "database",
    welcome:
      "No models were found in this folder. [Open another folder](command:vscode.openFolder) if your backend is elsewhere.\n[What was read?](command:aksara.showReadingReport)",
  },
  {
    id: "routes",
    kind: "route",
    title: "Routes",
    icon: "link",
    welcome: "No routes were found in this folder.\n[What was read?](command:aksara.showReadingReport)",
  },
  {
    id: "queries",
    kind: "query",
    title: "Queries",
    icon: "search",
    welcome:
      "No queries were found in this folder. SQL that you select in an editor can be explained too.\n[What was read?](command:aksara.showReadingReport)",
  },
  {
    id: "migrations",
    kind: "migration",
    title: "Migrations",
    icon: "versions",
    welcome: "No migrations were found in this folder.\n[What was read?](command:aksara.showReadingReport)",
  },
  {
    id: "issues",
    kind: "diagnostic",
    title: "Issues",
    icon: "warning",
    welcome:
      "None of the rules that were run found an issue.\n[What was read?](command:aksara.showReadingReport)",
  },
];

export function viewId(section: SectionSpec): string {
  return `aksara.${section.id}`;
}

export function sectionOf(kind: FlowKind): SectionSpec {
  const found = SECTIONS.find((section) => section.kind === kind);
  if (!found) throw new RangeError(`no section for ${kind}`);
  return found;
}
