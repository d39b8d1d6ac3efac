import { hashText } from "../../hash.ts";
import type { Gap } from "../../ir/entry.ts";
import type { Expression } from "../../languages/expression.ts";
import type { ClassRef } from "../../languages/python/class-graph.ts";
import { type Call, calledName, isTrue, nameExpression, render } from "../../languages/python/expressions.ts";
import type { PythonClass } from "../../languages/python/module.ts";
import { rangeOf, type SourceRef, type Span } from "../../source.ts";
import { isTestFile, PythonProject, type Written } from "../python/project.ts";
import type { FactsByUri } from "../stack.ts";
import { type AksaraFacts, spanKey } from "./facts.ts";
import { type FieldClass, fieldClassOf } from "./field-classes.ts";
import { plural, snakeCase } from "./names.ts";

const MODEL = /^aksara\.((model|models)\.(base\.)?|tenancy\.)?(Model|TenantModel)$/;

export type WrittenCall = Written & { readonly expression: Call };

/** A field of a model, declared on it, inherited, or added by Aksara. */
export interface OwnedField {
  readonly name: string;
  readonly call: WrittenCall;
  readonly fieldClass: FieldClass;
  /** Aksara's word for it: `String`, `ForeignKey`. */
  readonly declared: string;
  /** A class of the project that derives from Aksara's field. */
  readonly custom: boolean;
  readonly source: SourceRef;
  /** Qualified name of the class that declares it; null where it is the model itself. */
  readonly inheritedFrom: string | null;
}

export interface ModelInfo {
  readonly id: string;
  readonly name: string;
  readonly qualifiedName: string;
  readonly namespace: string;
  readonly ref: ClassRef<PythonClass>;
  readonly source: SourceRef;
  /** Null for an abstract model. */
  readonly table: string | null;
  readonly fields: readonly OwnedField[];
  readonly gaps: readonly Gap[];
}

/** All models of the workspace, with look-ups by class, by name and by table. */
export class AksaraRegistry {
  readonly project: PythonProject<AksaraFacts>;
  readonly #byKey = new Map<string, ModelInfo>();
  readonly #byName = new Map<string, ModelInfo>();
  readonly #byTable = new Map<string, ModelInfo>();

  constructor(facts: FactsByUri<AksaraFacts>) {
    this.project = new PythonProject(facts);
    const ids = new Set<string>();
    for (const ref of this.project.classes.all()) {
      if (isTestFile(ref.uri) || !this.#isModel(ref)) continue;
      const info = this.#read(ref, ids);
      this.#byKey.set(ref.key, info);
      // The registry of Aksara knows a model by the name of its class alone.
      if (info.table !== null && !this.#byName.has(info.name)) this.#byName.set(info.name, info);
      if (info.table !== null && !this.#byTable.has(info.table)) this.#byTable.set(info.table, info);
    }
  }

  all(): Iterable<ModelInfo> {
    return this.#byKey.values();
  }

  byTable(table: string): ModelInfo | null {
    return this.#byTable.get(table) ?? null;
  }

  /** The model that a name written in a file stands for; a name that leads nowhere may be one of a class re-exported. */
  find(uri: string, dotted: string, scope = ""): ModelInfo | null {
    const found = this.project.classes.findName(uri, dotted, scope);
    if (found?.kind === "class") return this.#byKey.get(found.ref.key) ?? null;
    if (found === null) return null;
    return /^aksara(\.|$)/.test(found.name) ? null : this.named(found.name);
  }

  /** The model of a class name, as `ForeignKey("Customer")` and `ForeignKey("shop.Customer")` give it. */
  named(text: string): ModelInfo | null {
    return this.#byName.get(text.slice(text.lastIndexOf(".") + 1)) ?? null;
  }

  sourceOf(uri: string, span: Span): SourceRef {
    return { uri, range: rangeOf(span), hash: this.project.facts.get(uri)?.hashes[spanKey(span)] ?? "" };
  }

  /** An option of `class Meta`, the class's own only or that of an ancestor too. */
  metaOption(ref: ClassRef<PythonClass>, name: string, inherited = false): Written | null {
    for (const step of inherited ? this.project.classes.linearize(ref) : [{ kind: "class", ref } as const]) {
      if (step.kind !== "class") continue;
      const meta = this.project.classes.get(step.ref.uri, `${step.ref.qualname}.Meta`);
      if (meta) return this.project.attribute(meta, name);
    }
    return null;
  }

  #isModel(ref: ClassRef<PythonClass>): boolean {
    return this.project.classes
      .linearize(ref)
      .some((step) => step.kind === "external" && MODEL.test(step.name));
  }

  #read(ref: ClassRef<PythonClass>, ids: Set<string>): ModelInfo {
    const { declaration, uri } = ref;
    const namespace = this.#appLabel(ref);
    const qualifiedName = `${namespace}.${ref.qualname}`;
    const source = { uri, range: rangeOf(declaration.span), hash: declaration.hash };
    let id = `model:${qualifiedName}`;
    if (ids.has(id)) id = `${id}@${uri}`;
    ids.add(id);
    const gaps: Gap[] = [];
    const fields = [...this.#fieldsOf(ref, gaps).values()].map((field) =>
      field.inheritedFrom === qualifiedName ? { ...field, inheritedFrom: null } : field,
    );
    const name = declaration.name;
    const table = isAbstract(declaration) ? null : this.#table(ref, gaps);
    return { id, name, qualifiedName, namespace, ref, source, table, fields, gaps };
  }

  #table(ref: ClassRef<PythonClass>, gaps: Gap[]): string {
    const own = ref.declaration.assignments.findLast(({ target }) => target === "__tablename__")?.value;
    const given = own
      ? { uri: ref.uri, scope: ref.qualname, expression: own }
      : this.metaOption(ref, "table_name");
    const text = given && this.project.text(given);
    if (given && text === null)
      gaps.push({
        what: "table name",
        why: `${render(given.expression)} is computed; the name that Aksara would give is shown`,
        source: this.sourceOf(ref.uri, ref.declaration.nameSpan),
      });
    return text ?? plural(snakeCase(ref.declaration.name));
  }

