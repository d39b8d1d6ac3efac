import { dottedName, type Expression } from "../../languages/expression.ts";
import type { ModuleValues } from "../../languages/typescript/module-values.ts";
import type { Origin } from "../../languages/typescript/name-resolution.ts";
import type { ProjectConfig } from "../../languages/typescript/project-config.ts";
import { dictOf, substituted, ValueTable } from "../../languages/typescript/value-table.ts";
import { rangeOf, type SourceRef } from "../../source.ts";
import type { FactsByUri } from "../stack.ts";
import type { ClassFact, DecoratorFact, NestFacts } from "./facts.ts";

export interface PlacedClass {
  readonly uri: string;
  readonly fact: ClassFact;
}

/** A decorator in force: what it comes from, with those that a decorator of the workspace puts together taken apart. */
export interface Decorator {
  /** Module and exported name of a package; the name alone of something of the workspace. */
  readonly module: string | null;
  readonly name: string;
  readonly args: readonly Expression[];
  /** File that the names in the arguments are to be read in. */
  readonly uri: string;
  /** As it stands at the class or method: `Public()`. */
  readonly written: Expression;
  readonly source: SourceRef;
  /** Whether it is in force depends on a condition in the decorator around it. */
  readonly isUncertain: boolean;
}

const DEPTH = 6;

/** The classes of the workspace and what their decorators stand for. */
export class NestProgram {
  readonly values: ValueTable;
  readonly #classes = new Map<string, ClassFact>();

  constructor(facts: FactsByUri<NestFacts>) {
    const files = new Map<string, ModuleValues>();
    const configs = new Map<string, ProjectConfig>();
    for (const [uri, fact] of facts) {
      if (fact.kind === "config") configs.set(uri, fact.config);
      else {
        files.set(uri, fact.values);
        for (const entry of fact.classes) this.#classes.set(`${uri}#${entry.name}`, entry);
      }
    }
    this.values = new ValueTable(files, configs);
  }

  classAt(origin: Origin | null): PlacedClass | null {
    if (origin?.kind !== "workspace") return null;
    const fact = this.#classes.get(`${origin.uri}#${origin.name}`);
    return fact ? { uri: origin.uri, fact } : null;
  }

  classNamed(uri: string, name: string): PlacedClass | null {
    return this.classOf(uri, { k: "name", value: name, span: [0, 0, 0, 0] });
  }

  /** The class behind `X`, `new X()`, `forwardRef(() => X)`, `X.forRoot()`. */
  classOf(uri: string, value: Expression, depth = 0): PlacedClass | null {
    if (depth > DEPTH) return null;
    if (value.k === "function") {
      const result = this.values.resultOf(uri, value);
      return result && this.classOf(result.uri, result.value, depth + 1);
    }
    if (value.k === "call") {
      const [first] = value.args;
      if (dottedName(value.callee) === "forwardRef" && first)
        return this.classOf(uri, first.value, depth + 1);
      const direct = this.classAt(this.values.originOf(uri, value.callee));
      if (direct) return direct;
      return value.callee.k === "member" ? this.classAt(this.values.originOf(uri, value.callee.of)) : null;
    }
    return this.classAt(this.values.originOf(uri, value));
  }

  /** The class that another one extends, also through `PartialType(X)`-like calls of the workspace. */
  baseOf({ uri, fact }: PlacedClass): PlacedClass | null {
    return fact.extends ? this.classOf(uri, fact.extends) : null;
  }

  decorators(uri: string, written: readonly DecoratorFact[]): readonly Decorator[] {
    return written.flatMap(({ value, span, hash }) =>
      this.#expanded(uri, value, value, { uri, range: rangeOf(span), hash }, 0),
    );
  }

  /** Decorators that are written in place of a parameter, without being taken apart. */
  named(
    uri: string,
    value: Expression,
  ): { readonly module: string | null; readonly name: string; readonly args: readonly Expression[] } {
    const callee = value.k === "call" ? value.callee : value;
    const origin = this.values.originOf(uri, callee);
    const name = (origin?.name ?? dottedName(callee) ?? "").replace(/^.*\./, "");
    return {
      module: origin?.kind === "package" ? origin.module : null,
      name,
      args: value.k === "call" ? value.args.map((argument) => argument.value) : [],
    };
  }

  /** Metadata key of `const Roles = Reflector.createDecorator()`: its option, or the name; null for anything else. */
  createdKey(uri: string, value: Expression): string | null {
    const set = this.values.valueOf(uri, value);
    if (set?.value.k !== "call" || this.named(set.uri, set.value).name !== "createDecorator") return null;
    return this.values.textOf(set.uri, dictOf(set.value.args[0]?.value).get("key")) ?? dottedName(value);
  }

  #expanded(
    uri: string,
    value: Expression,
    written: Expression,
    source: SourceRef,
    depth: number,
  ): readonly Decorator[] {
    const { module, name, args } = this.named(uri, value);
    const own: Decorator = { module, name, args, uri, written, source, isUncertain: false };
    if (module !== null || depth > DEPTH) {
      if (name !== "applyDecorators") return [own];
      return args.flatMap((argument) => this.#spread(uri, argument, written, source, depth));
    }
    const callee = value.k === "call" ? value.callee : value;
    const found = this.values.functionOf(uri, callee);
    if (found) {
      const given = new Map(
        found.fact.parameters.flatMap((parameter, at) => {
          const argument = args[at];
          return argument ? [[parameter, argument] as const] : [];
        }),
      );
      const inner = found.fact.returned.flatMap((result) =>
        this.#expanded(found.uri, substituted(result, given), written, source, depth + 1),
      );
      return inner.length > 0 ? inner : [own];
    }
    // `export const Public = Reflector.createDecorator()`, `export const Admin = SetMetadata(…)`.
    const set = this.values.valueOf(uri, callee);
    if (set?.value.k === "call") {
      const made = this.named(set.uri, set.value);
      const key: Expression = { k: "string", value: this.createdKey(uri, callee) ?? "", span: [0, 0, 0, 0] };
      const own = made.name === "createDecorator" ? [key] : made.args;
      if (made.module !== null)
        return [{ ...made, args: own, uri: set.uri, written, source, isUncertain: false }];
    }
    return [own];
  }

  /** `applyDecorators(...list)`, and decorators that depend on a condition. */
  #spread(
    uri: string,
    value: Expression,
    written: Expression,
    source: SourceRef,
    depth: number,
  ): readonly Decorator[] {
    if (value.k === "binary" && value.op === "...") {
      const list = this.values.valueOf(uri, value.right);
      return list?.value.k === "list"
        ? list.value.items.flatMap((item) => this.#spread(list.uri, item, written, source, depth + 1))
        : [];
    }
    if (value.k === "call" && dottedName(value.callee) === "maybe") {
      return value.args
        .flatMap((argument) => this.#expanded(uri, argument.value, written, source, depth + 1))
        .map((decorator) => ({ ...decorator, isUncertain: true }));
    }
    return this.#expanded(uri, value, written, source, depth + 1);
  }
}

/** Comes from Nest itself. */
export function isCommon({ module }: Pick<Decorator, "module">): boolean {
  return module !== null && /^@nestjs\/(?:common|core)(?:\/|$)/.test(module);
}
