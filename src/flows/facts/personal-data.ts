import type { Field, Model } from "../../workspace/ir/model.ts";
import { isPersonalColumn } from "../pack/redaction.ts";

/**
 * Fields whose name or type suggests personal data. A hint, not a verdict: names can mislead. A key of another table
 * holds no such data itself.
 */
export function personalFields(model: Pick<Model, "fields" | "relations">): readonly Field[] {
  const keys = new Set(
    model.relations.filter((relation) => relation.direction === "forward").map((relation) => relation.name),
  );
  return model.fields.filter(
    (field) =>
      !keys.has(field.name) &&
      (isPersonalColumn(field.name) ||
        field.type.logical === "inet" ||
        /^Email|Phone/i.test(field.type.declared)),
  );
}
