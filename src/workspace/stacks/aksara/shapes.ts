import type { ShapeRef } from "../../ir/route.ts";
import { dottedName } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import { isNone } from "../../languages/python/expressions.ts";
import type { PythonClass } from "../../languages/python/module.ts";
import { rangeOf } from "../../source.ts";
import type { AksaraRegistry, ModelInfo } from "./registry.ts";

type Generated = "list" | "create" | "stream" | "retrieve" | "update" | "delete";

/** What a generated route takes: a serializer or a schema that the viewset names, else the columns of its model. */
export function bodyOf(
  registry: AksaraRegistry,
  ref: ClassRef<PythonClass>,
  model: ModelInfo | null,
  name: Generated,
): ShapeRef | null {
  if (name !== "create" && name !== "update") return null;
  // The schema reads the request; a serializer checks what the schema let through.
  return named(registry, ref, model, [`${name}_schema_class`, `${name}_serializer_class`]) ?? ofModel(model);
}

/** What a generated route answers with. */
export function responseOf(
  registry: AksaraRegistry,
  ref: ClassRef<PythonClass>,
  model: ModelInfo | null,
  name: Generated,
): ShapeRef | null {
  if (name === "stream" || name === "delete") return null;
  const key = name === "list" ? "list" : "retrieve";
  const shape =
    named(registry, ref, model, [`${key}_serializer_class`, "read_schema_class"]) ?? ofModel(model);
  return shape && name === "list" ? { ...shape, name: `list[${shape.name}]` } : shape;
}

function named(
  registry: AksaraRegistry,
  ref: ClassRef<PythonClass>,
  model: ModelInfo | null,
  attributes: readonly string[],
): ShapeRef | null {
  for (const attribute of attributes) {
    const written = registry.project.attribute(ref, attribute);
    if (!written || isNone(written.expression)) continue;
    const found = registry.project.classes.find(written.uri, written.expression, written.scope);
    const item = found?.kind === "class" ? found.ref : null;
    return {
      name: item?.qualname ?? dottedName(written.expression) ?? attribute,
      fields: [],
      modelId: model?.id ?? null,
      source: item && {
        uri: item.uri,
        range: rangeOf(item.declaration.span),
        hash: item.declaration.hash,
      },
    };
  }
  return null;
}

/** The schemas that Aksara generates are made of the model; which of its columns they leave out differs by release. */
function ofModel(model: ModelInfo | null): ShapeRef | null {
  return model && { name: model.name, fields: [], modelId: model.id, source: model.source };
}
