import { hashText } from "../../hash.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ParsedFile } from "../../languages/parsed-file.ts";
import {
  argumentAt,
  type Call,
  calledName,
  listItems,
  stringValue,
} from "../../languages/python/expressions.ts";
import type { PythonAssignment, PythonFunction, PythonModule } from "../../languages/python/module.ts";
import { SourceText } from "../../languages/source-text.ts";
import { headOf, isSmall, nameOnly } from "../python/prune.ts";
import { substitute } from "../python/substitute.ts";
import { unrolled } from "../python/unroll.ts";
import type { AlembicFacts, DirectionFacts, OperationFacts, RevisionFacts } from "./facts.ts";

/** Calls of `op` that change nothing. */
const QUESTIONS =
  /^(f|get_bind|get_context|inline_literal|autocommit_block|batch_alter_table|invoke|implementation_for|register_operation)$/;
const HARMLESS =
  /^(print|len|str|int|list|dict|set|sorted|range|zip|enumerate|isinstance|get_bind|get_context|inspect|commit|flush|close|super|format|join|info|debug|warning|f)$/;
const DEPTH = 3;
const MAX_TEXT = 4000;

/** Facts of one Python file. */
export function extractAlembicFacts(file: ParsedFile): AlembicFacts | null {
  const module = file.python();
  if (!module) return null;
  const migration = readMigration(file.text, module);
  const types = module.classes.filter((item) =>
    item.bases.some((base) =>
      /(TypeDecorator|UserDefinedType|Enum)$/.test(dottedName(base.k === "subscript" ? base.of : base) ?? ""),
    ),
  );
  if (!migration && types.length === 0) return null;
  return {
    imports: module.imports,
    classes: types.map((item) => ({
      ...nameOnly(item),
      assignments: item.assignments.filter(({ value }) => isSmall(value)),
      methods: item.methods
        .filter(({ name }) => name === "load_dialect_impl")
        .map((method) => ({ ...headOf(method), returned: method.returned })),
    })),
    functions: [],
    assignments: module.assignments.filter(({ value }) => value !== null && isSmall(value)),
    bound: [],
    migration,
  };
}

function readMigration(text: string, module: PythonModule): RevisionFacts | null {
  const value = (name: string) => module.assignments.findLast(({ target }) => target === name);
  const revision = value("revision");
  const name = stringValue(revision?.value ?? null);
  const down = value("down_revision");
  if (!revision || !name || !down) return null;
  const source = new SourceText(text);
  const reader = new DirectionReader(module, source);
  const lines = text.split("\n");
  const lastRow = Math.max(0, lines.length - 1);
  return {
    revision: name,
    down: textsOf(down.value),
    labels: textsOf(value("branch_labels")?.value ?? null),
    dependsOn: textsOf(value("depends_on")?.value ?? null),
    message: module.documentation?.split("\n")[0]?.trim() || null,
    upgrade: reader.read("upgrade"),
    downgrade: reader.read("downgrade"),
    nameSpan: revision.value?.span ?? revision.span,
    span: [0, 0, lastRow, lines[lastRow]?.length ?? 0],
    hash: hashText(text),
  };
}

/** A text, or the texts of a list; none for None. */
function textsOf(expression: Expression | null): readonly string[] {
  const lone = stringValue(expression);
  if (lone !== null) return [lone];
  return (listItems(expression) ?? []).flatMap((item) => stringValue(item) ?? []);
}

class DirectionReader {
  readonly #module: PythonModule;
  readonly #source: SourceText;

  constructor(module: PythonModule, source: SourceText) {
    this.#module = module;
    this.#source = source;
  }

  read(name: string): DirectionFacts | null {
    const item = this.#module.functions.find((each) => each.name === name);
    if (!item) return null;
    const operations: OperationFacts[] = [];
    const locals: PythonAssignment[] = [];
    const others = new Set<string>();
    const outermost = { conditional: false, autocommit: false, given: new Map<string, Expression>() };
    this.#collect(item, operations, locals, others, outermost, 0);
    const body = this.#source.slice(item.span);
    return { operations, locals, others: [...others], raises: /^\s+raise\b/m.test(body), span: item.span };
  }

