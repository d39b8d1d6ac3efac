import { type AgentSettingsInput, isAgentMode } from "../../agent/options.ts";
import type { CliOption, ParsedArguments } from "./context.ts";
import { UsageError } from "./output.ts";

/** What an agent may do and how much it may use, as options of a command. */
export const SETTING_OPTIONS: Readonly<Record<string, CliOption>> = {
  mode: { type: "string", value: "M", summary: "ask, default, supervised or autonomous" },
  "ask-everything": { type: "boolean", summary: "ask before every call, also of what only reads" },
  "no-writes": { type: "boolean", summary: "change nothing" },
  "allow-system": { type: "boolean", summary: "offer commands; each is asked for" },
  sandbox: { type: "boolean", summary: "hold changes back, and show them as one diff at the end" },
  "max-iterations": { type: "string", value: "N", summary: "most turns of thinking and acting (20)" },
  "max-tool-calls": { type: "string", value: "N", summary: "most calls of tools (50)" },
  "max-total-tokens": { type: "string", value: "N", summary: "most tokens of the session (100000)" },
  "max-cost": { type: "string", value: "USD", summary: "most a run may cost" },
  timeout: {
    type: "string",
    value: "SECONDS",
    summary: "most time a run may take (300); waiting for you does not count",
  },
};

/** @throws UsageError */
export function readSettingOptions(args: ParsedArguments): Omit<AgentSettingsInput, "tools"> {
  const mode = args.string("mode");
  if (mode !== undefined && !isAgentMode(mode))
    throw new UsageError(`--mode is ask, default, supervised or autonomous, not "${mode}".`);
  const number = (name: string, whole: boolean): number | undefined => {
    const text = args.string(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isFinite(value) || value <= 0 || (whole && !Number.isInteger(value)))
      throw new UsageError(`--${name} is a ${whole ? "whole " : ""}number above 0, not "${text}".`);
    return value;
  };
  const given = {
    mode,
    interactive: args.flag("ask-everything") || undefined,
    allowWrites: args.flag("no-writes") ? false : undefined,
    allowSystemTools: args.flag("allow-system") || undefined,
    sandboxMode: args.flag("sandbox") || undefined,
    maxIterations: number("max-iterations", true),
    maxToolCalls: number("max-tool-calls", true),
    maxTotalTokens: number("max-total-tokens", true),
    maxCostUsd: number("max-cost", false),
    timeoutSeconds: number("timeout", false),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
