import type { SchemaReport } from "../database/lab.ts";
import type { LabSchema } from "../database/schema/lab-schema.ts";
import type { Catalog } from "../workspace/catalog.ts";

/** How something that is not written yet would come out. Nothing of it stays. Port. */
export interface WorkspaceTrial {
  /** The catalog as it would be with files of these contents, by uri. */
  catalogWith(files: ReadonlyMap<string, string>, signal: AbortSignal): Promise<Catalog>;
  /** Builds a schema in the lab; what was rejected is in the report. @throws RUNTIME_ERROR, CANCELLED */
  build(schema: LabSchema, signal: AbortSignal): Promise<SchemaReport>;
}
