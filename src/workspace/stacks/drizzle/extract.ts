import { hashText } from "../../hash.ts";
import { dottedName, type Expression } from "../../languages/expression.ts";
import { compact } from "../../languages/typescript/compact-expression.ts";
import type { TypeScriptFunction, TypeScriptModule } from "../../languages/typescript/module.ts";
import { type ModuleValues, moduleValues } from "../../languages/typescript/module-values.ts";
import { dictOf } from "../../languages/typescript/value-table.ts";
import type { Span } from "../../source.ts";
import { queriesIn } from "./extract-queries.ts";
import type { ColumnSetFact, DrizzleFacts, EntryFact, RelationsFact, TableFact } from "./facts.ts";

type Call = Extract<Expression, { k: "call" }>;

const KEEP = { tagged: true, depth: 14, entries: 400 };

/** What a file has of tables, relations, queries, and names that lead to them; null when it has nothing. */
export function extractCode(module: TypeScriptModule, text: string): DrizzleFacts | null {
  const reader = new Reader(module);
  const tables = reader.tables();
  const sets = reader.columnSets();
  const relations = reader.relations();
  const queries = queriesIn(module);
  const casing = casingIn(text);
  const declares = /drizzle-orm/.test(text);
  const passesOn = module.exports.some((entry) => entry.module !== null);
  const holdsText = module.assignments.some(({ value, scope }) => scope === -1 && value.k === "string");
  if (!declares && queries.length === 0 && !passesOn && !casing && !holdsText && sets.length === 0)
    return null;
  return {
    kind: "code",
    values: declares ? reader.values() : withoutFunctions(moduleValues(module, { depth: 3, entries: 60 })),
    tables: declares || tables.some(({ columns }) => columns.length > 0) ? tables : [],
    sets,
    relations,
    queries,
    casing,
  };
}

/** A file that only names things has no part in what tables are made of. */
function withoutFunctions(values: ModuleValues): ModuleValues {
  return {
    ...values,
    values: values.values.filter(([, value]) =>
      ["name", "string", "list", "dict", "member"].includes(value.k),
    ),
    functions: [],
  };
}

