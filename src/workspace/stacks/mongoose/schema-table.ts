import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ModuleValues } from "../../languages/typescript/module-values.ts";
import type { ProjectConfig } from "../../languages/typescript/project-config.ts";
import { dictOf, type PlacedValue, ValueTable } from "../../languages/typescript/value-table.ts";
import { sharedDepth } from "../../project-root.ts";
import type { FactsByUri } from "../stack.ts";
import { collectionName } from "./collection-name.ts";
import type { ClassFact, MongooseFacts, SchemaFact, StatementFact } from "./facts.ts";

export interface PlacedStatement {
  readonly uri: string;
  readonly fact: StatementFact;
}

/** A schema of the workspace, of either notation. */
export interface FoundSchema {
  readonly key: string;
  readonly uri: string;
  readonly declared:
    | { readonly k: "object"; readonly fact: SchemaFact }
    | { readonly k: "class"; readonly fact: ClassFact };
  /** Calls that add to it, in order. */
  readonly statements: PlacedStatement[];
}

export interface FoundModel {
  readonly name: string;
  /** What another model of the same name makes necessary; "" for most. */
  readonly prefix: string;
  readonly schema: FoundSchema;
  readonly collection: string;
  /** The model that it is a discriminator of. */
  readonly base: FoundModel | null;
}

const DEPTH = 8;

/** All schemas of the workspace, the models made of them, and what the names in their files stand for. */
export class SchemaTable {
  readonly values: ValueTable;
  readonly #schemas = new Map<string, FoundSchema>();
  readonly #classes = new Map<string, FoundSchema>();
  readonly #models: FoundModel[] = [];
  readonly #byName = new Map<string, FoundModel[]>();
  readonly #byVariable = new Map<string, FoundModel>();
  readonly #keepsNames: boolean;
  /** Names under which models may be exported. */
  readonly #exported = new Set<string>();

