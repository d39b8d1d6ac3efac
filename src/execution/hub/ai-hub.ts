import * as z from "zod";
import { ProviderConfigSchema } from "../../providers/provider-config.ts";

const name = z.string().min(1).max(80);

const config = ProviderConfigSchema.shape;

/** One provider of `.aksara/aihub.json`: how it is reached, and what it is called. */
export const hubProviderSchema = z.object({
  ...ProviderConfigSchema.shape,
  kind: config.kind.describe("Which kind of provider this is."),
  enabled: config.enabled.describe("False keeps the entry without using it."),
  base_url: config.base_url.describe(
    "Everything before the path of a call. A key is sent only to the address it was entered for, whatever stands here.",
  ),
  model: config.model.describe("The model taken from this provider when nobody names one."),
  deployment: config.deployment.describe("Azure: the deployment, where it has another name than the model."),
  api_version: config.api_version.describe("Azure: the version of its API."),
  wire: config.wire.describe("The form of requests and answers, where a provider understands several."),
  key_header: config.key_header.describe("The header that carries the key, where it is not the usual one."),
  headers: config.headers.describe("Sent with every call. Keys are refused here."),
  context_window: config.context_window.describe("Tokens, where the model is not a known one."),
  max_output_tokens: config.max_output_tokens.describe("Tokens, where the model is not a known one."),
  max_concurrency: config.max_concurrency.describe("Requests in flight at once."),
  script: config.script.describe("For scripted: the script, or the path of its file in the workspace."),
  name: name
    .optional()
    .describe("What the rest of the file calls it. Needed when two entries have one kind."),
});
export type HubProvider = z.infer<typeof hubProviderSchema>;

/** `.aksara/aihub.json`: which providers there are and which is taken. It holds no keys. */
export const aiHubSchema = z.object({
  $schema: z.string().optional(),
  version: z.literal(1).default(1),
  active_provider: name
    .nullable()
    .default(null)
    .describe("Name or kind of the provider taken when defaults.chat_provider is not set."),
  defaults: z
    .object({
      chat_provider: name
        .nullable()
        .default(null)
        .describe("Name or kind of the provider for flows and chat."),
      chat_model: name.nullable().default(null).describe("Model of that provider."),
    })
    .prefault({}),
  providers: z.array(hubProviderSchema).default([]),
});
export type AiHub = z.infer<typeof aiHubSchema>;

/** What holds without a file, and with one that is not valid. */
export const EMPTY_HUB: AiHub = aiHubSchema.parse({});

/** What an entry is called: its name, or its kind. */
export function hubName(provider: HubProvider): string {
  return provider.name ?? provider.kind;
}

/** The JSON Schema that the editor checks the file with. Unknown keys are shown there; reading lets them pass. */
export function aiHubJsonSchema(): Record<string, unknown> {
  const document = z.toJSONSchema(aiHubSchema, { target: "draft-7", io: "input" });
  return { ...closed(document), title: "Aksara AI Hub" };
}

function closed(schema: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries([
    ...Object.entries(schema).map(([key, value]) => [key, closedValue(value)]),
    ...("properties" in schema && schema.type === "object" ? [["additionalProperties", false]] : []),
  ]);
}

function closedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closedValue);
  if (typeof value === "object" && value !== null) return closed(value as Record<string, unknown>);
  return value;
}
