import type { FlowTarget } from "../../../flows/context-of.ts";
import type { FlowKind } from "../../../protocol/action.ts";
import type { CatalogView } from "../studio.ts";

/** How objects are called in trees, pickers and lenses. */
export function labelOf(target: FlowTarget): string {
  switch (target.kind) {
    case "model":
      return target.qualifiedName;
    case "route":
      return `${target.method} ${target.path}`;
    case "query":
      return target.name;
    case "migration":
      return target.app ? `${target.app}.${target.name}` : target.name;
    case "diagnostic":
      return target.finding.message;
  }
}

/** Codicon of an object. */
export function iconOf(target: FlowTarget): string {
  switch (target.kind) {
    case "model":
      return target.abstract ? "symbol-interface" : "symbol-class";
    case "route":
      return "link";
    case "query":
      return target.form === "sql" ? "database" : "symbol-method";
    case "migration":
      return "git-commit";
    case "diagnostic":
      return target.finding.severity === "info" ? "info" : target.finding.severity;
  }
}

/** All targets of a kind, in the catalog's order. */
export function targetsOf(view: CatalogView, kind: FlowKind): readonly FlowTarget[] {
  switch (kind) {
    case "model":
      return view.catalog.models;
    case "route":
      return view.catalog.routes;
    case "query":
      return view.catalog.queries;
    case "migration":
      return view.catalog.migrations;
    case "diagnostic":
      return view.findings.map((finding) => ({ kind: "diagnostic", finding }));
  }
}

/** Id of a target as commands and trees pass it. */
export function idOf(target: FlowTarget): string {
  return target.kind === "diagnostic" ? target.finding.id : target.id;
}
