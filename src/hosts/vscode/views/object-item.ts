import * as vscode from "vscode";
import type { FlowTarget } from "../../../flows/context-of.ts";
import { findingsAbout } from "../../../flows/facts/finding-facts.ts";
import { type ObjectRisk, type RiskReason, riskOf } from "../../../flows/facts/object-risk.ts";
import { guardVerdict } from "../../../flows/facts/route-lines.ts";
import { placeText } from "../../../flows/pack/evidence.ts";
import type { Finding, Severity } from "../../../protocol/finding.ts";
import { riskWords, severityWord } from "../words.ts";
import { iconOf, labelOf } from "./describe-target.ts";
import { riskColor, riskUri } from "./risk-decorations.ts";

/**
 * How the row of an object looks and is read out: what it is, what stands beside it, and its risk by the icon's
 * colour, by a mark at the end and in words.
 */
export function objectItem(target: FlowTarget, label: string, findings: readonly Finding[]): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  if (target.kind === "diagnostic") {
    const { finding } = target;
    const place = placeText(finding.source);
    item.description = vscode.l10n.t("line {0}", finding.source.range.start.line + 1);
    item.iconPath = new vscode.ThemeIcon(iconOf(target), severityColor(finding.severity));
    item.tooltip = [
      `${severityWord(finding.severity)}: ${finding.message}`,
      place,
      ...finding.evidence,
      ...(finding.fix === null ? [] : [finding.fix]),
    ].join("\n");
    item.accessibilityInformation = {
      label: `${severityWord(finding.severity)}: ${finding.message}, ${place}`,
    };
    return item;
  }
  const risk = riskOf(target, findings);
  const about = findingsAbout(findings, [target.id]);
  const uri = riskUri(risk.level);
  if (uri) item.resourceUri = uri;
  // A narrow side bar cuts the end off: the risk stands first.
  item.description = [...riskMarks(target, risk, about), ...ownWords(target)].join(" · ");
  item.iconPath = new vscode.ThemeIcon(iconOf(target), riskColor(risk.level));
  item.tooltip = [
    labelOf(target),
    placeText(target),
    target.reason,
    ...(risk.level === "low" ? [] : [`${riskWords(risk.level)}: ${reasonsText(risk)}`]),
    ...about.map(({ severity, message }) => `${severityWord(severity)}: ${message}`),
    ...target.gaps.map((gap) => `${gap.what}: ${gap.why}`),
  ].join("\n");
  item.accessibilityInformation = {
    label: [labelOf(target), item.description, ...(risk.level === "low" ? [] : [riskWords(risk.level)])].join(
      ", ",
    ),
  };
  return item;
}

/** Whether a person should look at an object before others. */
export function isAtRisk(target: FlowTarget, findings: readonly Finding[]): boolean {
  return target.kind !== "diagnostic" && riskOf(target, findings).level !== "low";
}

function ownWords(target: Exclude<FlowTarget, { kind: "diagnostic" }>): readonly string[] {
  switch (target.kind) {
    case "model":
      return [fieldsText(target)];
    case "route":
      return [shortVerdict(guardVerdict(target.guards))];
    case "query":
      return [target.operation, target.within ?? ""].filter((part) => part !== "");
    case "migration":
      return [operationCount(target.operations.length)];
  }
}

/** What of the risk a row still has to say; the number of issues that it does not name. */
function riskMarks(
  target: Exclude<FlowTarget, { kind: "diagnostic" }>,
  { reasons }: ObjectRisk,
  about: readonly Finding[],
): readonly string[] {
  const named = reasons.filter((reason) => reason !== "findings");
  // The word for a route's guards says it already.
  const said = target.kind === "route" ? [] : named.map(reasonWords);
  const unnamed = named.some((reason) => reason === "open-to-change" || reason === "blocks-writes")
    ? []
    : about;
  return [...said, ...(unnamed.length > 0 ? [issueCount(unnamed.length)] : [])];
}

function reasonsText({ reasons }: ObjectRisk): string {
  return reasons.map(reasonWords).join(", ");
}

function reasonWords(reason: RiskReason): string {
  switch (reason) {
    case "open-to-change":
      return vscode.l10n.t("anyone can change data");
    case "guard-unclear":
      return vscode.l10n.t("changes data, and its guards are unclear");
    case "drops-data":
      return vscode.l10n.t("drops data");
    case "irreversible":
      return vscode.l10n.t("cannot be undone");
    case "blocks-writes":
      return vscode.l10n.t("blocks writes");
    case "findings":
      return vscode.l10n.t("rules found issues");
  }
}

/** A proxy has no fields of its own, so it says whose it shows. */
function fieldsText(model: Extract<FlowTarget, { kind: "model" }>): string {
  if (model.fields.length === 0 && model.proxyOf !== null)
    return vscode.l10n.t("proxy of {0}", model.proxyOf);
  return model.fields.length === 1
    ? vscode.l10n.t("1 field")
    : vscode.l10n.t("{0} fields", model.fields.length);
}

function operationCount(count: number): string {
  return count === 1 ? vscode.l10n.t("1 operation") : vscode.l10n.t("{0} operations", count);
}

function issueCount(count: number): string {
  return count === 1 ? vscode.l10n.t("1 issue") : vscode.l10n.t("{0} issues", count);
}

function shortVerdict(verdict: string): string {
  if (verdict === "guarded") return vscode.l10n.t("guarded");
  if (verdict.startsWith("unknown")) return vscode.l10n.t("guards unclear");
  return verdict.startsWith("open") ? vscode.l10n.t("open") : vscode.l10n.t("no guard");
}

/** As the Problems view colours them. */
function severityColor(severity: Severity): vscode.ThemeColor {
  const name = { error: "Error", warning: "Warning", info: "Info" }[severity];
  return new vscode.ThemeColor(`problems${name}Icon.foreground`);
}
