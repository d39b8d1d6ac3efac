import type { ShapeRef } from "../../ir/route.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import {
  argumentOf,
  booleanValue,
  calledName,
  dictEntry,
  isNone,
  isTrue,
  stringValue,
} from "../../languages/python/expressions.ts";
import { columnOf, primaryKeyOf, typeOfField } from "./columns.ts";
import type { ClassFacts } from "./facts.ts";
import type { ModelInfo, ModelRegistry, OwnedField } from "./model-registry.ts";
import { flatten } from "./settings.ts";
import { attributeOf, constantOf, type Written } from "./values.ts";

type ShapeField = ShapeRef["fields"][number];

/** Shapes of the serializers of the workspace, each computed once. */
export class SerializerShapes {
  readonly #registry: ModelRegistry;
  readonly #shapes = new Map<string, ShapeRef>();

  constructor(registry: ModelRegistry) {
    this.#registry = registry;
  }

  /** The shape of the serializer that an expression names; null when it names none. */
  find(written: Written): ShapeRef | null {
    const { project } = this.#registry;
    const found = project.classes.find(written.uri, written.expression, written.scope);
    if (found?.kind === "external")
      return { name: found.name.replace(/^.*\./, ""), fields: [], modelId: null, source: null };
    return found?.kind === "class" && this.#isSerializer(found.ref) ? this.of(found.ref) : null;
  }

  of(ref: ClassRef<ClassFacts>): ShapeRef {
    const known = this.#shapes.get(ref.key);
    if (known) return known;
    const shape = this.#build(ref);
    this.#shapes.set(ref.key, shape);
    return shape;
  }

