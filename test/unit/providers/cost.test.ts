import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { calcPrice, findProvider } from "@pydantic/genai-prices";
import type { TokenUsage } from "../../../src/providers/model-stream.ts";
import { contextWindowOf, costOf } from "../../../src/providers/pricing/cost.ts";

const root = join(import.meta.dirname, "../../..");
const AT = Date.UTC(2026, 10, 20, 12);
const usage = (changes: Partial<TokenUsage> = {}): TokenUsage => ({
  input: 1000,
  cacheRead: 0,
  cacheWrite: 0,
  output: 500,
  reasoning: null,
  ...changes,
});

describe("what answers cost", () => {
  it("each class of tokens has its price, without a float's tail", () => {
    assert.equal(costOf("anthropic", "claude-sonnet-4-5", usage(), AT), 0.0105);
    const cached = usage({ input: 100, cacheRead: 1000, cacheWrite: 200, output: 10 });
    // 100·3 + 1000·0.30 + 200·3.75 + 10·15 dollars for a million.
    assert.equal(costOf("anthropic", "claude-sonnet-4-5-20250929", cached, AT), 0.0015);
    assert.equal(costOf("openai", "gpt-4o", usage({ input: 3, output: 1 }), AT), 0.0000175);
  });

  it("what is unknown costs null, never 0", () => {
    assert.equal(costOf("anthropic", "claude-nobody-knows", usage(), AT), null);
    assert.equal(costOf("ollama", "llama3", usage(), AT), null);
    assert.equal(costOf("nobody", "gpt-4o", usage(), AT), null);
    assert.equal(costOf("openai", "gpt-4o", usage({ input: null }), AT), null);
    assert.equal(costOf("openai", "gpt-4o", usage({ output: null }), AT), null);
    assert.equal(costOf("openrouter", "openai/gpt-4o:free", usage(), AT), null);
    assert.equal(costOf("openrouter", "qwen/qwen3", usage(), AT), null);
    assert.equal(costOf("noop", "noop", usage(), AT), 0);
  });

  it("OpenRouter passes on what Anthropic, OpenAI and Google ask; Azure sells OpenAI's models", () => {
    assert.equal(costOf("openrouter", "anthropic/claude-sonnet-4.5", usage(), AT), 0.0105);
    assert.equal(costOf("azure", "gpt-4o", usage(), AT), costOf("openai", "gpt-4o", usage(), AT));
  });

  it("prices that change on a day, at an hour, above a length", () => {
    const before = costOf("google", "gemini-3.8-flash", usage(), Date.UTC(2026, 11, 31));
    const after = costOf("google", "gemini-3.8-flash", usage(), Date.UTC(2027, 0, 1));
    assert.ok(before !== null && after === before * 2);
    const night = costOf("deepseek", "deepseek-v4-flash", usage(), Date.UTC(2026, 10, 20, 2));
    const noon = costOf("deepseek", "deepseek-v4-flash", usage(), Date.UTC(2026, 10, 20, 12));
    assert.ok(night !== null && noon !== null && night === noon * 2);
    const short = costOf("google", "gemini-3-pro-preview", usage({ input: 200_000, output: 0 }), AT);
    const long = costOf("google", "gemini-3-pro-preview", usage({ input: 200_001, output: 0 }), AT);
    assert.deepEqual([short, long], [0.4, 0.800004]);
  });

  it("agrees with the package that the table comes from, for every model of it that we price", () => {
    const kinds = {
      anthropic: "anthropic",
      openai: "openai",
      google: "google",
      mistral: "mistral",
      groq: "groq",
      deepseek: "deepseek",
      xai: "x-ai",
    };
    const usages = [
      usage(),
      usage({ input: 10_000, cacheRead: 5_000, output: 77 }),
      usage({ input: 190_000, cacheRead: 90_000, output: 1 }),
      usage({ input: 300_000, output: 12_345 }),
    ];
    let compared = 0;
    for (const [kind, providerId] of Object.entries(kinds)) {
      for (const { id, context_window: window } of findProvider({ providerId })?.models ?? []) {
        for (const each of usages) {
          const ours = costOf(kind, id, each, AT);
          if (ours === null) continue;
          const theirs = calcPrice(
            {
              input_tokens: (each.input ?? 0) + (each.cacheRead ?? 0),
              cache_read_tokens: each.cacheRead ?? 0,
              output_tokens: each.output ?? 0,
            },
            id,
            { providerId, timestamp: new Date(AT) },
          );
          assert.ok(theirs !== null, id);
          assert.ok(
            Math.abs(ours - theirs.total_price) < 1e-9,
            `${kind} ${id}: ${ours} and ${theirs.total_price}`,
          );
          assert.equal(contextWindowOf(kind, id), theirs.model.context_window ?? window ?? null, id);
          compared++;
        }
      }
    }
    assert.ok(compared > 350, `${compared}`);
  });

  it("the generated table is up to date, and small", async () => {
    await promisify(execFile)(process.execPath, [join(root, "scripts/generate-prices.ts"), "--check"]);
    assert.ok(statSync(join(root, "src/providers/prices.generated.ts")).size < 20 * 1024);
  });
});
