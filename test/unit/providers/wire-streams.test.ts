import assert from "node:assert/strict";
import type { ModelPart } from "../../../src/providers/model-stream.ts";
import type { ProviderError } from "../../../src/providers/provider-error.ts";
import { ask, collect, connect, failureOf, joined, requestOf } from "../../support/provider-parts.ts";
import { ProviderServer, streamed } from "../../support/provider-server.ts";
import { bytesOf, read as readBytes } from "./byte-transport.ts";
import { FIXTURES, type WireFixture } from "./wire-fixtures.ts";

function read(fixture: WireFixture, chunks: readonly Uint8Array[]): Promise<ModelPart[]> {
  return collect(readBytes(fixture, chunks));
}

const byName = (name: string): WireFixture => {
  const found = FIXTURES.find((fixture) => fixture.name.includes(name));
  assert.ok(found);
  return found;
};

describe("streams of the wire forms (synthetic)", () => {
  for (const fixture of FIXTURES) {
    describe(fixture.name, () => {
      it("E04 gives its parts whole, in order, with usage and finish from the last event", async () => {
        assert.deepEqual(joined(await read(fixture, [bytesOf(fixture.stream)])), fixture.parts);
      });

      it("E04 reassembles exactly when cut at every byte", async () => {
        const bytes = bytesOf(fixture.stream);
        for (let at = 1; at < bytes.length; at++) {
          const parts = await read(fixture, [bytes.slice(0, at), bytes.slice(at)]);
          assert.deepEqual(joined(parts), fixture.parts, `cut at ${at}`);
        }
      });

      it("E04 reassembles exactly when every byte comes alone", async () => {
        const parts = await read(
          fixture,
          Array.from(bytesOf(fixture.stream), (byte) => Uint8Array.of(byte)),
        );
        assert.deepEqual(joined(parts), fixture.parts);
      });

      it("E04 over a real socket, in pieces of seven bytes", async () => {
        const bytes = bytesOf(fixture.stream);
        const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, at) =>
          bytes.slice(at * 7, at * 7 + 7),
        );
        const server = await ProviderServer.start(streamed(pieces, fixture.contentType));
        try {
          const connector = connect({ ...fixture.config, base_url: `${server.url}${fixture.base}` });
          assert.deepEqual(joined(await ask(connector)), fixture.parts);
        } finally {
          await server.close();
        }
      });

      it("E04 cut off at any byte it is interrupted before its finish, and whole after it", async () => {
        const bytes = bytesOf(fixture.stream);
        const first = fixture.stream.indexOf("}\n");
        let whole = 0;
        for (let end = first + 3; end < bytes.length; end++) {
          const parts: ModelPart[] = [];
          let failure: unknown = null;
          try {
            for await (const part of readBytes(fixture, [bytes.slice(0, end)])) parts.push(part);
          } catch (error) {
            failure = error;
          }
          if (failure === null) {
            whole++;
            const usual = fixture.parts.filter(({ type }) => type !== "usage");
            assert.deepEqual(joined(parts.filter(({ type }) => type !== "usage")), usual, `cut at ${end}`);
          } else {
            assert.equal((failure as ProviderError).kind, "interrupted", `cut at ${end}: ${failure}`);
            assert.equal(whole, 0, `more of the stream, cut at ${end}, is less of an answer`);
          }
        }
      });
    });
  }

  const events = FIXTURES.filter((fixture) => fixture.contentType === "text/event-stream");
  for (const fixture of events) {
    it(`E04 ${fixture.name}: CRLF, bare CR, comments, no space after "data:"`, async () => {
      const plain = fixture.stream;
      for (const changed of [
        plain.replaceAll("\n", "\r\n"),
        plain.replaceAll("\n", "\r"),
        plain.replaceAll("\n\n", "\n\n: keep-alive\n\n"),
        plain.replaceAll("data: ", "data:"),
        `\u{feff}${plain}`,
        plain.replace(/\n+$/, ""),
      ]) {
        assert.deepEqual(joined(await read(fixture, [bytesOf(changed)])), fixture.parts);
        const bytes = bytesOf(changed);
        const alone = await read(
          fixture,
          Array.from(bytes, (byte) => Uint8Array.of(byte)),
        );
        assert.deepEqual(joined(alone), fixture.parts);
      }
    });

    it(`E03 ${fixture.name}: an error object inside a stream of status 200`, async () => {
      const error = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
      const [first = ""] = fixture.stream.split("\n\n");
      const cut = `${first}\n\ndata: ${JSON.stringify(error)}\n\n`;
      assert.equal((await failureOf(read(fixture, [bytesOf(cut)]))).kind, "overloaded");
    });
  }

  it("E04 Ollama: CRLF, blank lines, a last line without its end, an error line", async () => {
    const fixture = byName("Ollama");
    for (const changed of [
      fixture.stream.replaceAll("\n", "\r\n"),
      fixture.stream.replaceAll("\n", "\n\n"),
      fixture.stream.trimEnd(),
    ]) {
      assert.deepEqual(joined(await read(fixture, [bytesOf(changed)])), fixture.parts);
    }
    const failed = `${fixture.stream.split("\n")[0]}\n{"error":"llama runner process has terminated"}\n`;
    assert.match(
      (await failureOf(read(fixture, [bytesOf(failed)]))).message,
      /runner process has terminated/,
    );
  });

  it("E04 Chat Completions: a missing [DONE] is forgiven, a missing finish reason is not", async () => {
    const fixture = byName("Chat");
    const withoutDone = fixture.stream.replace("data: [DONE]\n\n", "");
    assert.deepEqual(joined(await read(fixture, [bytesOf(withoutDone)])), fixture.parts);
    const withoutReason = fixture.stream.replace('"finish_reason":"tool_calls"', '"finish_reason":null');
    assert.equal((await failureOf(read(fixture, [bytesOf(withoutReason)]))).kind, "interrupted");
  });

  it("Chat Completions: calls without an index, arguments as an object, arguments that are not JSON", async () => {
    const fixture = byName("Chat");
    const chunks = [
      { choices: [{ delta: { tool_calls: [{ id: "a", function: { name: "one", arguments: '{"x":' } }] } }] },
      { choices: [{ delta: { tool_calls: [{ function: { arguments: "1}" } }] } }] },
      { choices: [{ delta: { tool_calls: [{ id: "b", function: { name: "two", arguments: { y: 2 } } }] } }] },
      {
        choices: [{ delta: { tool_calls: [{ id: "c", function: { name: "three", arguments: '{"z":' } }] } }],
      },
      { choices: [{ delta: {}, finish_reason: "stop" }] },
    ];
    const stream = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
    const parts = await read(fixture, [bytesOf(stream)]);
    assert.deepEqual(
      parts.filter((part) => part.type === "tool-call" || part.type === "finish"),
      [
        { type: "tool-call", id: "a", name: "one", input: { x: 1 }, malformed: null },
        { type: "tool-call", id: "b", name: "two", input: { y: 2 }, malformed: null },
        { type: "tool-call", id: "c", name: "three", input: null, malformed: '{"z":' },
        { type: "finish", reason: "tool-calls", model: null },
      ],
    );
  });

  it("an event of more than 16 MB is refused, not kept", async () => {
    const fixture = byName("Chat");
    const piece = bytesOf("x".repeat(1024 * 1024));
    const chunks = [bytesOf("data: "), ...Array.from({ length: 18 }, () => piece)];
    const failure = await failureOf(read(fixture, chunks));
    assert.equal(failure.kind, "protocol");
    assert.match(failure.message, /16 MB/);
  });

  it("nothing is sent before the first part is asked for", async () => {
    const server = await ProviderServer.start(streamed([]));
    try {
      const connector = connect({ kind: "openai-compatible", base_url: server.url });
      connector.stream(requestOf(), new AbortController().signal);
      await new Promise<void>((resolve) => setImmediate(resolve));
      assert.equal(server.requests.length, 0);
    } finally {
      await server.close();
    }
  });
});
