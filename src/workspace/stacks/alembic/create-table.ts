import type { Expression } from "../../languages/expression.ts";
import {
  argumentOf,
  type Call,
  calledName,
  isTrue,
  listItems,
  positionalArguments,
  stringValue,
} from "../../languages/python/expressions.ts";
import type { PythonProject, Written } from "../python/project.ts";
import {
  checkText,
  columnText,
  createType,
  type DdlColumn,
  foreignKeyText,
  nameOf,
  readDdlColumn,
} from "./columns.ts";
import { listOf, literal, quoted } from "./ddl-text.ts";

type WrittenCall = Written & { readonly expression: Call };

interface CreatedTable {
  readonly columns: readonly string[];
  readonly sql: readonly string[] | null;
}

/** The statements that `op.create_table` becomes, in the order in which Alembic sends them. */
export function createTable(
  project: PythonProject,
  call: WrittenCall,
  target: string,
  schema: string | null,
): CreatedTable {
  const [, ...items] = positionalArguments(call.expression);
  const columns: DdlColumn[] = [];
  const rest: WrittenCall[] = [];
  const names: string[] = [];
  let complete = call.expression.args.every((argument) => argument.name !== "*" && argument.name !== "**");
  for (const item of items) {
    const at = project.constant({ ...call, expression: item });
    if (at.expression.k !== "call") {
      complete = false;
      continue;
    }
    const written = { ...at, expression: at.expression };
    if (calledName(at.expression) !== "Column") {
      rest.push(written);
      continue;
    }
    const name = positionalArguments(at.expression)[0];
    const text = name && project.text({ ...at, expression: name });
    if (text) names.push(text);
    const column = readDdlColumn(project, written);
    if (column) columns.push(column);
    else complete = false;
  }
  const referring = new Set(
    rest
      .filter(({ expression }) => calledName(expression) === "ForeignKeyConstraint")
      .flatMap((written) =>
        (listItems(positionalArguments(written.expression)[0] ?? null) ?? []).flatMap(
          (item) => project.text({ ...written, expression: item }) ?? [],
        ),
      ),
  );
  const key = keyOf(project, columns, rest);
  const constraints = rest.map((written) =>
    calledName(written.expression) === "PrimaryKeyConstraint" ? "" : constraintText(project, written),
  );
  const texts = columns.map((column) => columnText(project, column, key.columns, referring));
  if (!complete || texts.includes(null) || constraints.includes(null)) return { columns: names, sql: null };
  const parts = [
    ...texts,
    ...(key.columns.length > 0
      ? [`${key.name === null ? "" : `CONSTRAINT ${quoted(key.name)} `}PRIMARY KEY (${listOf(key.columns)})`]
      : []),
    // SQLAlchemy keeps the order in which they are made: those of the columns are when the table takes them in.
    ...constraints.filter((text) => text !== ""),
    ...columns.flatMap((column) => column.constraints),
  ];
  const exists = isTrue(argumentOf(call.expression, "if_not_exists")) ? "IF NOT EXISTS " : "";
  const comment = argumentOf(call.expression, "comment");
  const note = comment && project.text({ ...call, expression: comment });
  return {
    columns: names,
    sql: [
      ...enumsOf(columns),
      `CREATE TABLE ${exists}${target} (${parts.join(", ")})`,
      ...columns.flatMap((column) => indexOf(column, target, schema)),
      ...(note ? [`COMMENT ON TABLE ${target} IS ${literal(note)}`] : []),
      ...columns.flatMap(({ name, comment: text }) =>
        text === null ? [] : [`COMMENT ON COLUMN ${target}.${quoted(name)} IS ${literal(text)}`],
      ),
    ],
  };
}

/** Enumerations of the table's columns, each once. */
function enumsOf(columns: readonly DdlColumn[]): readonly string[] {
  const found = new Map<string, string>();
  for (const { enumType } of columns)
    if (enumType?.created) found.set(enumType.name, createType(enumType.name, enumType.values));
  return [...found.values()];
}

function indexOf({ spec, name }: DdlColumn, target: string, schema: string | null): readonly string[] {
  if (!spec.indexed) return [];
  const table = target.replaceAll('"', "").replace(/^.*\./, "");
  const index = `ix_${schema === null ? "" : `${schema}_`}${table}_${name}`;
  return [`CREATE ${spec.unique ? "UNIQUE " : ""}INDEX ${quoted(index)} ON ${target} (${quoted(name)})`];
}

function keyOf(
  project: PythonProject,
  columns: readonly DdlColumn[],
  rest: readonly WrittenCall[],
): { readonly name: string | null; readonly columns: readonly string[] } {
  const written = rest.find((each) => calledName(each.expression) === "PrimaryKeyConstraint");
  if (!written)
    return { name: null, columns: columns.filter(({ spec }) => spec.primaryKey).map(({ name }) => name) };
  const names = positionalArguments(written.expression).flatMap(
    (item) => project.text({ ...written, expression: item }) ?? [],
  );
  return { name: nameOf(project, written), columns: names };
}

/** A constraint beside the columns; "" for what has no statement of its own, null where it cannot be known. */
function constraintText(project: PythonProject, written: WrittenCall): string | null {
  const { expression } = written;
  const name = nameOf(project, written);
  const start = name === null ? "" : `CONSTRAINT ${quoted(name)} `;
  const texts = (value: Expression | null | undefined): readonly string[] =>
    (listItems(value ?? null) ?? []).flatMap((item) => project.text({ ...written, expression: item }) ?? []);
  const values = positionalArguments(expression);
  const end = isTrue(argumentOf(expression, "deferrable")) ? " DEFERRABLE" : "";
  switch (calledName(expression)) {
    case "UniqueConstraint": {
      const columns = values.flatMap((item) => project.text({ ...written, expression: item }) ?? []);
      const distinct = isTrue(argumentOf(expression, "postgresql_nulls_not_distinct"))
        ? "NULLS NOT DISTINCT "
        : "";
      return `${start}UNIQUE ${distinct}(${listOf(columns)})${end}${initially(expression)}`;
    }
    case "CheckConstraint":
      return checkText(project, written);
    case "ForeignKeyConstraint": {
      const [local, remote] = values;
      const action = (key: string, word: string) => {
        const text = stringValue(argumentOf(expression, key));
        return text === null ? "" : ` ON ${word} ${text}`;
      };
      const actions = `${action("ondelete", "DELETE")}${action("onupdate", "UPDATE")}`;
      return foreignKeyText(name, texts(local), texts(remote), actions, written, project);
    }
    default:
      return null;
  }
}

function initially(call: Call): string {
  const text = stringValue(argumentOf(call, "initially"));
  return text === null ? "" : ` INITIALLY ${text}`;
}
