import { throwIfCancelled } from "../../src/errors.ts";
import type { Clock } from "../../src/providers/clock.ts";
import type { Connector, ModelPart, ModelRequest } from "../../src/providers/model-stream.ts";
import type { ProviderConfigInput } from "../../src/providers/provider-config.ts";
import { ProviderError } from "../../src/providers/provider-error.ts";
import { type ConnectorParts, createConnector } from "../../src/providers/registry.ts";
import { RequestGate } from "../../src/providers/retry/request-gate.ts";
import { UndiciTransport } from "../../src/providers/transport/undici-transport.ts";

/** A request that says hello; parts of it replaced. */
export function requestOf(changes: Partial<ModelRequest> = {}): ModelRequest {
  return {
    model: "model-1",
    system: "Be brief.",
    messages: [{ role: "user", content: [{ type: "text", text: "hello" }] }],
    tools: [],
    maxOutputTokens: null,
    temperature: null,
    promptCacheKey: null,
    ...changes,
  };
}

/** Time that passes only by sleeping, and at once. */
export class VirtualClock implements Clock {
  readonly slept: number[] = [];
  #now = Date.UTC(2026, 10, 20);

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    throwIfCancelled(signal);
    this.slept.push(milliseconds);
    const until = this.#now + milliseconds;
    await new Promise<void>((resolve) => setImmediate(resolve));
    throwIfCancelled(signal);
    this.#now = Math.max(this.#now, until);
  }
}

/** A connector over the real transport whose retries do not wait. */
export function connect(config: ProviderConfigInput, parts: Partial<ConnectorParts> = {}): Connector {
  const clock = parts.clock ?? new VirtualClock();
  return createConnector(config, {
    key: null,
    transport: new UndiciTransport({ environment: {} }),
    gate: new RequestGate(clock),
    ...parts,
    clock,
  });
}

export async function collect(stream: AsyncIterable<ModelPart>): Promise<ModelPart[]> {
  const parts: ModelPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

export function ask(
  connector: Connector,
  changes: Partial<ModelRequest> = {},
  signal = new AbortController().signal,
): Promise<ModelPart[]> {
  return collect(connector.stream(requestOf(changes), signal));
}

/** The failure of a request. Throws when it succeeds. */
export async function failureOf(answer: Promise<unknown>): Promise<ProviderError> {
  try {
    await answer;
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error("it succeeded");
}

/** Neighbouring deltas joined: how they were cut does not matter. */
export function joined(parts: readonly ModelPart[]): readonly unknown[] {
  const result: ModelPart[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if ((part.type === "text" || part.type === "reasoning") && last?.type === part.type) {
      result[result.length - 1] = { ...part, delta: last.delta + part.delta };
    } else if (part.type === "tool-input" && last?.type === "tool-input" && last.id === part.id) {
      result[result.length - 1] = { ...part, delta: last.delta + part.delta };
    } else result.push(part);
  }
  return result;
}
