import { dottedName, type Expression } from "../../languages/expression.ts";
import type { Origin } from "../../languages/typescript/name-resolution.ts";
import type { FoundFunction, PlacedExpression, Program } from "../node/program.ts";

/** What `register` gets. */
export interface Plugin {
  readonly function: FoundFunction;
  /** Wrapped by fastify-plugin: it works on the instance it is registered on, not on one of its own. */
  readonly shared: boolean;
}

const DEPTH = 10;

/** The plugin behind an expression: a function, `fp(function)`, `import(file)`, `require(file)`. */
export function pluginOf(program: Program, placed: PlacedExpression, depth = 0): Plugin | null {
  const { uri, scope, value } = placed;
  if (depth > DEPTH) return null;
  if (value.k === "call") {
    const [first] = value.args;
    const callee = program.origin(uri, scope, value.callee);
    if (first && callee?.kind === "package" && /^fastify-plugin$/.test(callee.module)) {
      const inner = pluginOf(program, { uri, scope, value: first.value }, depth + 1);
      return inner && { ...inner, shared: true };
    }
    const loaded = program.origin(uri, scope, value);
    if (loaded) return pluginOfModule(program, loaded, depth + 1);
  }
  if (value.k === "name" || value.k === "member") {
    const set = program.setting(placed);
    if (set && set.value !== value) {
      const found = pluginOf(program, set, depth + 1);
      if (found) return found;
    }
    const origin = program.origin(uri, scope, value);
    if (origin?.kind === "workspace" && origin.name === "*")
      return pluginOfModule(program, origin, depth + 1);
  }
  const found = program.functionOf(uri, scope, value);
  return found && { function: found, shared: false };
}

/** The plugin that a module gives: its default export, or all of it. */
export function pluginOfModule(program: Program, origin: Origin, depth = 0): Plugin | null {
  if (origin.kind !== "workspace" || depth > DEPTH) return null;
  const target = origin.name === "*" ? program.resolver.resolveExport(origin.uri, "default") : origin;
  if (target?.kind !== "workspace") return null;
  const value = program.valueOf(target);
  if (value) return pluginOf(program, value, depth + 1);
  const found = program.functionOfOrigin(target);
  return found && { function: found, shared: false };
}

/** The package function that is registered, where it is one: `@fastify/autoload`. */
export function packageOf(program: Program, { uri, scope, value }: PlacedExpression): string | null {
  const origin = value.k === "call" || dottedName(value) !== null ? program.origin(uri, scope, value) : null;
  return origin?.kind === "package" ? origin.module : null;
}

/** Text that an option is set to; null where it is not written out. */
export function isTrue(value: Expression | undefined): boolean {
  return value?.k === "name" && value.value === "true";
}
