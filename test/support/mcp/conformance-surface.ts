import {
  acceptedContent,
  type CallToolResult,
  type ContentBlock,
  inputRequired,
  MissingRequiredClientCapabilityError,
  type Tool,
} from "@modelcontextprotocol/server";
import * as z from "zod";
import type { McpCall, McpPrompt, McpSurface, McpTool } from "../../../src/hosts/mcp/surface.ts";

/*
 * The tools, prompts and resources that the protocol's conformance suite calls by name, registered as any surface is.
 * What they have to answer is written in its scenarios.
 */

/** One red pixel. */
const IMAGE =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
/** A sound file without a sound. */
const AUDIO = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

const NAME_FORM = form({ name: { type: "string" } });
const OK_FORM = form({ ok: { type: "boolean" } });
const nameSchema = z.object({ name: z.string() });
const okSchema = z.object({ ok: z.boolean() });
const stateSchema = z.object({ round: z.number(), name: z.string().default("") });

function form(properties: Readonly<Record<string, object>>, required = Object.keys(properties)) {
  return { type: "object" as const, properties, required } as Parameters<
    typeof inputRequired.elicit
  >[0]["requestedSchema"];
}

function tool(
  name: string,
  call: McpTool["call"],
  properties: Readonly<Record<string, object>> = {},
): McpTool {
  const inputSchema = { type: "object", properties } as Tool["inputSchema"];
  return { listed: { name, description: `Called by the conformance suite: ${name}`, inputSchema }, call };
}

function gives(name: string, ...content: readonly ContentBlock[]): McpTool {
  return tool(name, async () => ({ content: [...content] }));
}

function say(text: string): CallToolResult {
  return { content: [{ type: "text", text }] };
}

function embedded(uri: string, mimeType: string, text: string): ContentBlock {
  return { type: "resource", resource: { uri, mimeType, text } };
}

/** What the client's model answered when it was asked over the connection, or the reason why not. */
async function asked(call: () => Promise<string>): Promise<CallToolResult> {
  return say(await call().catch((error: Error) => `not possible: ${error.message}`));
}

const elicits = (name: string, requestedSchema: typeof NAME_FORM): McpTool =>
  tool(
    name,
    (input, { context }) =>
      asked(async () => {
        const { message = "Please fill this in" } = input as { message?: string };
        const { action, content } = await context.mcpReq.elicitInput({
          mode: "form",
          message,
          requestedSchema: requestedSchema as never,
        });
        return `action=${action}, content=${JSON.stringify(content ?? {})}`;
      }),
    { message: { type: "string" } },
  );

const CONTENT_TOOLS: readonly McpTool[] = [
  gives("test_simple_text", { type: "text", text: "This is a simple text response for testing." }),
  gives("test_image_content", { type: "image", data: IMAGE, mimeType: "image/png" }),
  gives("test_audio_content", { type: "audio", data: AUDIO, mimeType: "audio/wav" }),
  gives(
    "test_embedded_resource",
    embedded("test://embedded-resource", "text/plain", "This is an embedded resource content."),
  ),
  gives(
    "test_multiple_content_types",
    { type: "text", text: "Multiple content types test:" },
    { type: "image", data: IMAGE, mimeType: "image/png" },
    embedded("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
  ),
  tool("test_error_handling", async () => ({
    isError: true,
    content: [{ type: "text", text: "This tool intentionally returns an error for testing" }],
  })),
];

/** Keywords of JSON Schema that have to come through as they are. */
const SCHEMA_TOOL: McpTool = {
  listed: {
    name: "json_schema_2020_12_tool",
    description: "Called by the conformance suite: its schema is what counts",
    inputSchema: {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      $defs: {
        address: {
          $anchor: "addressDef",
          type: "object",
          properties: { street: { type: "string" }, city: { type: "string" } },
        },
      },
      properties: {
        name: { type: "string" },
        address: { $ref: "#/$defs/address" },
        contactMethod: { type: "string", enum: ["phone", "email"] },
        phone: { type: "string" },
        email: { type: "string" },
      },
      allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
      if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ["phone"] },
      else: { required: ["email"] },
      additionalProperties: false,
    } as Tool["inputSchema"],
  },
  call: async (input) => say(JSON.stringify(input)),
};

