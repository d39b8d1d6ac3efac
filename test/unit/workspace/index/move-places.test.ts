import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { movePlaces } from "../../../../src/workspace/index/move-places.ts";
import { mapPlaces, type PlaceMap } from "../../../../src/workspace/index/place-map.ts";
import type { Span } from "../../../../src/workspace/source.ts";

const OLD = "0123456789abcdef";
const NEW = "fedcba9876543210";

function mapOf(before: unknown, after: unknown): PlaceMap {
  const map = mapPlaces(before, after);
  assert.ok(map);
  return map;
}

describe("Places that moved", () => {
  it("C03 are followed with their hashes where nothing else changed", () => {
    const at = (line: number, hash: string) => ({
      name: "A",
      span: [line, 0, line + 3, 8],
      nameSpan: [line, 6, line, 7],
      hash,
      nowhere: [0, 0, 0, 0],
      hashes: { [`${line + 1}:4:${line + 1}:9`]: hash },
      texts: { [`${line + 1}:4:${line + 1}:9`]: "x = 1" },
      pieces: [[`${line + 2},4,${line + 2},9`, "y = 2", hash]],
    });
    const map = mapOf(at(0, OLD), at(5, NEW));
    assert.deepEqual(map.span([0, 0, 3, 8]), [5, 0, 8, 8]);
    assert.deepEqual(map.span([2, 4, 2, 9]), [7, 4, 7, 9]);
    assert.equal(map.hash(OLD), NEW);
    assert.equal(map.hash("another"), "another");
    // A place that no facts name is known where its whole line went somewhere, and only there.
    assert.deepEqual(map.span([1, 5, 1, 7]), [6, 5, 6, 7]);
    assert.equal(map.span([9, 0, 9, 1]), null);
  });

  const CHANGES: readonly (readonly [what: string, before: unknown, after: unknown])[] = [
    ["a text changed", { name: "A" }, { name: "B" }],
    ["a number changed", { length: 100 }, { length: 120 }],
    ["a text is called a hash", { passwordHash: "String" }, { passwordHash: "Int" }],
    ["something was added", { items: [] }, { items: [[1, 0, 1, 4]] }],
    ["a key took the place of another", { a: 1 }, { b: 1 }],
    ["a text looks like a place", { path: "1:2:3:4" }, { path: "1:2:3:5" }],
    ["the text at a place changed", { texts: { "1:0:1:4": "a" } }, { texts: { "1:0:1:4": "b" } }],
    ["two places changed their order", [at(1), at(3)], [at(3), at(1)]],
    ["two places came onto one line", [at(1), at(3)], [at(1), [1, 8, 1, 12]]],
    ["two places left one line", [at(1), [1, 8, 1, 12]], [at(1), at(2)]],
    ["one place became two", [at(1), at(1)], [at(1), at(2)]],
    [
      "one hash became two",
      [
        { hash: OLD, at: at(1) },
        { hash: OLD, at: at(2) },
      ],
      [
        { hash: OLD, at: at(1) },
        { hash: NEW, at: at(2) },
      ],
    ],
    ["something came to stand somewhere", { span: [0, 0, 0, 0] }, { span: [1, 0, 1, 4] }],
  ];
  for (const [what, before, after] of CHANGES) {
    it(`C03 are not followed where ${what}`, () => {
      assert.ok(mapPlaces(before, before));
      assert.equal(mapPlaces(before, after), null);
    });
  }

  it("C03 move in what was found, and what is elsewhere stays the same object", () => {
    const map = mapOf({ span: [1, 0, 1, 4], hash: OLD }, { span: [4, 0, 4, 4], hash: NEW });
    const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 4 } };
    const moved = { start: { line: 4, character: 0 }, end: { line: 4, character: 4 } };
    const elsewhere = { uri: "b.py", range, hash: OLD };
    const found = {
      uri: "b.py",
      range,
      parts: [{ uri: "a.py", range, nameRange: range, hash: OLD }, elsewhere],
    };
    const after = movePlaces(found, "a.py", map);
    assert.deepEqual(after, {
      ...found,
      parts: [{ uri: "a.py", range: moved, nameRange: moved, hash: NEW }, elsewhere],
    });
    assert.equal(after?.parts[1], elsewhere);
    assert.equal(movePlaces(elsewhere, "a.py", map), elsewhere);
  });

  it("C03 are given up where a place cannot be followed, or a text tells a line", () => {
    const map = mapOf({ span: [1, 0, 1, 4] }, { span: [4, 0, 4, 4] });
    const rangeAt = (line: number) => ({ start: { line, character: 0 }, end: { line, character: 4 } });
    assert.equal(movePlaces({ uri: "a.py", range: rangeAt(7) }, "a.py", map), null);
    const gap = { what: "SELECT in line 2", source: { uri: "a.py", range: rangeAt(1), hash: OLD } };
    assert.equal(movePlaces(gap, "a.py", map), null);
    assert.ok(movePlaces({ ...gap, what: "a statement" }, "a.py", map));
  });
});

function at(line: number): Span {
  return [line, 0, line, 4];
}
