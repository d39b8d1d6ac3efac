import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Given, Ledger, Memo } from "../../../src/workspace/memo.ts";

/** A small sheet: cells hold numbers or the names of cells that they add up. */
function sheetOf(cells: Readonly<Record<string, number | readonly string[]>>, isLive = true) {
  const ledger = new Ledger(isLive);
  const givens = new Map(Object.entries(cells).map(([name, value]) => [name, new Given(value)]));
  const made: string[] = [];
  const sums: Memo<number> = new Memo(
    ledger,
    (name) => {
      made.push(name);
      const value = givens.get(name)?.read() ?? 0;
      return typeof value === "number" ? value : value.reduce((sum, each) => sum + sums.get(each), 0);
    },
    () => 0,
  );
  return {
    ledger,
    set: (name: string, value: number | readonly string[]) => givens.get(name)?.set(value),
    /** The sum, and what had to be made for it. */
    read(name: string): readonly [number, string] {
      made.length = 0;
      ledger.settle();
      const sum = sums.get(name);
      return [sum, made.join(" ")];
    },
  };
}

describe("Answers that know what they were made from", () => {
  it("C03 makes an answer once, and again only what was made from what changed", () => {
    const sheet = sheetOf({ a: 1, b: 2, left: ["a"], right: ["b"], all: ["left", "right"] });
    assert.deepEqual(sheet.read("all"), [3, "all left a right b"]);
    assert.deepEqual(sheet.read("all"), [3, ""]);
    sheet.set("b", 5);
    assert.deepEqual(sheet.read("all"), [6, "b right all"]);
  });

  it("C03 makes nothing from an answer that comes out as it was", () => {
    const sheet = sheetOf({ a: 1, b: 2, c: 3, sum: ["a", "b"], all: ["sum", "c"] });
    sheet.read("all");
    sheet.set("sum", ["b", "a"]);
    assert.deepEqual(sheet.read("all"), [6, "sum"]);
  });

  it("C03 follows an answer that comes to be made from something else", () => {
    const sheet = sheetOf({ a: 1, b: 2, way: ["a"], all: ["way"] });
    sheet.read("all");
    sheet.set("way", ["b"]);
    assert.deepEqual(sheet.read("all"), [2, "way b all"]);
    sheet.set("a", 7);
    assert.deepEqual(sheet.read("all"), [2, ""]);
    sheet.set("b", 8);
    assert.deepEqual(sheet.read("all"), [8, "b way all"]);
  });

  it("C03 makes what stands above others once, however many of them change", () => {
    const sheet = sheetOf({ a: 1, b: ["a"], c: ["b", "a"], all: ["a", "b", "c"] });
    assert.equal(sheet.read("all")[0], 4);
    sheet.set("a", 2);
    assert.deepEqual(sheet.read("all"), [8, "a b c all"]);
  });

  it("C03 keeps nothing that a cycle cut short, and hears of what it was made from", () => {
    const sheet = sheetOf({ a: 1, first: ["second"], second: ["first", "a"], all: ["first"] });
    assert.equal(sheet.read("all")[0], 1);
    assert.equal(sheet.ledger.isAmbiguous, false);
    sheet.set("a", 4);
    assert.equal(sheet.read("all")[0], 4);
    sheet.set("second", ["a"]);
    assert.equal(sheet.read("all")[0], 4);
  });

  it("C03 says when what a cycle leads to depends on where one begins", () => {
    const sheet = sheetOf({ a: 1, b: 2, first: ["second", "b"], second: ["first", "a"] });
    assert.equal(sheet.read("first")[0], 3);
    assert.equal(sheet.ledger.isAmbiguous, true);
  });

  it("C03 says so when an edit closes a circle of answers that were kept", () => {
    const sheet = sheetOf({ a: 1, b: ["a"], c: ["b"], all: ["b", "c"] });
    sheet.read("all");
    sheet.set("a", ["c"]);
    sheet.read("all");
    const fresh = sheetOf({ a: ["c"], b: ["a"], c: ["b"], all: ["b", "c"] });
    assert.ok(sheet.ledger.isAmbiguous || sheet.read("all")[0] === fresh.read("all")[0]);
  });

  it("C03 takes no note of anything where answers are made once", () => {
    const sheet = sheetOf({ a: 1, all: ["a"] }, false);
    assert.deepEqual(sheet.read("all"), [1, "all a"]);
    sheet.set("a", 2);
    assert.deepEqual(sheet.read("all"), [1, ""]);
  });

  it("C03 refuses facts that are read where no answer takes note of them", () => {
    assert.throws(() => new Given(1).read(), /outside of an answer/);
  });
});
