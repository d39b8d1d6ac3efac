import type { FlowTarget } from "../../../flows/context-of.ts";
import { guardVerdict } from "../../../flows/facts/route-lines.ts";
import type { FlowKind } from "../../../protocol/action.ts";
import { SEVERITIES } from "../../../protocol/finding.ts";
import type { HttpMethod, Route } from "../../../workspace/ir/route.ts";
import { compareText } from "../../../workspace/source.ts";
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
      return target.abstract ? "symbol-interface" : "table";
    case "route":
      return routeIcon(guardVerdict(target.guards));
    case "query":
      return target.form === "sql" ? "database" : "symbol-method";
    case "migration":
      return "git-commit";
    case "diagnostic":
      return target.finding.severity === "info" ? "info" : target.finding.severity;
  }
}

/** Methods of one path stand together, in the order in which people name them. */
function byPath(a: Route, b: Route): number {
  return compareText(a.path, b.path) || METHODS.indexOf(a.method) - METHODS.indexOf(b.method);
}

const METHODS: readonly HttpMethod[] = ["ANY", "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

/** Who gets through, at a glance: the same icons stand beside the guards below the route. */
function routeIcon(verdict: string): string {
  if (verdict === "guarded") return "lock";
  return verdict.startsWith("unknown") ? "question" : "unlock";
}

/** All targets of a kind, in the order in which a person looks for them. */
export function targetsOf(view: CatalogView, kind: FlowKind): readonly FlowTarget[] {
  switch (kind) {
    case "model":
      return view.catalog.models;
    case "route":
      return [...view.catalog.routes].sort(byPath);
    case "query":
      return view.catalog.queries;
    case "migration":
      return view.catalog.migrations;
    case "diagnostic":
      return SEVERITIES.flatMap((severity) =>
        view.findings.filter((finding) => finding.severity === severity),
      ).map((finding) => ({ kind: "diagnostic", finding }));
  }
}

/** Id of a target as commands and trees pass it. */
export function idOf(target: FlowTarget): string {
  return target.kind === "diagnostic" ? target.finding.id : target.id;
}
