import { defineTool, type Tool } from "../agent/tools/tool.ts";
import type { Notes } from "../records/notes.ts";
import type { PlanBook } from "../records/plan-book.ts";
import type { CatalogSearch } from "./catalog-search/catalog-search.ts";
import type { References } from "./references.ts";
import { zodOf } from "./spec/plan-spec.ts";
import { type SpecProblem, specError } from "./spec/spec-error.ts";
import type { ToolHandlerContext, ToolSpec } from "./spec/tool-spec.ts";

/** Names that a handler's context has by itself. */
const RESERVED: readonly string[] = ["tool_use_id", "toolUseId", "services", "references"];

/** What handlers of the host can reach. */
export interface HandlerParts {
  readonly services: Readonly<Record<string, unknown>>;
  readonly references: References;
  readonly plans: PlanBook;
  readonly notes: Notes;
  readonly search: CatalogSearch;
}

/** @throws SPEC_INVALID for a service whose name is empty or taken */
export function demandServices(services: Readonly<Record<string, unknown>>): void {
  const problems: SpecProblem[] = Object.keys(services).flatMap((name) =>
    name === ""
      ? [{ path: ["services", name], message: "expected a name that is not empty." }]
      : RESERVED.includes(name)
        ? [
            {
              path: ["services", name],
              message: `expected another name: handlers find something else under "${name}".`,
            },
          ]
        : [],
  );
  if (problems.length > 0) throw specError(problems);
}

/** What a handler is given for one call. */
export function handlerContext(
  { services, references }: HandlerParts,
  call: Pick<ToolHandlerContext, "toolUseId" | "signal" | "agent" | "threadId">,
): ToolHandlerContext {
  return { ...services, ...call, tool_use_id: call.toolUseId, services, references };
}

/** A tool of the host as the agent uses it. Without a handler it is described only, and null. */
export function hostTool(spec: ToolSpec, parts: HandlerParts, threadId: string): Tool | null {
  const { handler, name, description, risk, timeoutSeconds } = spec;
  if (!handler) return null;
  return defineTool({
    name,
    description,
    input: zodOf(spec.input),
    class: spec.class,
    ...(risk === undefined ? {} : { risk }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    execute: async (input, { callId, signal, run }) => {
      const context = handlerContext(parts, { toolUseId: callId, signal, agent: run.agent, threadId });
      const output = await (handler as (input: unknown, context: ToolHandlerContext) => unknown)(
        input,
        context,
      );
      return { output: output ?? "" };
    },
  }) as Tool;
}
