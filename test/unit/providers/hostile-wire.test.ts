import assert from "node:assert/strict";
import { wordsOfHtml } from "../../../src/providers/errors/snippet.ts";
import type { ModelPart } from "../../../src/providers/model-stream.ts";
import { ProviderError } from "../../../src/providers/provider-error.ts";
import { Dice } from "../../support/dice.ts";
import { collect, failureOf, joined } from "../../support/provider-parts.ts";
import { bytesOf, read } from "./byte-transport.ts";
import { FIXTURES, type WireFixture } from "./wire-fixtures.ts";

const SEEDS = 400;
const REASONS = ["stop", "length", "tool-calls", "content-filter", "refusal", "unknown"];

/** Values that stand where a provider's own should: wrong types, names of inherited members, much of something. */
const STRANGE: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e308,
  "",
  "constructor",
  "__proto__",
  "toString",
  [],
  {},
  [[[]]],
  { constructor: { prototype: { polluted: true } } },
  JSON.parse('{"__proto__": {"polluted": true}}'),
  "\u0000\u{10ffff}\ud800",
  "x".repeat(100_000),
];

/** The documents of a stream, as text, without their framing. */
function documentsOf(fixture: WireFixture): readonly string[] {
  return fixture.stream.split("\n").flatMap((line) => {
    if (line.startsWith("data: ")) return [line.slice(6)];
    return line.startsWith("{") ? [line] : [];
  });
}

function framed(fixture: WireFixture, documents: readonly string[]): string {
  const isLines = fixture.contentType !== "text/event-stream";
  return documents.map((document) => (isLines ? `${document}\n` : `data: ${document}\n\n`)).join("");
}

/** Puts a strange value, or nothing, in place of one that lies somewhere in a document. */
function spoil(document: string, dice: Dice): string {
  let value: unknown;
  try {
    value = JSON.parse(document);
  } catch {
    return dice.pick(["[DONE", "null", "[]", "0", '"x"', "{", ""]);
  }
  let holder: unknown = { root: value };
  const root = holder as { root: unknown };
  let key = "root";
  for (let depth = dice.below(7); depth > 0; depth--) {
    const next = (holder as Record<string, unknown>)[key];
    if (typeof next !== "object" || next === null) break;
    const keys = Object.keys(next);
    if (keys.length === 0) break;
    holder = next;
    key = dice.pick(keys);
  }
  if (dice.below(5) === 0) delete (holder as Record<string, unknown>)[key];
  else (holder as Record<string, unknown>)[key] = dice.pick(STRANGE);
  return JSON.stringify(root.root) ?? "null";
}

const MUTATIONS: readonly ((documents: string[], dice: Dice) => void)[] = [
  (documents, dice) => {
    const at = dice.below(documents.length);
    documents.splice(at, 1, spoil(documents[at] ?? "", dice));
  },
  (documents, dice) => {
    const at = dice.below(documents.length);
    documents.splice(at, 0, documents[at] ?? "");
  },
  (documents, dice) => void documents.splice(dice.below(documents.length), 1),
  (documents, dice) => {
    const [taken = ""] = documents.splice(dice.below(documents.length), 1);
    documents.splice(dice.below(documents.length + 1), 0, taken);
  },
];

/** A stream with up to four things wrong with it, as bytes in chunks. */
function spoiled(fixture: WireFixture, dice: Dice): readonly Uint8Array[] {
  const documents = [...documentsOf(fixture)];
  for (let changes = dice.below(4); changes >= 0 && documents.length > 0; changes--)
    dice.pick(MUTATIONS)(documents, dice);
  let bytes = bytesOf(framed(fixture, documents));
  if (dice.below(4) === 0 && bytes.length > 0) {
    bytes = Uint8Array.from(bytes);
    for (let flips = dice.below(4); flips >= 0; flips--) bytes[dice.below(bytes.length)] = dice.below(256);
  }
  if (dice.below(4) === 0) bytes = bytes.slice(0, dice.below(bytes.length + 1));
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + dice.below(dice.pick([2, 40, 100_000]));
    chunks.push(bytes.slice(at, at + length));
    at += length;
  }
  return chunks;
}

