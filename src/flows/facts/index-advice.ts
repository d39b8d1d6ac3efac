import { costText, sizeText, stepText } from "../../database/plan/plan-text.ts";
import type { AdvisedIndex, IndexAdvice } from "../../protocol/index-advice.ts";
import { code, codeBlock, escapeMarkdown } from "../pack/markdown.ts";
import type { AdviceAnswer } from "./query-planner.ts";

/** Rejected candidates that a prompt names: they keep a model from suggesting them again. */
const SHOWN_REJECTED = 12;

/** What was tried, as a section of a prompt. */
export function adviceText(answer: AdviceAnswer): string {
  if (answer.kind === "not-advised") return answer.status;
  const { advice } = answer;
  const shown = advice.rejected.slice(0, SHOWN_REJECTED);
  const left = advice.rejected.length - shown.length;
  return [
    `${advice.tried} tried with ${advice.engine}; ${advice.tier}: ${advice.basis}`,
    advice.indexes.length === 0 ? "none of them pays" : "used by the planner, and paying:",
    ...advice.indexes.flatMap((index) => [
      `- ${index.ddl}`,
      `  ${factsLine(index)}`,
      ...index.overlaps.map((overlap) => `  ${overlapText(overlap)}`),
      "  plan with it:",
      ...index.plan_after.nodes.map((node) => `    ${stepText(node)}`),
    ]),
    ...(shown.length === 0 ? [] : ["tried and not worth it:"]),
    ...shown.map(({ ddl, reason }) => `- ${ddl}: ${reason}`),
    ...(left > 0 ? [`- and ${left} more`] : []),
  ].join("\n");
}

/** The same as members of `result_json.facts`. */
export function adviceFacts(answer: AdviceAnswer): {
  readonly index_advice: IndexAdvice | null;
  readonly index_advice_status: string;
} {
  return answer.kind === "advised"
    ? { index_advice: answer.advice, index_advice_status: `available (${answer.advice.tier})` }
    : { index_advice: null, index_advice_status: answer.status };
}

/** The same for a person. */
export function adviceMarkdown(answer: AdviceAnswer): string {
  if (answer.kind === "not-advised") {
    const sentence = `${answer.status.charAt(0).toUpperCase()}${answer.status.slice(1)}`;
    return `${escapeMarkdown(sentence)}${/[.!?]$/.test(sentence) ? "" : "."}`;
  }
  const { advice } = answer;
  const ground = `${advice.tier}: ${advice.basis}`;
  if (advice.tried === 0) return "The query has no condition, join or order that an index could serve.";
  if (advice.indexes.length === 0) {
    return escapeMarkdown(`${countText(advice.tried)} tried; none pays (${ground}).`);
  }
  return [
    escapeMarkdown(`${countText(advice.tried)} tried; worth building (${ground}):`),
    ...advice.indexes.map((index) =>
      [
        codeBlock(index.ddl, "sql"),
        escapeMarkdown(`${factsLine(index)}.`),
        ...index.overlaps.map(({ index: name, relation, keys }) =>
          relation === "contained"
            ? `It begins with all columns of ${code(name)}, which may be superfluous then.`
            : `${code(name)} begins with the same column (${escapeMarkdown(keys.join(", "))}).`,
        ),
      ].join("\n\n"),
    ),
  ].join("\n\n");
}

function countText(tried: number): string {
  return tried === 1 ? "One index was" : `${tried} indexes were`;
}

/** `for equality on status; cost 4,473 → 12.06, 99.7 % less; about 6.7 MB`. */
export function factsLine({ serves, cost_before, cost_after, gain, size_bytes }: AdvisedIndex): string {
  const costs = `cost ${costText(cost_before)} → ${costText(cost_after)}, ${Math.floor(gain * 1000) / 10} % less`;
  return `for ${serves}; ${costs}${size_bytes === null ? "" : `; about ${sizeText(size_bytes)}`}`;
}

function overlapText({ index, keys, relation }: AdvisedIndex["overlaps"][number]): string {
  const columns = `${index} (${keys.join(", ")})`;
  if (relation === "contained") return `begins with all columns of ${columns}, which may be superfluous then`;
  return relation === "longer"
    ? `${columns} begins with all of its columns`
    : `begins with the same column as ${columns}`;
}
