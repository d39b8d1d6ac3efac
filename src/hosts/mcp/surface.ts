import type {
  CallToolResult,
  ClientCapabilities,
  GetPromptResult,
  InputRequiredResult,
  Prompt,
  ReadResourceResult,
  RequestStateCodec,
  Resource,
  ResourceTemplateType,
  ServerContext,
  Tool,
} from "@modelcontextprotocol/server";

/** What comes with a request: its signal, how to tell of progress, and what the client can be asked. */
export interface McpCall {
  readonly context: ServerContext;
  readonly capabilities: ClientCapabilities;
  readonly states: RequestStateCodec;
}

/** A tool as clients see it, and what a call of it does. */
export interface McpTool {
  readonly listed: Tool;
  call(input: unknown, call: McpCall): Promise<CallToolResult | InputRequiredResult>;
}

export interface McpPrompt {
  readonly listed: Prompt;
  get(args: Readonly<Record<string, string>>, call: McpCall): Promise<GetPromptResult | InputRequiredResult>;
  /** Values of an argument that begin like this. */
  complete(argument: string, begin: string): Promise<readonly string[]>;
}

export interface McpResources {
  readonly templates: readonly ResourceTemplateType[];
  list(call: McpCall): Promise<readonly Resource[]>;
  /** Null when there is no such resource. */
  read(uri: string, call: McpCall): Promise<ReadResourceResult | null>;
  /** Hears when a resource has become another, until the answer is called. */
  watch(uri: string, onChange: () => void): () => void;
}

/** All that a server shows. A host's own, and a test's, are built alike. */
export interface McpSurface {
  tools(): Promise<readonly McpTool[]>;
  prompts(): Promise<readonly McpPrompt[]>;
  readonly resources: McpResources;
  /** For the model, about what is here. */
  readonly instructions: string;
}
