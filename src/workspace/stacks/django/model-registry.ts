import type { ClassRef } from "../../languages/python/class-graph.ts";
import { isNone } from "../../languages/python/expressions.ts";
import { Memo } from "../../memo.ts";
import type { SourceRef } from "../../source.ts";
import type { App } from "./apps.ts";
import { EXTERNAL_BASES, EXTERNAL_TABLES, externalModelLabel, MODEL_ROOTS } from "./external-models.ts";
import type { ClassFacts } from "./facts.ts";
import { type FieldSpec, readField } from "./field-spec.ts";
import { type Meta, metaString, readMeta } from "./meta.ts";
import { truncatedName } from "./names.ts";
import type { DjangoProject } from "./project.ts";
import type { RelationTarget } from "./relation-spec.ts";

/** A field of a model with the base it came from. */
export interface OwnedField {
  readonly spec: FieldSpec;
  /** Qualified name of the abstract base; null when declared on the model. */
  readonly inheritedFrom: string | null;
}

/** A model as the registry of Django would know it, before relations are tied. */
export interface ModelInfo {
  readonly ref: ClassRef<ClassFacts>;
  readonly app: App;
  readonly name: string;
  readonly qualifiedName: string;
  readonly id: string;
  readonly meta: Meta;
  readonly abstract: boolean;
  readonly table: string | null;
  /** Parents with a table of their own, nearest first: models of the workspace or labels of others. */
  readonly parents: readonly (ModelInfo | string)[];
  /** Fields of the model's own table, with many-to-many and generic ones; empty for a proxy. */
  readonly fields: readonly OwnedField[];
  /** Why it counts as a model. */
  readonly reason: string;
  /** Bases outside of the workspace whose fields are not known. */
  readonly unknownBases: readonly string[];
  readonly source: SourceRef;
}

/** All models of the workspace, with look-ups by class and by label. */
export class ModelRegistry {
  readonly project: DjangoProject;
  /** Whether a class is a model. */
  readonly #kinds: Memo<boolean>;
  readonly #metas: Memo<Meta>;
  readonly #apps: Memo<App>;
  /** Models in the order in which Django would know them: after those that they inherit from. */
  readonly #order: Memo<readonly ClassRef<ClassFacts>[]>;
  /** Qualified names of all models, by key. */
  readonly #named: Memo<ReadonlyMap<string, string>>;
  readonly #names: Memo<string>;
  readonly #infos: Memo<ModelInfo | null>;
  readonly #all: Memo<readonly ModelInfo[]>;
  /** Models with a table or without, abstract ones left out, by label in lower case. */
  readonly #labels: Memo<ReadonlyMap<string, ModelInfo>>;
  readonly #byLabel: Memo<ModelInfo | null>;

