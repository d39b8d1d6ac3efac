import type { Field } from "../../workspace/ir/model.ts";
import { isPersonalColumn } from "../pack/redaction.ts";

/** Fields whose name or type suggests personal data. A hint, not a verdict: names can mislead. */
export function personalFields(fields: readonly Field[]): readonly Field[] {
  return fields.filter(
    (field) =>
      isPersonalColumn(field.name) ||
      field.type.logical === "inet" ||
      /^Email|Phone/i.test(field.type.declared),
  );
}
