import type { TableDifference } from "../../database/schema/schema-difference.ts";
import { AksaraError } from "../../errors.ts";
import type { Migration } from "../../workspace/ir/migration.ts";
import type { Field, Model, Relation } from "../../workspace/ir/model.ts";
import { MigrationImports, movedExpression } from "./django-names.ts";
import { commonNotes, type MigrationRequest, nameOf, type WrittenMigration } from "./migration-writer.ts";
import { callText, pythonString, quoteOf, readCall } from "./python-text.ts";

/** One migration of Django for each app, on top of the app's newest. */
export async function writeDjangoMigrations(request: MigrationRequest): Promise<WrittenMigration> {
  const byApp = Map.groupBy(request.difference.tables, ({ model }) => model.namespace);
  const notes: string[] = [];
  const files: { uri: string; content: string }[] = [];
  const names = new Map([...byApp.keys()].map((app) => [app, nextName(app, request)] as const));
  for (const [app, tables] of [...byApp].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const written = await new AppMigration(app, request, names).write(tables);
    notes.push(...written.notes);
    files.push(written);
  }
  return { files, reverse: null, notes: [...commonNotes(request), ...notes] };
}

function nextName(app: string, request: MigrationRequest): string {
  const last = newestOf(app, request.migrations).at(-1);
  const number = Number(/^\d+/.exec(last?.name.split(".").at(-1) ?? "")?.[0] ?? 0) + 1;
  const tables = request.difference.tables.filter(({ model }) => model.namespace === app);
  const isFirst = last === undefined;
  const name = isFirst ? "initial" : nameOf({ ...request, difference: { tables, unclaimed: [] } });
  return `${String(number).padStart(4, "0")}_${name}`;
}

function newestOf(app: string, migrations: readonly Migration[]): readonly Migration[] {
  return migrations.filter((each) => each.app === app).sort((a, b) => (fileOf(a) < fileOf(b) ? -1 : 1));
}

function fileOf({ uri }: Migration): string {
  return (uri.split("/").at(-1) ?? "").replace(/\.py$/, "");
}

class AppMigration {
  readonly #app: string;
  readonly #request: MigrationRequest;
  readonly #names: ReadonlyMap<string, string>;
  readonly #imports = new MigrationImports();
  readonly #dependencies = new Map<string, string>();
  readonly #operations: string[] = [];
  readonly #notes: string[] = [];
  readonly #sources = new Map<string, string>();
  #quote: '"' | "'" = '"';

  constructor(app: string, request: MigrationRequest, names: ReadonlyMap<string, string>) {
    this.#app = app;
    this.#request = request;
    this.#names = names;
  }

