import type { ClassRef } from "../../languages/python/class-graph.ts";
import { calledName, listItems, render } from "../../languages/python/expressions.ts";
import type { PythonClass } from "../../languages/python/module.ts";
import type { PythonProject, Written } from "./project.ts";

export interface EnumMember {
  readonly name: string;
  /** The value as text; for `auto()` what the enumeration makes of it. */
  readonly value: string;
}

/** Members of an enumeration of the workspace, in source order; null when the class is none. */
export function enumMembers(project: PythonProject, written: Written): readonly EnumMember[] | null {
  const found = project.classes.find(written.uri, written.expression, written.scope);
  if (found?.kind !== "class" || !isEnum(project, found.ref)) return null;
  let counter = 0;
  return found.ref.declaration.assignments
    .filter(({ target, value, operator }) => operator === "=" && value && !target.startsWith("_"))
    .map(({ target, value }) => {
      counter++;
      if (!value) return { name: target, value: target };
      if (calledName(value) === "auto") {
        return { name: target, value: isText(project, found.ref) ? target.toLowerCase() : String(counter) };
      }
      const plain = listItems(value)?.[0] ?? value;
      const text = project.text({ uri: found.ref.uri, scope: found.ref.qualname, expression: plain });
      return { name: target, value: text ?? render(plain) };
    });
}

function isEnum(project: PythonProject, ref: ClassRef<PythonClass>): boolean {
  return hasBase(project, ref, /(^|\.)(Enum|IntEnum|StrEnum|Flag|IntFlag|TextChoices)$/);
}

function isText(project: PythonProject, ref: ClassRef<PythonClass>): boolean {
  return hasBase(project, ref, /(^|\.)StrEnum$/);
}

function hasBase(project: PythonProject, ref: ClassRef<PythonClass>, name: RegExp): boolean {
  return project.classes
    .linearize(ref)
    .some((step) =>
      step.kind === "external" ? name.test(step.name) : name.test(step.name) && step.ref !== ref,
    );
}
