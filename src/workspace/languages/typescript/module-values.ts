import type { Span } from "../../source.ts";
import type { Expression } from "../expression.ts";
import { type CompactOptions, compact } from "./compact-expression.ts";
import type { TypeScriptModule } from "./module.ts";
import { type ModuleNames, moduleNames } from "./name-resolution.ts";

/** A function that gives something back, as far as declarations are concerned. */
export interface FunctionValue {
  /** Name, `Class.method`, `object.member`; null for one written in place. */
  readonly path: string | null;
  readonly parameters: readonly string[];
  /** What parameters are when nothing is given for them; left out where there is none. */
  readonly defaults?: readonly (readonly [parameter: string, value: Expression])[];
  /** What it gives back, of each `return`. */
  readonly returned: readonly Expression[];
  readonly span: Span;
}

/** What the names of a module stand for. Compact and JSON-serialisable, to be part of a stack's facts. */
export interface ModuleValues {
  readonly names: ModuleNames;
  /** Top-level assignments, enums (an object of their members) and static properties (`Class.member`). */
  readonly values: readonly (readonly [target: string, value: Expression])[];
  readonly functions: readonly FunctionValue[];
}

const TEXT_LIMIT = 20_000;
const RETURNS = 4;

/** What the module's names stand for. `keep` decides which functions matter besides those of the top level. */
export function moduleValues(
  module: TypeScriptModule,
  options: CompactOptions = {},
  keep: (span: Span) => boolean = () => false,
): ModuleValues {
  const values: (readonly [string, Expression])[] = [];
  for (const { target, value, scope } of module.assignments) {
    if (scope !== -1 || value.k === "function" || sizeOf(module, value.span) > TEXT_LIMIT) continue;
    values.push([target, compact(value, options)]);
  }
  for (const { name, members } of module.enums) values.push([name, enumValue(members)]);
  for (const entry of module.classes) {
    for (const { name, value, isStatic } of entry.properties) {
      if (isStatic && value) values.push([`${entry.name}.${name}`, compact(value, options)]);
    }
  }
  return { names: moduleNames(module), values, functions: functionValues(module, options, keep) };
}

function functionValues(
  module: TypeScriptModule,
  options: CompactOptions,
  keep: (span: Span) => boolean,
): readonly FunctionValue[] {
  return module.functions.flatMap(({ path, parameters, returned, span, scope, kind }) => {
    const isTopLevel = scope === -1 && (kind === "function" || kind === "arrow");
    if (returned.length === 0 || !(isTopLevel || keep(span))) return [];
    const defaults = parameters.flatMap(({ name, default: value }) =>
      value ? [[name, compact(value, options)] as const] : [],
    );
    return [
      {
        path,
        parameters: parameters.map(({ name }) => name),
        ...(defaults.length > 0 && { defaults }),
        returned: returned.slice(0, RETURNS).map((value) => compact(value, options)),
        span,
      },
    ];
  });
}

/** An enumeration as an object: a member without a value counts on from the one before. */
function enumValue(
  members: readonly { readonly name: string; readonly value: Expression | null }[],
): Expression {
  let next = 0;
  const span: Span = [0, 0, 0, 0];
  const entries = members.map(({ name, value }) => {
    if (value?.k === "number") next = Number(value.value);
    const own: Expression = value ? compact(value) : { k: "number", value: String(next), span };
    next++;
    return [{ k: "string", value: name, span } as const, own] as const;
  });
  return { k: "dict", entries, span };
}

function sizeOf(module: TypeScriptModule, span: Span): number {
  return module.lines.offset(span[2], span[3]) - module.lines.offset(span[0], span[1]);
}
