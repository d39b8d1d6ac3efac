import type { Expression } from "../../languages/expression.ts";
import {
  argumentAt,
  argumentOf,
  booleanValue,
  type Call,
  isNone,
  listItems,
  positionalArguments,
  stringValue,
} from "../../languages/python/expressions.ts";
import type { OperationArguments } from "./migration-arguments.ts";
import type { Change } from "./migration-changes.ts";
import type { ModelState, ProjectState } from "./migration-state.ts";
import { literalSql, quoteName } from "./predicates.ts";
import { constantOf, type Written } from "./values.ts";

/** What one operation does: the changes of the database, and what a person wants to read about it. */
export interface AppliedOperation {
  /** The framework's own word, of Django's class for one that the workspace derives from it. */
  readonly name: string;
  readonly subject: string;
  readonly model: ModelState | null;
  readonly columns: readonly string[];
  /** Null when it cannot be told what the operation does to the database. */
  readonly changes: readonly Change[] | null;
  /** Null where the changes decide. */
  readonly reversible: boolean | null | "by-changes";
  readonly gap: string | null;
}

/** An operation that is understood. */
export function done(
  name: string,
  model: ModelState | null,
  subject: string,
  columns: readonly string[],
  changes: readonly Change[],
): AppliedOperation {
  return { name, subject, model, columns, changes, reversible: "by-changes", gap: null };
}

/** An operation on a model that was not seen. */
export function missing(name: string, model: string | null): AppliedOperation {
  return unknown(
    name,
    `the model ${model ?? ""} was not created by the migrations before`.replace("  ", " "),
    model ?? "",
  );
}

/** An operation that is not understood. */
export function unknown(name: string, gap: string, subject = ""): AppliedOperation {
  return { name, subject, model: null, columns: [], changes: null, reversible: null, gap };
}

export function runSql(state: ProjectState, written: Written, call: Call): AppliedOperation {
  const forward = statementsOf(state, written, argumentAt(call, 0, "sql"));
  const reverse = argumentAt(call, 1, "reverse_sql");
  const hasReverse = reverse !== null && !isNone(reverse);
  const backward = hasReverse ? statementsOf(state, written, reverse) : null;
  return {
    name: "RunSQL",
    subject: (forward?.[0] ?? "").replace(/\s+/g, " ").slice(0, 80),
    model: null,
    columns: [],
    changes: [{ kind: "statements", forward, backward }],
    reversible: hasReverse,
    gap: forward === null ? "the SQL is not a literal" : null,
  };
}

/** A string, or a list of strings and of (sql, parameters); `RunSQL.noop` is none. */
function statementsOf(
  state: ProjectState,
  written: Written,
  expression: Expression | null,
): readonly string[] | null {
  if (!expression) return null;
  const constant = constantOf(state.project, { ...written, expression });
  const text = stringValue(constant.expression);
  if (text !== null) return text.trim() === "" ? [] : [text];
  if (constant.expression.k === "member" && constant.expression.name === "noop") return [];
  const items = listItems(constant.expression);
  if (!items) return null;
  const statements = items.map((item) => stringValue(item) ?? withParameters(item));
  return statements.every((statement) => statement !== null) ? statements : null;
}

/** `(sql, [parameters])` with literal parameters in place; null where one of them is not a literal. */
function withParameters(pair: Expression): string | null {
  const [first, second] = listItems(pair) ?? [];
  const text = stringValue(first ?? null);
  const values = (second && listItems(second)) ?? [];
  const literals = values.map(literalSql);
  if (text === null || literals.includes(null)) return null;
  return literals.reduce<string>((sql, literal) => sql.replace("%s", () => literal ?? ""), text);
}

export function runPython(call: Call): AppliedOperation {
  const [code] = positionalArguments(call);
  const forward = code ?? argumentOf(call, "code");
  const reverse = argumentAt(call, 1, "reverse_code");
  const name = forward?.k === "name" ? forward.value : forward?.k === "member" ? forward.name : "";
  return {
    name: "RunPython",
    subject: name,
    model: null,
    columns: [],
    changes: name === "noop" ? [] : null,
    reversible: reverse !== null && !isNone(reverse),
    gap: null,
  };
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  BloomExtension: "bloom",
  BtreeGinExtension: "btree_gin",
  BtreeGistExtension: "btree_gist",
  CITextExtension: "citext",
  CryptoExtension: "pgcrypto",
  HStoreExtension: "hstore",
  TrigramExtension: "pg_trgm",
  UnaccentExtension: "unaccent",
  VectorExtension: "vector",
};

/** The PostgreSQL extension that an operation such as `TrigramExtension()` creates; null for any other operation. */
export function extensionOf(operation: string): string | null {
  return EXTENSIONS[operation] ?? null;
}

/** `CreateCollation` and its reverse. */
export function collation(
  operation: "CreateCollation" | "RemoveCollation",
  read: OperationArguments,
): AppliedOperation {
  const name = read.text(0, "name") ?? "";
  const provider = read.text(2, "provider");
  const options = [`locale=${quoteName(read.text(1, "locale") ?? "")}`];
  if (provider !== null && provider !== "libc") options.push(`provider=${quoteName(provider)}`);
  if (booleanValue(read.value(3, "deterministic")) === false) options.push("deterministic=false");
  const create = [`CREATE COLLATION ${quoteName(name)} (${options.join(", ")})`];
  const drop = [`DROP COLLATION ${quoteName(name)}`];
  const isCreate = operation === "CreateCollation";
  const change: Change = {
    kind: "statements",
    forward: isCreate ? create : drop,
    backward: isCreate ? drop : create,
  };
  return done(operation, null, name, [], [change]);
}