  async write(
    tables: readonly TableDifference[],
  ): Promise<{ uri: string; content: string; notes: string[] }> {
    const newest = newestOf(this.#app, this.#request.migrations);
    const [first] = tables;
    if (first) this.#quote = quoteOf(await this.#text(first.model.uri));
    const depended = new Set(newest.flatMap(({ dependencies }) => dependencies));
    for (const leaf of newest.filter(({ id }) => !depended.has(id)))
      this.#dependencies.set(`${this.#app}.${fileOf(leaf)}`, fileOf(leaf));
    // A model that others refer to comes before them.
    for (const each of inOrder(tables.filter(({ before }) => before === null))) await this.#create(each);
    for (const each of tables.filter(({ before }) => before !== null)) await this.#change(each);
    const last = newest.at(-1);
    const folder = last?.uri.split("/").slice(0, -1).join("/") ?? `${appFolder(tables)}/migrations`;
    const name = this.#names.get(this.#app) ?? "0001_initial";
    return {
      uri: `${folder}/${name}.py`,
      content: this.#file(last === undefined),
      notes: this.#notes,
    };
  }

  #file(isFirst: boolean): string {
    const dependencies = [...this.#dependencies].map(([key, name]) => {
      const app = key.slice(0, key.indexOf("."));
      return app === "settings"
        ? "        migrations.swappable_dependency(settings.AUTH_USER_MODEL),\n"
        : `        (${this.#string(app)}, ${this.#string(name)}),\n`;
    });
    const imports = this.#imports.lines.filter((line) => line !== "from django.db import models");
    const own = imports.filter((line) => !/^(?:from|import) django\b/.test(line));
    const framework = imports.filter((line) => /^(?:from|import) django\b/.test(line));
    const body = this.#operations.map((operation) => `${operation.replace(/^/gm, "        ")},\n`).join("");
    const usesModels = /\bmodels\./.test(body.replace(/[\w.]+\.models\./g, ""));
    return `${[...own.filter((line) => /^import/.test(line)), ...own.filter((line) => /^from/.test(line)), ...framework, `from django.db import ${usesModels ? "migrations, models" : "migrations"}`].join("\n")}


class Migration(migrations.Migration):
${isFirst ? "    initial = True\n\n" : ""}    dependencies = [
${dependencies.join("")}    ]

    operations = [
${body}    ]
`;
  }

  async #create({ model, table, addedIndexes }: TableDifference): Promise<void> {
    const lines: string[] = [];
    for (const field of ownFields(model)) {
      const text = await this.#field(field, model);
      if (text !== null) lines.push(`        (${this.#string(field.name)}, ${text}),`);
    }
    const options = [
      ...(table.name === `${model.namespace}_${model.name.toLowerCase()}`
        ? []
        : [`"db_table": ${this.#string(table.name)}`]),
      ...(model.ordering.length === 0
        ? []
        : [`"ordering": [${model.ordering.map((each) => this.#string(each)).join(", ")}]`]),
    ];
    const block = options.length === 0 ? "" : `\n    options={${options.join(", ")}},`;
    this.#operations.push(
      `migrations.CreateModel(\n    name=${this.#string(model.name)},\n    fields=[\n${lines.join("\n")}\n    ],${block}\n)`,
    );
    for (const { declared } of addedIndexes)
      if (declared?.origin === "declared") await this.#index(model, declared);
    for (const constraint of model.constraints)
      await this.#constraint(model, constraint.source, constraint.name);
  }

  async #change(each: TableDifference): Promise<void> {
    const { model } = each;
    const name = `model_name=${this.#string(model.name.toLowerCase())}`;
    for (const index of each.droppedIndexes)
      if (
        this.#request.migrations.some(({ operations }) =>
          operations.some(({ name: kind, text }) => kind === "AddIndex" && text.includes(index.name)),
        )
      )
        this.#operations.push(`migrations.RemoveIndex(${name}, name=${this.#string(index.name)})`);
      else
        this.#notes.push(
          `${each.table.name}: the index ${index.name} is no Index of the model; nothing drops it.`,
        );
    for (const { name: column } of each.droppedColumns) {
      const isKey = each.before?.foreignKeys.some(({ columns }) => columns.includes(column));
      this.#operations.push(
        `migrations.RemoveField(${name}, name=${this.#string(isKey ? column.replace(/_id$/, "") : column)})`,
      );
    }
    const altered = new Set<Field>();
    for (const { field } of each.addedColumns)
      if (field) await this.#fieldOperation("AddField", field, model, name);
    for (const { field } of each.changedColumns) if (field) altered.add(field);
    for (const { columns } of [...each.addedKeys, ...each.droppedKeys]) {
      const field = model.fields.find(({ column }) => column === columns[0]);
      if (field && !each.addedColumns.some((added) => added.field === field)) altered.add(field);
    }
    for (const { declared, index } of each.addedIndexes) {
      if (declared?.origin === "declared") await this.#index(model, declared);
      else if (declared && index.columns.length === 1) {
        const field = model.fields.find(({ column }) => column === index.columns[0]);
        if (field && !each.addedColumns.some((added) => added.field === field)) altered.add(field);
      } else {
        const constraint = model.constraints.find(
          ({ kind, columns }) => kind === "unique" && String(columns) === String(index.columns),
        );
        if (constraint) await this.#constraint(model, constraint.source, constraint.name);
        else this.#notes.push(`${each.table.name}: an index on ${index.columns.join(", ")} was left out.`);
      }
    }
    for (const field of altered) await this.#fieldOperation("AlterField", field, model, name);
  }

  async #fieldOperation(
    kind: "AddField" | "AlterField",
    field: Field,
    model: Model,
    name: string,
  ): Promise<void> {
    const text = await this.#field(field, model);
    if (text === null) return;
    this.#operations.push(
      `migrations.${kind}(\n    ${name},\n    name=${this.#string(field.name)},\n    field=${text},\n)`,
    );
  }

  /** A field as a migration has it; null, with a note, where a name in it is not known. */
  async #field(field: Field, model: Model): Promise<string | null> {
    const source = await this.#text(field.source.uri);
    const { start, end } = field.source.range;
    const written = slice(source, start, end);
    const call = readCall(written.replace(/^\s*\w+\s*(?::[^=\n]+)?=(?!=)\s*/, ""));
    if (call === null || !/(?:Field|Key|\w)$/.test(call.callee) || /^class\b/.test(written.trim())) {
      if (field.primaryKey && field.generated) {
        const declared = /\w*AutoField/.exec(field.type.declared)?.[0] ?? "BigAutoField";
        return `models.${declared}(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")`;
      }
      this.#notes.push(`${model.qualifiedName}.${field.name} is not written as a call: it was left out.`);
      return null;
    }
    const relation = model.relations.find((each) => each.direction === "forward" && each.name === field.name);
    const related = relation ? this.#related(relation) : null;
    const positional = related === null ? call.positional : call.positional.slice(1);
    const named = new Map(call.named);
    named.delete("to");
    const moved = movedExpression(
      callText({ callee: call.callee, positional, named }),
      { module: await this.#module(field.source.uri), source, className: model.name },
      this.#imports,
    );
    if (moved === null) {
      this.#notes.push(
        `${model.qualifiedName}.${field.name} uses a name that is not known: write it by hand.`,
      );
      return null;
    }
    if (related === null) return moved;
    return moved.replace(/\)$/, `${moved.endsWith("()") ? "" : ", "}to=${related})`);
  }

  /** What a key refers to, and that the migration comes after it. */
  #related({ target, targetId }: Relation): string {
    const other = this.#request.models.find(({ id }) => id === targetId);
    if (!other) {
      if (/AUTH_USER_MODEL|auth\.User/.test(target)) {
        this.#imports.add("from django.conf import settings");
        this.#dependencies.set("settings.user", "");
        return "settings.AUTH_USER_MODEL";
      }
      return this.#string(target.toLowerCase());
    }
    if (other.namespace !== this.#app) {
      const name = this.#names.get(other.namespace);
      const isNew = this.#request.difference.tables.some(
        ({ model, before }) => model === other && before === null,
      );
      const last = newestOf(other.namespace, this.#request.migrations).at(-1);
      const wanted = isNew ? name : last && fileOf(last);
      if (wanted) this.#dependencies.set(`${other.namespace}.${wanted}`, wanted);
    }
    return this.#string(`${other.namespace}.${other.name.toLowerCase()}`);
  }

  async #index(model: Model, { source }: Model["indexes"][number]): Promise<void> {
    await this.#meta(model, source, "AddIndex", "index");
  }

  async #constraint(
    model: Model,
    source: Model["constraints"][number]["source"],
    name: string | null,
  ): Promise<void> {
    if (name === null) return;
    await this.#meta(model, source, "AddConstraint", "constraint");
  }

  async #meta(model: Model, place: Field["source"], operation: string, argument: string): Promise<void> {
    const source = await this.#text(place.uri);
    const written = slice(source, place.range.start, place.range.end).trim();
    if (readCall(written) === null) return;
    const moved = movedExpression(
      written,
      { module: await this.#module(place.uri), source, className: model.name },
      this.#imports,
    );
    if (moved === null) {
      this.#notes.push(`${model.qualifiedName}: ${written.split("\n")[0]} … uses a name that is not known.`);
      return;
    }
    this.#operations.push(
      `migrations.${operation}(\n    model_name=${this.#string(model.name.toLowerCase())},\n    ${argument}=${moved},\n)`,
    );
  }

  /** A file as Python imports it: below the nearest folder with manage.py. */
  async #module(uri: string): Promise<string> {
    const segments = uri.split("/");
    for (let depth = segments.length - 1; depth > 0; depth--) {
      const root = segments.slice(0, depth).join("/");
      const found = await this.#request.readText(`${root}/manage.py`).catch(() => null);
      if (found !== null) return moduleOf(uri.slice(root.length + 1));
    }
    return moduleOf(uri);
  }

  #string(text: string): string {
    return pythonString(text, this.#quote);
  }

  async #text(uri: string): Promise<string> {
    const known = this.#sources.get(uri);
    if (known !== undefined) return known;
    const text = (await this.#request.readText(uri)).replaceAll("\r\n", "\n");
    this.#sources.set(uri, text);
    return text;
  }
}

