/**
 * Names of OpenTelemetry's conventions for generative AI, as they are written in traces. They are still being worked on
 * there; here is the one place where they stand.
 */
export const GEN_AI = {
  operation: "gen_ai.operation.name",
  provider: "gen_ai.provider.name",
  model: "gen_ai.request.model",
  agent: "gen_ai.agent.name",
  conversation: "gen_ai.conversation.id",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  finishReasons: "gen_ai.response.finish_reasons",
  tool: "gen_ai.tool.name",
  toolCall: "gen_ai.tool.call.id",
  toolInput: "gen_ai.tool.call.arguments",
  toolOutput: "gen_ai.tool.call.result",
  inputMessages: "gen_ai.input.messages",
  outputMessages: "gen_ai.output.messages",
  error: "error.type",
} as const;

/** Ours, where the conventions have none. */
export const AKSARA = {
  run: "aksara.run.id",
  toolClass: "aksara.tool.class",
  rule: "aksara.decision.rule",
  outcome: "aksara.approval.outcome",
  attempt: "aksara.tool.attempts",
  /** Dollars. */
  cost: "aksara.cost.usd",
  /** Key of the action, and id of the object, that a flow was about. */
  action: "aksara.flow.action",
  target: "aksara.flow.target",
} as const;

/** Values of `gen_ai.operation.name`. */
export const OPERATIONS = { agent: "invoke_agent", model: "chat", tool: "execute_tool" } as const;
