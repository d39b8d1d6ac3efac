import type { Expression } from "../../languages/expression.ts";
import {
  argumentAt,
  argumentOf,
  type Call,
  calledName,
  isTrue,
  positionalArguments,
} from "../../languages/python/expressions.ts";
import type { PythonProject, Written } from "../python/project.ts";
import { type ColumnSpec, readColumn } from "../sqlalchemy/column-spec.ts";
import { isSerial } from "../sqlalchemy/models.ts";
import { shortened } from "../sqlalchemy/names.ts";
import { serverDefault, sqlOf } from "../sqlalchemy/sql-expression.ts";
import { literal, quoted, quotedTable } from "./ddl-text.ts";

type WrittenCall = Written & { readonly expression: Call };

/** A column as a statement defines it, with what has to be said beside it. */
export interface DdlColumn {
  readonly spec: ColumnSpec;
  readonly name: string;
  readonly call: WrittenCall;
  /** Constraints of its own as statements write them: `FOREIGN KEY(a) REFERENCES b (id)`. */
  readonly constraints: readonly string[];
  readonly comment: string | null;
  /** `CREATE TYPE …` for an enumeration that the database does not have yet. */
  readonly enumType: {
    readonly name: string;
    readonly values: readonly string[];
    readonly created: boolean;
  } | null;
}

const NOWHERE = {
  uri: "",
  range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
  hash: "",
};

/** Reads `sa.Column(…)` of a migration; null where a part of it cannot be known. */
export function readDdlColumn(project: PythonProject, call: WrittenCall): DdlColumn | null {
  const first = argumentAt(call.expression, 0, "name");
  const name = first && project.text({ ...call, expression: first });
  if (!name) return null;
  const spec = readColumn(project, name, [call], NOWHERE);
  if (spec.gap !== null || !spec.type || spec.type.ddl === null || spec.type.gap !== null) return null;
  const constraints: string[] = [];
  if (spec.unique && !spec.indexed) constraints.push(`UNIQUE (${quoted(name)})`);
  for (const key of spec.foreignKeys) {
    const target = project.text(key.target);
    if (target === null) return null;
    constraints.push(foreignKeyText(key.name, [name], [target], actions(key), call, project));
  }
  const comment = argumentOf(call.expression, "comment");
  return {
    spec,
    name,
    call,
    constraints,
    comment: comment && project.text({ ...call, expression: comment }),
    enumType: enumTypeOf(project, call, spec),
  };
}

function enumTypeOf(project: PythonProject, call: WrittenCall, spec: ColumnSpec): DdlColumn["enumType"] {
  if (!spec.type?.enumName) return null;
  const value = positionalArguments(call.expression)
    .map((each) => project.constant({ ...call, expression: each }).expression)
    .find((each) => /^(Enum|ENUM)$/.test(calledName(each) ?? ""));
  const given = value?.k === "call" ? argumentOf(value, "create_type") : null;
  return { name: spec.type.enumName, values: spec.type.values, created: !(given && !isTrue(given)) };
}

function actions({ onDelete, onUpdate }: { onDelete: string | null; onUpdate: string | null }): string {
  const word = (action: string) => action.replace("-", " ").toUpperCase();
  return `${onDelete ? ` ON DELETE ${word(onDelete)}` : ""}${onUpdate ? ` ON UPDATE ${word(onUpdate)}` : ""}`;
}

/** `CONSTRAINT n FOREIGN KEY(a) REFERENCES t (b) …`. Targets are written `table.column`. */
export function foreignKeyText(
  name: string | null,
  columns: readonly string[],
  targets: readonly string[],
  actionText: string,
  call: WrittenCall,
  project: PythonProject,
): string {
  const split = targets.map((target) => target.split("."));
  const [first = []] = split;
  const table = first.at(-2) ?? first[0] ?? "";
  const owner = first.length > 2 ? first.slice(0, -2).join(".") : null;
  const remote = split.map((parts) => quoted(parts.at(-1) ?? "")).join(", ");
  const initially = argumentOf(call.expression, "initially");
  const when = initially ? ` INITIALLY ${project.text({ ...call, expression: initially }) ?? ""}` : "";
  const deferrable = isTrue(argumentOf(call.expression, "deferrable")) ? " DEFERRABLE" : "";
  const start = name === null ? "" : `CONSTRAINT ${quoted(name)} `;
  return `${start}FOREIGN KEY(${columns.map(quoted).join(", ")}) REFERENCES ${quotedTable(owner, table)} (${remote})${actionText}${deferrable}${when}`;
}

