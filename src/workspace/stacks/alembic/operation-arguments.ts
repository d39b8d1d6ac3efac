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
import { sqlOf } from "../sqlalchemy/sql-expression.ts";
import { quoted, quotedTable } from "./ddl-text.ts";

type WrittenCall = Written & { readonly expression: Call };

/** The arguments of an operation, whether it names its table itself or stands in a batch of one. */
export class OperationArguments {
  readonly project: PythonProject;
  readonly call: WrittenCall;
  readonly table: string | null;
  readonly schema: string | null;
  /** Positions count from the first argument after the table's. */
  readonly #skipped: boolean;
  readonly #tableAt: number;

  constructor(project: PythonProject, call: WrittenCall, batch: Call | null, tableAt: number) {
    this.project = project;
    this.call = call;
    this.#skipped = batch !== null;
    this.#tableAt = tableAt;
    const table = batch
      ? argumentAt(batch, 0, "table_name")
      : (argumentOf(call.expression, "table_name") ??
        argumentOf(call.expression, "source_table") ??
        positionalArguments(call.expression)[tableAt] ??
        null);
    this.table = table && this.textOf(table);
    const schema =
      argumentOf(batch ?? call.expression, "schema") ?? argumentOf(call.expression, "source_schema");
    this.schema = schema && this.textOf(schema);
  }

  /** The table as a statement writes it; null when it is computed. */
  get target(): string | null {
    return this.table === null ? null : quotedTable(this.schema, this.table);
  }

  /** An argument by its position in the call that names a table. */
  at(position: number, name: string): Expression | null {
    const isTable = position === this.#tableAt;
    if (this.#skipped && isTable) return null;
    const shifted = this.#skipped && position > this.#tableAt ? position - 1 : position;
    return argumentAt(this.call.expression, shifted, name);
  }

  option(name: string): Expression | null {
    return argumentOf(this.call.expression, name);
  }

  isOn(name: string): boolean {
    return isTrue(this.option(name));
  }

  /** A text, also `op.f("…")`; null for None and for what is computed. */
  textOf(expression: Expression | null): string | null {
    if (!expression) return null;
    const inner =
      calledName(expression) === "f" && expression.k === "call"
        ? positionalArguments(expression)[0]
        : expression;
    return inner ? this.project.text({ ...this.call, expression: inner }) : null;
  }

  texts(expression: Expression | null): readonly string[] | null {
    if (!expression) return null;
    const items = this.project.items({ ...this.call, expression });
    const texts = (items ?? []).map((item) => this.textOf(item.expression));
    return items && texts.every((text) => text !== null) ? texts : null;
  }

  /** ` DEFERRABLE INITIALLY DEFERRED`, as far as it is asked for. */
  get deferral(): string {
    const initially = this.textOf(this.option("initially"));
    return `${this.isOn("deferrable") ? " DEFERRABLE" : ""}${initially === null ? "" : ` INITIALLY ${initially}`}`;
  }

  /** A whole statement: a text, or `sa.text("…")`; null for what is put together. */
  statementOf(expression: Expression | null): string | null {
    if (!expression) return null;
    const text = this.textOf(expression);
    if (text !== null) return text;
    const { expression: value, ...at } = this.project.constant({ ...this.call, expression });
    const isText = value.k === "call" && /^(text|DDL)$/.test(calledName(value) ?? "");
    const [inner] = isText ? positionalArguments(value) : [];
    return inner ? this.project.text({ ...at, expression: inner }) : null;
  }

  /** SQL given as a text or as an expression of SQLAlchemy. */
  sqlOf(expression: Expression | null): string | null {
    if (!expression) return null;
    const text = this.textOf(expression);
    if (text !== null) return text;
    const { expression: value, ...at } = this.project.constant({ ...this.call, expression });
    const inner =
      value.k === "call" && /^(text|DDL|literal_column)$/.test(calledName(value) ?? "")
        ? positionalArguments(value)[0]
        : null;
    return inner ? this.project.text({ ...at, expression: inner }) : sqlOf(value, (name) => quoted(name));
  }
}
