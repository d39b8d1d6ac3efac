import { unknownEvidence } from "../../execution/structured-answer.ts";
import type { Outcome } from "./outcome.ts";
import type { Score } from "./score.ts";
import type { ScorerOf } from "./scorer-spec.ts";
import { failed, passed } from "./verdict.ts";

/** A pack's statements cite places that it has; an answer cites places of its pack. */
export function citesEvidence(
  { least }: ScorerOf<"cites-evidence">,
  { pack, execution, text }: Outcome,
): Score {
  if (pack === null) return failed("Only a flow has evidence to cite.");
  const known = new Set(pack.evidence.map(({ id }) => id));
  // The system prompt only says how to cite.
  const cited = new Set(
    [...(execution === null ? pack.user_prompt : text).matchAll(/\[(E\d+)\]/g)].map(
      (match) => match[1] ?? "",
    ),
  );
  for (const id of structured(execution?.answer)) cited.add(id);
  const unknown = [...cited].filter((id) => !known.has(id));
  const strange = [...unknown, ...unknownEvidence(execution?.answer, known)];
  if (strange.length > 0)
    return failed(`It cites ${[...new Set(strange)].join(", ")}, which the pack does not have.`);
  if (execution === null) {
    const left = [...known].filter((id) => !cited.has(id));
    if (left.length > 0) return failed(`Nothing in the pack cites ${left.join(", ")}.`);
  }
  if (cited.size < least) return failed(`It cites ${cited.size} places, fewer than ${least}.`);
  return passed(`${cited.size} places cited`);
}

/** Ids below members called `evidence`. */
function structured(answer: unknown): readonly string[] {
  return unknownEvidence(answer, new Set());
}
