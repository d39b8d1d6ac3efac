import * as vscode from "vscode";
import type { FlowKind, Risk } from "../../protocol/action.ts";
import type { Severity } from "../../protocol/finding.ts";
import type { RelationKind } from "../../workspace/ir/model.ts";
import type { Guard } from "../../workspace/ir/route.ts";

/** How much an action may change for the worse, as the panel's badge has it. */
export function riskWords(risk: Risk): string {
  switch (risk) {
    case "low":
      return vscode.l10n.t("Low risk");
    case "medium":
      return vscode.l10n.t("Medium risk");
    case "high":
      return vscode.l10n.t("High risk");
  }
}

/** What an action works on. */
export function kindWord(kind: FlowKind): string {
  switch (kind) {
    case "model":
      return vscode.l10n.t("Model");
    case "route":
      return vscode.l10n.t("Route");
    case "query":
      return vscode.l10n.t("Query");
    case "migration":
      return vscode.l10n.t("Migration");
    case "diagnostic":
      return vscode.l10n.t("Issue");
  }
}

export function severityWord(severity: Severity): string {
  switch (severity) {
    case "error":
      return vscode.l10n.t("Error");
    case "warning":
      return vscode.l10n.t("Warning");
    case "info":
      return vscode.l10n.t("Information");
  }
}

export function relationWords(kind: RelationKind): string {
  switch (kind) {
    case "many-to-one":
      return vscode.l10n.t("many-to-one");
    case "one-to-one":
      return vscode.l10n.t("one-to-one");
    case "one-to-many":
      return vscode.l10n.t("one-to-many");
    case "many-to-many":
      return vscode.l10n.t("many-to-many");
  }
}

/** What a guard is, where it was attached and what it does, without its name. */
export function guardWords(guard: Pick<Guard, "kind" | "scope" | "effect">): string {
  return [guardKind(guard.kind), guardScope(guard.scope), guardEffect(guard.effect)].join(" · ");
}

function guardKind(kind: Guard["kind"]): string {
  switch (kind) {
    case "authentication":
      return vscode.l10n.t("authentication");
    case "permission":
      return vscode.l10n.t("permission");
    case "middleware":
      return vscode.l10n.t("middleware");
    case "validation":
      return vscode.l10n.t("validation");
    case "throttle":
      return vscode.l10n.t("throttle");
    case "csrf-exempt":
      return vscode.l10n.t("exempt from CSRF checks");
    case "unknown":
      return vscode.l10n.t("kind not understood");
  }
}

function guardScope(scope: Guard["scope"]): string {
  switch (scope) {
    case "global":
      return vscode.l10n.t("for all routes");
    case "group":
      return vscode.l10n.t("for a group of routes");
    case "class":
      return vscode.l10n.t("on the class");
    case "inherited":
      return vscode.l10n.t("inherited");
    case "method":
      return vscode.l10n.t("on the method");
  }
}

function guardEffect(effect: Guard["effect"]): string {
  switch (effect) {
    case "require":
      return vscode.l10n.t("can refuse a request");
    case "identify":
      return vscode.l10n.t("finds out who calls, refuses nobody by itself");
    case "allow-any":
      return vscode.l10n.t("written to refuse nothing");
    case "unknown":
      return vscode.l10n.t("effect not understood");
  }
}