/** What every answer keeps to, however strange the stream: the contract of `ModelPart`. */
function assertParts(parts: readonly ModelPart[], ended: boolean): void {
  const ids = parts.flatMap((part) => (part.type === "tool-call" ? [part.id] : []));
  assert.equal(new Set(ids).size, ids.length, `two calls have one id: ${ids.join()}`);
  assert.ok(parts.filter(({ type }) => type === "usage").length <= 1, "usage more than once");
  assert.equal(parts.filter(({ type }) => type === "finish").length, ended ? 1 : 0);
  if (ended) assert.equal(parts.at(-1)?.type, "finish");
  for (const part of parts) {
    if (part.type === "text" || part.type === "reasoning") assert.ok(part.delta !== "");
    if ("delta" in part) assert.equal(typeof part.delta, "string");
    if (part.type === "tool-call" || part.type === "tool-input") {
      assert.ok(typeof part.id === "string" && part.id !== "");
      assert.equal(typeof part.name, "string");
    }
    if (part.type === "tool-call") assert.ok(part.malformed === null || typeof part.malformed === "string");
    if (part.type === "finish") {
      assert.ok(REASONS.includes(part.reason), `reason ${String(part.reason)}`);
      assert.ok(part.model === null || typeof part.model === "string");
    }
    if (part.type === "usage") {
      for (const count of Object.values(part.usage))
        assert.ok(count === null || (Number.isFinite(count) && count >= 0), `${count}`);
    }
  }
}