/** What a client or the migration tool is given as `casing`: its text, or the name that stands for it. */
function casingIn(text: string): Expression | null {
  if (!/drizzle/.test(text)) return null;
  const [, written, name] =
    /\bcasing\s*:\s*(?:["'`](snake_case|camelCase)["'`]|([A-Za-z_$][\w$]*))/.exec(text) ?? [];
  const span: Span = [0, 0, 0, 0];
  if (written !== undefined) return { k: "string", value: written, span };
  return name === undefined ? null : { k: "name", value: name, span };
}

class Reader {
  readonly #module: TypeScriptModule;
  readonly #bySpan: ReadonlyMap<string, TypeScriptFunction>;

  constructor(module: TypeScriptModule) {
    this.#module = module;
    this.#bySpan = new Map(module.functions.map((entry) => [entry.span.join(), entry]));
  }

  /** Functions written inside of top-level values matter: `() => users.id`, `(name) => "app_" + name`. */
  values(): ModuleValues {
    const kept = moduleValues(
      this.#module,
      KEEP,
      (span) => this.#bySpan.get(span.join())?.returned.length === 1,
    );
    const tables = new Set(
      this.tables().flatMap(({ name, columns }) => (columns.some(({ key }) => key !== null) ? [name] : [])),
    );
    // Tables and sets of columns are facts of their own.
    return { ...kept, values: kept.values.filter(([target]) => !tables.has(target)) };
  }

  tables(): readonly TableFact[] {
    return this.#module.assignments.flatMap((assignment) => {
      const { value, target, scope, span, nameSpan } = assignment;
      if (scope !== -1) return [];
      const call = withoutModifiers(value);
      const [title, columns, extras] = call?.args.map((argument) => argument.value) ?? [];
      if (!call || !title || !columns || !mayBeTitle(title)) return [];
      const object = this.#objectOf(columns);
      if (!object) return [];
      const rest = extras ? this.#itemsOf(extras) : { entries: [], parameter: null };
      return [
        {
          name: target,
          callee: compact(call.callee, KEEP),
          title: compact(title, KEEP),
          columns: object.entries,
          columnsParameter: object.parameter,
          extras: rest.entries,
          extrasParameter: rest.parameter,
          nameSpan,
          span,
          hash: this.#hash(span),
        },
      ];
    });
  }

  columnSets(): readonly ColumnSetFact[] {
    const sets: ColumnSetFact[] = [];
    for (const { target, value, scope } of this.#module.assignments) {
      if (scope === -1 && value.k === "dict" && value.entries.some(([, entry]) => mayBeColumn(entry))) {
        sets.push({ name: target, entries: this.#entries(value) });
      }
    }
    for (const { path, scope, returned } of this.#module.functions) {
      const [value] = returned;
      if (scope !== -1 || path === null || value?.k !== "dict") continue;
      if (value.entries.some(([, entry]) => mayBeColumn(entry)))
        sets.push({ name: path, entries: this.#entries(value) });
    }
    return sets;
  }

  relations(): readonly RelationsFact[] {
    return this.#module.calls.flatMap(({ expression }) => {
      if (expression.k !== "call") return [];
      const name = dottedName(expression.callee) ?? "";
      const [table, callback] = expression.args.map((argument) => argument.value);
      if (!table || callback?.k !== "function") return [];
      const object = this.#objectOf(callback);
      if (!object) return [];
      if (/(?:^|\.)relations$/.test(name)) return [{ table: compact(table), entries: object.entries }];
      if (!/(?:^|\.)defineRelations(?:Part)?$/.test(name)) return [];
      const returned = this.#bySpan.get(callback.span.join())?.returned[0];
      return [...dictOf(returned)].flatMap(([key, value]) =>
        value.k === "dict"
          ? [{ table: { k: "string" as const, value: key, span: value.span }, entries: this.#entries(value) }]
          : [],
      );
    });
  }

  /** The columns of a table: an object, what a callback gives back, or a name that stands for an object. */
  #objectOf(
    value: Expression,
  ): { readonly entries: readonly EntryFact[]; readonly parameter: string | null } | null {
    if (value.k === "dict") return { entries: this.#entries(value), parameter: null };
    if (value.k === "name" || value.k === "member")
      return { entries: [this.#entry(null, value)], parameter: null };
    if (value.k !== "function") return null;
    const callback = this.#bySpan.get(value.span.join());
    const returned = callback?.returned[0];
    if (returned?.k !== "dict") return null;
    return { entries: this.#entries(returned), parameter: callback?.parameters[0]?.name ?? "" };
  }

  #itemsOf(value: Expression): { readonly entries: readonly EntryFact[]; readonly parameter: string | null } {
    const callback = value.k === "function" ? this.#bySpan.get(value.span.join()) : null;
    const returned = callback?.returned[0] ?? value;
    const parameter = callback?.parameters[0]?.name ?? null;
    if (returned.k === "dict") return { entries: this.#entries(returned), parameter };
    if (returned.k !== "list") return { entries: [], parameter };
    return { entries: returned.items.map((item) => this.#entry(null, item)), parameter };
  }

  #entries(dict: Extract<Expression, { k: "dict" }>): readonly EntryFact[] {
    return dict.entries.flatMap(([key, value]) => {
      if (key.k === "string") {
        const span: Span = [key.span[0], key.span[1], value.span[2], value.span[3]];
        return [{ key: key.value, value: compact(value, KEEP), span, hash: this.#hash(span) }];
      }
      return key.k === "name" && key.value === "..." ? [this.#entry(null, value)] : [];
    });
  }

  #entry(key: string | null, value: Expression): EntryFact {
    return { key, value: compact(value, KEEP), span: value.span, hash: this.#hash(value.span) };
  }

  #hash(span: Span): string {
    return hashText(this.#module.lines.slice(span));
  }
}

/** `pgTable(…).enableRLS()`, `pgView(…).as(…)`: the call at the start of the chain. */
function withoutModifiers(value: Expression): Call | null {
  let at = value;
  while (
    at.k === "call" &&
    at.callee.k === "member" &&
    at.callee.of.k === "call" &&
    /^(?:enableRLS|withRLS|as|existing|using|with)$/.test(at.callee.name)
  ) {
    at = at.callee.of;
  }
  return at.k === "call" ? at : null;
}

function mayBeTitle(value: Expression): boolean {
  return ["string", "template", "name", "member", "binary", "call"].includes(value.k);
}

function mayBeColumn(value: Expression): boolean {
  return value.k === "call";
}
