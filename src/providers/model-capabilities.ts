import type { ModelCapabilities } from "./model-stream.ts";
import type { ProviderConfig } from "./provider-config.ts";

/** Claude models of before the ones that think. */
const PLAIN_CLAUDE = /claude-(?:2|instant|v1|3-(?:haiku|sonnet|opus|5)|3\.5)/;
/** Claude models that refuse sampling parameters. */
const FIXED_CLAUDE = /claude-(?:opus-4[-.][7-9]|(?:opus|sonnet|haiku|fable)-(?:[5-9]|\d\d))/;
/** OpenAI's models that reason: they refuse a temperature. */
const REASONING_GPT = /(?:^|\/)(?:o\d|gpt-(?:[5-9]|\d\d)|codex|computer-use)/;
const CHAT_GPT = /-chat(?:-latest)?$/;

/** What a model can do, by its family; a family nobody knows is taken to be able. */
export function capabilitiesOf(
  config: ProviderConfig,
  model: string,
  contextWindow: number | null,
): ModelCapabilities {
  const name = model.toLowerCase();
  const family = familyOf(name);
  const window = config.context_window ?? contextWindow;
  return {
    tools: !/embed|whisper|tts|moderation|(?:^|\/)o1-(?:mini|preview)/.test(name),
    images: family.images,
    reasoning: family.reasoning,
    temperature: family.temperature,
    caching: config.kind === "anthropic" || config.kind === "openai" || config.kind === "azure",
    contextWindow: window,
    maxOutputTokens: config.max_output_tokens ?? family.maxOutputTokens,
  };
}

interface Family {
  readonly images: boolean;
  readonly reasoning: boolean;
  readonly temperature: boolean;
  readonly maxOutputTokens: number | null;
}

function familyOf(name: string): Family {
  if (name.includes("claude")) {
    return {
      images: !/claude-(?:2|instant|v1)/.test(name),
      reasoning: !PLAIN_CLAUDE.test(name),
      temperature: !FIXED_CLAUDE.test(name),
      maxOutputTokens: claudeLimit(name),
    };
  }
  if (name.includes("gemini")) {
    const reasoning = !/gemini-(?:pro|1|2\.0|flash-1)/.test(name);
    return { images: true, reasoning, temperature: true, maxOutputTokens: reasoning ? 65_536 : 8_192 };
  }
  const reasoning = REASONING_GPT.test(name) && !CHAT_GPT.test(name);
  return {
    images: /gpt-(?:4o|4\.|[5-9]|\d\d)|(?:^|\/)o[134]|vision|-vl|llava|pixtral|gemma-?[3-9]|llama-4/.test(
      name,
    ),
    reasoning:
      reasoning || /reason|think|-r1|qwq|magistral|gpt-oss|grok-(?:[4-9])|qwen3|deepseek-v/.test(name),
    temperature: !reasoning,
    maxOutputTokens: null,
  };
}

/** Output tokens that a Claude model allows at most; asking for more is an error of the API. */
function claudeLimit(name: string): number {
  if (/claude-3-(?:haiku|sonnet|opus)|claude-(?:2|instant)/.test(name)) return 4_096;
  if (/claude-3[-.]5/.test(name)) return 8_192;
  if (/opus-4-?(?:0|1|2025)|opus-4$/.test(name)) return 32_000;
  return 64_000;
}
