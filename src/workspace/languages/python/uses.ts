import { hashText } from "../../hash.ts";
import type { ModelUse } from "../../ir/reference.ts";
import { rangeOf, type Span } from "../../source.ts";
import { dottedName } from "../expression.ts";
import type { PythonImport, PythonModule } from "./module.ts";

/** Uses of capitalised names, with what repeats said once: names, places and lines are numbered. */
export interface UseFacts {
  readonly names: readonly string[];
  /** Function, method or class that a use stands in; null for the top level. */
  readonly places: readonly (string | null)[];
  /** Texts of lines, trimmed. */
  readonly lines: readonly string[];
  readonly items: readonly (readonly [name: number, place: number, line: number, at: Span])[];
}

/** References that may name a class of the workspace; `foreign` matches the modules that hold none. */
export function extractUses(
  module: PythonModule,
  imports: readonly PythonImport[],
  foreign: RegExp,
): UseFacts {
  const own = new Set(module.classes.map((item) => item.name));
  for (const { target, value } of module.assignments) if (value && dottedName(value)) own.add(target);
  const starred = imports.some((item) => item.alias === "*" && !foreign.test(item.module));
  const imported = new Map(
    imports.toReversed().map((item) => [item.alias.split(".", 1)[0] ?? "", item] as const),
  );
  const mayBeModel = (name: string) => {
    const head = name.split(".", 1)[0] ?? "";
    const source = imported.get(head);
    return source ? !foreign.test(source.module) : own.has(head) || starred;
  };
  const names = new Map<string, number>();
  const places = new Map<string | null, number>();
  const lines = new Map<string, number>();
  const items: UseFacts["items"][number][] = [];
  for (const { name, within, span, line } of module.references) {
    if (!names.has(name) && !mayBeModel(name)) continue;
    items.push([numberOf(names, name), numberOf(places, within), numberOf(lines, line), span]);
  }
  return { names: [...names.keys()], places: [...places.keys()], lines: [...lines.keys()], items };
}

/** The uses of a file whose name stands for a model. */
export function usesIn(
  uri: string,
  { names, places, lines, items }: UseFacts,
  modelIdOf: (name: string) => string | null,
): readonly ModelUse[] {
  const ids = names.map(modelIdOf);
  // The range of a use holds the name and nothing else.
  const hashes = names.map((name, index) => (ids[index] ? hashText(name) : ""));
  const uses: ModelUse[] = [];
  for (const [name, place, line, span] of items) {
    const modelId = ids[name] ?? null;
    if (modelId === null) continue;
    uses.push({
      modelId,
      uri,
      range: rangeOf(span),
      hash: hashes[name] ?? "",
      within: places[place] ?? null,
      line: lines[line] ?? "",
    });
  }
  return uses;
}

function numberOf<K>(numbers: Map<K, number>, key: K): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}
