import type { Expression } from "../../languages/expression.ts";
import { substituted, type ValueTable } from "../../languages/typescript/value-table.ts";

/** A decorator as it applies: of TypeORM, or of another origin and without a name. */
export interface AppliedDecorator {
  /** The name under which TypeORM exports it; null for one of another origin. */
  readonly name: string | null;
  readonly args: readonly Expression[];
  /** The file that names in the arguments are to be read in. */
  readonly uri: string;
}

const DEPTH = 4;

/** The name under which TypeORM exports a decorator; null for one of another origin. */
export function decoratorName(values: ValueTable, uri: string, decorator: Expression): string | null {
  const callee = decorator.k === "call" ? decorator.callee : decorator;
  const origin = values.originOf(uri, callee);
  if (origin?.kind !== "package") return null;
  return /^typeorm(?:\/|$)|^@mikro-orm$/.test(origin.module) ? origin.name.replace(/^.*\./, "") : null;
}

export function argumentsOf(decorator: Expression): readonly Expression[] {
  return decorator.k === "call" ? decorator.args.map(({ value }) => value) : [];
}

/**
 * What a decorator comes down to: itself, or those that a function of the workspace gives back:
 * `function Money(options) { return Column({ type: "numeric", ...options }) }`, `applyDecorators(Column(), Index())`.
 */
export function appliedDecorators(
  values: ValueTable,
  uri: string,
  decorator: Expression,
  depth = 0,
): readonly AppliedDecorator[] {
  const name = decoratorName(values, uri, decorator);
  const own: AppliedDecorator = { name, args: argumentsOf(decorator), uri };
  if (name !== null || decorator.k !== "call" || depth > DEPTH) return [own];
  const found = values.functionOf(uri, decorator.callee);
  const [result] = found?.fact.returned ?? [];
  if (!found || result?.k !== "call") return [own];
  const { parameters, defaults = [] } = found.fact;
  const given = new Map([
    ...defaults,
    ...parameters.flatMap((parameter, index) => {
      const value = own.args[index];
      return value ? [[parameter, value] as const] : [];
    }),
  ]);
  const parts = isTogether(values, found.uri, result.callee) ? argumentsOf(result) : [result];
  return parts.flatMap((part) => {
    const passesOn = argumentsOf(part).some((value) => value.k === "name" && given.has(value.value));
    const inner = part.k === "call" ? { ...part, args: substitutedArguments(part, given) } : part;
    return appliedDecorators(values, found.uri, inner, depth + 1).map((applied) =>
      // What is passed on was written where the decorator stands.
      passesOn && applied.uri === found.uri ? { ...applied, uri } : applied,
    );
  });
}

function substitutedArguments(
  call: Extract<Expression, { k: "call" }>,
  given: ReadonlyMap<string, Expression>,
): Extract<Expression, { k: "call" }>["args"] {
  return call.args.map((argument) => ({ ...argument, value: substituted(argument.value, given) }));
}

/** Nest's way to make one decorator of several. */
function isTogether(values: ValueTable, uri: string, callee: Expression): boolean {
  const origin = values.originOf(uri, callee);
  return origin?.kind === "package" && origin.name === "applyDecorators";
}