  constructor(facts: FactsByUri<MongooseFacts>) {
    const files = new Map<string, ModuleValues>();
    const configs = new Map<string, ProjectConfig>();
    for (const [uri, fact] of facts) {
      if (fact.kind === "config") configs.set(uri, fact.config);
      else files.set(uri, fact.values);
    }
    this.values = new ValueTable(files, configs);
    const code = [...facts].flatMap(([uri, fact]) => (fact.kind === "code" ? [{ uri, fact }] : []));
    this.#keepsNames = code.some(({ fact }) => fact.keepsNames);
    for (const { uri, fact } of code) {
      for (const schema of fact.schemas) this.#addSchema(uri, schema);
      for (const entry of fact.classes) this.#addClass(uri, entry);
    }
    for (const { uri, fact } of code) {
      for (const statement of fact.statements) {
        this.schemaOf(uri, statement.on)?.statements.push({ uri, fact: statement });
      }
    }
    for (const { uri, fact } of code) {
      for (const model of fact.models) {
        if (model.base === null)
          this.#addModel(uri, model.name, model.schema, model.collection, model.variable);
      }
      for (const list of fact.features) this.#addFeatures(uri, list);
    }
    for (const { fact } of code) {
      for (const [name, local] of fact.values.names.exports)
        if (this.#exported.has(local)) this.#exported.add(name);
    }
    for (const { uri, fact } of code) {
      for (const { base, name, schema, variable } of fact.models) {
        const of = base && (this.modelOf(uri, base) ?? this.#modelOfSchema(this.schemaOf(uri, base)));
        if (of) this.#addDiscriminator(uri, of, name, schema, variable);
      }
    }
  }

  get models(): readonly FoundModel[] {
    return this.#models;
  }

  /** The schema that an expression stands for; null for anything else. */
  schemaOf(uri: string, value: Expression, depth = 0): FoundSchema | null {
    if (depth > DEPTH) return null;
    if (value.k === "name" || value.k === "member") {
      const origin = this.values.originOf(uri, value);
      const declared =
        origin?.kind === "workspace" ? this.#classes.get(`${origin.uri}#${origin.name}`) : null;
      if (declared) return declared;
      const found = this.values.valueOf(uri, value);
      return found?.value.k === "call" ? this.schemaOf(found.uri, found.value, depth + 1) : null;
    }
    if (value.k === "function") {
      const result = this.values.resultOf(uri, value);
      return result && this.schemaOf(result.uri, result.value, depth + 1);
    }
    if (value.k !== "call") return null;
    const own = this.#schemas.get(`${uri}#${value.span.join()}`);
    if (own) return own;
    const { callee, args } = value;
    const called = callee.k === "member" ? callee.name : "";
    if (called === "createForClass" && args[0]) return this.schemaOf(uri, args[0].value, depth + 1);
    const chained = callee.k === "member" ? this.schemaOf(uri, callee.of, depth + 1) : null;
    if (chained) return chained;
    const result = this.values.resultOf(uri, callee);
    return result && this.schemaOf(result.uri, result.value, depth + 1);
  }

  /** The model behind a variable; null for anything else. */
  modelOf(uri: string, value: Expression): FoundModel | null {
    if (!this.#mayBeModel(uri, value)) return null;
    const origin = this.values.originOf(uri, value);
    return origin?.kind === "workspace"
      ? (this.#byVariable.get(`${origin.uri}#${origin.name}`) ?? null)
      : null;
  }

  /** Most names stand for no model: which names may, is known without following any. */
  #mayBeModel(uri: string, value: Expression): boolean {
    let first = value;
    while (first.k === "member") first = first.of;
    if (first.k !== "name") return false;
    const imported = this.values.resolver.imported(uri, first.value);
    if (!imported) return value.k === "name" ? this.#byVariable.has(`${uri}#${value.value}`) : true;
    return /^(?:default|\*)$/.test(imported.name) || this.#exported.has(imported.name);
  }

  /** The model of a name, as `ref` and `@InjectModel` give it: the nearest, where several have it. */
  modelNamed(uri: string, value: Expression): FoundModel | null {
    const name = this.nameOf(uri, value);
    return (name === null ? [] : (this.#byName.get(name) ?? [])).reduce<FoundModel | null>(
      (best, model) =>
        best && sharedDepth(best.schema.uri, uri) >= sharedDepth(model.schema.uri, uri) ? best : model,
      null,
    );
  }

  /** `"User"`, `User.name`, `User`, `() => User`. */
  nameOf(uri: string, value: Expression): string | null {
    if (value.k === "function" || value.k === "call") {
      const result = this.values.resultOf(uri, value.k === "call" ? value.callee : value);
      return result && result.value.k !== "function" && result.value.k !== "call"
        ? this.nameOf(result.uri, result.value)
        : null;
    }
    const text = this.values.textOf(uri, value);
    if (text !== null) return text;
    const of = value.k === "member" && /^(?:name|modelName)$/.test(value.name) ? value.of : value;
    const model = this.modelOf(uri, of);
    if (model) return model.name;
    if (of.k !== "name" && of.k !== "member") return null;
    const origin = this.values.originOf(uri, of);
    return (origin?.name ?? dottedName(of))?.replace(/^.*\./, "") ?? null;
  }

  #addSchema(uri: string, fact: SchemaFact): void {
    if (!this.#isMongoose(uri, fact.callee)) return;
    const key = `${uri}#${fact.key.join()}`;
    this.#schemas.set(key, { key, uri, declared: { k: "object", fact }, statements: [] });
  }

  /** `Schema` of the package, also through a module that passes it on or a parameter called `mongoose`. */
  #isMongoose(uri: string, callee: Expression): boolean {
    const origin = this.values.originOf(uri, callee);
    if (origin?.kind === "package") return /mongoose/.test(origin.module);
    return /(?:^|\.)mongoose\.Schema$/i.test(dottedName(callee) ?? "");
  }

  #addClass(uri: string, fact: ClassFact): void {
    const key = `${uri}#${fact.name}`;
    this.#classes.set(key, { key, uri, declared: { k: "class", fact }, statements: [] });
  }

  #addModel(
    uri: string,
    name: Expression,
    written: Expression,
    collection: Expression | null,
    variable: string | null,
  ): FoundModel | null {
    const schema = this.schemaOf(uri, written);
    const title = schema && this.nameOf(uri, name);
    if (!schema || title === null) return null;
    const given = this.values.textOf(uri, collection) ?? this.#optionText(schema, "collection");
    const plural = this.#keepsNames || this.#isFalse(schema, "pluralization") ? title : collectionName(title);
    return this.#add(uri, { name: title, schema, collection: given ?? plural, base: null }, variable);
  }

  #addDiscriminator(
    uri: string,
    base: FoundModel,
    name: Expression,
    written: Expression,
    variable: string | null,
  ): void {
    const schema = this.schemaOf(uri, written);
    const title = schema && this.nameOf(uri, name);
    if (schema && title !== null)
      this.#add(uri, { name: title, schema, collection: base.collection, base }, variable);
  }