/** `name TYPE DEFAULT x NOT NULL`; null where the default is computed. */
export function columnText(
  project: PythonProject,
  column: DdlColumn,
  primaryKey: readonly string[],
  /** Columns of foreign keys that stand beside the columns: they are filled with what they refer to. */
  referring: ReadonlySet<string> = new Set(),
): string | null {
  const { spec, call } = column;
  const ddl = spec.type?.ddl ?? "";
  const isKey = primaryKey.includes(column.name);
  const isAlone = isKey && primaryKey.length === 1;
  const server = argumentOf(call.expression, "server_default");
  const value =
    server && !isNone(server)
      ? serverDefault(project.constant({ ...call, expression: server }).expression)
      : null;
  const computed = positionalArguments(call.expression).find((each) => calledName(each) === "Computed");
  const identity = positionalArguments(call.expression).find((each) => calledName(each) === "Identity");
  if (
    server &&
    !isNone(server) &&
    value === null &&
    calledName(server) !== "Computed" &&
    calledName(server) !== "Identity"
  )
    return null;
  const serial =
    isKey && !identity && !referring.has(column.name) && isSerial(spec, ddl, isAlone)
      ? SERIALS[ddl]
      : undefined;
  const parts = [quoted(column.name), serial ?? ddl];
  if (value !== null) parts.push("DEFAULT", value);
  if (computed?.k === "call") {
    const text = positionalArguments(computed)[0];
    const sql = text && (project.text({ ...call, expression: text }) ?? sqlOf(text, () => null));
    if (!sql) return null;
    parts.push(`GENERATED ALWAYS AS (${sql}) STORED`);
  }
  if (identity?.k === "call") {
    const always = isTrue(argumentOf(identity, "always"));
    const options = identityOptions(identity);
    parts.push(
      `GENERATED ${always ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY${options === "" ? "" : ` (${options})`}`,
    );
  }
  // What an identity fills is never null, and SQLAlchemy does not say so again.
  if ((!(spec.nullable ?? !isKey) || isKey) && !identity) parts.push("NOT NULL");
  for (const each of positionalArguments(call.expression)) {
    if (each.k !== "call" || calledName(each) !== "CheckConstraint") continue;
    const text = checkText(project, { ...call, expression: each });
    if (text === null) return null;
    parts.push(text);
  }
  return parts.join(" ");
}

/** `CONSTRAINT n CHECK (…)`; null where the condition is computed. */
export function checkText(project: PythonProject, written: WrittenCall): string | null {
  const { expression } = written;
  const [condition, second] = positionalArguments(expression);
  const sql = condition && (project.text({ ...written, expression: condition }) ?? sqlOf(condition, quoted));
  const name = nameOf(project, written) ?? (second ? project.text({ ...written, expression: second }) : null);
  return sql ? `${name === null ? "" : `CONSTRAINT ${quoted(name)} `}CHECK (${sql})` : null;
}

/** The name of a constraint, also `op.f("…")`. */
export function nameOf(project: PythonProject, written: WrittenCall): string | null {
  const value = argumentOf(written.expression, "name");
  const inner =
    value?.k === "call" && /^(f|conv)$/.test(calledName(value) ?? "")
      ? (positionalArguments(value)[0] ?? null)
      : value;
  const name = inner && project.text({ ...written, expression: inner });
  return name && shortened(name);
}

function identityOptions(identity: Call): string {
  return [
    ["start", "START WITH"],
    ["increment", "INCREMENT BY"],
    ["minvalue", "MINVALUE"],
    ["maxvalue", "MAXVALUE"],
  ]
    .flatMap(([key = "", word = ""]) => {
      const value = argumentOf(identity, key);
      return value?.k === "number" ? [`${word} ${value.value}`] : [];
    })
    .join(" ");
}

const SERIALS: Readonly<Record<string, string>> = {
  INTEGER: "SERIAL",
  BIGINT: "BIGSERIAL",
  SMALLINT: "SMALLSERIAL",
};

function isNone(expression: Expression): boolean {
  return expression.k === "name" && /^(None|False)$/.test(expression.value);
}

export function createType(name: string, values: readonly string[]): string {
  return `CREATE TYPE ${quoted(name)} AS ENUM (${values.map(literal).join(", ")})`;
}
