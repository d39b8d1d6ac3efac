import type { ModelPart, ModelRequest } from "../../../src/providers/model-stream.ts";
import type { HttpTransport } from "../../../src/providers/transport/http-transport.ts";
import { connect, requestOf } from "../../support/provider-parts.ts";
import type { WireFixture } from "./wire-fixtures.ts";

/** Bytes as they would come from a socket, cut where the test wants. */
export function byteTransport(
  chunks: Iterable<Uint8Array>,
  contentType = "text/event-stream",
): HttpTransport {
  return {
    send: async () => ({
      status: 200,
      headers: { "content-type": contentType },
      body: (async function* () {
        yield* chunks;
      })(),
      close: () => undefined,
    }),
    dispose: async () => undefined,
  };
}

/** The parts of an answer in the form of a fixture that consists of these bytes. */
export function read(
  fixture: Pick<WireFixture, "config" | "base">,
  chunks: Iterable<Uint8Array>,
  options: { readonly request?: Partial<ModelRequest>; readonly contentType?: string } = {},
): AsyncIterable<ModelPart> {
  const connector = connect(
    { ...fixture.config, base_url: `http://127.0.0.1:9${fixture.base}` },
    { transport: byteTransport(chunks, options.contentType) },
  );
  return connector.stream(requestOf(options.request), new AbortController().signal);
}

export const bytesOf = (text: string) => new TextEncoder().encode(text);
