import type { Expression } from "../../languages/expression.ts";
import {
  argumentOf,
  booleanValue,
  type Call,
  calledName,
  dictEntry,
  isTrue,
  listItems,
  stringList,
  stringValue,
} from "../../languages/python/expressions.ts";
import {
  type AppliedOperation,
  collation,
  done,
  extensionOf,
  missing,
  runPython,
  runSql,
  unknown,
} from "./applied-operation.ts";
import { type FieldSpec, readField } from "./field-spec.ts";
import { readGroups } from "./indexes.ts";
import { OperationArguments } from "./migration-arguments.ts";
import type { Change } from "./migration-changes.ts";
import { type ModelState, type NamedPart, type ProjectState, stateColumn } from "./migration-state.ts";
import { truncatedName } from "./names.ts";
import type { Written } from "./values.ts";

/** Operations that change what Django knows and nothing in the database. */
const STATE_ONLY = /^(AlterModelOptions|AlterModelManagers|AlterModelTableComment)$/;

/** Applies the operations of a migration to the state, one after the other. */
export class OperationReader {
  readonly #state: ProjectState;
  readonly #app: string;

  constructor(state: ProjectState, app: string) {
    this.#state = state;
    this.#app = app;
  }

  apply(written: Written): AppliedOperation {
    const call = written.expression;
    if (call.k !== "call") return unknown("operation", "it is not a plain call");
    const name = this.#className(written, call);
    const read = new OperationArguments(this.#state, written, call);
    switch (name) {
      case "CreateModel":
        return this.#createModel(read);
      case "DeleteModel":
        return this.#deleteModel(read);
      case "RenameModel":
        return this.#renameModel(read);
      case "AlterModelTable":
        return this.#alterTable(read);
      case "AlterUniqueTogether":
      case "AlterIndexTogether":
        return this.#together(name, read);
      case "AlterOrderWithRespectTo":
        return this.#orderWithRespectTo(read);
      case "AddField":
      case "AlterField":
        return this.#putField(name, read);
      case "RemoveField":
        return this.#removeField(read);
      case "RenameField":
        return this.#renameField(read);
      case "AddIndex":
      case "AddIndexConcurrently":
      case "AddConstraint":
      case "AddConstraintNotValid":
        return this.#addPart(name, read);
      case "RemoveIndex":
      case "RemoveIndexConcurrently":
      case "RemoveConstraint":
        return this.#removePart(name, read);
      case "RenameIndex":
        return this.#renameIndex(read);
      case "AlterConstraint":
      case "ValidateConstraint":
        return this.#validate(name, read);
      case "RunSQL":
        return runSql(this.#state, written, call);
      case "RunPython":
        return runPython(call);
      case "SeparateDatabaseAndState":
        return this.#separate(read);
      default:
        return this.#other(name, read, call);
    }
  }

  #className({ uri }: Written, call: Call): string {
    const found = this.#state.project.classes.find(uri, call.callee);
    const steps = found?.kind === "class" ? this.#state.project.classes.linearize(found.ref) : [];
    const django = steps.find((step) => step.kind === "external" && /^django\./.test(step.name));
    return django ? django.name.replace(/^.*\./, "") : (calledName(call) ?? "operation");
  }

  #createModel(read: OperationArguments): AppliedOperation {
    const name = read.text(0, "name") ?? "";
    const fields = new Map<string, FieldSpec>();
    for (const { uri, expression } of read.list(1, "fields")) {
      const [key, value] = listItems(expression) ?? [];
      const fieldName = key && stringValue(key);
      const spec =
        fieldName && value ? this.#field(fieldName, { ...read.written, uri, expression: value }) : null;
      if (spec) fields.set(spec.name, spec);
    }
    const options = read.value(2, "options");
    const option = (key: string) => (options ? dictEntry(options, key) : null);
    const parts = (key: string): NamedPart[] =>
      (listItems(option(key)) ?? []).map((item) => this.#part(read, item));
    const groups = (key: string) => {
      const value = option(key);
      return value ? readGroups(this.#state.project, { ...read.written, expression: value }) : [];
    };
    const bases = read.list(3, "bases").flatMap(({ expression }) => stringValue(expression) ?? []);
    const isProxy = isTrue(option("proxy"));
    const [parent] = bases;
    const model: ModelState = {
      key: `${this.#app}.${name}@${read.written.uri}`,
      app: this.#app,
      name,
      table:
        isProxy && parent
          ? this.#state.byLabel(parent, this.#app).table
          : (stringValue(option("db_table"))?.replace(/^"(.*)"$/, "$1") ?? this.#defaultTable(name)),
      managed: booleanValue(option("managed")) !== false,
      proxy: isProxy,
      fields,
      uniqueTogether: groups("unique_together"),
      indexTogether: groups("index_together"),
      indexes: parts("indexes"),
      constraints: parts("constraints"),
      parents: bases.filter((base) => base.includes(".")),
    };
    this.#state.put(model);
    const columns = [...fields.values()].flatMap((spec) => stateColumn(spec) ?? []);
    return done("CreateModel", model, name, columns, [{ kind: "create-table", model }]);
  }

  #defaultTable(name: string): string {
    return truncatedName(`${this.#app}_${name.toLowerCase()}`);
  }

  #deleteModel(read: OperationArguments): AppliedOperation {
    const model = this.#model(read.text(0, "name"));
    if (!model) return missing("DeleteModel", read.text(0, "name"));
    this.#state.remove(model);
    return done("DeleteModel", model, model.name, [], [{ kind: "drop-table", model }]);
  }

  #renameModel(read: OperationArguments): AppliedOperation {
    const from = this.#model(read.text(0, "old_name"));
    const name = read.text(1, "new_name") ?? "";
    if (!from) return missing("RenameModel", read.text(0, "old_name"));
    const table = from.table === this.#defaultTable(from.name) ? this.#defaultTable(name) : from.table;
    const to = { ...from, name, table };
    this.#state.rename(from, to);
    return done("RenameModel", to, `${from.name} to ${name}`, [], [{ kind: "rename-table", from, to }]);
  }

