import type { Risk } from "../../protocol/action.ts";
import type { AgentMode, ApprovalScope, Decision, ToolClass } from "../../protocol/agent.ts";
import type { Danger } from "../tools/tool.ts";

/** All that a decision depends on: the same question has the same answer. */
export interface Question {
  readonly tool: string;
  readonly class: ToolClass;
  /** The tool's own. */
  readonly risk: Risk;
  /** What was seen in the arguments, in files, in SQL, in a command. */
  readonly dangers: readonly Danger[];
  /** Touches files that make other programs run something: version control, editor, CI, our own settings. */
  readonly touchesProtected: boolean;
  readonly policy: Policy;
  /** The widest approval given before that covers this call; null when none does. */
  readonly grant: ApprovalScope | null;
  /** A harness's own policy for this tool; null leaves it to the table. */
  readonly toolPolicy: "never" | "always" | null;
  /** This call was cut off in the middle before: whether it happened is not known. */
  readonly mayHaveHappened: boolean;
}

/** What the person, not the model, has set. */
export interface Policy {
  readonly mode: AgentMode;
  readonly interactive: boolean;
  readonly trusted: boolean;
  readonly allowWrites: boolean;
  readonly allowSystemTools: boolean;
  readonly requireApprovalFor: readonly string[];
  /** Tools the model was offered. */
  readonly offered: readonly string[];
}

type Verdict = Decision["verdict"];

/** What each class may do in each mode where nothing else decides. */
const TABLE: Readonly<Record<AgentMode, Readonly<Record<ToolClass, Verdict>>>> = {
  ask: { read: "allow", write: "deny", data: "deny", system: "deny" },
  default: { read: "allow", write: "ask", data: "ask", system: "ask" },
  supervised: { read: "allow", write: "ask", data: "ask", system: "ask" },
  autonomous: { read: "allow", write: "allow", data: "ask", system: "ask" },
};

/** These ask whatever a setting says. */
const ALWAYS_ASK: readonly string[] = ["delete_record", "run_command"];

/**
 * Whether a call may run: the one place where that is decided. Refusals come first, then what asks whatever was allowed,
 * then the table, and only what the table asks can have been allowed before.
 */
export function decide(question: Question): Decision {
  const risk: Risk = question.dangers.length > 0 ? "high" : question.risk;
  const decided = (verdict: Verdict, rule: string, why: string): Decision => ({ verdict, rule, why, risk });
  const { policy, tool } = question;
  if (!policy.trusted) return decided("deny", "untrusted", "The workspace is not trusted.");
  if (!policy.offered.includes(tool))
    return decided("deny", "not-offered", `${tool} is not among the tools of this run.`);
  const changes = question.class === "write" || question.class === "data";
  if (changes && !policy.allowWrites) return decided("deny", "writes-off", "Changes are switched off.");
  if (question.class === "system" && !policy.allowSystemTools)
    return decided("deny", "system-off", "System tools are switched off.");
  const cell = TABLE[policy.mode][question.class];
  if (policy.mode === "ask" && (cell === "deny" || risk === "high"))
    return decided("deny", "mode", "In ask mode nothing is changed.");
  const must = mustAsk(question, risk);
  if (must) return decided("ask", must.rule, must.why);
  const asked = cell === "ask" || question.toolPolicy === "always";
  if (!asked) return decided("allow", "mode", allowedBy(policy.mode, question.class));
  if (question.grant !== null)
    return decided(
      "allow",
      `grant-${question.grant}`,
      `Approved before, for ${SCOPE_WORDS[question.grant]}.`,
    );
  if (question.toolPolicy === "always") return decided("ask", "tool-policy", `${tool} always asks.`);
  return decided("ask", "mode", `A ${question.class} tool asks in ${policy.mode} mode.`);
}

/** What nothing that was set or approved before can let through. */
function mustAsk(question: Question, risk: Risk): { readonly rule: string; readonly why: string } | null {
  const { dangers, policy, tool } = question;
  if (dangers.length > 0) return { rule: "danger", why: dangers.map(({ what }) => what).join(" ") };
  if (question.mayHaveHappened)
    return {
      rule: "unknown-outcome",
      why: "The same call was cut off before; it may have happened already.",
    };
  if (question.touchesProtected)
    return { rule: "protected", why: "It touches files that make other programs run something." };
  if (risk === "high") return { rule: "risk", why: `${tool} is of high risk.` };
  if (policy.interactive) return { rule: "interactive", why: "Every action is asked for." };
  const listed = ALWAYS_ASK.includes(tool) || policy.requireApprovalFor.includes(tool);
  // An approval of exactly this command may have been given for longer.
  if (listed && question.grant === null)
    return { rule: "require-approval", why: `${tool} is on the list of tools that ask.` };
  return null;
}

const SCOPE_WORDS: Readonly<Record<ApprovalScope, string>> = {
  once: "this call",
  session: "this session",
  workspace: "this workspace",
  always: "every workspace",
};

function allowedBy(mode: AgentMode, toolClass: ToolClass): string {
  return toolClass === "read" ? "Reading is allowed." : `A ${toolClass} tool runs in ${mode} mode.`;
}

/** How long an approval may hold. A high risk is looked at each time, and so is what interactive mode asks. */
export function scopesFor(decision: Decision, covers: string | null): readonly ApprovalScope[] {
  const lasting = covers !== null && decision.risk !== "high" && LASTING_RULES.includes(decision.rule);
  return lasting ? ["once", "session", "workspace", "always"] : ["once"];
}

const LASTING_RULES: readonly string[] = ["mode", "require-approval", "tool-policy"];