  constructor(project: DjangoProject) {
    const { ledger } = project;
    this.project = project;
    const refAt = (uri: string, qualname: string) => project.classes.get(uri, qualname);
    this.#kinds = new Memo(ledger, (uri, qualname) => {
      const ref = refAt(uri, qualname);
      return ref !== null && this.#isModel(ref);
    });
    this.#metas = new Memo(ledger, (uri, qualname) => this.#readMeta(refAt(uri, qualname)), noMeta);
    this.#apps = new Memo(ledger, (uri, qualname) => this.#readApp(uri, this.#metas.get(uri, qualname)));
    this.#order = new Memo(ledger, () => this.#inOrder());
    this.#named = new Memo(ledger, () => this.#qualifyAll());
    this.#names = new Memo(ledger, (key) => this.#named.get().get(key) ?? "");
    this.#infos = new Memo(
      ledger,
      (uri, qualname) => this.#info(refAt(uri, qualname)),
      () => null,
    );
    this.#all = new Memo(ledger, () => this.#order.get().flatMap((ref) => this.#of(ref) ?? []));
    this.#labels = new Memo(ledger, () => this.#labelled());
    this.#byLabel = new Memo(ledger, (label) => this.#labels.get().get(label) ?? null);
  }

  all(): readonly ModelInfo[] {
    return this.#all.get();
  }

  byKey(key: string): ModelInfo | null {
    const at = key.lastIndexOf("#");
    return this.#infos.get(key.slice(0, at), key.slice(at + 1));
  }

  /** By `app.Model`, in any case. */
  byLabel(label: string): ModelInfo | null {
    return this.#byLabel.get(label.toLowerCase());
  }

  /** The model that a name written in a file stands for. */
  find(uri: string, dotted: string, scope = ""): ModelInfo | null {
    const found = this.project.classes.findName(uri, dotted, scope);
    return found?.kind === "class" ? this.#of(found.ref) : null;
  }

  /** The model at the other end of a relation of `from`; else its label as far as it is known. */
  target(target: RelationTarget, from: ModelInfo): ModelInfo | string {
    switch (target.kind) {
      case "self":
        return from;
      case "class":
        return this.byKey(target.key) ?? target.key.split("#")[1] ?? target.key;
      case "label": {
        const label = target.label.includes(".") ? target.label : `${from.app.label}.${target.label}`;
        return this.byLabel(label) ?? label;
      }
      case "external":
        return externalModelLabel(target.dotted);
      case "any":
        return "any model";
      case "unknown":
        return target.text;
    }
  }

  /** Whether a class reaches Django's Model, or looks like a model of a base that is not in the workspace. */
  isModel(ref: ClassRef<ClassFacts>): boolean {
    return this.#kinds.get(ref.uri, ref.qualname);
  }

  #isModel(ref: ClassRef<ClassFacts>): boolean {
    const steps = this.project.classes.linearize(ref);
    return (
      steps.some((step) => step.kind === "external" && isModelBase(step.name)) ||
      (steps.some((step) => step.kind === "external" && looksLikeModelBase(step.name)) &&
        this.#declaresColumns(ref))
    );
  }

  #declaresColumns(ref: ClassRef<ClassFacts>): boolean {
    return ref.declaration.assignments.some((item) => {
      const value = item.value;
      if (value?.k !== "call") return false;
      const callee = this.project.classes.find(ref.uri, value.callee, ref.qualname);
      return (
        callee?.kind === "external" &&
        /^django\.(db\.models|contrib\.postgres)\./.test(callee.name) &&
        /(Field|Key)$/.test(callee.name)
      );
    });
  }

  #of(ref: ClassRef<ClassFacts>): ModelInfo | null {
    return this.#infos.get(ref.uri, ref.qualname);
  }

  #info(ref: ClassRef<ClassFacts> | null): ModelInfo | null {
    if (!ref || !this.isModel(ref)) return null;
    const { project } = this;
    const name = ref.declaration.name;
    const meta = this.#metas.get(ref.uri, ref.qualname);
    const app = this.#apps.get(ref.uri, ref.qualname);
    const parents = this.#parentsOf(ref);
    const qualifiedName = this.#names.get(ref.key);
    const proxied = meta.proxy ? parents.find((parent) => typeof parent !== "string") : null;
    return {
      ref,
      app,
      name,
      qualifiedName,
      id: `model:${qualifiedName}`,
      meta,
      abstract: meta.abstract,
      table: meta.abstract
        ? null
        : meta.proxy
          ? ((proxied && typeof proxied !== "string" ? proxied.table : null) ?? null)
          : tableOf(project, meta, app, name),
      parents,
      fields: meta.proxy ? [] : this.#fieldsOf(ref),
      reason: reasonOf(project, ref),
      unknownBases: unknownBases(project, ref),
      source: project.sourceOf(ref.uri, ref.declaration.span, ref.declaration.hash),
    };
  }

  #readMeta(ref: ClassRef<ClassFacts> | null): Meta {
    if (!ref) return noMeta();
    // A plain mixin hands its Meta on as an abstract model does; a model with a table keeps it.
    return readMeta(
      this.project,
      ref,
      (other) => !this.isModel(other) || this.#metas.get(other.uri, other.qualname).abstract,
    );
  }

  #readApp(uri: string, meta: Meta): App {
    const app = this.project.appOf(uri);
    const label = metaString(this.project, meta, "app_label");
    if (label === null || label === app.label) return app;
    return this.project.appByLabel(label) ?? { ...app, label };
  }

  #inOrder(): readonly ClassRef<ClassFacts>[] {
    const order = new Map<string, ClassRef<ClassFacts>>();
    const visited = new Set<string>();
    const visit = (ref: ClassRef<ClassFacts>): void => {
      if (visited.has(ref.key) || !this.isModel(ref)) return;
      visited.add(ref.key);
      for (const step of this.project.classes.linearize(ref).slice(1))
        if (step.kind === "class") visit(step.ref);
      order.set(ref.key, ref);
    };
    for (const ref of this.project.classes.all()) visit(ref);
    return [...order.values()];
  }

  /** Names repeat where a test or an example has an app of the same label: the module then tells them apart. */
  #qualifyAll(): ReadonlyMap<string, string> {
    const taken = new Set<string>();
    const names = new Map<string, string>();
    for (const { key, uri, qualname, declaration } of this.#order.get()) {
      const label = `${this.#apps.get(uri, qualname).label}.${declaration.name}`;
      const name = taken.has(label) ? `${this.project.names.moduleName(uri)}.${qualname}` : label;
      const unique = taken.has(name) ? `${uri}:${qualname}` : name;
      taken.add(unique);
      names.set(key, unique);
    }
    return names;
  }

  #labelled(): ReadonlyMap<string, ModelInfo> {
    const labels = new Map<string, ModelInfo>();
    for (const info of this.all()) {
      const label = `${info.app.label}.${info.name}`.toLowerCase();
      if (!info.abstract && !labels.has(label)) labels.set(label, info);
    }
    return labels;
  }

  #parentsOf(ref: ClassRef<ClassFacts>): readonly (ModelInfo | string)[] {
    const parents: (ModelInfo | string)[] = [];
    const covered = new Set<ModelInfo>();
    for (const step of this.project.classes.linearize(ref).slice(1)) {
      if (step.kind === "external") {
        const label = EXTERNAL_TABLES.get(step.name);
        if (label) parents.push(label);
        continue;
      }
      const info = this.#of(step.ref);
      if (!info || info.abstract || covered.has(info)) continue;
      parents.push(info);
      for (const above of ancestorsOf(info)) covered.add(above);
    }
    return parents;
  }

  /** Own fields over those of abstract bases; `name = None` removes an inherited one. */
  #fieldsOf(ref: ClassRef<ClassFacts>): readonly OwnedField[] {
    const fields = new Map<string, OwnedField | null>();
    const order: string[][] = [];
    for (const step of this.project.classes.linearize(ref)) {
      const names: string[] = [];
      order.unshift(names);
      const own =
        step.kind === "class" ? this.#declared(step.ref, ref) : this.#declaredOutside(step.name, ref);
      for (const [name, field] of own) {
        if (fields.has(name)) continue;
        fields.set(name, field);
        names.push(name);
      }
    }
    return order.flat().flatMap((name) => fields.get(name) ?? []);
  }

  #declared(
    step: ClassRef<ClassFacts>,
    of: ClassRef<ClassFacts>,
  ): readonly (readonly [string, OwnedField | null])[] {
    const isOwn = step.key === of.key;
    const info = isOwn ? null : this.#of(step);
    const isMixin = !isOwn && !info;
    // What a parent keeps in its own table hides the same names of abstract bases behind it.
    if (info && !info.abstract) return info.fields.map(({ spec }) => [spec.name, null] as const);
    const found: (readonly [string, OwnedField | null])[] = [];
    const seen = new Map<string, number>();
    for (const item of step.declaration.assignments) {
      if (!item.value || item.operator !== "=") continue;
      const source = this.project.sourceOf(step.uri, item.span, item.hash);
      const written = { uri: step.uri, scope: step.qualname, expression: item.value };
      // Django takes no fields from a plain mixin, but its `name = None` hides what stands behind it.
      const spec = isMixin ? null : readField(this.project, item.target, written, source);
      if (!spec && !isNone(item.value)) continue;
      const entry = [item.target, spec && { spec, inheritedFrom: info?.qualifiedName ?? null }] as const;
      const at = seen.get(item.target);
      if (at === undefined) {
        seen.set(item.target, found.length);
        found.push(entry);
      } else found[at] = entry;
    }
    return found;
  }

  #declaredOutside(
    dotted: string,
    of: ClassRef<ClassFacts>,
  ): readonly (readonly [string, OwnedField | null])[] {
    const base = EXTERNAL_BASES.get(dotted);
    if (!base) return [];
    const bases = base.bases.flatMap((each) => this.#declaredOutside(each, of));
    const [header] = of.declaration.bases;
    const source = header
      ? this.project.sourceOf(of.uri, header.span)
      : this.project.sourceOf(of.uri, of.declaration.span, of.declaration.hash);
    const own = base.fields.flatMap(([name, expression]) => {
      const spec = readField(this.project, name, { uri: "", scope: "", expression }, source);
      return spec ? [[name, { spec, inheritedFrom: base.name }] as const] : [];
    });
    return [...bases, ...own];
  }
}