  #alterTable(read: OperationArguments): AppliedOperation {
    const from = this.#model(read.text(0, "name"));
    if (!from) return missing("AlterModelTable", read.text(0, "name"));
    const to = { ...from, table: read.text(1, "table") ?? this.#defaultTable(from.name) };
    this.#state.put(to);
    return done("AlterModelTable", to, from.name, [], [{ kind: "rename-table", from, to }]);
  }

  #together(name: "AlterUniqueTogether" | "AlterIndexTogether", read: OperationArguments): AppliedOperation {
    const model = this.#model(read.text(0, "name"));
    if (!model) return missing(name, read.text(0, "name"));
    const unique = name === "AlterUniqueTogether";
    const value = read.value(1, unique ? "unique_together" : "index_together");
    const to = value ? readGroups(this.#state.project, { ...read.written, expression: value }) : [];
    const from = unique ? model.uniqueTogether : model.indexTogether;
    const after = unique ? { ...model, uniqueTogether: to } : { ...model, indexTogether: to };
    this.#state.put(after);
    return done(
      name,
      after,
      model.name,
      [...new Set(to.flat())],
      [{ kind: "together", model, unique, from, to }],
    );
  }

  #orderWithRespectTo(read: OperationArguments): AppliedOperation {
    const model = this.#model(read.text(0, "name"));
    if (!model) return missing("AlterOrderWithRespectTo", read.text(0, "name"));
    return {
      ...done("AlterOrderWithRespectTo", model, model.name, ["_order"], []),
      changes: null,
      gap: "the statements for the column _order are not computed",
    };
  }

  #putField(name: "AddField" | "AlterField", read: OperationArguments): AppliedOperation {
    const model = this.#model(read.text(0, "model_name"));
    const fieldName = read.text(1, "name");
    const value = read.value(2, "field");
    if (!model || !fieldName) return missing(name, read.text(0, "model_name"));
    const spec = value ? this.#field(fieldName, { ...read.written, expression: value }) : null;
    const subject = `${model.name}.${fieldName}`;
    if (!spec)
      return {
        ...done(name, model, subject, [fieldName], []),
        changes: null,
        gap: `the class of field ${fieldName} is not understood`,
      };
    const from = model.fields.get(fieldName);
    // A default that is only for the rows of the moment does not stay in the state.
    const after: ModelState = { ...model, fields: new Map(model.fields).set(fieldName, spec) };
    this.#state.put(after);
    const columns = [stateColumn(spec) ?? fieldName];
    if (name === "AddField")
      return done(name, after, subject, columns, [{ kind: "add-field", model, field: spec }]);
    if (!from)
      return {
        ...done(name, after, subject, columns, []),
        changes: null,
        gap: `field ${fieldName} was not seen before`,
      };
    return done(name, after, subject, columns, [{ kind: "alter-field", model, from, to: spec }]);
  }

  #removeField(read: OperationArguments): AppliedOperation {
    const model = this.#model(read.text(0, "model_name"));
    const name = read.text(1, "name");
    if (!model || !name) return missing("RemoveField", read.text(0, "model_name"));
    const field = model.fields.get(name);
    const fields = new Map(model.fields);
    fields.delete(name);
    const after = { ...model, fields };
    this.#state.put(after);
    const subject = `${model.name}.${name}`;
    if (!field)
      return {
        ...done("RemoveField", after, subject, [name], []),
        changes: null,
        gap: `field ${name} was not seen before`,
      };
    return done(
      "RemoveField",
      after,
      subject,
      [stateColumn(field) ?? name],
      [{ kind: "drop-field", model: after, field }],
    );
  }

  #renameField(read: OperationArguments): AppliedOperation {
    const model = this.#model(read.text(0, "model_name"));
    const [oldName, newName] = [read.text(1, "old_name"), read.text(2, "new_name")];
    if (!model || !oldName || !newName) return missing("RenameField", read.text(0, "model_name"));
    const from = model.fields.get(oldName);
    const subject = `${model.name}.${oldName} to ${newName}`;
    if (!from)
      return {
        ...done("RenameField", model, subject, [oldName, newName], []),
        changes: null,
        gap: `field ${oldName} was not seen before`,
      };
    const to = { ...from, name: newName };
    const fields = new Map(
      [...model.fields].map(([key, spec]) => (key === oldName ? [newName, to] : [key, spec])),
    );
    const renamed = (groups: readonly (readonly string[])[]) =>
      groups.map((group) => group.map((field) => (field === oldName ? newName : field)));
    const after = {
      ...model,
      fields,
      uniqueTogether: renamed(model.uniqueTogether),
      indexTogether: renamed(model.indexTogether),
    };
    this.#state.put(after);
    const columns = [stateColumn(from) ?? oldName, stateColumn(to) ?? newName];
    return done("RenameField", after, subject, columns, [{ kind: "alter-field", model, from, to }]);
  }

  #addPart(name: string, read: OperationArguments): AppliedOperation {
    const model = this.#model(read.text(0, "model_name"));
    const isIndex = name.startsWith("AddIndex");
    const value = read.value(1, isIndex ? "index" : "constraint");
    if (!model || !value) return missing(name, read.text(0, "model_name"));
    const part = this.#part(read, value);
    const after = isIndex
      ? { ...model, indexes: [...model.indexes, part] }
      : { ...model, constraints: [...model.constraints, part] };
    this.#state.put(after);
    const columns = stringList(value.k === "call" ? argumentOf(value, "fields") : null).map((field) =>
      field.replace(/^-/, ""),
    );
    const resolved = columns.map((field) => {
      const spec = model.fields.get(field);
      return (spec && stateColumn(spec)) ?? field;
    });
    const subject = `${part.name ?? "unnamed"} on ${model.name}`;
    const change: Change = isIndex
      ? { kind: "add-index", model, index: part, concurrently: name === "AddIndexConcurrently" }
      : { kind: "add-constraint", model, constraint: part, valid: name !== "AddConstraintNotValid" };
    return done(name, after, subject, resolved, [change]);
  }

  #removePart(name: string, read: OperationArguments): AppliedOperation {
    const model = this.#model(read.text(0, "model_name"));
    const partName = read.text(1, "name");
    if (!model || !partName) return missing(name, read.text(0, "model_name"));
    const isIndex = name.startsWith("RemoveIndex");
    const known = (isIndex ? model.indexes : model.constraints).find((part) => part.name === partName);
    const without = (parts: readonly NamedPart[]) => parts.filter((part) => part.name !== partName);
    const after = isIndex
      ? { ...model, indexes: without(model.indexes) }
      : { ...model, constraints: without(model.constraints) };
    this.#state.put(after);
    const part = known ?? { name: partName, written: read.written };
    const change: Change = isIndex
      ? { kind: "drop-index", model: after, index: part, concurrently: name === "RemoveIndexConcurrently" }
      : { kind: "drop-constraint", model: after, constraint: part, valid: true };
    return done(name, after, `${partName} on ${model.name}`, [], [change]);
  }

  #renameIndex(read: OperationArguments): AppliedOperation {
    const model = this.#model(read.text(0, "model_name"));
    const [newName, oldName] = [read.text(1, "new_name"), read.text(2, "old_name")];
    if (!model || !newName) return missing("RenameIndex", read.text(0, "model_name"));
    const subject = `${oldName ?? "unnamed"} to ${newName} on ${model.name}`;
    if (!oldName)
      return {
        ...done("RenameIndex", model, subject, [], []),
        changes: null,
        gap: "the old name of the index is looked up in the database",
      };
    const rename = (part: NamedPart) => (part.name === oldName ? { ...part, name: newName } : part);
    const after = { ...model, indexes: model.indexes.map(rename) };
    this.#state.put(after);
    return done(
      "RenameIndex",
      after,
      subject,
      [],
      [{ kind: "rename-index", model, from: oldName, to: newName }],
    );
  }

  #validate(name: string, read: OperationArguments): AppliedOperation {
    const model = this.#model(read.text(0, "model_name"));
    const constraint = read.text(1, "name");
    if (!model || !constraint) return missing(name, read.text(0, "model_name"));
    const statement = `ALTER TABLE "${model.table}" VALIDATE CONSTRAINT "${constraint}"`;
    const forward = name === "ValidateConstraint" ? [statement] : [];
    return done(
      name,
      model,
      `${constraint} on ${model.name}`,
      [],
      [{ kind: "statements", forward, backward: [] }],
    );
  }

  /** The database does one list of operations, the state another; what is shown is what the database does. */
  #separate(read: OperationArguments): AppliedOperation {
    const inner = read
      .list(0, "database_operations")
      .map((item) => ({ item, before: [...this.#state.models()] }));
    const applied: AppliedOperation[] = [];
    for (const { item } of inner) applied.push(this.apply(item));
    // What only the database did is not in the state: undone before the state's own operations follow.
    const [first] = inner;
    if (first) this.#state.restore(first.before);
    const states = read.list(1, "state_operations").map((item) => this.apply(item));
    const known = applied.every((each) => each.changes !== null);
    const shown = [...applied, ...states];
    const model = shown.find((each) => each.model)?.model ?? null;
    return {
      name: "SeparateDatabaseAndState",
      subject: shown.map((each) => `${each.name} ${each.subject}`.trim()).join("; "),
      model,
      columns: [...new Set(shown.flatMap((each) => each.columns))],
      changes: known ? applied.flatMap((each) => each.changes ?? []) : null,
      reversible: applied.some((each) => each.reversible === false)
        ? false
        : applied.some((each) => each.reversible === null)
          ? null
          : "by-changes",
      gap: applied.find((each) => each.gap)?.gap ?? null,
    };
  }

  #other(name: string, read: OperationArguments, call: Call): AppliedOperation {
    if (STATE_ONLY.test(name)) {
      const model = this.#model(read.text(0, "name"));
      return { ...done(name, model, read.text(0, "name") ?? "", [], []), reversible: true };
    }
    const extension = extensionOf(name) ?? (name === "CreateExtension" ? read.text(0, "name") : null);
    if (extension) {
      const forward = [`CREATE EXTENSION IF NOT EXISTS "${extension}"`];
      return {
        ...done(
          name,
          null,
          extension,
          [],
          [{ kind: "statements", forward, backward: [`DROP EXTENSION IF EXISTS "${extension}"`] }],
        ),
      };
    }
    if (name === "CreateCollation" || name === "RemoveCollation") return collation(name, read);
    return unknown(
      name,
      `${calledName(call) ?? name} is no operation of Django's, what it does is not known`,
    );
  }

  #model(name: string | null): ModelState | null {
    return name === null ? null : this.#state.get(this.#app, name);
  }

  #field(name: string, written: Written): FieldSpec | null {
    const source = this.#state.project.sourceOf(written.uri, written.expression.span);
    return readField(this.#state.project, name, written, source);
  }

  #part(read: OperationArguments, expression: Expression): NamedPart {
    const name = expression.k === "call" ? stringValue(argumentOf(expression, "name")) : null;
    return { name, written: { ...read.written, expression } };
  }
}
