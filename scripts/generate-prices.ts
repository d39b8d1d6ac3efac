/**
 * Writes src/providers/prices.generated.ts from `@pydantic/genai-prices`: what text costs and how large the windows
 * are, for the providers we speak to. With --check it only compares.
 */
import { readFileSync, writeFileSync } from "node:fs";
import {
  type ConditionalPrice,
  findProvider,
  type MatchLogic,
  type ModelInfo,
  type ModelPrice,
} from "@pydantic/genai-prices";

/** Our kind of provider → the package's name for it. */
const SOURCES = {
  anthropic: "anthropic",
  openai: "openai",
  google: "google",
  mistral: "mistral",
  groq: "groq",
  deepseek: "deepseek",
  xai: "x-ai",
} as const;

/** Models that are not asked for text. */
const NOT_TEXT =
  /embed|whisper|tts|transcribe|audio|image|realtime|live|voice|moderation|dall|ocr|voxtral|omni|guard|vision-preview|davinci|curie|babbage|^ada$|computer-use|search-preview|^ft:/;
/** Offered by nobody any more. */
const RETIRED =
  /^(?:claude-(?:2|v1|instant)|gpt-3\.5|gpt-4-32k|gpt-4\.5|claude-3-(?:sonnet|opus)|gemini-(?:1|pro|flash-1)|llama2|llama3-|llama-3\.[12]|gemma-7b|gemma2|mixtral|mistral-(?:7b|nemo|medium-2312)|open-|grok-2)/;

const target = new URL("../src/providers/prices.generated.ts", import.meta.url);
const { version } = JSON.parse(
  readFileSync(new URL("../node_modules/@pydantic/genai-prices/package.json", import.meta.url), "utf8"),
);

function tableOf(id: string): unknown[] {
  const provider = findProvider({ providerId: id });
  if (provider === undefined) throw new Error(`the package knows no ${id}`);
  return provider.models.filter((model) => isOfUse(id, model)).map((model) => rowOf(id, model));
}

function isOfUse(id: string, model: ModelInfo): boolean {
  if (NOT_TEXT.test(model.id) || RETIRED.test(model.id)) return false;
  // Other vendors' models behind Google's cloud go by another API than ours.
  if (id === "google" && model.id.startsWith("claude")) return false;
  return pricesOf(model).some(
    ({ prices }) => prices.input_mtok !== undefined && prices.output_mtok !== undefined,
  );
}

function pricesOf(model: ModelInfo): readonly ConditionalPrice[] {
  return Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
}

/** [match, window, price…]; a price under a condition carries it. */
function rowOf(id: string, model: ModelInfo): unknown[] {
  const prices = pricesOf(model).map(({ constraint, prices }) => {
    const price = priceOf(prices);
    if (constraint === undefined) return price;
    return constraint.type === "start_date"
      ? [...price, constraint.start_date]
      : [...price, `${constraint.start_time.slice(0, 5)}-${constraint.end_time.slice(0, 5)}`];
  });
  return [matchOf(model.match, id), model.context_window ?? null, ...prices];
}

/** [input, cache read, cache write, output]: dollars for a million tokens, or [base, above so many tokens, …]. */
function priceOf(prices: ModelPrice): unknown[] {
  return [prices.input_mtok, prices.cache_read_mtok, prices.cache_write_mtok, prices.output_mtok].map(
    (price) => {
      if (price === undefined) return null;
      if (typeof price === "number") return price;
      return [price.base, ...price.tiers.flatMap((tier) => [tier.start, tier.price])];
    },
  );
}

function matchOf(match: MatchLogic, id: string): unknown {
  if ("equals" in match) return `=${match.equals}`;
  if ("starts_with" in match) return `^${match.starts_with}`;
  if ("ends_with" in match) return `$${match.ends_with}`;
  if ("contains" in match) return `*${match.contains}`;
  if ("regex" in match) return `/${match.regex}`;
  if ("and" in match) return ["&", ...match.and.map((each) => matchOf(each, id))];
  // A start covers what equals it or begins like it.
  const starts = match.or.flatMap((each) => ("starts_with" in each ? each.starts_with : []));
  const kept = match.or.filter((each) => {
    if ("equals" in each) return !starts.some((start) => each.equals.startsWith(start));
    if ("starts_with" in each) {
      return !starts.some((start) => start !== each.starts_with && each.starts_with.startsWith(start));
    }
    return true;
  });
  return ["|", ...kept.map((each) => matchOf(each, id))];
}

const rows = Object.entries(SOURCES).map(
  ([kind, id]) =>
    `  ${kind}: [\n${tableOf(id)
      .map((row) => `    ${JSON.stringify(row)},\n`)
      .join("")}  ],\n`,
);
const text = [
  `// Written by scripts/generate-prices.ts from @pydantic/genai-prices ${version} (MIT). Not edited by hand.\n`,
  'import type { PriceTables } from "./pricing/price-table.ts";\n\n',
  "export const PRICES: PriceTables = {\n",
  ...rows,
  "};\n",
].join("");

if (!process.argv.includes("--check")) writeFileSync(target, text);
else if (readFileSync(target, "utf8") !== text) {
  console.error('src/providers/prices.generated.ts is out of date: run "node scripts/generate-prices.ts".');
  process.exitCode = 1;
}