const CONNECTION_TOOLS: readonly McpTool[] = [
  tool("test_tool_with_logging", async (_input, { context }) => {
    for (const step of ["started", "processing data", "completed"])
      await context.mcpReq.log("info", `Tool ${step}`);
    return say("logged");
  }),
  tool("test_logging_tool", async (_input, { context }) => {
    await context.mcpReq.log("info", "only for who asked for it");
    return say("logged");
  }),
  tool("test_tool_with_progress", async (_input, { context }) => {
    const progressToken = context.mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100])
      if (progressToken !== undefined)
        await context.mcpReq.notify({
          method: "notifications/progress",
          params: { progressToken, progress, total: 100, message: `${progress} of 100` },
        });
    return say(String(progressToken));
  }),
  tool(
    "test_sampling",
    (input, { context }) =>
      asked(async () => {
        const { prompt } = input as { prompt: string };
        const messages = [{ role: "user" as const, content: { type: "text" as const, text: prompt } }];
        const { content } = await context.mcpReq.requestSampling({ messages, maxTokens: 100 });
        return `LLM response: ${"text" in content ? content.text : ""}`;
      }),
    { prompt: { type: "string" } },
  ),
  elicits("test_elicitation", form({ response: { type: "string", description: "User's response" } })),
  elicits(
    "test_elicitation_sep1034_defaults",
    form(
      {
        name: { type: "string", default: "John Doe" },
        age: { type: "integer", default: 30 },
        score: { type: "number", default: 95.5 },
        status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
        verified: { type: "boolean", default: true },
      },
      [],
    ),
  ),
  elicits(
    "test_elicitation_sep1330_enums",
    form(
      {
        untitledSingle: { type: "string", enum: ["option1", "option2", "option3"] },
        titledSingle: { type: "string", oneOf: titled("value1", "value2", "value3") },
        legacyEnum: {
          type: "string",
          enum: ["opt1", "opt2", "opt3"],
          enumNames: ["Option One", "Option Two", "Option Three"],
        },
        untitledMulti: {
          type: "array",
          minItems: 1,
          maxItems: 3,
          items: { type: "string", enum: ["option1", "option2", "option3"] },
        },
        titledMulti: {
          type: "array",
          minItems: 1,
          maxItems: 3,
          items: { anyOf: titled("value1", "value2", "value3") },
        },
      },
      [],
    ),
  ),
];

function titled(...values: readonly string[]) {
  return values.map((value) => ({ const: value, title: `The ${value}` }));
}

const question = (message: string, requestedSchema: typeof NAME_FORM) =>
  inputRequired.elicit({ message, requestedSchema });
const sampling = (text: string) =>
  inputRequired.createMessage({
    messages: [{ role: "user", content: { type: "text", text } }],
    maxTokens: 100,
  });

const ROUND_TOOLS: readonly McpTool[] = [
  tool("test_missing_capability", async (_input, { capabilities }) => {
    if (!capabilities.sampling)
      throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } });
    return say("sampling is there");
  }),
  tool("test_streaming_elicitation", async () =>
    inputRequired({ inputRequests: { user_name: question("What is your name?", NAME_FORM) } }),
  ),
  tool("test_input_required_result_elicitation", async (_input, { context }) => {
    const given = acceptedContent(context.mcpReq.inputResponses, "user_name", nameSchema);
    return given
      ? say(`Hello, ${given.name}!`)
      : inputRequired({ inputRequests: { user_name: question("What is your name?", NAME_FORM) } });
  }),
  tool("test_input_required_result_sampling", async (_input, { context }) => {
    const given = context.mcpReq.inputResponses?.capital_question as
      | { content?: { text?: string } }
      | undefined;
    return given
      ? say(`It said: ${given.content?.text}`)
      : inputRequired({ inputRequests: { capital_question: sampling("What is the capital of France?") } });
  }),
  tool("test_input_required_result_list_roots", async (_input, { context }) => {
    const given = context.mcpReq.inputResponses?.client_roots as { roots?: readonly object[] } | undefined;
    return given
      ? say(`The roots are ${JSON.stringify(given.roots)}`)
      : inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  }),
  ...["test_input_required_result_request_state", "test_input_required_result_tampered_state"].map((name) =>
    tool(name, async (_input, call) => {
      const state = stateSchema.safeParse(call.context.mcpReq.requestState());
      const given = acceptedContent(call.context.mcpReq.inputResponses, "confirm", okSchema);
      return state.success && given
        ? say("state-ok, and integrity-ok")
        : inputRequired({
            inputRequests: { confirm: question("Please confirm", OK_FORM) },
            requestState: await state1(call),
          });
    }),
  ),
  tool("test_input_required_result_multiple_inputs", async (_input, call) => {
    const { inputResponses } = call.context.mcpReq;
    const given = acceptedContent(inputResponses, "user_name", nameSchema);
    return given && inputResponses?.greeting && inputResponses.client_roots
      ? say(`Hello, ${given.name}, with a greeting and roots.`)
      : inputRequired({
          inputRequests: {
            user_name: question("What is your name?", NAME_FORM),
            greeting: sampling("Generate a greeting"),
            client_roots: inputRequired.listRoots(),
          },
          requestState: await state1(call),
        });
  }),
  tool("test_input_required_result_multi_round", async (_input, call) => {
    const { mcpReq } = call.context;
    const state = stateSchema.safeParse(mcpReq.requestState()).data;
    const name = acceptedContent(mcpReq.inputResponses, "step1", nameSchema)?.name;
    const color = acceptedContent(mcpReq.inputResponses, "step2", z.object({ color: z.string() }))?.color;
    if (state?.round === 2 && color) return say(`${state.name} likes ${color}.`);
    if (state?.round === 1 && name)
      return inputRequired({
        inputRequests: {
          step2: question("Step 2: What is your favorite color?", form({ color: { type: "string" } })),
        },
        requestState: await call.states.mint({ round: 2, name }, call.context),
      });
    return inputRequired({
      inputRequests: { step1: question("Step 1: What is your name?", NAME_FORM) },
      requestState: await state1(call),
    });
  }),
  tool("test_input_required_result_capabilities", async (_input, { capabilities }) => {
    const inputRequests = {
      ...(capabilities.elicitation ? { user_name: question("What is your name?", NAME_FORM) } : {}),
      ...(capabilities.sampling ? { greeting: sampling("Generate a greeting") } : {}),
    };
    return Object.keys(inputRequests).length > 0 ? inputRequired({ inputRequests }) : say("nobody to ask");
  }),
];

