import * as z from "zod";
import { canonicalJson } from "../../flows/pack/canonical-json.ts";
import { promptPackSchema } from "../../protocol/prompt-pack.ts";
import { pathText } from "../spec/spec-error.ts";
import { valuesAt } from "./json-path.ts";
import type { Outcome } from "./outcome.ts";
import type { Score } from "./score.ts";
import type { ScorerOf } from "./scorer-spec.ts";
import { failed, passed, shown, verdict } from "./verdict.ts";

/** More than these are not worth a person's attention. */
const MOST_PROBLEMS = 5;

export function jsonSchema({ schema, path = "$" }: ScorerOf<"json-schema">, { document }: Outcome): Score {
  let checked: z.ZodType;
  try {
    checked = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  } catch (error) {
    return failed(`The schema cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  }
  const values = valuesAt(document, path);
  if (values.length === 0) return failed(`There is nothing at ${path}.`);
  const problems = values.flatMap((value) => problemsIn(checked, value));
  return verdict(
    problems.length === 0,
    `${path} fits the schema`,
    problems.slice(0, MOST_PROBLEMS).join("; "),
  );
}

export function jsonPath(scorer: ScorerOf<"json-path">, { document }: Outcome): Score {
  const { path, equals, contains, count } = scorer;
  const found = valuesAt(document, path);
  if (count !== undefined && found.length !== count)
    return failed(`expected ${count} values at ${path}, found ${found.length}`);
  if (count === undefined && found.length === 0) return failed(`There is nothing at ${path}.`);
  const wanted = equals === undefined ? null : canonicalJson(equals);
  if (wanted !== null && !found.some((value) => canonicalJson(value) === wanted))
    return failed(`expected ${shown(equals)} at ${path}, found ${shown(found)}`);
  if (contains !== undefined && !found.some((value) => textOf(value).includes(contains)))
    return failed(`expected ${shown(contains)} in what stands at ${path}, found ${shown(found)}`);
  return passed(`${path} is ${shown(found.length === 1 ? found[0] : found)}`);
}

/** A pack has the form that is documented and says which form its answer has; an answer has it. */
export function answerSchema({ pack, execution }: Outcome): Score {
  if (pack === null) return failed("Only a flow has an answer with a schema.");
  if (execution !== null)
    return verdict(
      pack.answer_schema === null || execution.answer !== null,
      "the structured part fits the schema of the action",
      execution.warnings.map(({ message }) => message).join(" ") || "The answer has no structured part.",
    );
  const problems = problemsIn(promptPackSchema, pack);
  if (problems.length > 0) return failed(problems.slice(0, MOST_PROBLEMS).join("; "));
  return verdict(
    pack.answer_schema?.type === "object",
    "the pack has its form, and a schema for the answer",
    "The pack has no schema for the answer.",
  );
}

function problemsIn(schema: z.core.$ZodType, value: unknown): readonly string[] {
  const parsed = z.safeParse(schema, value);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${pathText(path) || "the value"}: ${message}`);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
