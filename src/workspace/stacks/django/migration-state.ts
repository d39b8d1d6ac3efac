import { externalKeyType } from "./external-models.ts";
import { DJANGO_FIELDS } from "./field-classes.ts";
import type { FieldSpec } from "./field-spec.ts";
import { truncatedName } from "./names.ts";
import type { ColumnLookup } from "./predicates.ts";
import type { DjangoProject } from "./project.ts";
import { userModel } from "./relation-spec.ts";
import { stringSetting } from "./settings.ts";
import type { Written } from "./values.ts";

/** An index or constraint of a model, by name; `written` is the call that declares it. */
export interface NamedPart {
  readonly name: string | null;
  readonly written: Written;
}

/** A model as the migrations so far have made it. Never changed in place. */
export interface ModelState {
  /** Stays the same when the model is renamed. */
  readonly key: string;
  readonly app: string;
  readonly name: string;
  readonly table: string;
  readonly managed: boolean;
  readonly proxy: boolean;
  readonly fields: ReadonlyMap<string, FieldSpec>;
  readonly uniqueTogether: readonly (readonly string[])[];
  readonly indexTogether: readonly (readonly string[])[];
  readonly indexes: readonly NamedPart[];
  readonly constraints: readonly NamedPart[];
  /** Labels of parents with a table of their own. */
  readonly parents: readonly string[];
}

/** The other end of a relation: a model of the state, or what is known of one outside. */
export type TargetState = ModelState | { readonly key: null; readonly label: string; readonly table: string };

export interface KeyState {
  readonly column: string;
  readonly native: string | null;
}

/** The models at one point of the line of migrations. */
export class ProjectState {
  readonly project: DjangoProject;
  readonly #models = new Map<string, ModelState>();

  constructor(project: DjangoProject) {
    this.project = project;
  }

  models(): Iterable<ModelState> {
    return this.#models.values();
  }

  get(app: string, name: string): ModelState | null {
    return this.#models.get(labelOf(app, name)) ?? null;
  }

  put(model: ModelState): void {
    this.#models.set(labelOf(model.app, model.name), model);
  }

  remove(model: ModelState): void {
    this.#models.delete(labelOf(model.app, model.name));
  }

  /** A model under its new name; relations that named it by the old one follow. */
  rename(from: ModelState, to: ModelState): void {
    this.remove(from);
    this.put(to);
    const old = `${from.app}.${from.name}`.toLowerCase();
    for (const model of this.models()) {
      let changed = false;
      const fields = new Map<string, FieldSpec>();
      for (const [name, spec] of model.fields) {
        const target = spec.relation?.target;
        const label =
          target?.kind === "label"
            ? target.label.includes(".")
              ? target.label
              : `${model.app}.${target.label}`
            : "";
        if (spec.relation && label.toLowerCase() === old) {
          changed = true;
          fields.set(name, {
            ...spec,
            relation: { ...spec.relation, target: { kind: "label", label: `${to.app}.${to.name}` } },
          });
        } else fields.set(name, spec);
      }
      if (changed) this.put({ ...model, fields });
    }
  }

  /** Goes back to models as they were. */
  restore(models: readonly ModelState[]): void {
    this.#models.clear();
    for (const model of models) this.put(model);
  }

  /** The model that a field of `model` refers to; `uri` is where the field is written. */
  target(spec: FieldSpec, model: ModelState, uri: string): TargetState {
    const target = spec.relation?.target;
    if (target?.kind === "self") return model;
    const label =
      target?.kind === "label"
        ? target.label
        : target?.kind === "external"
          ? target.dotted
          : target?.kind === "unknown"
            ? target.text
            : "";
    return this.byLabel(label === "" ? userModel(this.project, uri) : label, model.app);
  }

  byLabel(label: string, app: string): TargetState {
    const [first = "", second] = label.includes(".") ? label.split(".").slice(-2) : [app, label];
    const found = second ? this.get(first, second) : null;
    return found ?? { key: null, label, table: externalTable(first, second ?? "") };
  }

  keyOf(target: TargetState, depth = 0): KeyState {
    if (target.key === null) return { column: "id", native: externalKeyType(externalLabel(target.label)) };
    if (target.proxy && target.parents[0] && depth < 8)
      return this.keyOf(this.byLabel(target.parents[0], target.app), depth + 1);
    for (const spec of target.fields.values()) {
      if (spec.primaryKey)
        return { column: stateColumn(spec) ?? spec.name, native: this.nativeOf(spec, target, depth + 1) };
    }
    return { column: "id", native: this.implicitKeyType(target) };
  }

  /** Native type of a field's column: for a relation the type of the key it refers to. */
  nativeOf(spec: FieldSpec, model: ModelState, depth = 0): string | null {
    if (!spec.relation) return spec.type.native;
    if (depth > 8) return null;
    const target = this.target(spec, model, spec.source.uri);
    const { toField } = spec.relation;
    const referred = target.key !== null && toField ? target.fields.get(toField) : null;
    return referred && target.key !== null
      ? this.nativeOf(referred, target, depth + 1)
      : this.keyOf(target, depth + 1).native;
  }

  /** Type of the `id` that Django adds to a model of an app. */
  implicitKeyType(model: ModelState): string | null {
    const settings = this.project.settings[0] ?? null;
    const auto =
      this.project.appByLabel(model.app)?.autoField ??
      stringSetting(this.project, settings, "DEFAULT_AUTO_FIELD");
    return DJANGO_FIELDS.get((auto ?? "AutoField").replace(/^.*\./, ""))?.native ?? null;
  }
}

/** Tables of Django's own apps that are not named after the app. */
const DJANGO_TABLES: ReadonlyMap<string, string> = new Map([
  ["contenttypes.contenttype", "django_content_type"],
  ["sessions.session", "django_session"],
  ["sites.site", "django_site"],
  ["admin.logentry", "django_admin_log"],
  ["flatpages.flatpage", "django_flatpage"],
  ["redirects.redirect", "django_redirect"],
]);

function externalTable(app: string, name: string): string {
  return DJANGO_TABLES.get(labelOf(app, name)) ?? truncatedName(`${app}_${name.toLowerCase()}`);
}

function labelOf(app: string, name: string): string {
  return `${app}.${name}`.toLowerCase();
}

/** `auth.group` as Django writes it in migrations → the case of the class does not matter for the key's type. */
function externalLabel(label: string): string {
  return label.toLowerCase() === "sessions.session" ? "sessions.Session" : label;
}

/** Column of a field in the state; null when it has none. */
export function stateColumn(spec: FieldSpec): string | null {
  const { kind } = spec.fieldClass;
  if (kind === "many-to-many" || kind === "generic-key" || kind === "generic-relation") return null;
  return spec.column ?? (kind === "column" ? spec.name : `${spec.name}_id`);
}

/** Columns of a model by the names of its fields; `pk` and `x_id` are understood as Django does. */
export function columnLookup(model: ModelState): ColumnLookup {
  const find = (field: string) =>
    model.fields.get(field) ??
    [...model.fields.values()].find(
      (each) => stateColumn(each) === field || (field === "pk" && each.primaryKey),
    );
  return {
    column: (field) => {
      const spec = find(field);
      if (spec) return stateColumn(spec);
      return field === "id" || field === "pk" ? "id" : null;
    },
    nullable: (field) => find(field)?.nullable ?? false,
  };
}

/** Join table of a many-to-many field that has no through model. */
export function joinTable(model: ModelState, spec: FieldSpec): string {
  return spec.relation?.joinTable ?? truncatedName(`${model.table.replace(/^"|"$/g, "")}_${spec.name}`);
}