function state1({ states, context }: McpCall): Promise<string> {
  return states.mint({ round: 1 }, context);
}

function prompt(
  name: string,
  args: readonly string[],
  messages: (args: Readonly<Record<string, string>>) => readonly ContentBlock[],
): McpPrompt {
  return {
    listed: {
      name,
      description: `Asked for by the conformance suite: ${name}`,
      arguments: args.map((each) => ({ name: each, required: true })),
    },
    get: async (given) => ({ messages: messages(given).map((content) => ({ role: "user", content })) }),
    complete: async (_argument, begin) => ["paris", "park", "party"].filter((each) => each.startsWith(begin)),
  };
}

const PROMPTS: readonly McpPrompt[] = [
  prompt("test_simple_prompt", [], () => [{ type: "text", text: "This is a simple prompt for testing." }]),
  prompt("test_prompt_with_arguments", ["arg1", "arg2"], ({ arg1, arg2 }) => [
    { type: "text", text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` },
  ]),
  prompt("test_prompt_with_embedded_resource", ["resourceUri"], ({ resourceUri = "" }) => [
    embedded(resourceUri, "text/plain", "Embedded resource content for testing."),
    { type: "text", text: "Please process the embedded resource above." },
  ]),
  prompt("test_prompt_with_image", [], () => [
    { type: "image", data: IMAGE, mimeType: "image/png" },
    { type: "text", text: "Please analyze the image above." },
  ]),
  {
    ...prompt("test_input_required_result_prompt", [], () => []),
    get: async (_args, { context }) => {
      const given = acceptedContent(
        context.mcpReq.inputResponses,
        "user_context",
        z.object({ context: z.string() }),
      );
      return given
        ? { messages: [{ role: "user", content: { type: "text", text: `Context: ${given.context}` } }] }
        : inputRequired({
            inputRequests: {
              user_context: question(
                "What context should the prompt use?",
                form({ context: { type: "string" } }),
              ),
            },
          });
    },
  },
];

const STATIC = [
  {
    uri: "test://static-text",
    mimeType: "text/plain",
    text: "This is the content of the static text resource.",
  },
  { uri: "test://static-binary", mimeType: "image/png", blob: IMAGE },
  { uri: "test://watched-resource", mimeType: "text/plain", text: "Watched resource content" },
] as const;

export const conformanceSurface: McpSurface = {
  instructions: "For the conformance suite.",
  tools: async () => [...CONTENT_TOOLS, SCHEMA_TOOL, ...CONNECTION_TOOLS, ...ROUND_TOOLS],
  prompts: async () => PROMPTS,
  resources: {
    templates: [{ uriTemplate: "test://template/{id}/data", name: "template", mimeType: "application/json" }],
    list: async () =>
      STATIC.map(({ uri, mimeType }) => ({
        uri,
        name: uri.slice("test://".length),
        description: "For the conformance suite",
        mimeType,
      })),
    read: async (uri) => {
      const found = STATIC.find((each) => each.uri === uri);
      if (found) return { contents: [found] };
      const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
      const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
      return id ? { contents: [{ uri, mimeType: "application/json", text }] } : null;
    },
    watch: () => () => undefined,
  },
};