  #add(uri: string, model: Omit<FoundModel, "prefix">, variable: string | null): FoundModel {
    const same = this.#byName.get(model.name) ?? [];
    const known = same.find(({ schema }) => schema === model.schema);
    const found: FoundModel = known ?? {
      ...model,
      prefix: same.length === 0 ? "" : `${model.schema.uri.replace(/\.[cm]?[jt]sx?$/, "")}#`,
    };
    if (!known) {
      this.#models.push(found);
      this.#byName.set(model.name, [...same, found]);
    }
    if (variable !== null) {
      this.#byVariable.set(`${uri}#${variable}`, found);
      this.#exported.add(variable.replace(/^.*\./, ""));
    }
    return found;
  }

  /** `MongooseModule.forFeature([{ name: Cat.name, schema: CatSchema, discriminators: […] }])`. */
  #addFeatures(uri: string, list: Expression): void {
    for (const item of this.#items({ uri, value: list })) {
      const options = dictOf(item.value);
      const name = options.get("name");
      if (!name) continue;
      const factory = options.get("useFactory");
      // What a factory gives back may be known only where it runs: the class that the model is called after is its schema.
      const schema =
        options.get("schema") ?? (factory && this.schemaOf(item.uri, factory) ? factory : classOf(name));
      const model = schema && this.#addModel(item.uri, name, schema, options.get("collection") ?? null, null);
      const children = options.get("discriminators");
      if (!model || !children) continue;
      for (const child of this.#items({ uri: item.uri, value: children })) {
        const own = dictOf(child.value);
        const title = own.get("name");
        const written = own.get("schema");
        if (title && written) this.#addDiscriminator(child.uri, model, title, written, null);
      }
    }
  }

  #items({ uri, value }: PlacedValue, depth = 0): readonly PlacedValue[] {
    const list = depth > DEPTH ? null : this.values.valueOf(uri, value);
    if (list?.value.k !== "list") return [];
    return list.value.items.flatMap((item) => {
      if (item.k === "binary" && item.op === "...")
        return this.#items({ uri: list.uri, value: item.right }, depth + 1);
      const entry = this.values.valueOf(list.uri, item);
      return entry ? [entry] : [];
    });
  }

  #modelOfSchema(schema: FoundSchema | null): FoundModel | null {
    return schema && (this.#models.find((model) => model.schema === schema) ?? null);
  }

  /** An option of a schema: of its second argument, of `@Schema`, or set later. */
  optionOf(schema: FoundSchema, name: string): PlacedValue | null {
    for (const { uri, fact } of [...schema.statements].reverse()) {
      const [key, value] = fact.args;
      if (fact.method === "set" && key?.k === "string" && key.value === name && value) return { uri, value };
    }
    const { declared, uri } = schema;
    const written =
      declared.k === "object"
        ? declared.fact.options
        : declared.fact.decorators
            .filter(
              (decorator) => decorator.k === "call" && /Schema$/.test(dottedName(decorator.callee) ?? ""),
            )
            .map((decorator) => (decorator.k === "call" ? (decorator.args[0]?.value ?? null) : null))[0];
    const options = written && this.values.valueOf(uri, written);
    return options ? this.values.property(options, name) : null;
  }

  #optionText(schema: FoundSchema, name: string): string | null {
    const found = this.optionOf(schema, name);
    return found && this.values.textOf(found.uri, found.value);
  }

  #isFalse(schema: FoundSchema, name: string): boolean {
    const value = this.optionOf(schema, name)?.value;
    return value?.k === "name" && value.value === "false";
  }
}

/** `Cat` of `Cat.name`. */
function classOf(name: Expression): Expression | null {
  return name.k === "member" && name.name === "name" ? name.of : null;
}

export function modelIdOf({ prefix, name }: FoundModel): string {
  return `model:mongoose:${prefix}${name}`;
}

export function qualifiedNameOf({ prefix, name }: FoundModel): string {
  return prefix + name;
}
