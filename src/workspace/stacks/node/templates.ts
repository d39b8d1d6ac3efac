import type { Expression } from "../../languages/expression.ts";
import type { FactsByUri } from "../stack.ts";
import { patternNames } from "./entries.ts";
import type { CodeFact, EntryFact, NodeFacts } from "./facts.ts";
import { leadingNames } from "./iterations.ts";
import type { FoundFunction } from "./program.ts";

/** An entry that says what its function is told: `router.get(path, handler)` with parameters for both. */
export interface Template {
  readonly uri: string;
  readonly fact: CodeFact;
  readonly entry: EntryFact;
  /** Path or method come from the call: there is where the route is written. */
  readonly saysWhere: boolean;
}

/** Functions that register with the arguments they get, by function. */
export class Templates {
  readonly #byFunction = new Map<string, Template[]>();
  readonly #entries = new Set<EntryFact>();
  readonly #used = new Set<string>();

  constructor(facts: FactsByUri<NodeFacts>) {
    for (const [uri, fact] of facts) {
      if (fact.kind !== "code") continue;
      for (const entry of fact.entries) this.#consider(uri, fact, entry);
    }
  }

  has(entry: EntryFact): boolean {
    return this.#entries.has(entry);
  }

  /** What a function registers with its parameters; from then on it counts as used. */
  of({ uri, index }: FoundFunction): readonly Template[] {
    const key = `${uri}#${index}`;
    const found = this.#byFunction.get(key);
    if (found) this.#used.add(key);
    return found ?? [];
  }

  /** Templates of functions that no call was found to. */
  unused(): readonly Template[] {
    return [...this.#byFunction].flatMap(([key, templates]) => (this.#used.has(key) ? [] : templates));
  }

  #consider(uri: string, fact: CodeFact, entry: EntryFact): void {
    const names = new Set(
      (fact.functions[entry.scope]?.parameters ?? []).flatMap(([name]) => patternNames(name)),
    );
    if (names.size === 0) return;
    const isTold = (value: Expression | null | undefined) =>
      value && !isMade(value) ? leadingNames(value).some((name) => names.has(name)) : false;
    const isCall = entry.verb === "" || entry.verb === "()" || isOwnMethod(entry);
    const saysWhere = isCall
      ? entry.args.slice(entry.verb === "" || entry.verb === "()" ? 1 : 0).some(isTold) && !isHandOn(entry)
      : isTold(entry.chained ?? (isPlugin(entry) ? null : entry.args[0])) || isTold(entry.computed);
    const hasHandler = entry.args.some((value) => value.k === "name" && names.has(value.value));
    if (!saysWhere && (isCall || !hasHandler || isPlugin(entry))) return;
    // A middleware that is handed in is no place of its own.
    const template = {
      uri,
      fact,
      entry,
      saysWhere: saysWhere && !(entry.verb === "use" && entry.args.length < 2),
    };
    const key = `${uri}#${entry.scope}`;
    const list = this.#byFunction.get(key);
    if (list) list.push(template);
    else this.#byFunction.set(key, [template]);
    this.#entries.add(entry);
  }
}

/** `new UserRoutes(config).router`, `list(db)`: something else, made with a parameter. */
function isMade(value: Expression): boolean {
  return value.k === "call" || (value.k === "member" && isMade(value.of));
}

/** `this.get(path, handler)`: a method of the class itself. */
function isOwnMethod({ on }: EntryFact): boolean {
  return on.k === "name" && on.value === "this";
}

/** A router handed on together with other parameters registers what the next function says, not what it is told. */
function isHandOn({ verb, args, argument }: EntryFact): boolean {
  return verb === "" && !args.some((value, index) => index > 0 && index - 1 !== argument && isText(value));
}

function isText(value: Expression): boolean {
  return value.k === "string" || value.k === "template" || value.k === "binary";
}

/** `register(plugin, options)`, `addHook(name, fn)`: the first argument is no path. */
function isPlugin({ verb }: EntryFact): boolean {
  return verb === "register" || verb === "addHook" || verb === "decorate";
}
