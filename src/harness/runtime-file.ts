import * as z from "zod";
import { isAksaraError } from "../errors.ts";
import { FileAgentSpecSchema } from "./spec/agent-spec.ts";
import { ApprovalOverridesSchema, ApprovalPoliciesSchema } from "./spec/approval-policies.ts";
import { type RuntimeSpec, type RuntimeSpecInput, toRuntimeSpec } from "./spec/runtime-spec.ts";
import { pathText, problemsOf } from "./spec/spec-error.ts";
import { inSpellingOf, snakeCase } from "./spec/spelling.ts";
import { TenantIdentitySchema } from "./spec/tenant.ts";
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
  const { LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  // JSON is YAML.
  const document = parseDocument(text.replace(/^\uFEFF/, ""), { lineCounter: lines, logLevel: "silent" });
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | null;
      if (node?.range) return lines.linePos(node.range[0]).line - 1;
    }
    return 0;
  };
  const refused = (problems: readonly Omit<RuntimeFileProblem, "uri">[]): ParsedRuntimeFile => ({
    spec: null,
    problems: problems.map((problem) => ({ uri, ...problem })),
  });
  if (document.errors.length > 0)
    return refused(
      document.errors.map(({ message, linePos }) => ({
        line: (linePos?.[0].line ?? 1) - 1,
        message: message.split("\n")[0] ?? message,
      })),
    );
  const parsed = RuntimeFileSchema.safeParse(inSpellingOf(RuntimeFileSchema, document.toJS()));
  if (!parsed.success)
    return refused(
      problemsOf(parsed.error).map(({ path, message }) => ({
        line: lineOf(writtenPath(path, document)),
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
        line: lineOf(writtenPath(pathOf(message), document)),
        message: error.hint && error.candidates.length > 0 ? `${message} ${error.hint}` : message,
      })),
    );
  }
}

/** A path in the spelling in which the file has it. */
function writtenPath(
  path: readonly PropertyKey[],
  document: { hasIn(path: readonly unknown[]): boolean },
): readonly PropertyKey[] {
  const written: PropertyKey[] = [];
  for (const part of path) {
    const snake = typeof part === "string" ? snakeCase(part) : part;
    written.push(document.hasIn([...written, part]) ? part : snake);
  }
  return written;
}

/** The path at the beginning of a problem: `agents[1].routes[0]: …`. */
function pathOf(message: string): readonly PropertyKey[] {
  const [text = ""] = message.split(": ");
  return [...text.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([whole, index]) =>
    index === undefined ? whole : Number(index),
  );
}

/** The JSON Schema that the editor checks the file with; both spellings of a name are right. */
export function runtimeFileJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(RuntimeFileSchema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
  });
  return { ...(bothSpellings(schema) as Record<string, unknown>), title: "Aksara runtime" };
}

/** Properties under both names; of a pair that is required, either will do. */
function bothSpellings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bothSpellings);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, bothSpellings(member)] as const);
  const schema: Record<string, unknown> = Object.fromEntries(members);
  const { properties, required } = schema;
  if (schema.type !== "object" || typeof properties !== "object" || properties === null) return schema;
  const pairs = Object.keys(properties).filter((name) => snakeCase(name) !== name);
  const twins = pairs.map((name) => [snakeCase(name), (properties as Record<string, unknown>)[name]]);
  const both = Array.isArray(required) ? required.filter((name: string) => pairs.includes(name)) : [];
  return {
    ...schema,
    properties: { ...properties, ...Object.fromEntries(twins) },
    ...(Array.isArray(required) ? { required: required.filter((name: string) => !both.includes(name)) } : {}),
    ...(both.length === 0
      ? {}
      : {
          allOf: both.map((name: string) => ({
            anyOf: [{ required: [name] }, { required: [snakeCase(name)] }],
          })),
        }),
  };
}
