import * as z from "zod";
import { snakeCase } from "./spelling.ts";

/** The JSON Schema that an editor checks a file of the workspace with; both spellings of a name are right. */
export function fileJsonSchema(schema: z.ZodType, title: string): Record<string, unknown> {
  const written = z.toJSONSchema(schema, { target: "draft-7", io: "input", unrepresentable: "any" });
  return { ...(bothSpellings(written) as Record<string, unknown>), title };
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
