import * as z from "zod";
import { AksaraError } from "../../errors.ts";
import type { PlanKind } from "../../protocol/agent.ts";
import { InputSchema } from "./tool-spec.ts";

/** One kind of action of a plan. */
export const PlanActionSchema = z.strictObject({
  description: z.string().default(""),
  /** Its members, besides `type`. */
  input: InputSchema.default(() => z.looseObject({})),
  /** The tool that carries it out; absent: the action dispatcher, or else the executor itself. */
  tool: z.string().min(1).optional().describe("The tool that carries it out."),
});
export type PlanAction = z.output<typeof PlanActionSchema>;

/** What a planner may plan: a list of actions, each of one of these kinds. */
export const PlanSpecSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string().default(""),
  actions: z
    .record(z.string().min(1), PlanActionSchema)
    .refine((actions) => Object.keys(actions).length > 0, "expected at least one kind of action"),
});
export type PlanSpec = z.output<typeof PlanSpecSchema>;

/** A plan as a planner proposes it: each action is tagged with its kind. */
export interface ProposedPlan {
  readonly goal: string;
  readonly actions: readonly ({ readonly type: string } & Readonly<Record<string, unknown>>)[];
}

const MOST_ACTIONS = 100;

/** The schema of a plan, a union of its actions by their `type`. @throws SPEC_INVALID for an input that is no object */
export function proposedPlanSchema(spec: PlanSpec): z.ZodType<ProposedPlan> {
  const variants = Object.entries(spec.actions).map(([type, { input, description }]) => {
    const members = zodOf(input);
    if (!(members instanceof z.ZodObject))
      throw new AksaraError("SPEC_INVALID", `plans.${spec.name}.actions.${type}.input: expected an object.`);
    const tagged = z.object({ type: z.literal(type), ...members.shape });
    const closed = isLoose(members) ? z.looseObject(tagged.shape) : z.strictObject(tagged.shape);
    return description === "" ? closed : closed.describe(description);
  });
  const [first, ...rest] = variants;
  if (!first) throw new AksaraError("SPEC_INVALID", `plans.${spec.name}.actions: expected at least one.`);
  return z.strictObject({
    goal: z.string().min(1).describe("What is reached when all is done."),
    actions: z
      .array(rest.length === 0 ? first : z.discriminatedUnion("type", [first, ...rest]))
      .min(1)
      .max(MOST_ACTIONS),
  }) as unknown as z.ZodType<ProposedPlan>;
}

/** What the steps of a plan may be, for a person who changes one. */
export function kindsOf({ actions }: PlanSpec): PlanKind[] {
  return Object.entries(actions).map(([type, { input, description }]) => {
    const { properties = {}, required = [] } = z.toJSONSchema(zodOf(input), {
      io: "input",
      unrepresentable: "any",
    });
    const members = Object.entries(properties).map(([name, member]) => ({
      name,
      description: typeof member === "object" ? (member.description ?? "") : "",
      isText: typeof member === "object" && member.type === "string",
      required: required.includes(name),
    }));
    return { type, description, members };
  });
}

/** An input schema as zod has it. @throws SPEC_INVALID for a JSON Schema that cannot be read */
export function zodOf(input: z.ZodType | Readonly<Record<string, unknown>>): z.ZodType {
  if (input instanceof z.ZodType) return input;
  try {
    return z.fromJSONSchema(input as Parameters<typeof z.fromJSONSchema>[0]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AksaraError("SPEC_INVALID", `An input is no JSON Schema that is understood: ${reason}`);
  }
}

function isLoose(schema: z.ZodObject): boolean {
  const { catchall } = schema.def;
  return catchall !== undefined && catchall._zod.def.type !== "never";
}
