import { AksaraError } from "../../errors.ts";
import type { FlowContext } from "../../protocol/action.ts";
import { type Finding, findingSchema } from "../../protocol/finding.ts";
import type { PackTarget } from "../../protocol/prompt-pack.ts";
import { nearestNames } from "../../workspace/nearest-names.ts";
import type { FlowAction } from "../actions/action.ts";
import { EvidenceList, placeText } from "../pack/evidence.ts";
import { code } from "../pack/markdown.ts";
import type { Section } from "../pack/section.ts";
import type { BuiltFacts } from "./built-facts.ts";
import { findingLine } from "./finding-facts.ts";
import { linesOr } from "./section-lines.ts";
import { findingsMarkdown, plural } from "./summary-parts.ts";
import type { FlowWorkspace } from "./workspace.ts";

/** Facts about the open issues, or the one asked for: contracts, section 1, kind "diagnostic". */
export async function buildDiagnosticFacts(
  workspace: FlowWorkspace,
  action: FlowAction,
  context: FlowContext,
): Promise<BuiltFacts> {
  const issues = issuesOf(workspace, context);
  const evidence = new EvidenceList();
  const [only] = issues;
  const single = context.issue_id !== undefined && only !== undefined;
  const sections: Section[] = [
    { key: "issues", title: "open issues", text: issueLines(issues, workspace, evidence), dropRank: null },
    { key: "workspace", title: "size of the workspace", text: sizeLines(workspace), dropRank: 1 },
  ];
  return {
    target: single
      ? targetOf(only)
      : { id: "issues", name: plural(issues.length, "open issue"), uri: null, range: null, hash: null },
    subject: single ? 'the issue in the section "open issues"' : 'the issues in the section "open issues"',
    echo: { issue_id: context.issue_id ?? null, action: action.key },
    facts: { total: issues.length, counts: countsOf(issues), issues },
    sections,
    evidence,
    findings: issues,
    summary: summaryOf(issues),
    tier: "T0",
    files: [],
  };
}

/** Issues of the workspace, plus those the caller handed in (editor diagnostics by explicit choice). */
function issuesOf(workspace: FlowWorkspace, context: FlowContext): readonly Finding[] {
  const given = givenIssues(context.issue_payload);
  const all = [...workspace.findings, ...given];
  const { issue_id: id } = context;
  return id === undefined ? all : findIssue(all, id);
}

/**
 * An issue by its id, or by its rule where only one comes from it; several only where they share the id.
 * @throws CONTEXT_NOT_FOUND with the nearest names, AMBIGUOUS_TARGET with the candidates
 */
export function findIssue(all: readonly Finding[], id: string): readonly [Finding, ...(readonly Finding[])] {
  const found = all.filter((finding) => finding.id === id);
  if (isFull(found)) return found;
  const byRule = all.filter((finding) => finding.rule === id);
  if (isFull(byRule) && byRule.length === 1) return byRule;
  if (byRule.length > 1) {
    const candidates = byRule.map((finding) => finding.id);
    throw new AksaraError("AMBIGUOUS_TARGET", `${byRule.length} issues come from the rule "${id}".`, {
      hint: "Name one of them by its id.",
      candidates,
    });
  }
  const near = nearestNames(
    id,
    all.flatMap((finding) => [finding.id, finding.rule]),
  );
  throw new AksaraError("CONTEXT_NOT_FOUND", `There is no open issue "${id}".`, {
    hint:
      near.length > 0
        ? `Did you mean ${near.join(", ")}?`
        : `${plural(all.length, "issue")} open; "aksara catalog issues" lists them.`,
    candidates: near,
  });
}

function isFull(findings: readonly Finding[]): findings is readonly [Finding, ...Finding[]] {
  return findings.length > 0;
}

function givenIssues(payload: FlowContext["issue_payload"]): readonly Finding[] {
  if (payload === undefined) return [];
  const list = Array.isArray(payload.issues) ? payload.issues : [payload];
  return list.map((item, index) => {
    const parsed = findingSchema.safeParse(item);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw new AksaraError(
      "CONTEXT_NOT_FOUND",
      `The issue ${index + 1} of the payload is not valid at "${issue?.path.join(".") ?? ""}".`,
      {
        hint: issue?.message ?? "See the form of a finding.",
      },
    );
  });
}

function issueLines(issues: readonly Finding[], workspace: FlowWorkspace, evidence: EvidenceList): string {
  if (issues.length === 0) return "none: no rule found an open issue in this workspace";
  const lines = issues.flatMap((issue) => {
    const object = issue.object_id ? workspace.catalog.byId(issue.object_id) : null;
    const related =
      object && "relations" in object ? object.relations.map((relation) => relation.target) : [];
    return [
      `- ${issue.id} at ${placeText(issue.source)}: ${findingLine(issue)} [${evidence.cite(`issue ${issue.rule}`, issue.source)}]`,
      ...(object
        ? [
            `  object: ${object.id}${related.length > 0 ? `; related: ${[...new Set(related)].join(", ")}` : ""}`,
          ]
        : []),
      ...issue.evidence.map((line) => `  shown by: ${line}`),
    ];
  });
  return lines.join("\n");
}

function sizeLines({ catalog }: FlowWorkspace): string {
  return linesOr(
    [
      plural(catalog.models.length, "model"),
      plural(catalog.routes.length, "route"),
      plural(catalog.queries.length, "query", "queries"),
      plural(catalog.migrations.length, "migration"),
    ],
    "",
  );
}

function countsOf(issues: readonly Finding[]) {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const issue of issues) counts[issue.severity]++;
  return counts;
}

function targetOf(issue: Finding): PackTarget {
  return {
    id: issue.id,
    name: issue.rule,
    uri: issue.source.uri,
    range: issue.source.range,
    hash: issue.source.hash,
  };
}

function summaryOf(issues: readonly Finding[]): string {
  if (issues.length === 0) {
    return "## Open issues\n\nNone of the rules that were run found an issue in this workspace.";
  }
  const counts = countsOf(issues);
  const head = `${plural(counts.error, "error")} · ${plural(counts.warning, "warning")} · ${plural(counts.info, "hint")}`;
  const rules = [...new Set(issues.map((issue) => issue.rule))];
  return ["## Open issues", head, `Rules: ${rules.map(code).join(", ")}`, findingsMarkdown(issues)].join(
    "\n\n",
  );
}