describe("streams that somebody spoiled (seeded)", function () {
  this.timeout(60_000);

  for (const fixture of FIXTURES) {
    it(`E04 ${fixture.name}: ${SEEDS} spoiled streams end as an answer or as a failure, never as a defect`, async () => {
      for (let seed = 1; seed <= SEEDS; seed++) {
        const dice = new Dice(seed);
        const parts: ModelPart[] = [];
        let failure: unknown = null;
        try {
          for await (const part of read(fixture, spoiled(fixture, dice))) parts.push(part);
        } catch (error) {
          failure = error;
        }
        try {
          assertParts(parts, failure === null);
          if (failure === null) continue;
          assert.ok(failure instanceof ProviderError, String(failure));
          // A defect of ours inside a reducer would pass for a malformed answer.
          assert.doesNotMatch(failure.message, /is not a function|Cannot |undefined|not iterable|call stack/);
        } catch (error) {
          throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}`, {
            cause: error,
          });
        }
      }
    });
  }

  it("nothing that a stream says becomes a member of every object", () => {
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });
});

const MIB = 1024 * 1024;

/** One delta of text as each form has it. */
const TEXT_EVENTS: Readonly<Record<string, (text: string) => string>> = {
  "Anthropic Messages": (text) =>
    JSON.stringify({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }),
  "OpenAI Chat Completions": (text) => JSON.stringify({ choices: [{ index: 0, delta: { content: text } }] }),
  "OpenAI Responses": (text) => JSON.stringify({ type: "response.output_text.delta", delta: text }),
  "Gemini generateContent": (text) =>
    JSON.stringify({ candidates: [{ content: { parts: [{ text }] }, index: 0 }] }),
  "Ollama chat": (text) => JSON.stringify({ message: { content: text }, done: false }),
};

function* cut(bytes: Uint8Array, length: number): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

/** The same chunk for ever, with a count of how often it was taken. */
class Endless {
  taken = 0;
  readonly #chunk: Uint8Array;

  constructor(text: string) {
    this.#chunk = bytesOf(text);
  }

  *[Symbol.iterator](): Iterator<Uint8Array> {
    for (;;) {
      this.taken++;
      // A reader that never stops would run the test out of memory instead of failing it.
      if (this.taken > 200_000) throw new Error("nobody stopped reading");
      yield this.#chunk;
    }
  }
}

describe("streams that are too much", function () {
  this.timeout(120_000);

  for (const fixture of FIXTURES) {
    const textEvent = (text: string) => framed(fixture, [TEXT_EVENTS[fixture.name]?.(text) ?? ""]);

    it(`E04 ${fixture.name}: a token of 1 MB comes whole, in pieces of any size`, async () => {
      const token = `${"日本 語".repeat(MIB / 10)}.`;
      const bytes = bytesOf(textEvent(token) + fixture.stream);
      for (const size of [bytes.length, 65_536, 1_400, 13]) {
        const parts = await collect(read(fixture, cut(bytes, size)));
        const [first] = joined(parts) as readonly ModelPart[];
        assert.ok(first?.type === "text" && first.delta.startsWith(token), `pieces of ${size}`);
        assert.equal(parts.at(-1)?.type, "finish");
      }
    });

    // Red when `emit` in answer-stream.ts counts no characters.
    it(`${fixture.name}: an answer that never ends is refused, and no more of it is read`, async () => {
      const endless = new Endless(textEvent("x".repeat(MIB)));
      const failure = await failureOf(collect(read(fixture, endless)));
      assert.equal(failure.kind, "protocol");
      assert.match(failure.message, /16 million characters/);
      assert.ok(endless.taken <= 18, `${endless.taken}`);
    });

    // Red when `LARGEST_EVENT` is passed to neither reader of frames.
    it(`${fixture.name}: a line that never ends is refused at 16 MB`, async () => {
      const endless = new Endless(`data: ${"x".repeat(MIB)}`);
      assert.match((await failureOf(collect(read(fixture, endless)))).message, /16 MB/);
      assert.ok(endless.taken <= 18, `${endless.taken}`);
    });

    it(`${fixture.name}: the type that a server gives its answer does not matter`, async () => {
      for (const contentType of [
        "",
        "text/html",
        "application/json",
        "image/png",
        "text/plain; charset=latin1",
      ]) {
        const parts = await collect(read(fixture, [bytesOf(fixture.stream)], { contentType }));
        assert.deepEqual(joined(parts), fixture.parts, contentType);
      }
      for (const [body, words] of [
        ["<!doctype html><title>Sign in</title>", /HTML/],
        ["\u0000\u0001\u0002PNG\u0000", /not what this provider speaks: PNG/],
        ["", /empty/],
      ] as const) {
        const failure = await failureOf(collect(read(fixture, [bytesOf(body)])));
        assert.equal(failure.kind, "protocol");
        assert.match(failure.message, words);
      }
    });

    it(`E04 ${fixture.name}: bytes that are not UTF-8 spoil their own character and no more`, async () => {
      const bytes = bytesOf(textEvent("before☃after") + fixture.stream);
      const at = bytes.indexOf(0xe2);
      bytes[at + 1] = 0xff;
      const [first] = joined(await collect(read(fixture, cut(bytes, 3)))) as readonly ModelPart[];
      assert.ok(first?.type === "text");
      assert.match(first.delta, /^before\ufffd+after/);
    });

    // Red when `parseJson` does not count levels: writing the input down again would go down by recursion.
    it(`${fixture.name}: an input nested without end is no input`, async () => {
      const deep = "[".repeat(50_000) + "]".repeat(50_000);
      const bytes = bytesOf(framed(fixture, [`{"deep":${deep}}`]) + fixture.stream);
      const failure = await failureOf(collect(read(fixture, [bytes])));
      assert.equal(failure.kind, "protocol");
    });
  }

  // prove: src/providers/connectors/answer-stream.ts :: if (bytes > LARGEST_ANSWER) => if (bytes > 2 * LARGEST_ANSWER)
  it("what holds no words at all is refused as well, in the end", async () => {
    const [fixture] = FIXTURES;
    assert.ok(fixture);
    const endless = new Endless(`: ${"x".repeat(MIB)}\n\n`);
    assert.match((await failureOf(collect(read(fixture, endless)))).message, /256 MB/);
    assert.ok(endless.taken <= 258, `${endless.taken}`);
  });

  // prove: src/providers/wire/json.ts :: const DEEPEST = 500; => const DEEPEST = 1e9;
  it("a call whose input is nested without end is given out as one that cannot be read", async () => {
    const [fixture] = FIXTURES.filter(({ name }) => name === "OpenAI Chat Completions");
    assert.ok(fixture);
    const input = `{"x":${"[".repeat(5_000)}${"]".repeat(5_000)}}`;
    const documents = [
      {
        choices: [
          { delta: { tool_calls: [{ index: 0, id: "t", function: { name: "look", arguments: input } }] } },
        ],
      },
      { choices: [{ delta: {}, finish_reason: "tool_calls" }] },
    ].map((document) => JSON.stringify(document));
    const parts = await collect(read(fixture, [bytesOf(framed(fixture, documents))]));
    const call = parts.find((part) => part.type === "tool-call");
    assert.deepEqual(call, { type: "tool-call", id: "t", name: "look", input: null, malformed: input });
  });
});

describe("refusals that are too much", () => {
  // prove: src/providers/errors/snippet.ts :: <title[^<>]* => <title[^>]*
  it("a page that opens a title ever anew is read once", function () {
    // Read anew from each of them it would take a minute, and not a millisecond.
    this.timeout(10_000);
    assert.equal(wordsOfHtml("<title".repeat(60_000)), "");
    assert.equal(wordsOfHtml("<h1".repeat(60_000)), "");
    assert.equal(wordsOfHtml("<title lang=en>Bad gateway</title><h1>502</h1>"), "Bad gateway: 502");
  });
});

describe("events that come twice or not in their order", () => {
  const byName = (name: string): WireFixture => {
    const found = FIXTURES.find((fixture) => fixture.name === name);
    assert.ok(found);
    return found;
  };
  const callsOf = (parts: readonly ModelPart[]) =>
    parts.flatMap((part) => (part.type === "tool-call" ? [[part.id, part.name, part.input]] : []));

  // prove: src/providers/wire/openai-responses-reducer.ts :: : this.#calls.isKnown(id)) return; => : this.#calls.has(index)) return;
  it("Responses: an item that is said twice to be done is one call", async () => {
    const fixture = byName("OpenAI Responses");
    const documents = documentsOf(fixture).flatMap((document) =>
      /output_item\.(?:added|done).*function_call/.test(document) ? [document, document] : [document],
    );
    const parts = await collect(read(fixture, [bytesOf(framed(fixture, documents))]));
    assert.deepEqual(joined(parts), fixture.parts);
  });

  // prove: src/providers/wire/anthropic-reducer.ts :: if (id !== null && this.#calls.isKnown(id)) return; => if (id === null) return;
  it("Anthropic: a block that is begun and ended twice is one call", async () => {
    const fixture = byName("Anthropic Messages");
    const documents = documentsOf(fixture).flatMap((document) =>
      /content_block_(?:start|stop)/.test(document) ? [document, document] : [document],
    );
    const parts = await collect(read(fixture, [bytesOf(framed(fixture, documents))]));
    assert.deepEqual(joined(parts), fixture.parts);
  });

  // prove: src/providers/wire/openai-chat-reducer.ts :: if (!id || !isNamed => if (index >= 0 || !id || !isNamed
  it("Chat Completions: two calls under one index, told apart by their ids, are two", async () => {
    const fixture = byName("OpenAI Chat Completions");
    const piece = (id: string | null, name: string | null, text: string) => ({
      choices: [
        {
          delta: {
            tool_calls: [
              { index: 0, ...(id ? { id } : {}), function: { ...(name ? { name } : {}), arguments: text } },
            ],
          },
        },
      ],
    });
    const documents = [
      piece("a", "one", '{"x":'),
      piece(null, null, "1}"),
      piece("b", "two", '{"y":'),
      piece("b", "two", "2"),
      piece(null, null, "}"),
      { choices: [{ delta: {}, finish_reason: "tool_calls" }] },
    ].map((document) => JSON.stringify(document));
    const parts = await collect(read(fixture, [bytesOf(framed(fixture, documents))]));
    assert.deepEqual(callsOf(parts), [
      ["a", "one", { x: 1 }],
      ["b", "two", { y: 2 }],
    ]);
  });

  // prove: src/providers/wire/tool-calls.ts :: id === "" || this.#ids.has(id) => id === ""
  it("Gemini: a server that gives all its calls one id gets ids apart", async () => {
    const fixture = byName("Gemini generateContent");
    const documents = [
      {
        candidates: [
          {
            content: {
              parts: [1, 2].map((x) => ({ functionCall: { id: "same", name: "look", args: { x } } })),
            },
            finishReason: "STOP",
          },
        ],
      },
    ].map((document) => JSON.stringify(document));
    const parts = await collect(read(fixture, [bytesOf(framed(fixture, documents))]));
    assert.deepEqual(callsOf(parts), [
      ["same", "look", { x: 1 }],
      ["call_1_2", "look", { x: 2 }],
    ]);
  });
});
