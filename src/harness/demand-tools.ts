import type { ToolRegistry } from "../agent/tools/registry.ts";
import { nearestNames } from "../workspace/nearest-names.ts";
import { type RuntimeSpec, toolOf } from "./spec/runtime-spec.ts";
import { type SpecProblem, specError } from "./spec/spec-error.ts";

/** @throws SPEC_INVALID for every tool that a spec names and neither it nor the host has */
export function demandTools(spec: RuntimeSpec, registry: ToolRegistry): void {
  const known = [...registry.list(), ...spec.toolBindings].map(({ name }) => name);
  const problems: SpecProblem[] = [];
  const check = (name: string, path: readonly PropertyKey[]) => {
    if (registry.find(name) !== null || toolOf(name, spec) !== null) return;
    const near = nearestNames(name, known);
    const hint = near.length > 0 ? `; did you mean ${near.map((each) => `"${each}"`).join(" or ")}?` : ".";
    problems.push({ path, message: `expected a tool that there is, not "${name}"${hint}` });
  };
  for (const [at, { tools }] of spec.agents.entries())
    for (const [index, tool] of tools.entries())
      if (typeof tool === "string") check(tool, ["agents", at, "tools", index]);
  for (const [at, { actions }] of spec.plans.entries())
    for (const [type, { tool }] of Object.entries(actions))
      if (tool !== undefined) check(tool, ["plans", at, "actions", type, "tool"]);
  if (problems.length > 0) throw specError(problems);
}
