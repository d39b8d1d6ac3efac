import * as z from "zod";
import { type AgentRole, HUB_MODEL } from "../spec/agent-spec.ts";
import type { PlanSpec } from "../spec/plan-spec.ts";
import { defineRuntime, type RuntimeSpec } from "../spec/runtime-spec.ts";
import type { TenantInput } from "../spec/tenant.ts";
import { COORDINATOR, EXECUTOR, MIGRATIONS, PLANNER, QUERIES, SCHEMA, SECURITY } from "./prompts.ts";

const path = z.string().min(1).describe("relative to the workspace folder");

/** What a plan of the default runtime is made of. */
export const CHANGE_PLAN: PlanSpec = {
  name: "change",
  description: "a change of the backend in the open workspace",
  actions: {
    edit_file: {
      description: "changes a file that is there",
      input: z.strictObject({
        path,
        change: z.string().min(1).describe("what is to be true of it afterwards"),
      }),
    },
    create_file: {
      description: "makes a new file",
      input: z.strictObject({ path, purpose: z.string().min(1).describe("what stands in it, and why") }),
    },
    add_migration: {
      description: "adds a migration in the way of the stack",
      input: z.strictObject({
        app: z.string().default("").describe("where the stack has apps"),
        change: z.string().min(1).describe("what it does to the schema"),
      }),
    },
    run_command: {
      description: "runs a command in the workspace",
      input: z.strictObject({ argv: z.array(z.string()).min(1), cwd: z.string().default("") }),
      tool: "run_command",
    },
    check: {
      description: "looks whether something is true, changing nothing",
      input: z.strictObject({ what: z.string().min(1) }),
    },
  },
};

const WORKSPACE: TenantInput = { resourceId: "workspace", version: "1" };

function agent(
  name: string,
  role: AgentRole,
  systemPrompt: string,
  toolkits: readonly string[],
  more: object = {},
) {
  return { name, role, stateful: false, model: HUB_MODEL, systemPrompt, toolkits, ...more };
}

export interface DefaultRuntimeOptions {
  readonly tenant?: TenantInput;
  /** Whether a person approves plans; `always` when absent. */
  readonly plans?: "always" | "never";
}

/** The agents that ship: one who answers, one who plans, one who carries out, and four who know a field. */
export function defaultRuntime({
  tenant = WORKSPACE,
  plans = "always",
}: DefaultRuntimeOptions = {}): RuntimeSpec {
  const specialists = ["schema", "queries", "security", "migrations"];
  return defineRuntime(tenant, {
    approvalPolicies: { plans, tools: "never" },
    agents: [
      agent("coordinator", "coordinator", COORDINATOR, ["catalog", "plans", "memory"], {
        stateful: true,
        routes: ["planner", "executor", ...specialists],
      }),
      agent("planner", "planner", PLANNER, ["catalog", "workspace"], {
        plan: CHANGE_PLAN,
        routes: specialists,
      }),
      agent("executor", "executor", EXECUTOR, ["catalog", "workspace", "edits", "shell"]),
      agent("schema", "specialist", SCHEMA, ["catalog", "workspace", "flows", "references"]),
      agent("queries", "specialist", QUERIES, ["catalog", "workspace", "database", "flows"]),
      agent("security", "specialist", SECURITY, ["catalog", "workspace", "flows"]),
      agent("migrations", "specialist", MIGRATIONS, ["catalog", "workspace", "flows"]),
    ],
  });
}