  #collect(
    item: PythonFunction,
    into: OperationFacts[],
    locals: PythonAssignment[],
    others: Set<string>,
    around: Around,
    depth: number,
  ): void {
    locals.push(...item.assignments.filter(({ value }) => value !== null && isSmall(value)));
    const connections = new Set(
      item.assignments
        .filter(({ value }) => value !== null && isConnection(value))
        .map(({ target }) => target),
    );
    const enums = new Set(
      item.assignments
        .concat(this.#module.assignments)
        .filter(({ value }) => /^(Enum|ENUM)$/.test((value && calledName(value)) ?? ""))
        .map(({ target }) => target),
    );
    for (const call of item.calls) {
      if (call.k !== "call") continue;
      const blocks = this.#blocks(item, call);
      const batch = blocks.findLast((block) => block.kind === "batch");
      const conditional = around.conditional || blocks.some((block) => block.kind === "open");
      const autocommit = around.autocommit || blocks.some((block) => block.kind === "autocommit");
      const name = this.#operationName(call, batch?.variable ?? null, connections, enums);
      if (name !== null) {
        const text = this.#source.slice(call.span);
        const batchCall =
          batch && call.callee.k === "member" && dottedName(call.callee.of) === batch.variable
            ? this.#batchCall(item, batch.row)
            : null;
        const rounds = this.#rounds(item, call, batchCall, around.given);
        for (const each of rounds ?? [{ call, batch: batchCall }])
          into.push({
            name,
            ...each,
            autocommit,
            conditional: conditional || rounds === null,
            text: text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text,
            span: call.span,
            hash: this.#source.hash(call.span),
          });
        continue;
      }
      const called = dottedName(call.callee);
      const inner = called === null ? undefined : this.#module.functions.find((each) => each.name === called);
      if (inner && depth < DEPTH && inner !== item) {
        const given = new Map<string, Expression>();
        inner.parameters.forEach((parameter, position) => {
          const value = argumentAt(call, position, parameter.name) ?? parameter.default;
          if (value) given.set(parameter.name, substitute(value, around.given));
        });
        this.#collect(inner, into, locals, others, { conditional, autocommit, given }, depth + 1);
        continue;
      }
      const last = calledName(call) ?? "";
      const head = called?.split(".")[0] ?? "";
      if (
        !HARMLESS.test(last) &&
        !/^(op|sa|postgresql|batch_op|logger|log)$/.test(head) &&
        !QUESTIONS.test(last) &&
        !/^(Enum|ENUM|table|column|Table|Column|MetaData|text)$/.test(last)
      ) {
        others.add(called ?? last);
      }
    }
  }

  /** An operation and its batch with the items of the loops around them in place; null where a list is not known. */
  #rounds(
    item: PythonFunction,
    call: Call,
    batch: Call | null,
    given: ReadonlyMap<string, Expression>,
  ): readonly { readonly call: Call; readonly batch: Call | null }[] | null {
    const expressionOf = (name: string | null): Expression | null =>
      (name === null ? null : given.get(name)) ??
      item.assignments.concat(this.#module.assignments).find(({ target }) => target === name)?.value ??
      null;
    const itemsOf = (list: Expression): readonly Expression[] | null => {
      const value = expressionOf(dottedName(list)) ?? list;
      if (value.k === "dict") return value.entries.map((items) => ({ k: "list", items, span: value.span }));
      return listItems(value);
    };
    const both: Expression = { k: "list", items: batch ? [call, batch] : [call], span: call.span };
    const found = unrolled(both, item, itemsOf);
    return (
      found?.flatMap((each) => {
        const [first, second] = (each.k === "list" ? each.items : []).map((part) => substitute(part, given));
        return first?.k === "call" ? [{ call: first, batch: second?.k === "call" ? second : null }] : [];
      }) ?? null
    );
  }

  /** `op.add_column`, `batch_op.add_column`, `bind.execute`, `status.create(bind)`; null for anything else. */
  #operationName(
    call: Call,
    batch: string | null,
    connections: ReadonlySet<string>,
    enums: ReadonlySet<string>,
  ): string | null {
    if (call.callee.k !== "member") return null;
    const { name, of } = call.callee;
    const receiver = dottedName(of);
    if (receiver === "op" || receiver === "alembic.op" || (batch !== null && receiver === batch))
      return QUESTIONS.test(name) ? null : name;
    if (
      /^(execute|exec_driver_sql)$/.test(name) &&
      (isConnection(of) || (receiver !== null && connections.has(receiver)))
    )
      return "execute";
    if (
      /^(create|drop)$/.test(name) &&
      (/^(Enum|ENUM)$/.test(calledName(of) ?? "") || (receiver !== null && enums.has(receiver)))
    )
      return `enum.${name}`;
    return null;
  }

  /** The `with` blocks and conditions that a call stands in, outermost first, by the indentation of the lines above. */
  #blocks(item: PythonFunction, call: Call): readonly Block[] {
    const found: Block[] = [];
    let indent = indentOf(this.#source.line(call.span[0]));
    for (let row = call.span[0] - 1; row > item.span[0] && indent > 0; row--) {
      const line = this.#source.line(row);
      if (line.trim() === "" || line.trim().startsWith("#") || indentOf(line) >= indent) continue;
      if (!/^\s*(with|if|elif|else|for|while|try|except|finally|def|async)\b/.test(line)) continue;
      indent = indentOf(line);
      const header = /^\s*with\b/.test(line) ? this.#header(row) : line;
      const variable = /batch_alter_table\([\s\S]*\)\s*as\s+(\w+)/.exec(header)?.[1];
      if (variable !== undefined) found.unshift({ kind: "batch", variable, row });
      else if (/autocommit_block\(\)/.test(header))
        found.unshift({ kind: "autocommit", variable: null, row });
      else if (/^\s*(def|async)\b/.test(line)) break;
      else if (!/^\s*(with|try|for|async for)\b/.test(line))
        found.unshift({ kind: "open", variable: null, row });
    }
    return found;
  }

  /** The header of a `with` statement, which may take several lines. */
  #header(row: number): string {
    let text = "";
    for (let at = row; at < row + 12; at++) {
      text += `${this.#source.line(at)}\n`;
      if (/:\s*(#.*)?$/.test(this.#source.line(at))) break;
    }
    return text;
  }

  #batchCall(item: PythonFunction, row: number): Call | null {
    const found = item.calls.find(
      (call) =>
        call.k === "call" &&
        calledName(call) === "batch_alter_table" &&
        call.span[0] >= row &&
        call.span[0] <= row + 1,
    );
    return found?.k === "call" ? found : null;
  }
}

/** What holds for all calls of a function that is read for another. */
interface Around {
  readonly conditional: boolean;
  readonly autocommit: boolean;
  /** What the parameters of the function stand for. */
  readonly given: ReadonlyMap<string, Expression>;
}

interface Block {
  readonly kind: "batch" | "autocommit" | "open";
  readonly variable: string | null;
  readonly row: number;
}

function isConnection(expression: Expression): boolean {
  return /(^|\.)get_bind$/.test((expression.k === "call" ? dottedName(expression.callee) : null) ?? "");
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