/** Of a class that is not there any more, and of one whose own Meta is being looked for. */
function noMeta(): Meta {
  return { abstract: false, proxy: false, managed: true, options: new Map() };
}

function isModelBase(dotted: string): boolean {
  return MODEL_ROOTS.has(dotted) || EXTERNAL_BASES.has(dotted) || EXTERNAL_TABLES.has(dotted);
}

/** A base from outside whose name says that it is a model; counts only when the class declares columns too. */
function looksLikeModelBase(dotted: string): boolean {
  return !/^(django\.(forms|views|test|contrib\.admin)|rest_framework|pydantic|sqlalchemy)/.test(dotted);
}

function ancestorsOf(info: ModelInfo): ModelInfo[] {
  return info.parents.flatMap((parent) =>
    typeof parent === "string" ? [] : [parent, ...ancestorsOf(parent)],
  );
}

function tableOf(project: DjangoProject, meta: Meta, app: App, name: string): string {
  const named = metaString(project, meta, "db_table")?.replace(/^"(.*)"$/, "$1");
  return named ?? truncatedName(`${app.label}_${name.toLowerCase()}`);
}

function reasonOf(project: DjangoProject, ref: ClassRef<ClassFacts>): string {
  const steps = project.classes.linearize(ref).slice(1);
  const root = steps.find((step) => step.kind === "external" && isModelBase(step.name));
  const through = steps.filter((step) => step.kind === "class").map((step) => step.name);
  const path = through.length > 0 ? ` through ${through.join(", ")}` : "";
  if (root) return `class with base ${root.name}${path}`;
  const outside = steps.find((step) => step.kind === "external");
  return `class that declares model fields, with base ${outside?.name ?? "unknown"} from outside of the workspace`;
}

function unknownBases(project: DjangoProject, ref: ClassRef<ClassFacts>): readonly string[] {
  return project.classes.linearize(ref).flatMap((step) => {
    if (
      step.kind !== "external" ||
      isModelBase(step.name) ||
      !/(Model|Base|Abstract|Node)/.test(step.name.replace(/^.*\./, ""))
    )
      return [];
    return /^(django|typing|abc|enum|rest_framework)\b/.test(step.name) ? [] : [step.name];
  });
}
