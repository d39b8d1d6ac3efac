import { AksaraError } from "../../errors.ts";
import type { Field, Model } from "../../workspace/ir/model.ts";
import { importOf, MODULES, moduleOf, noSibling } from "./fastapi-parts.ts";
import { fastapiRouter } from "./fastapi-router.ts";
import {
  appended,
  demandNew,
  type FieldSpec,
  fileIn,
  folderOf,
  type Generated,
  type GeneratorContext,
  type ModelSpec,
  pascal,
  plural,
  referenced,
  type StackGenerator,
  snake,
} from "./generator.ts";
import {
  groupedImports,
  type PythonStyle,
  pythonStyle,
  pythonValue,
  withExport,
  withImport,
} from "./python-style.ts";

/** FastAPI on SQLAlchemy: models in the form that the others have, routers like their siblings. */
export const sqlalchemyGenerator: StackGenerator = {
  title: "FastAPI with SQLAlchemy",
  model,
  viewset: fastapiRouter,
  test,
};

async function model(spec: ModelSpec, context: GeneratorContext): Promise<Generated> {
  const siblings = context.catalog.models.filter(
    ({ stack, bases, uri }) => stack === "sqlalchemy" && bases.length > 0 && uri.startsWith(spec.path),
  );
  const [sibling] = siblings;
  if (!sibling) throw noSibling("model", spec.path);
  const source = (await context.readText(sibling.uri)) ?? "";
  const style = pythonStyle(source);
  const name = pascal(spec.name);
  const isPackage = /\/models\/[^/]+\.py$/.test(sibling.uri);
  const uri = isPackage ? fileIn(folderOf(sibling.uri), `${snake(plural(name))}.py`) : sibling.uri;
  demandNew(name, uri, context);
  const base = sibling.bases[0]?.split(".").at(-1) ?? "Base";
  const isTyped = /\bmapped_column\(/.test(source);
  const table = plural(snake(name));
  const needed = new Set<string>();
  const lines = [
    `    __tablename__ = ${style.string(table)}`,
    "",
    isTyped
      ? "    id: Mapped[int] = mapped_column(primary_key=True)"
      : "    id = Column(Integer, primary_key=True)",
    ...spec.fields.map((field) => `    ${fieldLine(field, isTyped, context, style, needed)}`),
  ];
  if (!isTyped) needed.add("Integer");
  if (spec.timestamps)
    for (const [column, more] of [
      ["created_at", ""],
      ["updated_at", ", onupdate=func.now()"],
    ] as const) {
      for (const each of ["DateTime", "func"]) needed.add(each);
      const call = `DateTime(timezone=True), server_default=func.now()${more}`;
      lines.push(
        isTyped
          ? `    ${column}: Mapped[datetime] = mapped_column(${call})`
          : `    ${column} = Column(${call}, nullable=False)`,
      );
      if (isTyped) needed.add("datetime:datetime");
    }
  const body = `class ${name}(${base}):\n${lines.join("\n")}\n`;
  let text = uri === sibling.uri ? source : "";
  if (isTyped) text = withImport(text, "sqlalchemy.orm", ["Mapped", "mapped_column"]);
  else needed.add("Column");
  const fromSqlalchemy = [...needed].filter((each) => !each.includes(":"));
  if (fromSqlalchemy.length > 0) text = withImport(text, "sqlalchemy", fromSqlalchemy);
  for (const each of [...needed].filter((one) => one.includes(":"))) {
    const [from = "", imported = ""] = each.split(":");
    text = withImport(text, from, [imported]);
  }
  if (uri !== sibling.uri)
    text = withImport(text, importOf(base, source) ?? moduleOf(folderOf(sibling.uri)), [base]);
  const files = [{ uri, content: appended(groupedImports(text), body) }];
  const index = fileIn(folderOf(uri), "__init__.py");
  const listing = isPackage ? await context.readText(index) : null;
  if (listing?.includes("import")) {
    const from = importOf(sibling.name, listing);
    const module =
      from === null ? moduleOf(uri.replace(/\.py$/, "")) : from.replace(/[^.]+$/, snake(plural(name)));
    files.push({
      uri: index,
      content: withExport(withImport(listing, module, [name]), name, style),
    });
  }
  return { files, notes: ["create_migration writes the migration for it."] };
}

const TYPES: Readonly<Record<FieldSpec["type"], readonly [python: string, sql: string]>> = {
  string: ["str", "String"],
  text: ["str", "Text"],
  integer: ["int", "Integer"],
  bigint: ["int", "BigInteger"],
  decimal: ["Decimal", "Numeric(12, 2)"],
  float: ["float", "Float"],
  boolean: ["bool", "Boolean"],
  date: ["date", "Date"],
  datetime: ["datetime", "DateTime(timezone=True)"],
  uuid: ["UUID", "Uuid"],
  json: ["dict", "JSON"],
};

function fieldLine(
  field: FieldSpec,
  isTyped: boolean,
  context: GeneratorContext,
  style: PythonStyle,
  needed: Set<string>,
): string {
  const target = referenced(field, context.catalog);
  const key = target?.fields.find(({ primaryKey }) => primaryKey);
  const [python, sql] = target ? [key?.type.logical === "uuid" ? "UUID" : "int", ""] : TYPES[field.type];
  const name = target ? `${snake(field.name)}_id` : snake(field.name);
  const parts: string[] = [];
  if (target) {
    if (field.on_delete === "set-null" && !field.nullable)
      throw new AksaraError("TOOL_INPUT_INVALID", `${field.name}: set-null needs nullable.`);
    needed.add("ForeignKey");
    const actions = { cascade: "CASCADE", restrict: "RESTRICT", "set-null": "SET NULL" } as const;
    parts.push(
      `ForeignKey(${style.string(`${target.table}.${key?.column ?? "id"}`)}, ondelete=${style.string(actions[field.on_delete])})`,
    );
  } else {
    needed.add(sql.replace(/\(.*/, ""));
    parts.push(field.type === "string" ? `String(${field.length ?? 200})` : sql);
  }
  if (isTyped && MODULES[python] !== undefined) needed.add(`${MODULES[python]}:${python}`);
  if (field.unique) parts.push("unique=True");
  if ((field.indexed || target) && !field.unique) parts.push("index=True");
  if (field.default !== undefined) parts.push(`default=${pythonValue(field.default, style)}`);
  if (isTyped)
    return `${name}: Mapped[${python}${field.nullable ? " | None" : ""}] = mapped_column(${parts.join(", ")})`;
  return `${name} = Column(${[...parts, `nullable=${field.nullable ? "True" : "False"}`].join(", ")})`;
}

async function test(target: Model, context: GeneratorContext): Promise<Generated> {
  const root = target.uri.includes("/") ? (target.uri.split("/")[0] ?? "") : "";
  const siblings = [...(await context.list("tests")), ...(await context.list(fileIn(root, "tests")))].filter(
    (uri) => /\/test_\w+\.py$/.test(uri),
  );
  const folder = siblings[0] ? folderOf(siblings[0]) : "tests";
  const uri = fileIn(folder, `test_${snake(target.name)}.py`);
  if ((await context.readText(uri)) !== null)
    throw new AksaraError("TOOL_INPUT_INVALID", `${uri} is there already.`, {
      hint: "Change it with patch_file.",
    });
  const required = target.fields.filter(
    ({ nullable, generated, default: value, primaryKey, column }) =>
      !nullable && !generated && value === null && !primaryKey && column !== null,
  );
  const lengths = target.fields.filter(({ type }) => type.length !== null && type.logical === "string");
  const style = pythonStyle((await context.readText(target.uri)) ?? "");
  const set = (fields: readonly Field[]) =>
    `{${fields
      .map(({ column }) => style.string(column ?? ""))
      .sort()
      .join(", ")}}`;
  const one = snake(target.name);
  const body = `def columns():
    return {column.name: column for column in ${target.name}.__table__.columns}


def test_${one}_is_kept_in_its_table():
    assert ${target.name}.__tablename__ == ${style.string(target.table ?? "")}
    assert [column.name for column in ${target.name}.__table__.primary_key] == [${target.fields
      .filter(({ primaryKey }) => primaryKey)
      .map(({ column }) => style.string(column ?? ""))
      .join(", ")}]


def test_${one}_demands_what_it_needs():
    demanded = ${set(required)}
    assert demanded <= {name for name, column in columns().items() if not column.nullable}
${lengths
  .map(
    ({ column, type }) =>
      `\n\ndef test_${one}_${column}_has_its_length():\n    assert columns()[${style.string(column ?? "")}].type.length == ${type.length}\n`,
  )
  .join("")}`;
  const package_ = await context.readText(fileIn(folderOf(target.uri), "__init__.py"));
  const from =
    package_ !== null && importOf(target.name, package_) !== null
      ? moduleOf(folderOf(target.uri))
      : moduleOf(target.uri.replace(/\.py$/, ""));
  const content =
    required.length === 0
      ? body.replace(/\n\ndef test_\w+_demands[\s\S]*?not column\.nullable\}\n/, "")
      : body;
  return {
    files: [{ uri, content: appended(withImport("", from, [target.name]), content) }],
    notes: ["It runs with pytest, without a database."],
  };
}
