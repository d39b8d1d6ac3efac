import * as z from "zod";
import { AksaraError } from "../errors.ts";
import type { ReferenceEnvelope, ReferenceRecords } from "../records/reference-records.ts";
import { type ReferenceSpec, type ReferenceSpecInput, ReferenceSpecSchema } from "./spec/reference-spec.ts";
import { problemsOf, specError } from "./spec/spec-error.ts";

const EnvelopeSchema = z.looseObject({
  id: z.string().min(1),
  tenant: z.string().optional(),
  hash: z.string().optional(),
});

/** Values that are kept and passed on by reference: with handlers, and with who has the runtime. */
export class References {
  readonly #records: ReferenceRecords;
  readonly #specs: readonly ReferenceSpec[];

  constructor(records: ReferenceRecords, specs: readonly ReferenceSpec[]) {
    this.#records = records;
    this.#specs = specs;
  }

  /**
   * Keeps a value and gives its reference. The short view is the one that is given, else what the spec's callback makes
   * of the value, called once; else `{}`.
   * @throws INVALID_REQUEST for a value that is no JSON, SPEC_INVALID
   */
  async create(
    reference: ReferenceSpecInput | string,
    value: unknown,
    glimpse?: unknown,
  ): Promise<ReferenceEnvelope> {
    const spec = this.#specOf(reference);
    const view = spec.glimpse as ((whole: unknown) => unknown) | undefined;
    const shown = glimpse !== undefined ? glimpse : view ? await view(value) : {};
    return await this.#records.create(spec.kind, value, shown ?? {});
  }

  /** The whole value of a reference, or of its id. @throws TENANT_MISMATCH, REFERENCE_NOT_FOUND */
  async resolve(reference: unknown): Promise<unknown> {
    return await this.#records.resolve(readEnvelope(reference));
  }

  /** The short view of a reference; the value itself is not read. @throws TENANT_MISMATCH, REFERENCE_NOT_FOUND */
  async glimpse(reference: unknown): Promise<unknown> {
    return (await this.#records.find(readEnvelope(reference))).glimpse;
  }

  /** All that are kept, the latest first. */
  async list(): Promise<readonly ReferenceEnvelope[]> {
    return await this.#records.list();
  }

  #specOf(reference: ReferenceSpecInput | string): Pick<ReferenceSpec, "kind" | "glimpse"> {
    if (typeof reference === "string")
      return this.#specs.find(({ kind }) => kind === reference) ?? { kind: reference, glimpse: undefined };
    const parsed = ReferenceSpecSchema.safeParse(reference);
    if (!parsed.success) throw specError(problemsOf(parsed.error), "The reference spec");
    return parsed.data;
  }
}

function readEnvelope(reference: unknown): { readonly id: string } & Partial<ReferenceEnvelope> {
  const parsed = EnvelopeSchema.safeParse(typeof reference === "string" ? { id: reference } : reference);
  if (parsed.success) return parsed.data as { readonly id: string } & Partial<ReferenceEnvelope>;
  throw new AksaraError("REFERENCE_NOT_FOUND", "This is no reference: it has no id.");
}
