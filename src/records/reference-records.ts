import { createHash } from "node:crypto";
import { AksaraError } from "../errors.ts";
import type { Blobs, KeyValues } from "../storage/store.ts";
import { TenantRecords } from "./tenant-records.ts";

/** A value that is kept elsewhere, with a short view of it. */
export interface ReferenceEnvelope {
  readonly kind: string;
  readonly id: string;
  readonly tenant: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Bytes of the value as JSON. */
  readonly size: number;
  /** SHA-256 of the value as JSON. */
  readonly hash: string;
  readonly glimpse: unknown;
}

/** The values that one tenant keeps by reference; equal values of a kind are kept once. */
export class ReferenceRecords {
  readonly #records: TenantRecords<ReferenceEnvelope>;
  readonly #blobs: Blobs;

  constructor(
    store: { readonly values: KeyValues; readonly blobs: Blobs },
    tenant: string,
    now: () => number,
  ) {
    this.#records = new TenantRecords(store.values, "references", tenant, now);
    this.#blobs = store.blobs;
  }

  /** Keeps a value. One that is known keeps its age, and takes the glimpse that is given now. */
  async create(kind: string, value: unknown, glimpse: unknown): Promise<ReferenceEnvelope> {
    const text = JSON.stringify(value);
    if (text === undefined)
      throw new AksaraError("INVALID_REQUEST", "A reference holds JSON; this value is none.");
    const hash = await this.#blobs.put(Buffer.from(text), true);
    const id = createHash("sha256")
      .update(JSON.stringify([this.#records.tenant, kind, hash]))
      .digest("hex")
      .slice(0, 32);
    const envelope: ReferenceEnvelope = {
      kind,
      id,
      tenant: this.#records.tenant,
      createdAt: this.#records.now(),
      size: Buffer.byteLength(text),
      hash,
      glimpse,
    };
    const stored = await this.#records.change(id, (before) =>
      before === null ? envelope : { ...before, glimpse },
    );
    return stored ?? envelope;
  }

  /** What a reference names. @throws TENANT_MISMATCH, REFERENCE_NOT_FOUND */
  async find(
    reference: Pick<ReferenceEnvelope, "id"> & Partial<ReferenceEnvelope>,
  ): Promise<ReferenceEnvelope> {
    if (reference.tenant !== undefined && reference.tenant !== this.#records.tenant)
      throw new AksaraError("TENANT_MISMATCH", `The reference ${reference.id} belongs to another tenant.`);
    const envelope = await this.#records.find(reference.id);
    if (envelope === null || (reference.hash !== undefined && reference.hash !== envelope.hash))
      throw notFound(reference.id);
    return envelope;
  }

  /** The whole value. @throws TENANT_MISMATCH, REFERENCE_NOT_FOUND */
  async resolve(reference: Pick<ReferenceEnvelope, "id"> & Partial<ReferenceEnvelope>): Promise<unknown> {
    const { hash, id } = await this.find(reference);
    const content = await this.#blobs.get(hash);
    if (content === null) throw notFound(id);
    return JSON.parse(Buffer.from(content).toString("utf8"));
  }

  /** The latest first. */
  async list(): Promise<readonly ReferenceEnvelope[]> {
    return (await this.#records.list()).toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  }
}

function notFound(id: string): AksaraError {
  return new AksaraError("REFERENCE_NOT_FOUND", `There is no reference ${id}.`);
}
