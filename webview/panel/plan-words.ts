import type { PlanNode, PlanVariant, QueryPlan } from "../../src/protocol/plan.ts";
import { t } from "../ui/l10n.ts";
import { formatNumber } from "../ui/numbers.ts";

/** `using orders_pkey on orders o`, as EXPLAIN says it; "" for a step on rows of others. */
export function nodeName({ relation, alias, index }: PlanNode): string {
  const parts = [
    ...(index === null ? [] : [`using ${index}`]),
    ...(relation === null ? [] : [`on ${relation}`]),
    ...(alias === null ? [] : [alias]),
  ];
  return parts.join(" ");
}

export function shareText(share: number): string {
  return share > 0 && share < 0.01 ? "<1%" : `${Math.round(share * 100)}%`;
}

export function variantName(kind: PlanVariant["kind"]): string {
  switch (kind) {
    case "exact":
      return t("Plan");
    case "generic":
      return t("Values unknown");
    case "values":
      return t("Typical values");
  }
}

export function variantExplanation(kind: PlanVariant["kind"]): string {
  switch (kind) {
    case "exact":
      return t("The query has no placeholders.");
    case "generic":
      return t("Planned without the values of the placeholders, as a prepared statement is after some runs.");
    case "values":
      return t("Planned with values that are typical of the columns; they are made up.");
  }
}

/** The plan as lines that a screen reader can go through and a person can copy. */
export function planLines({ nodes }: PlanVariant): string {
  return nodes
    .map((node) => {
      const indent = "  ".repeat(node.depth);
      const hot = node.hot ? `, ${t("hot spot")}` : "";
      const numbers = `${t("{0} of the cost", shareText(node.share))}, ${t("{0} rows", formatNumber(node.rows))}`;
      const details = node.details.map((detail) => `\n${indent}    ${detail}`).join("");
      return `${indent}${`${node.type} ${nodeName(node)}`.trim()}: ${numbers}${hot}${details}`;
    })
    .join("\n");
}

/** Where the rows of a table come from. */
export function sizeSource(from: QueryPlan["tables"][number]["rows_from"]): string {
  return from === "guess" ? t("guessed") : t("from statistics");
}

/** "not available (T0): the call …" → "The call …": the heading says the rest. */
export function sentence(status: string): string {
  const text = status.replace(/^not available(?: \(T\d\))?: /, "");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}
