import type * as z from "zod";
import type { AgentSettingsInput } from "../agent/options.ts";
import type { AgentEvent } from "../protocol/agent.ts";
import type { ActionDispatcher } from "./execute-plan.ts";
import { demandServices } from "./host-tools.ts";
import { demandPredicates, type Predicates } from "./policies.ts";
import {
  type DataEnvironment,
  type DataEnvironmentSchema,
  readDataEnvironment,
  readTesting,
  type TestingConfig,
  type TestingConfigSchema,
} from "./spec/data-environment.ts";
import { type RuntimeSpec, type RuntimeSpecInput, toRuntimeSpec } from "./spec/runtime-spec.ts";
import { problemsOf, type SpecProblem, specError } from "./spec/spec-error.ts";
import type { EitherSpelling } from "./spec/spelling.ts";
import { type ToolSpec, type ToolSpecInput, ToolSpecSchema } from "./spec/tool-spec.ts";
import { toolkitOf } from "./toolkits.ts";

/** Hears every event of every run. One that throws ends the run. */
export type EventHook = (event: AgentEvent) => void | Promise<void>;

/** What the host gives to a runtime beside its spec. */
export interface RuntimeOptions {
  /** Tools besides those of the spec, and handlers for tools that the spec only describes. */
  readonly toolBindings?: readonly EitherSpelling<ToolSpecInput>[] | undefined;
  /** Found by handlers in their context. */
  readonly services?: Readonly<Record<string, unknown>> | undefined;
  /** What dynamic policies name. */
  readonly approvalPredicates?: Predicates | undefined;
  /** Carries out the actions of plans that no tool carries out. */
  readonly actionDispatcher?: ActionDispatcher | undefined;
  readonly eventHooks?: readonly EventHook[] | undefined;
  readonly dataEnvironment?: EitherSpelling<z.input<typeof DataEnvironmentSchema>> | undefined;
  readonly targetDatabaseUrl?: string | undefined;
  readonly testing?: EitherSpelling<z.input<typeof TestingConfigSchema>> | undefined;
  /** Who answers: `noop` when absent; `scripted`, a provider, or `hub` for what the AI Hub is set to. */
  readonly interpreter?: string | undefined;
  /** The model that agents ask which name none of their own ("default"); the AI Hub's when absent. */
  readonly defaultModel?: string | undefined;
  /** Mode, limits and what else holds for every agent: see the options of an agent. */
  readonly settings?: Omit<AgentSettingsInput, "tools" | "provider" | "model"> | undefined;
  /** A gate that nobody answers in so many seconds counts as rejected; never, when absent. */
  readonly approvalTimeoutSeconds?: number | undefined;
}

/** Options that were looked at, with a spec that they fit. */
export interface RuntimePlan {
  readonly spec: RuntimeSpec;
  readonly options: RuntimeOptions;
  readonly interpreter: string;
  readonly testing: TestingConfig | null;
  readonly dataEnvironment: DataEnvironment;
}

/** @throws SPEC_INVALID, TENANT_MISMATCH */
export function readRuntime(
  input: RuntimeSpec | RuntimeSpecInput,
  options: RuntimeOptions = {},
): RuntimePlan {
  const spec = withBindings(toRuntimeSpec(input), options.toolBindings ?? []);
  const testing = readTesting(options.testing);
  const interpreter = options.interpreter ?? "noop";
  if (testing !== null && interpreter !== "noop")
    throw specError([
      { path: ["testing"], message: `expected no other interpreter beside it, not "${interpreter}".` },
    ]);
  demandServices(options.services ?? {});
  demandPredicates(spec, options.approvalPredicates ?? {});
  demandHandlers(spec);
  for (const [at, { id }] of spec.toolkits.entries()) toolkitOf(id, `toolkits[${at}].id`);
  return {
    spec,
    options,
    interpreter,
    testing,
    dataEnvironment: readDataEnvironment(options.dataEnvironment, options.targetDatabaseUrl, spec.tenant),
  };
}

/** A spec with the tools that its host brings: new ones, and handlers for those that are only described. */
function withBindings(spec: RuntimeSpec, given: readonly EitherSpelling<ToolSpecInput>[]): RuntimeSpec {
  if (given.length === 0) return spec;
  const problems: SpecProblem[] = [];
  const bound = new Map(spec.toolBindings.map((tool) => [tool.name, tool]));
  for (const [at, input] of given.entries()) {
    const parsed = ToolSpecSchema.safeParse(input);
    if (!parsed.success) {
      problems.push(
        ...problemsOf(parsed.error).map(({ path, message }) => ({
          path: ["toolBindings", at, ...path],
          message,
        })),
      );
      continue;
    }
    const known = bound.get(parsed.data.name);
    if (known?.handler && known.handler !== parsed.data.handler)
      problems.push({
        path: ["toolBindings", at, "name"],
        message: `expected another name: the spec has a tool "${known.name}" already.`,
      });
    bound.set(parsed.data.name, merged(known, parsed.data));
  }
  if (problems.length > 0) throw specError(problems);
  return { ...spec, toolBindings: [...bound.values()] };
}

function merged(known: ToolSpec | undefined, given: ToolSpec): ToolSpec {
  if (!known) return given;
  const description = given.description === "" ? known.description : given.description;
  return { ...known, ...given, description, approval: given.approval ?? known.approval };
}

function demandHandlers(spec: RuntimeSpec): void {
  const problems = spec.agents.flatMap(({ tools }, at) =>
    tools.flatMap((tool, index): readonly SpecProblem[] => {
      const name = typeof tool === "string" ? tool : tool.name;
      const bound = spec.toolBindings.find((each) => each.name === name);
      if (bound === undefined || bound.handler) return [];
      return [
        {
          path: ["agents", at, "tools", index, "handler"],
          message: `expected a handler for the tool "${name}"; give it in toolBindings if the spec is data.`,
        },
      ];
    }),
  );
  if (problems.length > 0) throw specError(problems);
}
