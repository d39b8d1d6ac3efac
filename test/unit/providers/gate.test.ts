import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { systemClock } from "../../../src/providers/clock.ts";
import { Lane, RequestGate } from "../../../src/providers/retry/request-gate.ts";
import type { HttpTransport } from "../../../src/providers/transport/http-transport.ts";
import { UndiciTransport } from "../../../src/providers/transport/undici-transport.ts";
import { ask, connect, failureOf, VirtualClock } from "../../support/provider-parts.ts";
import { ProviderServer, plain, streamed } from "../../support/provider-server.ts";

const NAME = { provider: "x", origin: "https://x.test", key: null, model: "m" };
const never = new AbortController().signal;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const chunk = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason: "stop" }] })}\n\n`;

describe("the gate", () => {
  it("admits so many at once, first come first served, tries again before new ones", async () => {
    const lane = new Lane(new VirtualClock(), 2);
    const order: string[] = [];
    const passes = [await lane.enter(never, false), await lane.enter(never, false)];
    for (const name of ["a", "b"]) void lane.enter(never, false).then(() => order.push(name));
    void lane.enter(never, true).then(() => order.push("again"));
    await turn();
    assert.deepEqual(order, []);
    for (const pass of passes) pass.giveBack({ type: "success" });
    await turn();
    assert.deepEqual(order, ["again", "a"]);
    // A pass given back twice frees one place.
    passes[0]?.giveBack({ type: "success" });
    await turn();
    assert.deepEqual(order, ["again", "a"]);
  });

  it("who goes away while waiting takes no place", async () => {
    const lane = new Lane(new VirtualClock(), 1);
    const pass = await lane.enter(never, false);
    const abort = new AbortController();
    const gone = lane.enter(abort.signal, false);
    const next = lane.enter(never, false);
    abort.abort();
    await assert.rejects(gone, { code: "CANCELLED" });
    pass.giveBack({ type: "success" });
    await next;
  });

  it("one Retry-After pauses everybody in the lane, and nobody in another", async () => {
    const clock = new VirtualClock();
    const gate = new RequestGate(clock);
    const lane = gate.lane(NAME, 4);
    const started = clock.now();
    const pass = await lane.enter(never, false);
    pass.giveBack({ type: "limited", waitMs: 30_000 });
    const other = gate.lane({ ...NAME, key: "another" }, 4);
    await other.enter(never, false);
    assert.equal(clock.now(), started);
    await Promise.all([lane.enter(never, false), lane.enter(never, false)]);
    assert.equal(clock.now(), started + 30_000);
  });

  it("after a refusal fewer go at once, and each success lets more", async () => {
    const clock = new VirtualClock();
    const lane = new Lane(clock, 8);
    const burst = await Promise.all(Array.from({ length: 8 }, () => lane.enter(never, false)));
    // The whole burst is refused: that counts once.
    for (const pass of burst) pass.giveBack({ type: "limited", waitMs: 1000 });
    let inside = 0;
    const entered = Array.from({ length: 8 }, async () => {
      const pass = await lane.enter(never, true);
      inside++;
      return pass;
    });
    for (let turns = 0; turns < 5; turns++) await turn();
    assert.equal(inside, 4);
    for (const pass of await Promise.all(entered.slice(0, 4))) pass.giveBack({ type: "success" });
    for (const pass of await Promise.all(entered)) pass.giveBack({ type: "success" });
    const again = await Promise.all(Array.from({ length: 5 }, () => lane.enter(never, false)));
    assert.equal(again.length, 5);
  });

  it("no timer is left when nobody waits", async () => {
    let sleeping = 0;
    const lane = new Lane(
      {
        now: () => 0,
        sleep: async (_ms, signal) => {
          sleeping++;
          await new Promise<void>((resolve) =>
            signal.addEventListener("abort", () => resolve(), { once: true }),
          );
          sleeping--;
          signal.throwIfAborted();
        },
      },
      1,
    );
    (await lane.enter(never, false)).giveBack({ type: "limited", waitMs: 1000 });
    assert.equal(sleeping, 0);
    const abort = new AbortController();
    const waiting = lane.enter(abort.signal, false);
    assert.equal(sleeping, 1);
    abort.abort();
    await assert.rejects(waiting);
    await turn();
    assert.equal(sleeping, 0);
  });

  it("100 at once and 1,000 waiting, over a server that limits, fails and resets: none is lost", async function () {
    this.timeout(120_000);
    let inFlight = 0;
    let most = 0;
    let served = 0;
    let count = 0;
    let windowEnds = 0;
    let inWindow = 0;
    const server = await ProviderServer.start(async (response, seen) => {
      inFlight++;
      most = Math.max(most, inFlight);
      response.once("close", () => inFlight--);
      if (Date.now() > windowEnds) {
        windowEnds = Date.now() + 50;
        inWindow = 0;
      }
      // Room for 60 in 50 ms; besides, every 40th fails and every 55th is cut off.
      if (++inWindow > 60) return plain(429, "{}", { "retry-after-ms": "50" })(response, seen);
      count++;
      if (count % 40 === 0) return plain(503, "{}", { "retry-after-ms": "5" })(response, seen);
      if (count % 55 === 0) return void response.socket?.resetAndDestroy();
      served++;
      const { messages } = JSON.parse(seen.body);
      return streamed([chunk(`answer to ${messages.at(-1).content}`)])(response, seen);
    });
    const transport = new UndiciTransport({ environment: {} });
    const clock = {
      now: () => Date.now(),
      sleep: (ms: number, signal: AbortSignal) => systemClock.sleep(Math.min(ms, 60), signal),
    };
    try {
      const gate = new RequestGate(clock);
      // Two connectors of one host share the gate.
      const connectors = [1, 2].map(() =>
        connect(
          { kind: "openai-compatible", base_url: server.url, max_concurrency: 100 },
          { clock, gate, transport },
        ),
      );
      const answers = await Promise.all(
        Array.from({ length: 1_100 }, async (_, at) => {
          const connector = connectors[at % 2];
          assert.ok(connector);
          const parts = await ask(connector, {
            messages: [{ role: "user", content: [{ type: "text", text: `question ${at}` }] }],
          });
          return parts.map((part) => (part.type === "text" ? part.delta : "")).join("");
        }),
      );
      assert.deepEqual(
        answers,
        answers.map((_, at) => `answer to question ${at}`),
      );
      assert.equal(served, 1_100);
      assert.ok(most <= 100, `${most} at once`);
    } finally {
      await transport.dispose();
      await server.close();
    }
  });

  // prove: src/providers/retry/request-gate.ts :: signal.removeEventListener("abort", onAbort); => signal.addEventListener("x", onAbort);
  it("1,000 that wait go in the order in which they came, and leave nothing behind", async () => {
    const sent: number[] = [];
    let inFlight = 0;
    let most = 0;
    const transport: HttpTransport = {
      send: async ({ body }) => {
        most = Math.max(most, ++inFlight);
        const { messages } = JSON.parse(body ?? "");
        sent.push(Number(messages.at(-1).content));
        return {
          status: 200,
          headers: {},
          body: (async function* () {
            await turn();
            yield new TextEncoder().encode(chunk("x"));
          })(),
          close: () => void inFlight--,
        };
      },
      dispose: async () => undefined,
    };
    const connector = connect(
      { kind: "openai-compatible", base_url: "http://127.0.0.1:9", max_concurrency: 100 },
      { transport },
    );
    const { signal } = new AbortController();
    const questions = Array.from({ length: 1_100 }, (_, at) => at);
    const ended = await Promise.all(
      questions.map(async (at) => {
        const messages = [{ role: "user" as const, content: [{ type: "text" as const, text: `${at}` }] }];
        return (await ask(connector, { messages }, signal)).at(-1)?.type;
      }),
    );
    assert.deepEqual(sent, questions);
    assert.equal(most, 100);
    assert.ok(ended.every((type) => type === "finish"));
    assert.equal(inFlight, 0);
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });

  it("all of a burst give up together when the provider stays overloaded, each after its own tries", async () => {
    const server = await ProviderServer.start(plain(529, "{}"));
    try {
      const connector = connect({ kind: "openai-compatible", base_url: server.url });
      const failures = await Promise.all(Array.from({ length: 10 }, () => failureOf(ask(connector))));
      assert.deepEqual(new Set(failures.map((failure) => failure.code)), new Set(["PROVIDER_OVERLOADED"]));
      assert.equal(server.requests.length, 50);
    } finally {
      await server.close();
    }
  });
});
