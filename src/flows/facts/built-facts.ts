import type { Finding, Tier } from "../../protocol/finding.ts";
import type { PackInput, PackTarget } from "../../protocol/prompt-pack.ts";
import type { EvidenceList } from "../pack/evidence.ts";
import type { Section } from "../pack/section.ts";

/** Everything a builder computed about a target, before it becomes prompts. */
export interface BuiltFacts {
  readonly target: PackTarget;
  /** What the action is about, for the task line: kind and name, the name only when it is plain. */
  readonly subject: string;
  /** The arguments as the source document echoes them in `result_json`. */
  readonly echo: Readonly<Record<string, unknown>>;
  /** The facts as data, for `result_json.facts`. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly sections: readonly Section[];
  readonly evidence: EvidenceList;
  readonly findings: readonly Finding[];
  /** Readable summary in markdown, useful without any model. */
  readonly summary: string;
  readonly tier: Tier;
  /** Files whose bytes the facts depend on, besides those of the evidence. */
  readonly files: readonly string[];
  /** What they depend on that is no file of the workspace: an engine, statistics. */
  readonly outside?: readonly PackInput[];
}
