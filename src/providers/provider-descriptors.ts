/** The forms of request and answer that the market speaks. */
export const WIRE_FORMS = ["anthropic", "openai-chat", "openai-responses", "google", "ollama"] as const;

export type WireFormName = (typeof WIRE_FORMS)[number];

/** What is known of a provider before anybody configures it. */
export interface ProviderDescriptor {
  readonly title: string;
  /** Null where no form goes over the network, or where the configuration names it. */
  readonly wire: WireFormName | null;
  /** Everything before the path of a call; null when it must be configured. */
  readonly baseUrl: string | null;
  /** Environment variables that may hold the key, the first that is set counts. */
  readonly keyNames: readonly string[];
  /** Environment variable that may hold another base URL. */
  readonly baseUrlName: string | null;
  readonly needsKey: boolean;
  /** Runs on this machine or in its network: slow to its first byte, few requests at once. */
  readonly local: boolean;
  readonly defaultModel: string | null;
}

/**
 * Every provider, by kind. A new provider that speaks one of the wire forms is one entry here: hub, schema, command
 * line and the look-up of keys derive from it.
 */
export const PROVIDERS = {
  anthropic: {
    title: "Anthropic",
    wire: "anthropic",
    baseUrl: "https://api.anthropic.com",
    keyNames: ["ANTHROPIC_API_KEY"],
    baseUrlName: "ANTHROPIC_BASE_URL",
    needsKey: true,
    local: false,
    defaultModel: "claude-sonnet-5",
  },
  openai: {
    title: "OpenAI",
    wire: "openai-responses",
    baseUrl: "https://api.openai.com/v1",
    keyNames: ["OPENAI_API_KEY"],
    baseUrlName: "OPENAI_BASE_URL",
    needsKey: true,
    local: false,
    defaultModel: "gpt-6-sol",
  },
  azure: {
    title: "Azure OpenAI",
    wire: "openai-chat",
    baseUrl: null,
    keyNames: ["AZURE_OPENAI_API_KEY", "AZURE_API_KEY"],
    baseUrlName: "AZURE_OPENAI_ENDPOINT",
    needsKey: true,
    local: false,
    defaultModel: null,
  },
  google: {
    title: "Google Gemini",
    wire: "google",
    baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    keyNames: ["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"],
    baseUrlName: "GOOGLE_GEMINI_BASE_URL",
    needsKey: true,
    local: false,
    defaultModel: "gemini-3.8-flash",
  },
  ollama: {
    title: "Ollama",
    wire: "ollama",
    baseUrl: "http://127.0.0.1:11434",
    keyNames: ["OLLAMA_API_KEY"],
    baseUrlName: "OLLAMA_HOST",
    needsKey: false,
    local: true,
    defaultModel: null,
  },
  "openai-compatible": {
    title: "OpenAI-compatible server",
    wire: "openai-chat",
    baseUrl: null,
    keyNames: ["OPENAI_COMPATIBLE_API_KEY"],
    baseUrlName: "OPENAI_COMPATIBLE_BASE_URL",
    needsKey: false,
    local: false,
    defaultModel: null,
  },
  openrouter: {
    title: "OpenRouter",
    wire: "openai-chat",
    baseUrl: "https://openrouter.ai/api/v1",
    keyNames: ["OPENROUTER_API_KEY"],
    baseUrlName: "OPENROUTER_BASE_URL",
    needsKey: true,
    local: false,
    defaultModel: "anthropic/claude-sonnet-5",
  },
  groq: {
    title: "Groq",
    wire: "openai-chat",
    baseUrl: "https://api.groq.com/openai/v1",
    keyNames: ["GROQ_API_KEY"],
    baseUrlName: "GROQ_BASE_URL",
    needsKey: true,
    local: false,
    defaultModel: "openai/gpt-oss-120b",
  },
  mistral: {
    title: "Mistral",
    wire: "openai-chat",
    baseUrl: "https://api.mistral.ai/v1",
    keyNames: ["MISTRAL_API_KEY"],
    baseUrlName: "MISTRAL_BASE_URL",
    needsKey: true,
    local: false,
    defaultModel: "mistral-medium-latest",
  },
  deepseek: {
    title: "DeepSeek",
    wire: "openai-chat",
    baseUrl: "https://api.deepseek.com",
    keyNames: ["DEEPSEEK_API_KEY"],
    baseUrlName: "DEEPSEEK_BASE_URL",
    needsKey: true,
    local: false,
    defaultModel: "deepseek-v4-flash",
  },
  xai: {
    title: "xAI",
    wire: "openai-chat",
    baseUrl: "https://api.x.ai/v1",
    keyNames: ["XAI_API_KEY"],
    baseUrlName: "XAI_BASE_URL",
    needsKey: true,
    local: false,
    defaultModel: "grok-4.6",
  },
  lmstudio: {
    title: "LM Studio",
    wire: "openai-chat",
    baseUrl: "http://127.0.0.1:1234/v1",
    keyNames: ["LMSTUDIO_API_KEY"],
    baseUrlName: "LMSTUDIO_BASE_URL",
    needsKey: false,
    local: true,
    defaultModel: null,
  },
  vllm: {
    title: "vLLM",
    wire: "openai-chat",
    baseUrl: "http://127.0.0.1:8000/v1",
    keyNames: ["VLLM_API_KEY"],
    baseUrlName: "VLLM_BASE_URL",
    needsKey: false,
    local: true,
    defaultModel: null,
  },
  llamacpp: {
    title: "llama.cpp server",
    wire: "openai-chat",
    baseUrl: "http://127.0.0.1:8080/v1",
    keyNames: ["LLAMA_API_KEY"],
    baseUrlName: "LLAMACPP_BASE_URL",
    needsKey: false,
    local: true,
    defaultModel: null,
  },
  http: {
    title: "Custom HTTP endpoint",
    wire: "openai-chat",
    baseUrl: null,
    keyNames: ["AKSARA_HTTP_API_KEY"],
    baseUrlName: "AKSARA_HTTP_URL",
    needsKey: false,
    local: false,
    defaultModel: null,
  },
  "vscode-lm": {
    title: "Language models of the editor",
    wire: null,
    baseUrl: null,
    keyNames: [],
    baseUrlName: null,
    needsKey: false,
    local: false,
    defaultModel: null,
  },
  scripted: {
    title: "Scripted replay",
    wire: null,
    baseUrl: null,
    keyNames: [],
    baseUrlName: null,
    needsKey: false,
    local: true,
    defaultModel: "scripted",
  },
  noop: {
    title: "No model",
    wire: null,
    baseUrl: null,
    keyNames: [],
    baseUrlName: null,
    needsKey: false,
    local: true,
    defaultModel: "noop",
  },
} as const satisfies Readonly<Record<string, ProviderDescriptor>>;

export type ProviderKind = keyof typeof PROVIDERS;

export const PROVIDER_KINDS = Object.keys(PROVIDERS) as readonly ProviderKind[];

export function isProviderKind(name: string): name is ProviderKind {
  return Object.hasOwn(PROVIDERS, name);
}

export function describeProvider(kind: ProviderKind): ProviderDescriptor {
  return PROVIDERS[kind];
}

/** Whether a provider gives one fixed text: there is nothing to pay, to check or to ask again. */
export function asksNoModel(kind: ProviderKind): boolean {
  return kind === "noop";
}
