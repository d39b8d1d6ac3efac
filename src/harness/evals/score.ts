import type { PostgresParser } from "../../database/sql/parse-postgres.ts";
import { assertNever } from "../../errors.ts";
import type { ExecutionServices } from "../../execution/execution-services.ts";
import type { WorkspaceRoot } from "../../workspace/index/workspace-index.ts";
import { citesEvidence } from "./evidence-scorers.ts";
import { grounded } from "./grounding.ts";
import { judge } from "./judge.ts";
import type { Outcome } from "./outcome.ts";
import type { Scorer } from "./scorer-spec.ts";
import { planImproves, sqlValid } from "./sql-scorers.ts";
import { contains, equals, matches } from "./text-scorers.ts";
import { answerSchema, jsonPath, jsonSchema } from "./value-scorers.ts";
import {
  approvalRequested,
  errorCode,
  filesChanged,
  toolCalled,
  toolNotCalled,
  within,
} from "./work-scorers.ts";

/** What a scorer found. */
export interface Score {
  /** 1 is as it should be, 0 is not at all. */
  readonly score: number;
  readonly pass: boolean;
  /** For a person: why not, or what was found. */
  readonly why: string;
}

/** What scorers need besides the outcome. */
export interface ScoringServices {
  readonly roots: readonly WorkspaceRoot[];
  readonly execution: () => ExecutionServices;
  readonly sql: PostgresParser;
  readonly signal: AbortSignal;
}

/** Looks at an outcome. @throws CANCELLED */
export async function score(scorer: Scorer, outcome: Outcome, services: ScoringServices): Promise<Score> {
  switch (scorer.type) {
    case "equals":
      return equals(scorer, outcome);
    case "contains":
      return contains(scorer, outcome);
    case "regex":
      return matches(scorer, outcome);
    case "json-schema":
      return jsonSchema(scorer, outcome);
    case "json-path":
      return jsonPath(scorer, outcome);
    case "tool-called":
      return toolCalled(scorer, outcome);
    case "tool-not-called":
      return toolNotCalled(scorer, outcome);
    case "approval-requested":
      return approvalRequested(scorer, outcome);
    case "files-changed":
      return filesChanged(scorer, outcome);
    case "sql-valid":
      return await sqlValid(outcome, services.sql);
    case "plan-improves":
      return planImproves(outcome);
    case "cites-evidence":
      return citesEvidence(scorer, outcome);
    case "grounded":
      return await grounded(outcome, services.roots);
    case "answer-schema":
      return answerSchema(outcome);
    case "error-code":
      return errorCode(scorer, outcome);
    case "max-tokens":
      return within("tokens", outcome.tokens, scorer.value);
    case "max-latency":
      return within("ms", Math.round(outcome.elapsedMs), scorer.value);
    case "max-cost":
      return within("USD", outcome.costUsd, scorer.value);
    case "judge":
      return await judge(scorer, outcome, services);
    default:
      return assertNever(scorer);
  }
}
