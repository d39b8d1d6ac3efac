import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { pack, unpack } from "../../../../src/workspace/index/packed.ts";

describe("Packed values", () => {
  const VALUES: readonly unknown[] = [
    null,
    true,
    false,
    0,
    -1,
    127,
    128,
    2 ** 31,
    2 ** 48,
    2 ** 53,
    -(2 ** 52),
    1.5,
    1_763_740_800_123.456,
    "",
    "é\u0000\ud83d\ude00\ud800",
    [],
    {},
    [[], [{}], { a: [] }],
    { a: 1, b: { a: 1, c: ["x", "x"] } },
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1 }],
    { constructor: "x", toString: null, hasOwnProperty: [1] },
    JSON.parse('{"__proto__": {"polluted": true}, "a": 1}'),
    Array.from({ length: 500 }, (_, at) => ({ name: `n${at}`, span: [at, 0, at, 7] })),
  ];

  for (const value of VALUES) {
    it(`C07 gives back ${JSON.stringify(value).slice(0, 60)}`, () => {
      assert.deepEqual(unpack(pack(value)), value);
    });
  }

  it("leaves out what JSON leaves out", () => {
    const value = { a: undefined, b: () => 1, c: Symbol("s"), d: 1, e: Object.prototype.toString };
    assert.deepEqual(unpack(pack(value)), { d: 1 });
  });

  it("keeps keys of prototypes from reaching them", () => {
    const value = unpack(pack(JSON.parse('{"__proto__": {"polluted": true}}')));
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.ok(Object.hasOwn(value as object, "__proto__"));
  });

  it("says the same object once", () => {
    const span = [1, 2, 3, 4];
    const [first, second] = unpack(pack([span, span])) as unknown[];
    assert.equal(first, second);
    const deep = { text: "x".repeat(200), list: Array.from({ length: 50 }, () => span) };
    assert.ok(pack(deep).length < 350);
  });

  it("refuses bytes that are cut off", () => {
    const whole = pack({ a: [1, 2, 3], b: "text" });
    for (let length = 0; length < whole.length; length++) {
      assert.throws(() => unpack(whole.subarray(0, length)), { code: "RUNTIME_ERROR" });
    }
  });
});
