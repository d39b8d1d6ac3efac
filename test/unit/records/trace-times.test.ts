import assert from "node:assert/strict";
import type { Span, Trace } from "../../../src/records/trace.ts";
import { lengthOf, timesOf } from "../../../src/records/trace-times.ts";

const START = Date.parse("2026-03-01T10:00:00.000Z");

function at(second: number): string {
  return new Date(START + second * 1000).toISOString();
}

function span(kind: Span["kind"], from: number, to: number | null, more: Partial<Span> = {}): Span {
  return {
    spanId: `${kind}${from}`,
    parentSpanId: "root",
    name: kind,
    kind,
    startedAt: at(from),
    endedAt: to === null ? null : at(to),
    status: "ok",
    attributes: {},
    ...more,
  };
}

function trace(end: number | null, ...spans: readonly Span[]): Trace {
  return {
    traceId: "0".repeat(32),
    threadId: null,
    evalRunId: null,
    testCaseId: null,
    agent: "a",
    startedAt: at(0),
    endedAt: end === null ? null : at(end),
    status: end === null ? "running" : "complete",
    errorCode: null,
    usage: null,
    spans,
  };
}

function waited(of: Trace, now = START + 1_000_000): readonly [number, number] {
  const { from, to, waits } = timesOf(of, now);
  return [(to - from) / 1000, lengthOf(waits) / 1000];
}

describe("working and waiting in a trace", () => {
  it("H21 waiting for an answer is no work, and two questions at once are one wait", () => {
    assert.deepEqual(
      waited(trace(20, span("model", 0, 5), span("approval", 5, 15), span("approval", 8, 17))),
      [20, 12],
    );
  });

  it("H21 while another agent works, nothing waits", () => {
    assert.deepEqual(
      waited(trace(20, span("approval", 5, 15), span("tool", 6, 9), span("model", 8, 10))),
      [20, 6],
    );
  });

  it("H21 a call that hands on is as long as what it handed on, and no work by itself", () => {
    const handed = span("tool", 1, 19, { spanId: "call" });
    const below = span("approval", 5, 15, { parentSpanId: "call" });
    assert.deepEqual(waited(trace(20, handed, below)), [20, 10]);
  });

  it("H21 the night between an interruption and going on is waiting", () => {
    assert.deepEqual(waited(trace(40_000, span("model", 0, 5), span("pause", 5, 39_990))), [40_000, 39_985]);
  });

  it("H21 an open question lasts until now; a run that died lasts until its last word", () => {
    assert.deepEqual(
      waited(trace(null, span("model", 0, 5), span("approval", 5, null)), START + 60_000),
      [60, 55],
    );
    assert.deepEqual(waited(trace(null, span("model", 0, 5), span("tool", 5, null)), START + 60_000), [5, 0]);
  });
});