  #isSerializer(ref: ClassRef<ClassFacts>): boolean {
    return this.#registry.project.classes
      .linearize(ref)
      .some((step) => step.kind === "external" && /Serializer$/.test(step.name));
  }

  #build(ref: ClassRef<ClassFacts>): ShapeRef {
    const { project } = this.#registry;
    const declared = this.#declared(ref);
    const option = (name: string): Written | null => this.#metaOption(ref, name);
    const modelOption = option("model");
    const model = modelOption && this.#model(modelOption);
    const readOnly = new Set(this.#strings(option("read_only_fields")));
    const extra = option("extra_kwargs");
    const extraOf = (name: string) => (extra ? dictEntry(constantOf(project, extra).expression, name) : null);
    const names = model
      ? this.#names(option("fields"), option("exclude"), model, [...declared.keys()])
      : [...declared.keys()];
    const fields = names.map((name): ShapeField => {
      const own = declared.get(name) ?? this.#modelField(model ?? null, name);
      const overrides = extraOf(name);
      const isReadOnly =
        own.readOnly ||
        (!declared.has(name) && readOnly.has(name)) ||
        isTrue(overrides && dictEntry(overrides, "read_only"));
      const required = booleanValue(overrides && dictEntry(overrides, "required")) ?? own.required;
      return { ...own, required: required && !isReadOnly, readOnly: isReadOnly };
    });
    const { declaration } = ref;
    return {
      name: declaration.name,
      fields,
      modelId: model?.id ?? null,
      source: project.sourceOf(ref.uri, declaration.span, declaration.hash),
    };
  }

  #model(written: Written): ModelInfo | null {
    const dotted = dottedName(written.expression);
    return dotted === null ? null : this.#registry.find(written.uri, dotted, written.scope);
  }

  /** Options of `Meta`, also of one that the serializer inherits. */
  #metaOption(ref: ClassRef<ClassFacts>, name: string): Written | null {
    const { project } = this.#registry;
    for (const step of project.classes.linearize(ref)) {
      const meta =
        step.kind === "class" ? project.classes.get(step.ref.uri, `${step.ref.qualname}.Meta`) : null;
      if (meta) return attributeOf(project, meta, name);
    }
    return null;
  }

  #strings(written: Written | null): readonly string[] {
    return written
      ? flatten(this.#registry.project, written, 0).flatMap(({ expression }) => stringValue(expression) ?? [])
      : [];
  }

  #names(
    fields: Written | null,
    exclude: Written | null,
    model: ModelInfo,
    declared: readonly string[],
  ): readonly string[] {
    const { project } = this.#registry;
    const all = fields && stringValue(constantOf(project, fields).expression) === "__all__";
    if (fields && !all && !isNone(fields.expression)) return this.#strings(fields);
    const left = new Set(this.#strings(exclude));
    const key = primaryKeyOf(this.#registry, model);
    const own = this.#allFields(model).filter(
      ({ spec }) => columnOf(spec) !== null || spec.fieldClass.kind === "many-to-many",
    );
    const names = [
      ...(key && key.kind !== "field" ? [key.name] : []),
      ...own.map(({ spec }) => spec.name),
      ...declared,
    ];
    return [...new Set(names)].filter((name) => !left.has(name));
  }

  /** Fields of a model with those of its parents' tables. */
  #allFields(model: ModelInfo): readonly OwnedField[] {
    return [
      ...model.parents.flatMap((parent) => (typeof parent === "string" ? [] : this.#allFields(parent))),
      ...model.fields,
    ];
  }

  #declared(ref: ClassRef<ClassFacts>): ReadonlyMap<string, ShapeField> {
    const fields = new Map<string, ShapeField>();
    for (const step of this.#registry.project.classes.linearize(ref)) {
      if (step.kind !== "class") continue;
      for (const { target, value } of step.ref.declaration.assignments) {
        if (fields.has(target) || value?.k !== "call" || !this.#isField(step.ref, value)) continue;
        fields.set(target, declaredField(target, value));
      }
    }
    return fields;
  }

  #isField(ref: ClassRef<ClassFacts>, call: Expression & { k: "call" }): boolean {
    const found = this.#registry.project.classes.find(ref.uri, call.callee, ref.qualname);
    if (found?.kind === "class")
      return (
        this.#isSerializer(found.ref) ||
        this.#registry.project.classes
          .linearize(found.ref)
          .some((step) => step.kind === "external" && /Field$/.test(step.name))
      );
    return /(Field|Serializer|Related)$/.test(found?.name ?? calledName(call) ?? "");
  }

  #modelField(model: ModelInfo | null, name: string): ShapeField {
    if (!model) return { name, type: null, required: false, readOnly: false };
    const key = primaryKeyOf(this.#registry, model);
    const owned = this.#allFields(model).find(({ spec }) => spec.name === name || columnOf(spec) === name);
    if (!owned) {
      const isKey = key?.name === name || name === "pk";
      return {
        name,
        type: isKey && key?.kind === "implicit" ? key.declared : null,
        required: false,
        readOnly: true,
      };
    }
    const { spec } = owned;
    const call = spec.declaration.expression;
    const option = (option: string) => (call.k === "call" ? argumentOf(call, option) : null);
    const readOnly =
      booleanValue(option("editable")) === false ||
      spec.generated ||
      /^auto_now/.test(spec.default?.text ?? "");
    const optional = spec.default !== null || spec.nullable || isTrue(option("blank"));
    const type = typeOfField(this.#registry, model, owned);
    return { name, type: type.native ?? type.declared, required: !optional && !readOnly, readOnly };
  }
}

function declaredField(name: string, call: Expression & { k: "call" }): ShapeField {
  const readOnly =
    isTrue(argumentOf(call, "read_only")) ||
    /^(ReadOnlyField|SerializerMethodField|HyperlinkedIdentityField)$/.test(calledName(call) ?? "");
  const required = booleanValue(argumentOf(call, "required")) ?? argumentOf(call, "default") === null;
  const many = isTrue(argumentOf(call, "many"));
  return {
    name,
    type: `${calledName(call) ?? ""}${many ? "[]" : ""}`,
    required: required && !readOnly,
    readOnly,
  };
}
