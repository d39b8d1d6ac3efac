import type { SourceRange, SourceRef } from "../source.ts";

/** How sure the catalog is: read from the source, inferred by convention, or understood only in part. */
export type Confidence = "certain" | "likely" | "partial";

/** Something the catalog saw and did not understand. A stated gap is better than a wrong guess. */
export interface Gap {
  /** What was not understood, for a person: "field `extra`: type from a function call". */
  readonly what: string;
  readonly why: string;
  readonly source: SourceRef | null;
}

/** What every object of the catalog has. `id` is stable across runs and edits that keep the object's name. */
export interface CatalogEntry {
  readonly id: string;
  readonly name: string;
  readonly uri: string;
  /** The whole definition. */
  readonly range: SourceRange;
  /** The name in the definition: where the editor puts the cursor. */
  readonly nameRange: SourceRange;
  /** Hash of the text in `range`. */
  readonly hash: string;
  /** Id of the stack that found it. */
  readonly stack: string;
  readonly confidence: Confidence;
  /** How it was found, for a person: "class with base django.db.models.Model through TimeStampedModel". */
  readonly reason: string;
  readonly gaps: readonly Gap[];
}
