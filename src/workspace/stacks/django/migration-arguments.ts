import type { Expression } from "../../languages/expression.ts";
import { argumentAt, type Call, stringValue } from "../../languages/python/expressions.ts";
import type { ProjectState } from "./migration-state.ts";
import { flatten } from "./settings.ts";
import { constantOf, type Written } from "./values.ts";

/** Arguments of an operation, by position or keyword. */
export class OperationArguments {
  readonly written: Written;
  readonly #state: ProjectState;
  readonly #call: Call;

  constructor(state: ProjectState, written: Written, call: Call) {
    this.#state = state;
    this.written = written;
    this.#call = call;
  }

  value(position: number, name: string): Expression | null {
    const value = argumentAt(this.#call, position, name);
    return value && constantOf(this.#state.project, { ...this.written, expression: value }).expression;
  }

  text(position: number, name: string): string | null {
    return stringValue(this.value(position, name));
  }

  list(position: number, name: string): readonly Written[] {
    const value = argumentAt(this.#call, position, name);
    return value ? flatten(this.#state.project, { ...this.written, expression: value }, 0) : [];
  }
}
