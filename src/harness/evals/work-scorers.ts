import { canonicalJson } from "../../flows/pack/canonical-json.ts";
import type { Outcome } from "./outcome.ts";
import type { Score } from "./score.ts";
import type { ScorerOf } from "./scorer-spec.ts";
import { failed, shown, verdict } from "./verdict.ts";

export function toolCalled({ tool, input = {}, times }: ScorerOf<"tool-called">, { calls }: Outcome): Score {
  const fitting = calls.filter((call) => call.tool === tool && hasMembers(call.input, input));
  const withInput = Object.keys(input).length === 0 ? tool : `${tool} with ${shown(input)}`;
  const made =
    calls.length === 0 ? "no tool was called" : `called were ${calls.map((call) => call.tool).join(", ")}`;
  return verdict(
    times === undefined ? fitting.length > 0 : fitting.length === times,
    `${tool} was called ${fitting.length} times`,
    `expected ${withInput} ${times === undefined ? "to be called" : `to be called ${times} times, not ${fitting.length}`}; ${made}`,
  );
}

export function toolNotCalled({ tool }: ScorerOf<"tool-not-called">, { calls }: Outcome): Score {
  const call = calls.find((each) => each.tool === tool);
  return verdict(!call, `${tool} was not called`, `${tool} was called with ${shown(call?.input)}`);
}

export function approvalRequested({ tool }: ScorerOf<"approval-requested">, { calls }: Outcome): Score {
  const asked = calls.filter((call) => call.asked).map((call) => call.tool);
  return verdict(
    tool === undefined ? asked.length > 0 : asked.includes(tool),
    `asked for ${asked.join(", ")}`,
    `expected a question about ${tool ?? "something"}; ${asked.length === 0 ? "nothing was asked" : `asked for were ${asked.join(", ")}`}`,
  );
}

export function filesChanged({ files }: ScorerOf<"files-changed">, outcome: Outcome): Score {
  const wanted = [...new Set(files)].sort();
  const changed = [...outcome.files].sort();
  return verdict(
    canonicalJson(wanted) === canonicalJson(changed),
    wanted.length === 0 ? "no file would be changed" : `exactly ${wanted.join(", ")}`,
    `expected changes of ${wanted.join(", ") || "no file"}, found ${changed.join(", ") || "none"}`,
  );
}

export function errorCode({ value }: ScorerOf<"error-code">, { failure }: Outcome): Score {
  return verdict(
    failure?.code === value,
    `it ended with ${value}`,
    failure
      ? `expected ${value}, found ${failure.code}: ${failure.message}`
      : `expected ${value}, but nothing failed`,
  );
}

/** What is not known is not within a bound. */
export function within(unit: string, used: number | null, most: number): Score {
  if (used === null)
    return failed(`How many ${unit} it took is not known, so it is not known to be within ${most}.`);
  return verdict(used <= most, `${used} of ${most} ${unit}`, `${used} ${unit}, more than ${most}`);
}

function hasMembers(value: unknown, wanted: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(wanted).every(
    ([name, member]) =>
      typeof value === "object" &&
      value !== null &&
      canonicalJson((value as Readonly<Record<string, unknown>>)[name]) === canonicalJson(member),
  );
}
