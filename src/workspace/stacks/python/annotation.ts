import { dottedName, type Expression } from "../../languages/expression.ts";
import { isNone } from "../../languages/python/expressions.ts";
import type { PythonProject, Written } from "./project.ts";
import { parseTypeText } from "./type-text.ts";

/** An annotation taken apart: `Annotated[list[Book] | None, Body()]`. */
export interface Annotation {
  /** What stands inside of `Optional`, `list` and the like: `Book`. */
  readonly inner: Written;
  readonly optional: boolean;
  /** `list`, `Page`, `WriteOnlyMapped`: the outermost generic that holds the inner type; null when there is none. */
  readonly container: string | null;
  /** What `Annotated` adds, outermost first. */
  readonly extras: readonly Written[];
  /** Names that were followed on the way: `CurrentUser`, `intpk`. */
  readonly aliases: readonly string[];
}

const TRANSPARENT = /^(Mapped|ClassVar|Final|Required|NotRequired|Type|type|Coroutine|Awaitable)$/;
const CONTAINER = /^(WriteOnlyMapped|DynamicMapped)$/;
const DEPTH = 12;

/** Takes an annotation apart, following aliases and forward references. */
export function readAnnotation(project: PythonProject, written: Written): Annotation {
  let { uri, scope, expression } = written;
  let optional = false;
  let container: string | null = null;
  const extras: Written[] = [];
  const aliases: string[] = [];
  for (let step = 0; step < DEPTH; step++) {
    const at: Written = { uri, scope, expression };
    if (expression.k === "string") {
      const parsed = parseTypeText(expression.value);
      if (!parsed) break;
      expression = parsed;
      continue;
    }
    const parts = unionParts(expression);
    if (parts) {
      const real = parts.filter((part) => !isNone(part));
      if (real.length < parts.length) optional = true;
      const [only] = real;
      if (!only || real.length !== 1) break;
      expression = only;
      continue;
    }
    if (expression.k === "subscript") {
      const name = lastName(expression.of);
      const [first, ...rest] = expression.index;
      if (!first || name === "Literal") break;
      if (name === "Annotated") {
        for (const extra of rest) extras.push({ uri, scope, expression: extra });
        expression = first;
      } else if (TRANSPARENT.test(name)) expression = first;
      else if (/^(dict|Dict|Mapping|tuple|Tuple|Callable)$/.test(name)) break;
      else {
        // A generic of the workspace or of a library: `list[Book]`, `Page[Book]`.
        container ??= CONTAINER.test(name) ? "list" : name;
        expression = first;
      }
      continue;
    }
    const target = aliasOf(project, at);
    if (!target) break;
    aliases.push(dottedName(expression) ?? "");
    ({ uri, scope, expression } = target);
  }
  return { inner: { uri, scope, expression }, optional, container, extras, aliases };
}

/** What a name of a type stands for where it is an alias: `CurrentUser = Annotated[User, …]`. */
function aliasOf(project: PythonProject, written: Written): Written | null {
  if (dottedName(written.expression) === null) return null;
  const target = project.constant(written);
  if (target === written) return null;
  const { expression } = target;
  return expression.k === "subscript" || unionParts(expression) !== null || dottedName(expression) !== null
    ? target
    : null;
}

/** The parts of `A | B`, `Union[A, B]` and `Optional[A]`; null for anything else. */
export function unionParts(expression: Expression): readonly Expression[] | null {
  if (expression.k === "binary" && expression.op === "|" && expression.left) {
    return [...(unionParts(expression.left) ?? [expression.left]), expression.right];
  }
  if (expression.k !== "subscript") return null;
  const name = lastName(expression.of);
  if (name === "Union") return expression.index;
  const span = expression.span;
  return name === "Optional" ? [...expression.index, { k: "name", value: "None", span }] : null;
}

export function lastName(expression: Expression): string {
  const dotted = dottedName(expression) ?? "";
  return dotted.slice(dotted.lastIndexOf(".") + 1);
}