  #appLabel(ref: ClassRef<PythonClass>): string {
    const given = this.metaOption(ref, "app_label", true);
    const text = given && this.project.text(given);
    if (text) return text;
    const parts = this.project.names.moduleName(ref.uri).split(".");
    return (parts.at(-1) === "models" && parts.length > 1 ? parts.at(-2) : parts[0]) ?? "";
  }

  /** Fields by name in the order of their columns: bases as they are listed, own ones, then what Aksara adds. */
  #fieldsOf(ref: ClassRef<PythonClass>, gaps: Gap[], depth = 0): Map<string, OwnedField> {
    const fields = new Map<string, OwnedField>();
    const { declaration, uri } = ref;
    const place = { uri, range: rangeOf(declaration.nameSpan), hash: hashText(declaration.name) };
    const add = (name: string, written: WrittenCall, source: SourceRef, from: string | null): boolean => {
      const found = this.#fieldClass(written);
      if (!found) return false;
      fields.set(name, { name, call: written, ...found, source, inheritedFrom: from });
      return true;
    };
    const made = (
      name: string,
      declared: string,
      options: Readonly<Record<string, string>>,
      from: string,
    ) => {
      if (!fields.has(name))
        add(name, { uri, scope: "", expression: callOf(declared, options) }, place, from);
    };
    for (const base of this.project.classes.basesOf(ref)) {
      if (base.kind === "external") {
        if (base.name.endsWith(".TenantModel")) made("tenant_id", "UUID", {}, base.name);
        else if (/^aksara\./.test(base.name) && !MODEL.test(base.name))
          gaps.push({
            what: `base ${base.name}`,
            why: "the fields that it brings are not known",
            source: place,
          });
      } else if (depth < 20 && this.#isModel(base.ref)) {
        for (const [name, field] of this.#fieldsOf(base.ref, gaps, depth + 1)) fields.set(name, field);
      }
    }
    const self = `${this.#appLabel(ref)}.${ref.qualname}`;
    for (const item of declaration.assignments) {
      if (item.value?.k !== "call" || item.operator !== "=") continue;
      const written = { uri, scope: ref.qualname, expression: item.value };
      const source = { uri, range: rangeOf(item.span), hash: item.hash };
      if (!add(item.target, written, source, self) && /^fields\./.test(render(item.value.callee)))
        gaps.push({
          what: `field ${item.target}`,
          why: `${calledName(item.value)} is no field class of Aksara that is known here`,
          source,
        });
    }
    for (const field of [...fields.values()]) {
      if (field.fieldClass.kind !== "generic") continue;
      const nullable = { nullable: "True" };
      made("content_type_id", "UUID", nullable, self);
      made("object_id", "String", nullable, self);
    }
    if (isAbstract(declaration)) return fields;
    made("id", "UUID", { primary_key: "True" }, self);
    made("created_at", "DateTime", { auto_now_add: "True" }, self);
    made("updated_at", "DateTime", { auto_now: "True" }, self);
    return fields;
  }

  #fieldClass(call: WrittenCall): Pick<OwnedField, "fieldClass" | "declared" | "custom"> | null {
    const callee = { ...call, expression: call.expression.callee };
    for (const step of this.project.ancestors(callee)) {
      if (step.kind !== "external") continue;
      const fieldClass = fieldClassOf(step.name);
      const custom = this.project.externalName(callee) === null;
      if (fieldClass) return { fieldClass, declared: calledName(call.expression) ?? "", custom };
    }
    const external = this.project.externalName(callee) ?? impliedName(call.expression.callee);
    const fieldClass = external === null ? null : fieldClassOf(external);
    return fieldClass && { fieldClass, declared: calledName(call.expression) ?? "", custom: false };
  }
}

function isAbstract({ assignments, name }: PythonClass): boolean {
  return (
    name === "Model" || assignments.some(({ target, value }) => target === "__abstract__" && isTrue(value))
  );
}

/** The call that Aksara makes itself for a field that nobody wrote; its callee is the full name. */
function callOf(declared: string, options: Readonly<Record<string, string>>): Call {
  const args = Object.entries(options).map(([name, value]) => ({ name, value: nameExpression(value) }));
  return { k: "call", callee: nameExpression(`aksara.fields.${declared}`), args, span: [0, 0, 0, 0] };
}

/** The full name in a call that Aksara makes itself: no import stands behind it. */
function impliedName(callee: Expression): string | null {
  const text = render(callee);
  return text.startsWith("aksara.fields.") ? text : null;
}
