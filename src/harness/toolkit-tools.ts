import * as z from "zod";
import { defineTool, type Tool } from "../agent/tools/tool.ts";
import { AksaraError } from "../errors.ts";
import type { PlanRecord } from "../records/plan-book.ts";
import { DOCUMENT_KINDS } from "./catalog-search/search-index.ts";
import type { HandlerParts } from "./host-tools.ts";
import { TOOLKITS } from "./toolkits.ts";

const PAGE = 16_000;

type Maker = (description: string, parts: HandlerParts, threadId: string) => Tool;

/** The tools of toolkits that work on what the harness keeps. */
const MAKERS: Readonly<Record<string, Maker>> = {
  catalog_search: (description, { search }) =>
    defineTool({
      name: "catalog_search",
      description,
      input: z.strictObject({
        query: z.string().min(1).max(400),
        kinds: z.array(z.enum(DOCUMENT_KINDS)).default([]).describe("only these; all when empty"),
        limit: z.int().positive().max(50).default(15),
      }),
      execute: async ({ query, kinds, limit }, { workspace, signal }) => {
        const { catalog } = await workspace.view(signal);
        const hits = await search.search(query, catalog, limit, kinds);
        if (hits.length === 0) return { output: `Nothing in the catalog fits "${query}".` };
        return {
          output: hits
            .map(({ document: { kind, name, place, summary } }) =>
              [`${kind} ${name}`, place, summary].filter((part) => part !== "").join(" · "),
            )
            .join("\n"),
        };
      },
    }) as Tool,
  list_references: (description, { references }) =>
    defineTool({
      name: "list_references",
      description,
      input: z.strictObject({ kind: z.string().optional() }),
      execute: async ({ kind }) => {
        const all = await references.list();
        const shown = all.filter((reference) => kind === undefined || reference.kind === kind);
        return { output: shown.map(({ id, kind: of, size, glimpse }) => ({ id, kind: of, size, glimpse })) };
      },
    }) as Tool,
  resolve_reference: (description, { references }) =>
    defineTool({
      name: "resolve_reference",
      description,
      input: z.strictObject({
        id: z.string().min(1),
        offset: z.int().nonnegative().default(0).describe("characters to leave out at the beginning"),
      }),
      execute: async ({ id, offset }) => {
        const text = JSON.stringify(await references.resolve({ id }), null, 1);
        const page = text.slice(offset, offset + PAGE);
        const rest = text.length - offset - page.length;
        return {
          output: rest > 0 ? `${page}\n[${rest} characters follow; offset ${offset + page.length}]` : page,
        };
      },
    }) as Tool,
  list_notes: (description, { notes }, threadId) =>
    defineTool({
      name: "list_notes",
      description,
      input: z.strictObject({}),
      execute: async () => {
        const all = await notes.list(threadId);
        const lines = all.map(
          ({ name, text, threadId: of }) =>
            `${name} (${of === null ? "workspace" : "conversation"}): ${text}`,
        );
        return { output: lines.length === 0 ? "Nothing is noted." : lines.join("\n") };
      },
    }) as Tool,
  write_note: (description, { notes }, threadId) =>
    defineTool({
      name: "write_note",
      description,
      input: z.strictObject({
        name: z.string().min(1).max(80),
        text: z.string().max(4_000),
        scope: z.enum(["conversation", "workspace"]).default("conversation"),
      }),
      execute: async ({ name, text, scope }, { run }) => {
        const of = scope === "workspace" ? null : threadId;
        const isThere = await notes.write({ name, text, threadId: of, by: run.agent });
        return { output: isThere ? `Noted as ${name}.` : `There is no note ${name} any more.` };
      },
    }) as Tool,
  list_plans: (description, { plans }, threadId) =>
    defineTool({
      name: "list_plans",
      description,
      input: z.strictObject({}),
      execute: async () => {
        const all = await plans.list(threadId);
        return { output: all.length === 0 ? "There is no plan." : all.map(planLine).join("\n") };
      },
    }) as Tool,
  show_plan: (description, { plans }, threadId) =>
    defineTool({
      name: "show_plan",
      description,
      input: z.strictObject({ id: z.string().min(1) }),
      execute: async ({ id }) => {
        const plan = await plans.find(id);
        if (plan?.threadId !== threadId)
          throw new AksaraError("CONTEXT_NOT_FOUND", `There is no plan ${id} in this conversation.`);
        return { output: planText(plan) };
      },
    }) as Tool,
};

/** The harness's own tools of a toolkit. */
export function toolkitTools(id: string, parts: HandlerParts, threadId: string): readonly Tool[] {
  return Object.entries(TOOLKITS[id]?.own ?? {}).flatMap(([name, description]) => {
    const make = MAKERS[name];
    return make ? [make(description, parts, threadId)] : [];
  });
}

/** A plan in one line. */
export function planLine({ id, state, goal, steps }: PlanRecord): string {
  const done = steps.filter((step) => step.state === "done").length;
  return `${id} ${state}, ${done} of ${steps.length} steps done: ${goal}`;
}

/** A plan with its steps. */
export function planText(plan: PlanRecord): string {
  const steps = plan.steps.map(({ number, action, state, output }) => {
    const { type, ...members } = action;
    const came = output === null || state === "pending" ? "" : `\n   ${output.split("\n")[0]?.slice(0, 300)}`;
    return `${number}. ${state}: ${type} ${JSON.stringify(members)}${came}`;
  });
  return [planLine(plan), ...(plan.feedback ? [`A person said: ${plan.feedback}`] : []), ...steps].join("\n");
}
