import * as z from "zod";
import { isAksaraError } from "../errors.ts";
import { FileAgentSpecSchema } from "./spec/agent-spec.ts";
import { ApprovalOverridesSchema, ApprovalPoliciesSchema } from "./spec/approval-policies.ts";
import { fileJsonSchema } from "./spec/file-schema.ts";
import { type RuntimeSpec, type RuntimeSpecInput, toRuntimeSpec } from "./spec/runtime-spec.ts";
import { pathText, problemsOf } from "./spec/spec-error.ts";
import { inSpellingOf } from "./spec/spelling.ts";
import { TenantIdentitySchema } from "./spec/tenant.ts";
import { readWritten } from "./spec/written-document.ts";
import { toolkitOf } from "./toolkits.ts";

const FilePlanSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string().default(""),
  actions: z.record(
    z.string().min(1),
    z.strictObject({
      description: z.string().default(""),
      input: z
        .record(z.string(), z.unknown())
        .default({ type: "object" })
        .describe("JSON Schema of the action's members, an object."),
      tool: z
        .string()
        .min(1)
        .optional()
        .describe("The tool that carries it out; the executor itself when absent."),
    }),
  ),
});

/**
 * `.aksara/runtime.json` or `.aksara/runtime.yaml`: the agents of a workspace. It cannot bring code, stores or providers,
 * and nothing in it loosens what a person has set.
 */
export const RuntimeFileSchema = z.strictObject({
  $schema: z.string().optional(),
  tenant: TenantIdentitySchema.default({ resourceId: "workspace", version: "1" }),
  agents: z.array(FileAgentSpecSchema).min(1),
  plans: z.array(FilePlanSchema).default([]),
  approvalPolicies: ApprovalPoliciesSchema.optional(),
  approvalOverrides: ApprovalOverridesSchema.optional(),
});

/** Something in the file that a person should mend. */
export interface RuntimeFileProblem {
  readonly uri: string;
  /** Zero-based. */
  readonly line: number;
  readonly message: string;
}

export interface ParsedRuntimeFile {
  /** Null when there is a problem: nothing is guessed from a file that is not right. */
  readonly spec: RuntimeSpec | null;
  readonly problems: readonly RuntimeFileProblem[];
}

/** Reads the text of a runtime file, JSON or YAML. Never throws for what the file says. */
export async function parseRuntimeFile(uri: string, text: string): Promise<ParsedRuntimeFile> {
  const document = await readWritten(text);
  const refused = (problems: readonly Omit<RuntimeFileProblem, "uri">[]): ParsedRuntimeFile => ({
    spec: null,
    problems: problems.map((problem) => ({ uri, ...problem })),
  });
  if (document.errors.length > 0) return refused(document.errors);
  const parsed = RuntimeFileSchema.safeParse(inSpellingOf(RuntimeFileSchema, document.value));
  if (!parsed.success)
    return refused(
      problemsOf(parsed.error).map(({ path, message }) => ({
        line: document.lineOf(path),
        message: `${pathText(path) || "The file"}: ${message}`,
      })),
    );
  const { $schema: _, ...written } = parsed.data;
  try {
    const spec = toRuntimeSpec(written as unknown as RuntimeSpecInput);
    for (const [at, { toolkits }] of spec.agents.entries())
      for (const [index, id] of toolkits.entries()) toolkitOf(id, `agents[${at}].toolkits[${index}]`);
    return { spec, problems: [] };
  } catch (error) {
    if (!isAksaraError(error)) throw error;
    return refused(
      error.message.split("\n").map((message) => ({
        line: document.lineOf(pathOf(message)),
        message: error.hint && error.candidates.length > 0 ? `${message} ${error.hint}` : message,
      })),
    );
  }
}

/** The path at the beginning of a problem: `agents[1].routes[0]: …`. */
function pathOf(message: string): readonly PropertyKey[] {
  const [text = ""] = message.split(": ");
  return [...text.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([whole, index]) =>
    index === undefined ? whole : Number(index),
  );
}

/** The JSON Schema that the editor checks the file with. */
export function runtimeFileJsonSchema(): Record<string, unknown> {
  return fileJsonSchema(RuntimeFileSchema, "Aksara runtime");
}