function ownFields(model: Model): readonly Field[] {
  const keys = model.fields.filter(({ primaryKey }) => primaryKey);
  return [...keys, ...model.fields.filter(({ primaryKey }) => !primaryKey)];
}

/** Those that refer to others of them behind these. */
function inOrder(tables: readonly TableDifference[]): readonly TableDifference[] {
  const done: TableDifference[] = [];
  const visit = (each: TableDifference, path: readonly TableDifference[]): void => {
    if (done.includes(each) || path.includes(each)) return;
    for (const { target } of each.table.foreignKeys) {
      const other = tables.find(({ table }) => table.name === target);
      if (other) visit(other, [...path, each]);
    }
    done.push(each);
  };
  for (const each of tables) visit(each, []);
  return done;
}

function appFolder(tables: readonly TableDifference[]): string {
  const uri = tables[0]?.model.uri ?? "";
  const folder = uri.replace(/(?:\/models)?\/[^/]+$/, "");
  if (folder === uri) throw new AksaraError("TOOL_FAILED", "The app's folder is not known.");
  return folder;
}

function moduleOf(uri: string): string {
  return uri
    .replace(/\.py$/, "")
    .replace(/\/__init__$/, "")
    .replaceAll("/", ".");
}

function slice(
  text: string,
  start: Field["source"]["range"]["start"],
  end: Field["source"]["range"]["end"],
): string {
  const lines = text.split("\n").slice(start.line, end.line + 1);
  if (start.line === end.line) return (lines[0] ?? "").slice(start.character, end.character);
  const last = lines.length - 1;
  return lines
    .map((line, at) =>
      at === 0 ? line.slice(start.character) : at === last ? line.slice(0, end.character) : line,
    )
    .join("\n");
}
